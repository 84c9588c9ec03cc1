package rounds

import (
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// tour is one unit's closed walk from its base, and what follows from it.
type tour struct {
	unit  int
	loops []int
	hot   []int // hot places that the unit looks after
	arcs  []routing.Arc
	line  timeline
	cost  float64
}

// makeTours joins each unit's loops to its base and walks them.
func (s *solver) makeTours() error {
	for _, t := range s.tours {
		if err := s.fit(t); err != nil {
			return err
		}
		s.seedVisits(t)
		t.cost = s.price(t, t.hot, t.arcs, &t.line)
	}
	return nil
}

// makeTour walks all loops of a unit in one closed tour.
func (s *solver) makeTour(t *tour) error {
	g := s.p.Graph
	base := s.p.Units[t.unit].Base
	out := map[routing.NodeID][]routing.Arc{}
	total := 0
	add := func(arcs []routing.Arc) {
		for _, a := range arcs {
			out[g.Tail(a)] = append(out[g.Tail(a)], a)
		}
		total += len(arcs)
	}
	group := newUnion(len(g.Nodes))
	join := func(arcs []routing.Arc) {
		add(arcs)
		for _, a := range arcs {
			group.join(int(g.Tail(a)), int(g.Head(a)))
		}
	}
	for _, i := range t.loops {
		join(s.loops[i].arcs)
	}
	// Pieces away from the base are linked to the nearest joined one, there
	// and back.
	touched := make([]bool, len(g.Nodes))
	for n := range out {
		touched[n] = true
	}
	touched[base] = true
	for {
		from, to, apart := s.nearestPiece(group, touched, base)
		if !apart {
			break
		}
		way, err := s.thereAndBack(s.search[t.unit], from, to)
		if err != nil {
			return err
		}
		join(way)
		for _, a := range way {
			touched[g.Tail(a)] = true
		}
	}
	arcs, err := s.walk(t.unit, base, out, total)
	if err != nil {
		return err
	}
	t.arcs = arcs
	return nil
}

// nearestPiece finds the junction nearest to the piece that holds the base
// among those of other pieces; apart is false if there is only one piece.
func (s *solver) nearestPiece(group *union, touched []bool, base routing.NodeID) (from, to routing.NodeID, apart bool) {
	root := group.find(int(base))
	var inside, outside []routing.NodeID
	for n, ok := range touched {
		switch {
		case !ok:
		case group.find(n) == root:
			inside = append(inside, routing.NodeID(n))
		default:
			outside = append(outside, routing.NodeID(n))
		}
	}
	best := math.Inf(1)
	for _, a := range inside {
		for _, b := range outside {
			dx, dy := s.xy[a][0]-s.xy[b][0], s.xy[a][1]-s.xy[b][1]
			if d := dx*dx + dy*dy; d < best {
				best, from, to, apart = d, a, b, true
			}
		}
	}
	return from, to, apart
}

// thereAndBack is the shortest way from a junction to another and back.
func (s *solver) thereAndBack(search *routing.Search, from, to routing.NodeID) ([]routing.Arc, error) {
	var way []routing.Arc
	straight := math.Hypot(s.xy[from][0]-s.xy[to][0], s.xy[from][1]-s.xy[to][1])
	for _, leg := range [...][2]routing.NodeID{{from, to}, {to, from}} {
		var last routing.Arc
		ok := false
		for _, limit := range [...]float64{1.6*straight + 300, math.Inf(1)} { // most ways are nearly straight
			search.FromNode(leg[0], limit, nil)
			if _, last, ok = search.CostToNode(leg[1]); ok {
				break
			}
		}
		if !ok {
			return nil, fmt.Errorf("%w: no way from junction %d to %d", ErrProblem, s.p.Graph.Nodes[leg[0]].OSM, s.p.Graph.Nodes[leg[1]].OSM)
		}
		way = search.AppendPath(way, last)
	}
	return way, nil
}

// walk takes all arcs in one closed walk from the base (Hierholzer), turning
// as little as it can.
func (s *solver) walk(unit int, base routing.NodeID, out map[routing.NodeID][]routing.Arc, total int) ([]routing.Arc, error) {
	g := s.p.Graph
	mode := s.p.Units[unit].Mode
	var done, stack []routing.Arc
	take := func(n routing.NodeID, in routing.Arc) (routing.Arc, bool) {
		list := out[n]
		if len(list) == 0 {
			return routing.NoArc, false
		}
		best, score := 0, math.Inf(-1)
		for k, a := range list {
			v := 0.0
			if in != routing.NoArc {
				switch {
				case !g.TurnAllowed(in, a, mode):
					v = -10
				case a == in.Opposite():
					v = -5
				}
			}
			if v > score {
				best, score = k, v
			}
		}
		a := list[best]
		list[best] = list[len(list)-1]
		out[n] = list[:len(list)-1]
		return a, true
	}
	n, in := base, routing.NoArc
	for {
		if a, ok := take(n, in); ok {
			stack = append(stack, a)
			n, in = g.Head(a), a
			continue
		}
		if len(stack) == 0 {
			break
		}
		a := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		done = append(done, a)
		n, in = g.Tail(a), routing.NoArc
		if len(stack) > 0 {
			in = stack[len(stack)-1]
		}
	}
	if len(done) != total {
		return nil, fmt.Errorf("%w: a tour uses %d of %d passages", ErrProblem, len(done), total)
	}
	for i, j := 0, len(done)-1; i < j; i, j = i+1, j-1 {
		done[i], done[j] = done[j], done[i]
	}
	return done, nil
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

func (u *union) find(i int) int {
	for int(u.parent[i]) != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = int(u.parent[i])
	}
	return i
}

func (u *union) join(a, b int) { u.parent[u.find(a)] = int32(u.find(b)) }
