package rounds

import (
	"cmp"
	"math"
	"slices"
)

// The windows of visits follow from each other: what a place has to spare
// between two visits until the goal is missed is shared by both, one may come
// earlier and the other later by half of it. Where the goal is missed already
// the later of the two is late by half of what is lacking. Windows are set anew
// as visits shift.

// windowLead is by how many seconds a visit may always come earlier than it did:
// else no tour could become shorter.
const windowLead = 300.0

// meeting is a visit of a hot place, by us or by others.
type meeting struct {
	start, end float64
	of         *visit // nil: by others
	made       bool
}

// meetings gives the visits of every hot place in time order; one that is
// missed counts in the middle of its window.
func (s *solver) meetings() [][]meeting {
	out := make([][]meeting, len(s.p.Hot))
	for h := range s.p.Hot {
		for _, v := range s.p.Hot[h].Visits {
			out[h] = append(out[h], meeting{v.Start, v.End, nil, true})
		}
	}
	for _, t := range s.tours {
		at := make([]float64, len(t.visits))
		for i := range at {
			at[i] = math.NaN()
		}
		s.follow(t, nil, func(h halt, start, _ float64) {
			if h.visit >= 0 {
				at[h.visit] = start
			}
		})
		for i := range t.visits {
			v := &t.visits[i]
			start, made := at[i], !math.IsNaN(at[i])
			if !made {
				start = (v.from + v.to) / 2
			}
			out[v.hot] = append(out[v.hot], meeting{start, start + v.stay, v, made})
		}
	}
	for _, ms := range out {
		slices.SortStableFunc(ms, func(a, b meeting) int { return cmp.Compare(a.start, b.start) })
	}
	return out
}

// setWindows sets the windows of all visits anew and prices the tours with them.
func (s *solver) setWindows() {
	s.spreadRests()
	goal := dealtGoal * s.gap
	s.horizon = s.meanEnd()
	for _, ms := range s.meetings() {
		before := s.opens()
		for i, m := range ms {
			if m.of != nil {
				spare := goal - (m.start - before)
				if i > 0 && ms[i-1].of != nil {
					spare /= 2
				}
				m.of.to = m.start + spare
				next := s.horizon + handOn - m.of.stay // the fill phase
				share := 1.0
				if i+1 < len(ms) {
					next = ms[i+1].start
					if ms[i+1].of != nil {
						share = 0.5
					}
				}
				m.of.from = m.start - max(windowLead, share*(goal-(next-m.end)))
				if !m.made {
					m.of.from, m.of.to = min(m.of.from, m.of.to), max(m.of.from, m.of.to)
				}
			}
			before = max(before, m.end)
		}
	}
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
}
