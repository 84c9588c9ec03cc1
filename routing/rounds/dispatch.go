package rounds

import (
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Stops at hot places are dealt out when the tours stand. Each place in turn,
// the most urgent first, gets its next visit from the unit for which it costs
// least: many pass by at the right time, and one that does not drives there and
// back from where it comes nearest. A visit is then an appointment of that
// unit, with a window, and the local search changes tours around it.

const (
	dealtGoal  = 0.92  // of the goal, that visits are dealt for: the search shifts them
	dueFrom    = 0.5   // of the goal after a visit, when the next may be
	windowLead = 240.0 // seconds by which a visit may come earlier than dealt
	dueFirst   = 0.4   // and the first: some come early, or all would be due at once
	dealMetres = 2500.0
	// priceEarly is what a second costs by which a visit comes before it is
	// due: stops that come often take time.
	priceEarly = 0.15
)

// visit is a stop that a unit makes at a hot place when it arrives there in a
// window.
type visit struct {
	hot      int
	from, to float64 // seconds of the shift
}

// dispatch deals out the visits of the cover phase.
func (s *solver) dispatch() {
	if len(s.p.Hot) == 0 || !(s.p.GapGoal > 0) {
		return
	}
	d := &dispatcher{s: s, last: make([]float64, len(s.p.Hot))}
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
	var queue routing.Queue[float64, int]
	for h, hot := range s.p.Hot {
		if len(hot.Nodes) > 0 {
			d.last[h] = s.opens()
			queue.Push(d.last[h], h)
		}
	}
	for len(queue) > 0 {
		h := queue.Pop().Value
		if d.next(h) {
			queue.Push(d.last[h], h)
		}
	}
	d.again()
}

// opens is when the first unit is out.
func (s *solver) opens() float64 {
	first := math.Inf(1)
	for _, u := range s.p.Units {
		first = min(first, u.Start)
	}
	return first
}

type dispatcher struct {
	s    *solver
	last []float64 // hot place → end of its last visit
	line timeline
}

// option is a place in a tour from which a visit can be made.
type option struct {
	t      *tour
	at     int
	goal   routing.NodeID
	metres float64 // straight, there
	early  float64 // seconds before it is due
}

// next deals the next visit of a place; false when the cover phase needs no
// more.
func (d *dispatcher) next(h int) bool {
	s, goal := d.s, dealtGoal*d.s.p.GapGoal
	last := d.last[h]
	for _, v := range s.p.Hot[h].Visits {
		if v.End > last && v.Start <= last+goal {
			d.last[h] = v.End
			return true
		}
	}
	due := last + goal
	s.horizon = s.opens() + s.meanCover()
	if due > s.horizon+handOn { // the fill phase comes in time
		return false
	}
	t := d.place(h, last, due)
	d.last[h] = due
	if t == nil { // nobody comes in time; later somebody may
		return due < s.horizon
	}
	for _, ht := range t.line.halts {
		if at := s.haltTime(t, ht); ht.hot == h && at >= last && at <= due+600 {
			d.last[h] = at + ht.duration
		}
	}
	return true
}

// place gives one visit to the unit for which it costs least; nil if none can
// make it.
func (d *dispatcher) place(h int, last, due float64) *tour {
	s := d.s
	share := dueFrom
	if last <= s.opens() {
		share = dueFirst
	}
	options := d.options(h, last+share*(due-last), due)
	best, bestCost := -1, math.Inf(1)
	for i, o := range options {
		if cost, _, _ := d.try(h, o, last, due); cost < bestCost {
			best, bestCost = i, cost
		}
	}
	if best < 0 {
		return nil
	}
	t := options[best].t
	_, t.arcs, t.visits = d.try(h, options[best], last, due)
	t.cost = s.price(t, t.visits, t.arcs, &t.line)
	return t
}

// again deals visits once more that later ones have pushed out of their
// windows.
func (d *dispatcher) again() {
	s := d.s
	for range 3 {
		missed := 0
		for _, t := range s.tours {
			for k := 0; k < len(t.visits); k++ {
				v := t.visits[k]
				if t.line.near[k] < 0 || v.from >= s.horizon {
					continue
				}
				missed++
				t.visits = slices.Delete(slices.Clone(t.visits), k, k+1)
				t.cost = s.price(t, t.visits, t.arcs, &t.line)
				k--
				if d.place(v.hot, v.to-dealtGoal*s.p.GapGoal, v.to) == t {
					break // its visits are not those gone through
				}
			}
		}
		if missed == 0 {
			return
		}
	}
}

// haltTime is when a tour arrives at one of its halts.
func (s *solver) haltTime(t *tour, h halt) float64 {
	at := s.p.Units[t.unit].Start + t.line.drive[h.at]
	for _, o := range t.line.halts {
		if o == h {
			break
		}
		at += o.duration
	}
	return at
}

// options finds the cheapest places in tours to visit a hot place from, at most
// one or two a tour, in a window of time.
func (d *dispatcher) options(h int, from, to float64) []option {
	s := d.s
	var all []option
	for _, t := range s.tours {
		best := option{t: t, metres: dealMetres}
		late := best
		s.follow(t, func(i int, start, _ float64) {
			if start < from || start > to {
				return
			}
			p := s.xy[s.head[t.arcs[i].Opposite()]]
			for _, n := range s.p.Hot[h].Nodes {
				if int(s.hotAt[n]) != h || !s.mayStop(t.unit, n) { // a stop there is another place's
					continue
				}
				m := math.Hypot(p[0]-s.xy[n][0], p[1]-s.xy[n][1])
				if m < best.metres {
					best.at, best.goal, best.metres, best.early = i, n, m, to-start
				}
				if m <= late.metres {
					late.at, late.goal, late.metres, late.early = i, n, m+0.1*(to-start), to-start
				}
			}
		}, nil)
		if best.metres < dealMetres {
			all = append(all, best)
			if late.metres < dealMetres && late.at != best.at {
				all = append(all, late)
			}
		}
	}
	return all
}

// try works out what a visit costs when it is made from a place in a tour, and
// the tour with it. Seconds, with those by which the tour becomes the longest.
func (d *dispatcher) try(h int, o option, last, due float64) (cost float64, arcs []routing.Arc, visits []visit) {
	s, t := d.s, o.t
	arcs = t.arcs
	from := s.head[t.arcs[o.at].Opposite()]
	extra := 0.0
	if from != o.goal {
		way, err := s.thereAndBack(s.search[t.unit], from, o.goal, 1.4*o.metres)
		if err != nil {
			return math.Inf(1), nil, nil
		}
		for _, a := range way {
			extra += s.metres[a>>1]
		}
		arcs = with(nil, t.arcs, o.at, way)
	}
	arrival := due - o.early + extra/2/s.p.Units[t.unit].Speed
	v := visit{h, arrival - windowLead, max(due, arrival+60)}
	if last > s.opens() {
		v.from = max(last+0.3*s.p.GapGoal, v.from)
		cost = priceEarly * max(0, due-arrival)
	}
	visits = append(slices.Clone(t.visits), v)
	cost += s.price(t, visits, arcs, &d.line) - t.cost
	mean := s.meanCover()
	cost += max(0, d.line.cover-mean-600) * 0.5
	if s.p.Units[t.unit].End < d.line.end {
		return math.Inf(1), nil, nil
	}
	return cost, arcs, visits
}
