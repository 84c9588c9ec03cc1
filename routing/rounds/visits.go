package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// seedVisits sends a fresh tour to its hot places when they are due, there and
// back from where it comes nearest in time. The local search then finds
// cheaper ways.
func (s *solver) seedVisits(t *tour) {
	if len(t.hot) == 0 || len(t.arcs) == 0 {
		return
	}
	var line timeline
	t.cost = s.price(t, t.hot, t.arcs, &t.line)
	for _, h := range t.hot {
		from := s.p.Units[t.unit].Start
		for range 8 {
			last, next := s.nextGap(t, h, from)
			if next-last <= s.p.GapGoal {
				if next >= t.line.end {
					break
				}
				from = next
				continue
			}
			way, at := s.excursion(t, h, last+0.55*s.p.GapGoal, last+s.p.GapGoal)
			if way == nil {
				break
			}
			arcs := with(nil, t.arcs, at, way)
			if cost := s.price(t, t.hot, arcs, &line); cost < t.cost {
				t.arcs, t.cost = arcs, cost
				t.line, line = line, t.line
			}
			from = last + 0.9*s.p.GapGoal
			if from >= t.line.end {
				break
			}
		}
	}
}

// nextGap gives the last visit of a hot place by the tour that began by the
// time from, and the next one; the tour's ends count as visits.
func (s *solver) nextGap(t *tour, hot int, from float64) (last, next float64) {
	last, next = s.p.Units[t.unit].Start, t.line.end
	s.follow(t, nil, func(h halt, start, end float64) {
		switch {
		case h.hot != hot:
		case start <= from:
			last = end
		default:
			next = min(next, start)
		}
	})
	return last, next
}

// excursion finds the place of the tour, in a window of time, that is nearest
// to a hot place, and the way there and back.
func (s *solver) excursion(t *tour, hot int, from, to float64) (way []routing.Arc, at int) {
	best, goal := visitMetres, routing.NodeID(-1)
	s.follow(t, func(i int, start, _ float64) {
		if start < from || start > to {
			return
		}
		p := s.xy[s.head[t.arcs[i].Opposite()]]
		for _, n := range s.p.Hot[hot].Nodes {
			if d := math.Hypot(p[0]-s.xy[n][0], p[1]-s.xy[n][1]); d < best {
				best, at, goal = d, i, n
			}
		}
	}, nil)
	if goal < 0 {
		return nil, 0
	}
	start := s.head[t.arcs[at].Opposite()]
	if start == goal {
		return nil, 0
	}
	way, err := s.thereAndBack(s.search[t.unit], start, goal, 1.4*best)
	if err != nil {
		return nil, 0
	}
	return way, at
}
