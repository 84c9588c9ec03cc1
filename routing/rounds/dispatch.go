package rounds

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Stops at hot places are dealt out when the tours stand. For each place the
// next visit is looked for where it costs least, over all tours and all moments
// of its window: many pass by at the right time, and one that does not drives
// there and back from where it comes nearest. Of all places the one whose visit
// comes first is dealt, so that no stop delays one that was dealt before it. A
// visit is then an appointment of that unit, with a window, and the local search
// changes tours around it.

const (
	dealtGoal = 0.92 // of the goal, that visits are dealt for: the search shifts them
	dueFrom   = 0.5  // of the goal after a visit, when the next may be
	// dueFirst is the same for the first visit, at least; how much more is drawn
	// for each place, or it would come first to the same ones every day.
	dueFirst = 0.1
	// priceEarly is what a second costs by which a visit comes before it is
	// due: stops that come often take time.
	priceEarly = 0.15
	// priceBusy is what a second costs by which a unit that gets a visit takes
	// longer than the mean and freeBusy: streets go to others afterwards.
	priceBusy = 0.2
	freeBusy  = 600.0
	// tripsToStops is how much longer stops take with the ways there and back.
	tripsToStops = 1.15
	// gapStep is by how much longer gaps are tried each time where time runs out,
	// and gapMost is how many times the goal they are at most.
	gapStep = 1.08
	gapMost = 4.0
)

// visit is a stop that a unit makes at a hot place when it arrives there in a
// window.
type visit struct {
	hot      int
	from, to float64 // seconds of the shift
	stay     float64 // seconds
}

// dispatch deals out the visits of the cover phase. Where time is short it runs
// out before the shift does, and the last hours would have no stops: the deal is
// tried with longer gaps, and the one stays after which places wait least.
func (s *solver) dispatch() {
	if len(s.p.Hot) == 0 || !(s.p.GapGoal > 0) {
		return
	}
	s.horizon = s.meanEnd() // with the stops as expected
	s.expected = nil
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
	start, first := copies(s.tours), s.gapInReach()
	var best []*tour
	least, chosen := math.Inf(1), first
	for gap := first; gap <= gapMost*s.p.GapGoal || best == nil; gap *= gapStep {
		s.tours, s.gap = copies(start), gap
		all := s.dealVisits()
		if wait := s.wait(); wait < least {
			best, least, chosen = s.tours, wait, gap
		}
		if all {
			break
		}
	}
	s.tours, s.gap = best, chosen
}

// wait is what is least if visits are many and come at even times: the sum of
// the squares of all gaps until the cover phase ends. Half of it by the seconds
// is how long somebody waits at a place at any moment.
func (s *solver) wait() float64 {
	sum := 0.0
	for h, ms := range s.meetings() {
		if len(s.p.Hot[h].Nodes) == 0 {
			continue
		}
		at := s.opens()
		for _, m := range ms {
			if m.made && m.start > at {
				sum += (m.start - at) * (m.start - at)
			}
			if m.made {
				at = max(at, m.end)
			}
		}
		last := max(0, s.horizon-at)
		sum += last * last
	}
	return sum
}

// dealVisits deals out visits of every place as often as s.gap asks; false if
// there was no time for some of them.
func (s *solver) dealVisits() (all bool) {
	d := &dispatcher{s: s, due: make([]due, len(s.p.Hot)), lot: rand.New(rand.NewPCG(s.p.Seed, 0xd0e5))}
	for h, hot := range s.p.Hot {
		d.due[h].done = len(hot.Nodes) == 0
		d.due[h].ways = make([]offer, len(s.tours))
		d.next(h, s.opens())
	}
	all = true
	for {
		first, by := -1, -1
		arrival := math.Inf(1)
		for h := range d.due {
			if d.due[h].done {
				continue
			}
			t, at := d.best(h)
			if first < 0 || at < arrival {
				first, by, arrival = h, t, at
			}
		}
		if first < 0 {
			return all
		}
		if by >= 0 {
			d.give(first, by)
			arrival += d.due[first].stay
		} else {
			all = false
		}
		d.next(first, arrival)
	}
}

// gapInReach is the time between two visits of a place that there is time for
// beside the tours: the goal, or longer. Else the first hours would have all
// stops.
func (s *solver) gapInReach() float64 {
	room, driving := 0.0, 0.0
	for _, t := range s.tours {
		u := s.p.Units[t.unit]
		room += max(0, u.Driving()-t.line.cover)
		driving += u.Driving()
	}
	mean := (s.p.StopMin + s.p.StopMax) / 2
	if share := room / tripsToStops; share > 0 && share < s.stopShare()*driving {
		return max(s.p.GapGoal, float64(len(s.p.Hot))*mean*driving/float64(len(s.p.Units))/share-mean)
	}
	return s.p.GapGoal
}

// meanEnd is when units are back from their tours.
func (s *solver) meanEnd() float64 {
	sum := 0.0
	for _, t := range s.tours {
		sum += t.line.end
	}
	return sum / float64(len(s.tours))
}

// opens is when the first unit is out.
func (s *solver) opens() float64 {
	first := math.Inf(1)
	for _, u := range s.p.Units {
		first = min(first, u.Start)
	}
	return first
}

// dispatcher knows what every place wants next.
type dispatcher struct {
	s      *solver
	due    []due
	serial int
	lot    *rand.Rand
}

// due is the next visit of a place, and what each tour offers for it.
type due struct {
	visit
	done bool
	ways []offer
}

// offer is how a tour can make a visit, and what it costs in seconds.
type offer struct {
	detour
	cost float64 // +Inf: not at all
}

// next sets what a place wants after a visit that ended at last.
func (d *dispatcher) next(h int, last float64) {
	s, goal := d.s, dealtGoal*d.s.gap
	for _, v := range s.p.Hot[h].Visits {
		if v.End > last && v.Start <= last+goal {
			last = v.End
		}
	}
	share := dueFrom
	if last <= s.opens() {
		share = dueFirst + (dueFrom-dueFirst)*d.lot.Float64()
	}
	w := &d.due[h]
	w.visit = visit{h, last + share*goal, last + goal, s.stopLength(h, d.serial)}
	d.serial++
	if w.to > s.horizon+handOn { // the fill phase comes in time
		w.done = true
	}
	for t := range w.ways {
		if !w.done {
			d.ask(h, t)
		}
	}
}

// ask works out a tour's offer for a place's next visit.
func (d *dispatcher) ask(h, t int) {
	s, w, tr := d.s, &d.due[h], d.s.tours[t]
	after := 0 // its last visit
	for _, h := range tr.line.halts {
		if h.visit >= 0 {
			after = h.at
		}
	}
	o, ok := s.detour(tr.unit, tr.arcs, &tr.line, after, &w.visit, priceEarly, nil)
	w.ways[t] = offer{o, math.Inf(1)}
	u := s.p.Units[tr.unit]
	if extra := o.metres/u.Speed + w.stay; ok && tr.line.end+extra <= u.End {
		w.ways[t].cost = o.metres/u.Speed + priceEarly*(w.to-o.arrival)
	}
}

// best is the tour with the best offer for a place and when it arrives; -1 and
// when the visit is due if there is none.
func (d *dispatcher) best(h int) (tour int, arrival float64) {
	w := &d.due[h]
	tour, arrival = -1, w.to
	least, mean := math.Inf(1), d.s.meanCover()
	for t, o := range w.ways {
		cost := o.cost + priceBusy*max(0, d.s.tours[t].line.cover-mean-freeBusy)
		if cost < least {
			tour, arrival, least = t, o.arrival, cost
		}
	}
	return tour, arrival
}

// give has a tour make a place's next visit, as it offered.
func (d *dispatcher) give(h, tour int) {
	s, w, t := d.s, &d.due[h], d.s.tours[tour]
	o := w.ways[tour]
	v := w.visit
	v.from = o.arrival - 1 // not at a passage before
	way := o.by.appendTrip(s, nil, s.head[t.arcs[o.at].Opposite()])
	t.arcs, t.visits = with(nil, t.arcs, o.at, way), append(slices.Clone(t.visits), v)
	t.cost = s.price(t, t.visits, t.arcs, &t.line)
	for other := range d.due {
		if other != h && !d.due[other].done {
			d.ask(other, tour)
		}
	}
}

// expectStops works out how long each passage of a hot place is held up, as far
// as can be told before visits are dealt: share is the part of the units' time
// that stops take.
func (s *solver) expectStops(share float64) {
	speed, passes := 0.0, make([]float64, len(s.p.Hot))
	for _, u := range s.p.Units {
		speed += u.Speed
	}
	for _, t := range s.tours {
		for _, a := range t.arcs {
			if h := s.hotAt[s.head[a]]; h >= 0 {
				passes[h]++
			}
		}
	}
	// All units together: seconds of driving, and of standing for them.
	driving := (s.bounds.Street + s.bounds.Floor) / speed * float64(len(s.p.Units))
	each := driving * share / (1 - share) / float64(len(s.p.Hot))
	s.expected = make([]float64, len(s.p.Hot))
	for h, n := range passes {
		s.expected[h] = each / max(1, n)
	}
}
