package rounds

import (
	"cmp"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// bridge is a way between two pieces of a tour's streets.
type bridge struct {
	from, to routing.NodeID // junctions of the pieces
	metres   float64        // both directions taken for open
}

// bridges gives ways that join all pieces with as few metres as they can: a
// minimum spanning tree of the pieces, a way between two of them passing where
// their neighbourhoods meet. group holds the pieces of the touched junctions.
func (s *solver) bridges(unit int, group *union, touched []bool) []bridge {
	g, reach := s.p.Graph, s.reach[unit]
	owner := make([]routing.NodeID, len(g.Nodes)) // the touched junction nearest to each
	var sources []routing.NodeID
	for n := range owner {
		owner[n] = -1
		if touched[n] {
			owner[n] = routing.NodeID(n)
			sources = append(sources, routing.NodeID(n))
		}
	}
	dist := flood(g, sources, reach.Segment, func(from, to routing.NodeID) { owner[to] = owner[from] })
	var all []bridge
	for i := range g.Segments {
		seg := &g.Segments[i]
		u, v := owner[seg.From], owner[seg.To]
		if u >= 0 && v >= 0 && reach.Segment(routing.SegmentID(i)) && group.find(int(u)) != group.find(int(v)) {
			all = append(all, bridge{u, v, dist[seg.From] + seg.Length + dist[seg.To]})
		}
	}
	slices.SortStableFunc(all, func(a, b bridge) int { return cmp.Compare(a.metres, b.metres) })
	joined := group.clone()
	var out []bridge
	for _, b := range all {
		if joined.find(int(b.from)) != joined.find(int(b.to)) {
			joined.join(int(b.from), int(b.to))
			out = append(out, b)
		}
	}
	return out
}

// closed gives one closed walk from the unit's base over all the loops: pieces
// are joined to each other and to the base, there and back.
func (s *solver) closed(unit int, loops []int) ([]routing.Arc, error) {
	g := s.p.Graph
	base := s.p.Units[unit].Base
	out := map[routing.NodeID][]routing.Arc{}
	total := 0
	group := newUnion(len(g.Nodes))
	touched := make([]bool, len(g.Nodes))
	touched[base] = true
	join := func(arcs []routing.Arc) {
		for _, a := range arcs {
			out[g.Tail(a)] = append(out[g.Tail(a)], a)
			group.join(int(g.Tail(a)), int(g.Head(a)))
			touched[g.Tail(a)] = true
		}
		total += len(arcs)
	}
	for _, i := range loops {
		join(s.loops[i].arcs)
	}
	for _, b := range s.bridges(unit, group, touched) {
		way, err := s.thereAndBack(s.search[unit], b.from, b.to, b.metres)
		if err != nil {
			return nil, err
		}
		join(way)
	}
	return s.walk(unit, base, out, total)
}

// union is a disjoint-set forest of junctions.
type union struct{ parent []int32 }

func newUnion(n int) *union {
	u := &union{make([]int32, n)}
	for i := range u.parent {
		u.parent[i] = int32(i)
	}
	return u
}

func (u *union) clone() *union { return &union{slices.Clone(u.parent)} }

func (u *union) find(i int) int {
	for int(u.parent[i]) != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = int(u.parent[i])
	}
	return i
}

func (u *union) join(a, b int) { u.parent[u.find(a)] = int32(u.find(b)) }
