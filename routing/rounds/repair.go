package rounds

import (
	"math"
	"slices"
)

// repair gives up the visits that are missed, and has places that then wait
// longer than limit visited once more, by the unit for which that costs least in
// all: what it is late elsewhere counts. What is due when most units have
// finished is left to the fill phase. It tells whether all those visits found
// a unit.
func (s *solver) repair(limit float64) (all bool) {
	meetings := s.meetings()
	for _, t := range s.tours {
		var made []visit
		for k, v := range t.visits {
			if t.line.near[k] < 0 {
				made = append(made, v)
			}
		}
		if len(made) < len(t.visits) {
			t.visits = made
			t.cost = s.price(t, t.visits, t.arcs, &t.line)
		}
	}
	goal := dealtGoal * s.gap
	var line timeline
	all = true
	for h, ms := range meetings {
		if len(s.p.Hot[h].Nodes) == 0 {
			continue
		}
		ms = slices.DeleteFunc(ms, func(m meeting) bool { return !m.made })
		ms = append(ms, meeting{start: s.horizon, end: s.horizon})
		before := s.opens()
		for _, m := range ms {
			for gap := m.start - before; gap > limit; gap = m.start - before {
				stay := s.stopLength(h, int(before))
				v := visit{h, max(before+0.3*goal, min(m.start-goal-stay, before+0.8*goal)), before + goal, stay}
				arrival, ok := s.insert(v, &line)
				if !ok {
					arrival, all = v.to, false
				}
				before = arrival + stay
			}
			before = max(before, m.end)
		}
	}
	s.setWindows()
	return all
}

// dealAgain deals all visits anew if places wait less by it. Where time does not
// suffice for streets and stops, tours are uneven and too long when visits are
// first dealt, and many get none; the search has made room since.
func (s *solver) dealAgain() {
	before, wait, gap := s.keep(), s.wait(), s.gap
	for _, t := range s.tours {
		t.visits = nil
	}
	s.dispatch()
	if s.wait() >= wait {
		s.tours, s.gap = before, gap
	}
	s.setWindows()
}

// insert gives a visit to the tour for which it costs least, and tells when it
// arrives; false if none can make it.
func (s *solver) insert(v visit, line *timeline) (arrival float64, ok bool) {
	var best *tour
	var way detour
	least := math.Inf(1)
	for _, t := range s.tours {
		o, found := s.detour(t.unit, t.arcs, &t.line, 0, &v, 0, nil)
		if !found {
			continue
		}
		u := v
		u.from = o.arrival - 1
		arcs := with(nil, t.arcs, o.at, o.by.appendTrip(s, nil, s.head[t.arcs[o.at].Opposite()]))
		cost := s.price(t, append(slices.Clone(t.visits), u), arcs, line) - t.cost
		if line.end <= s.p.Units[t.unit].End && cost < least {
			best, way, least = t, o, cost
		}
	}
	if best == nil || least >= priceMissed {
		return 0, false
	}
	v.from = way.arrival - 1
	best.arcs = with(nil, best.arcs, way.at, way.by.appendTrip(s, nil, s.head[best.arcs[way.at].Opposite()]))
	best.visits = append(slices.Clone(best.visits), v)
	best.cost = s.price(best, best.visits, best.arcs, &best.line)
	return way.arrival, true
}
