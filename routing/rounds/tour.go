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
	arcs  []routing.Arc
	// visits are the stops it is to make.
	visits []visit
	line   timeline
	cost   float64
}

// makeTours joins each unit's loops to its base and walks them.
func (s *solver) makeTours() error {
	for _, t := range s.tours {
		if err := s.fit(t); err != nil {
			return err
		}
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
	return nil
}

// makeTour walks all loops of a unit in one closed tour.
func (s *solver) makeTour(t *tour) (err error) {
	t.arcs, err = s.closed(t.unit, t.loops)
	return err
}

// thereAndBack is the shortest way from a junction to another and back; about
// is how long one of them is likely to be.
func (s *solver) thereAndBack(search *routing.Search, from, to routing.NodeID, about float64) ([]routing.Arc, error) {
	var way []routing.Arc
	for _, leg := range [...][2]routing.NodeID{{from, to}, {to, from}} {
		var last routing.Arc
		ok := false
		for _, limit := range [...]float64{1.05*about + 50, 1.5*about + 300, math.Inf(1)} {
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
