package patrol

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

const (
	hotMetres   = 75.0 // a street this near to a cell serves it
	hotRes      = 10   // H3 resolution of hot cells
	policeRes   = 9    // of the cells in which forces overlap
	sampleEvery = 5.0  // metres between the places at which a street's cells are asked
)

// sample is a stretch of a segment in one res-9 cell, in or out of hot cells.
type sample struct {
	cell   hotspots.Cell // res 9
	hot    int           // index into scene.hot, or -1
	metres float64
}

// along gives the stretches of a segment, From → To.
func (sc *scene) along(id routing.SegmentID) ([]sample, error) {
	if sc.samples[id] != nil {
		return sc.samples[id], nil
	}
	s := &sc.g.Segments[id]
	n := max(1, int(math.Ceil(s.Length/sampleEvery)))
	each := s.Length / float64(n)
	var out []sample
	var failed error
	alongLine(s.Line, sampleEvery, func(at orb.Point, _ float64) {
		fine, err := hotspots.CellOf(at, hotRes)
		if err != nil {
			failed = err
			return
		}
		coarse, err := hotspots.CellOf(at, policeRes)
		if err != nil {
			failed = err
			return
		}
		h, ok := sc.isHot[fine]
		if !ok {
			h = -1
		}
		if k := len(out) - 1; k >= 0 && out[k].cell == coarse && out[k].hot == h {
			out[k].metres += each
			return
		}
		out = append(out, sample{coarse, h, each})
	})
	if failed != nil {
		return nil, fmt.Errorf("segment %s: %w", s.ID, failed)
	}
	if len(out) == 0 { // a segment without length
		c, err := hotspots.CellOf(s.Line[0], policeRes)
		if err != nil {
			return nil, fmt.Errorf("segment %s: %w", s.ID, err)
		}
		out = append(out, sample{c, -1, 0})
	}
	sc.samples[id] = out
	return out, nil
}

// findHot chooses the shift's hot cells: those with the highest forecast, and a
// part by who waited longest, that have a belonging street near; and where to
// stop in them. Lots are drawn by the shift, so that every version of its plan
// has the same.
func (sc *scene) findHot() error {
	f := sc.in.Surface
	if f == nil || f.Total <= 0 {
		return nil
	}
	reached := make([]bool, len(sc.g.Nodes))
	near := make([]bool, len(sc.g.Segments))
	for i, st := range sc.start {
		if slices.Contains(sc.start[:i], st) {
			continue
		}
		r := sc.g.Reachable(st.Mode, st.Base)
		for k := range sc.g.Segments {
			if s := &sc.g.Segments[k]; r.Segment(routing.SegmentID(k)) && s.Belongs {
				near[k], reached[s.From], reached[s.To] = true, true, true
			}
		}
	}
	explore := sc.in.Terms.Explore
	if sc.in.Ages == nil { // who waited longest is not known
		explore = 0
	}
	chosen, explored := hotspots.Choose(f.Share, sc.waits(), sc.in.Terms.HotPerUnit*len(sc.in.Units), explore, lotOf(sc.in.Shift.ID), func(cell int) bool {
		poly := f.Grid.Polygon(cell)
		bound := geo.BoundPad(poly.Bound(), hotMetres)
		for k := range sc.g.Segments {
			if s := &sc.g.Segments[k]; near[k] && s.Line.Bound().Intersects(bound) && fromPolygon(poly, s.Line) <= hotMetres {
				return true
			}
		}
		return false
	})
	for n, cell := range slices.Concat(chosen, explored) {
		h := hotPlace{HotCell: HotCell{f.Grid.Cell(cell), f.Expected[cell]}, explored: n >= len(chosen)}
		poly := f.Grid.Polygon(cell)
		bound := geo.BoundPad(poly.Bound(), hotMetres)
		if err := sc.stopPlaces(&h, poly, bound, reached); err != nil {
			return err
		}
		for _, p := range sc.in.Presence {
			if at, ok := p.Geometry.(orb.Point); ok && p.Kind == PresencePost && p.Trust >= 1 {
				if c, err := hotspots.CellOf(at, hotRes); err == nil && c == h.Cell {
					h.posts = append(h.posts, p.Windows(sc.in.Shift, sc.in.Loc)...)
				}
			}
		}
		slices.SortFunc(h.posts, func(a, b Span) int { return a.Start.Compare(b.Start) })
		sc.isHot[h.Cell] = len(sc.hot)
		sc.hot = append(sc.hot, h)
	}
	return nil
}

// stopPlaces finds the junctions in the cell, or else the nearest ones.
func (sc *scene) stopPlaces(h *hotPlace, poly orb.Polygon, bound orb.Bound, reached []bool) error {
	type near struct {
		node routing.NodeID
		d    float64
	}
	var around []near
	for n := range sc.g.Nodes {
		p := sc.g.Nodes[n].Point
		if !reached[n] || !bound.Contains(p) {
			continue
		}
		c, err := hotspots.CellOf(p, hotRes)
		if err != nil {
			return err
		}
		if c == h.Cell {
			h.nodes, h.inside = append(h.nodes, routing.NodeID(n)), true
		} else if d := fromPolygon(poly, orb.LineString{p, p}); d <= hotMetres {
			around = append(around, near{routing.NodeID(n), d})
		}
	}
	if !h.inside {
		slices.SortStableFunc(around, func(a, b near) int {
			if a.d < b.d {
				return -1
			}
			if a.d > b.d {
				return 1
			}
			return 0
		})
		for _, a := range around[:min(3, len(around))] {
			h.nodes = append(h.nodes, a.node)
		}
	}
	return nil
}

// fromPolygon is the least distance in metres of a line's vertices and sides
// from a polygon's ring; 0 if it enters it.
func fromPolygon(poly orb.Polygon, line orb.LineString) float64 {
	best := math.Inf(1)
	pl := planeAt(line[0])
	for _, p := range line {
		if planar.PolygonContains(poly, p) {
			return 0
		}
		best = min(best, pl.distance(orb.LineString(poly[0]), p))
	}
	for _, p := range poly[0] {
		best = min(best, pl.distance(line, p))
	}
	return best
}
