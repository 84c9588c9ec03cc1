package routing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// finish makes the new graph: base segments, cut where streets join, and the
// drawn ones. It must be built before use.
func (e *editor) finish() *Graph {
	g := &Graph{Nodes: e.nodes, Boundary: e.base.Boundary, Excluded: slices.Clone(e.base.Excluded)}
	g.Segments = slices.Clone(e.base.Segments)
	g.Restrictions = e.base.Restrictions
	if len(e.drawn) == 0 {
		g.index = e.base.index // the lines are the same
		return g
	}
	region := NewRegion(g.Boundary)
	for _, i := range sortedKeys(e.cuts) {
		e.recut(g, region, i)
	}
	g.Restrictions = nil
	for _, r := range e.base.Restrictions {
		g.Restrictions = append(g.Restrictions, Restriction{From: e.lastPiece(r.From), To: e.firstPiece(r.To), Modes: r.Modes})
	}
	return g
}

func sortedKeys(m map[int][]joint) []int {
	var keys []int
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// recut puts the pieces of a line into the graph.
func (e *editor) recut(g *Graph, region *Region, i int) {
	drawn := i >= len(e.base.Segments)
	var whole Segment
	joints := slices.Clone(e.cuts[i])
	if drawn {
		whole = e.drawn[i-len(e.base.Segments)].Segment
	} else {
		whole = e.base.Segments[i]
		joints = append(joints, joint{0, whole.From}, joint{whole.Length, whole.To})
	}
	slices.SortFunc(joints, func(a, b joint) int { return cmp.Compare(a.along, b.along) })
	for k := 0; k+1 < len(joints); k++ {
		a, b := joints[k], joints[k+1]
		piece := whole
		piece.From, piece.To = a.node, b.node
		piece.Line = e.pieceLine(whole.Line, a, b)
		piece.Length = lineLength(piece.Line)
		if len(piece.Line) < 2 || piece.Length == 0 || drawn && a.node == b.node && piece.Length < 2*joinEnd {
			continue
		}
		piece.ID = e.freeID(fmt.Sprintf("%d-%d-%d", e.nodes[a.node].OSM, e.nodes[b.node].OSM, firstOf(whole.WayIDs)))
		piece.Belongs = region.LengthInside(piece.Line) >= piece.Length/2
		id := SegmentID(len(g.Segments))
		if !drawn && len(e.pieces[i]) == 0 {
			id = SegmentID(i)
			g.Segments[i] = piece
		} else {
			g.Segments = append(g.Segments, piece)
		}
		e.pieces[i] = append(e.pieces[i], id)
	}
}

func firstOf(ids []int64) int64 {
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

// pieceLine cuts a line between two joints and leads its ends to the junctions.
func (e *editor) pieceLine(l orb.LineString, a, b joint) orb.LineString {
	line := Cut(l, a.along, b.along)
	line[0], line[len(line)-1] = e.nodes[a.node].Point, e.nodes[b.node].Point
	return slices.Compact(line)
}

// freeID tells pieces with equal ends apart.
func (e *editor) freeID(id string) string {
	if e.nextID == nil {
		e.nextID = map[string]int{}
		for i := range e.base.Segments {
			e.nextID[e.base.Segments[i].ID]++
		}
	}
	if e.nextID[id]++; e.nextID[id] > 1 {
		return fmt.Sprintf("%s-%d", id, e.nextID[id])
	}
	return id
}

// lastPiece is the arc over the last piece of an arc that may have been cut.
func (e *editor) lastPiece(a Arc) Arc {
	p := e.pieces[int(a.Segment())]
	switch {
	case len(p) == 0:
		return a
	case a.Reverse():
		return ArcOf(p[0], true)
	}
	return ArcOf(p[len(p)-1], false)
}

// firstPiece is the arc over the first piece of an arc that may have been cut.
func (e *editor) firstPiece(a Arc) Arc { return e.lastPiece(a.Opposite()).Opposite() }

// aliases gives the pieces of the segments that were cut, by their old ids.
func (e *editor) aliases() map[string][]SegmentID {
	m := map[string][]SegmentID{}
	for i, p := range e.pieces {
		if i < len(e.base.Segments) && len(p) > 0 {
			m[e.base.Segments[i].ID] = p
		}
	}
	return m
}
