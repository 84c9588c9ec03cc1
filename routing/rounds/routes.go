package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// routes turns the tours into what the units do in the whole shift.
func (s *solver) routes() []Route {
	for _, t := range s.tours {
		t.arcs = s.obeyTurns(t.unit, t.arcs)
		s.run(t.unit, t.visits, t.arcs, &t.line, nil)
	}
	first := s.firstVisits()
	f := newFill(s, first)
	for _, t := range s.tours {
		f.begin(t)
	}
	f.run()
	out := make([]Route, len(s.tours))
	for i := range s.tours {
		out[i] = Route{Unit: i, Steps: f.crews[i].steps}
	}
	return out
}

// obeyTurns replaces every forbidden turn by the shortest way round.
func (s *solver) obeyTurns(unit int, arcs []routing.Arc) []routing.Arc {
	mode, g := s.p.Units[unit].Mode, s.p.Graph
	var out []routing.Arc
	for i, a := range arcs {
		if i > 0 && !g.TurnAllowed(out[len(out)-1], a, mode) {
			search := s.search[unit]
			search.FromArc(out[len(out)-1], math.Inf(1), []routing.Arc{a})
			out = search.AppendPath(out, a)
			continue
		}
		out = append(out, a)
	}
	return out
}

// firstVisits gives for every segment when a tour has first driven it to the
// end; +Inf if none does.
func (s *solver) firstVisits() []float64 {
	first := make([]float64, len(s.p.Graph.Segments))
	for i := range first {
		first[i] = math.Inf(1)
	}
	for _, t := range s.tours {
		s.follow(t, func(i int, _, end float64) {
			seg := t.arcs[i] >> 1
			first[seg] = min(first[seg], end)
		}, nil)
	}
	return first
}

// follow goes through a tour in time: each arc, and each halt before it.
func (s *solver) follow(t *tour, arc func(i int, start, end float64), stop func(h halt, start, end float64)) {
	delay, k := s.p.Units[t.unit].Start, 0
	for i := 0; i <= len(t.arcs); i++ {
		for k < len(t.line.halts) && t.line.halts[k].at <= i {
			h := t.line.halts[k]
			if stop != nil {
				stop(h, t.line.drive[i]+delay, t.line.drive[i]+delay+h.duration)
			}
			delay += h.duration
			k++
		}
		if i < len(t.arcs) && arc != nil {
			arc(i, t.line.drive[i]+delay, t.line.drive[i+1]+delay)
		}
	}
}
