package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// Prices of what a tour should avoid, in seconds of driving.
const (
	priceBeside    = 3.0     // a second where others are
	priceForbidden = 5000.0  // a turn the map forbids; repaired by a detour
	priceUTurn     = 12.0    // a turn round in the street, but for dead ends
	priceMissed    = 20000.0 // a visit that is not made
	priceAway      = 2.0     // and a second between its window and the nearest passage
	mostAway       = 3600.0
	priceLate      = 0.003 // the square of the seconds that a visit comes late
	mostLate       = 900.0 // a visit later than this is not made
	priceOver      = 50.0  // a second beyond the end of the unit's window
	// handOn is how long after a tour the fill phase needs to come to all hot
	// places again.
	handOn = 1500.0
)

// atPost is the hot place of a halt that is a way to posts and back.
const atPost = -2

// halt is a stop or break that a tour makes on arriving at the end of an arc.
type halt struct {
	at       int // position in the tour: after this many arcs
	hot      int // hot place; -1: break; -2: away at a post
	visit    int // index into the tour's visits; -1: none
	duration float64
}

// timeline is when a tour passes where.
type timeline struct {
	drive []float64 // seconds of driving before position i; one more than arcs
	turn  []float64 // price of the turns before position i
	halts []halt
	cover float64 // seconds from base to base, breaks excluded
	stops float64 // of which standing at hot places
	posts float64 // of which away at posts
	end   float64 // instant of being back at the base

	passes []pass
	watch  []int32   // positions of arcs that lie where others are at some time
	near   []float64 // per visit: seconds between its window and the nearest passage; -1: made
}

// pass is a passage of a hot place that the unit is to visit.
type pass struct{ at, hot int }

// Breaks fall in this part of a unit's window.
const (
	restFirst = 0.36
	restLast  = 0.82
	restSpan  = 0.16 // at least, so that not all rest at once
	restAfter = 1.03 // times the mean cover phase
)

// spreadRests puts the breaks after the cover phase where the shift leaves room
// for that: a unit that rests while others finish leaves streets to be visited
// by whoever passes first, and nobody's round is what it was planned to be.
func (s *solver) spreadRests() {
	mean := 0.0
	for _, t := range s.tours {
		u := s.p.Units[t.unit]
		mean += t.line.cover / (u.End - u.Start - u.Break) / float64(len(s.tours))
	}
	s.restFrom = restFirst
	if mean < restLast-restSpan {
		s.restFrom = max(restFirst, restAfter*mean)
	}
}

// restAt is when a unit takes its break, spread over the units so that they do
// not all rest at once, and drawn, so that nobody knows who rests when.
func (s *solver) restAt(unit int) float64 {
	u := s.p.Units[unit]
	from := max(restFirst, s.restFrom)
	// Multiples of the golden section lie far from each other, however many.
	_, part := math.Modf(s.restPhase + float64(unit)*(math.Phi-1))
	f := from + (restLast-from)*part
	return u.Start + f*(u.End-u.Start-u.Break)
}

// stopLength draws the length of a unit's stop, from 0 at a hot place.
func (s *solver) stopLength(hot, count int) float64 {
	x := s.p.Seed ^ uint64(hot+1)*0x9e3779b97f4a7c15 ^ uint64(count+1)*0xbf58476d1ce4e5b9
	x ^= x >> 31
	x *= 0x94d049bb133111eb
	x ^= x >> 29
	f := float64(x>>11) / (1 << 53)
	return math.Round(s.p.StopMin + f*(s.p.StopMax-s.p.StopMin))
}

// run works out the timeline of a unit's tour and what it costs beside its
// length. like is a tour of the unit with its timeline from which the arcs may
// have come: what they share is not worked out again; nil: none.
func (s *solver) run(unit int, visits []visit, arcs []routing.Arc, tl *timeline, like *tour) float64 {
	var from, until int
	if like != nil {
		from, until = tl.share(like, arcs)
	} else {
		tl.clear()
		until = len(arcs)
	}
	s.pass(unit, arcs, tl, from, until)
	if like != nil {
		tl.shareRest(like, arcs, until)
	}
	cost := tl.turn[len(arcs)] + s.stand(unit, visits, arcs, tl)
	tl.cover = tl.drive[len(arcs)] + tl.stops + tl.posts
	cost += priceBeside * s.beside(unit, arcs, tl)
	if s.habit != nil {
		cost += priceHabit * s.habitual(unit, arcs, tl)
	}
	u := &s.p.Units[unit]
	if over := tl.end - u.End; over > 0 {
		cost += priceOver * over
	}
	if over := tl.drive[len(arcs)] - u.MaxMetres/u.Speed; u.MaxMetres > 0 && over > 0 {
		cost += priceOver * over
	}
	return cost
}

// pass goes along arcs[from:until].
func (s *solver) pass(unit int, arcs []routing.Arc, tl *timeline, from, until int) {
	u := &s.p.Units[unit]
	t, price, pace := tl.drive[from], tl.turn[from], 1/u.Speed
	prev := routing.NoArc
	if from > 0 {
		prev = arcs[from-1]
	}
	for i := from; i < until; i++ {
		a := arcs[i]
		t += s.metres[a>>1] * pace
		if prev != routing.NoArc {
			if a == prev.Opposite() && !s.deadEnd[s.head[prev]] {
				price += priceUTurn
			}
			if s.turns[prev] && !s.p.Graph.TurnAllowed(prev, a, u.Mode) {
				price += priceForbidden
			}
		}
		prev = a
		tl.drive, tl.turn = append(tl.drive, t), append(tl.turn, price)
		if h := s.hotAt[s.head[a]]; h >= 0 {
			tl.passes = append(tl.passes, pass{i + 1, int(h)})
		}
		if s.watched[a>>1] {
			tl.watch = append(tl.watch, int32(i))
		}
	}
}

// stand makes the visits at the first passages in their windows, or soon after,
// and places the break and the ways to posts.
func (s *solver) stand(unit int, visits []visit, arcs []routing.Arc, tl *timeline) float64 {
	w := stander{s: s, u: s.p.Units[unit], arcs: arcs, tl: tl, duties: s.duties[unit], rest: math.Inf(1)}
	w.delay = w.u.Start
	if w.u.Break > 0 {
		w.rest = s.restAt(unit)
	}
	tl.stops, tl.posts, tl.halts = 0, 0, tl.halts[:0]
	var mine [8]uint64 // bit set of the hot places to visit
	for _, v := range visits {
		mine[v.hot>>6&7] |= 1 << (v.hot & 63)
	}
	tl.near = tl.near[:0]
	for range visits {
		tl.near = append(tl.near, mostAway)
	}
	for _, ps := range tl.passes {
		if s.expected != nil {
			w.advance(ps.at)
			w.expect(ps)
			continue
		}
		if mine[ps.hot>>6&7]>>(ps.hot&63)&1 == 0 {
			continue
		}
		w.advance(ps.at)
		now := w.now(ps.at)
		for k, v := range visits {
			if v.hot != ps.hot || tl.near[k] < 0 {
				continue
			}
			if now < v.from || now > v.to+mostLate {
				tl.near[k] = min(tl.near[k], max(v.from-now, now-v.to))
				continue
			}
			if w.late(ps.at, v.stay) {
				tl.near[k] = min(tl.near[k], v.stay)
				continue
			}
			w.cost += priceLate * max(0, now-v.to) * max(0, now-v.to)
			tl.near[k] = -1
			tl.halts = append(tl.halts, halt{ps.at, ps.hot, k, v.stay})
			w.delay += v.stay
			tl.stops += v.stay
			break
		}
	}
	n := len(arcs)
	w.advance(n)
	tl.end = w.now(n)
	for k, v := range visits {
		if away := tl.near[k]; away >= 0 && v.from < s.horizon { // else the fill phase comes
			w.cost += priceMissed + priceAway*away
		}
	}
	return w.cost
}

// beside is the time that the tour spends where others are.
func (s *solver) beside(unit int, arcs []routing.Arc, tl *timeline) float64 {
	if len(s.p.Zones) == 0 {
		return 0
	}
	u := s.p.Units[unit]
	cost, delay, k := 0.0, u.Start, 0
	for _, at := range tl.watch {
		i := int(at)
		for k < len(tl.halts) && tl.halts[k].at <= i {
			delay += tl.halts[k].duration
			k++
		}
		slot := s.p.slot(tl.drive[i] + delay)
		for _, pc := range s.p.Zones[arcs[i]>>1] {
			if row := s.p.Present[pc.Zone]; slot >= 0 && slot < len(row) && row[slot] {
				cost += pc.Metres
			}
		}
	}
	return cost / u.Speed
}
