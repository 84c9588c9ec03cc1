package rounds

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// resettle takes a visit from tour a, with what was driven for it alone, and
// has it made from elsewhere in tour a or from tour b.
func (w *bench) resettle() {
	s, a := w.s, w.a
	if len(a.visits) == 0 {
		return
	}
	k := w.r.IntN(len(a.visits))
	v := a.visits[k]
	rest := slices.Delete(slices.Clone(a.visits), k, k+1)
	w.bufC = w.withoutTrip(w.bufC[:0], k)
	costRest := s.price(a, rest, w.bufC, &w.lineC)
	noise := func() float64 { return 1 + 0.5*w.r.Float64() }

	to, early := w.b, 0.0
	if w.b == nil || w.r.IntN(3) == 0 {
		to = a
	}
	if to == a {
		o, ok := s.detour(a.unit, w.bufC, &w.lineC, 0, &v, early, noise)
		if !ok {
			return
		}
		way := o.by.appendTrip(s, nil, s.head[w.bufC[o.at].Opposite()])
		w.bufA = with(w.bufA[:0], w.bufC, o.at, way)
		visits := append(rest, v)
		cost := s.price(a, visits, w.bufA, &w.lineA)
		if !w.accept(cost - a.cost + w.off(w.lineA.cover) - w.off(a.line.cover)) {
			return
		}
		w.count(-1)
		a.visits = visits
		w.takeA(cost)
		w.count(+1)
		return
	}
	o, ok := s.detour(to.unit, to.arcs, &to.line, 0, &v, early, noise)
	if !ok {
		return
	}
	way := o.by.appendTrip(s, nil, s.head[to.arcs[o.at].Opposite()])
	w.bufB = with(w.bufB[:0], to.arcs, o.at, way)
	visits := append(slices.Clone(to.visits), v)
	cost := s.price(to, visits, w.bufB, &w.lineB)
	before := a.cost + to.cost + w.off(a.line.cover) + w.off(to.line.cover)
	if !w.accept(costRest + cost + w.off(w.lineC.cover) + w.off(w.lineB.cover) - before) {
		return
	}
	w.count(-1)
	w.bufA, w.bufC = w.bufC, w.bufA
	w.lineA, w.lineC = w.lineC, w.lineA
	a.visits, to.visits = rest, visits
	w.takeA(costRest)
	w.takeB(cost)
	w.count(+1)
}

// withoutTrip gives tour a without what it drives for one of its visits and
// would not drive else.
func (w *bench) withoutTrip(dst []routing.Arc, visit int) []routing.Arc {
	a := w.a
	at, lo, hi := -1, 0, len(a.arcs)
	for _, h := range a.line.halts {
		switch {
		case h.visit == visit:
			at = h.at
		case h.hot >= 0 && at < 0:
			lo = h.at
		case h.hot >= 0:
			hi = min(hi, h.at)
		}
	}
	if at < 0 {
		return append(dst, a.arcs...)
	}
	l, r, length := at, at, 0.0
	take := func(arc routing.Arc) bool {
		seg := arc >> 1
		w.times[seg]--
		if w.times[seg] <= 0 && w.s.wanted[seg] {
			w.times[seg]++
			return false
		}
		length += w.s.metres[seg]
		return true
	}
	for l > lo && take(a.arcs[l-1]) {
		l--
	}
	for r < hi && take(a.arcs[r]) {
		r++
	}
	for k := l; k < r; k++ {
		w.times[a.arcs[k]>>1]++
	}
	if l == r {
		return append(dst, a.arcs...)
	}
	dst = append(dst, a.arcs[:l]...)
	g := w.s.p.Graph
	dst, ok := w.ways.append(dst, a.unit, nodeAt(g, a.arcs, l), nodeAt(g, a.arcs, r), length+0.5)
	if !ok {
		return append(dst, a.arcs[l:]...)
	}
	return append(dst, a.arcs[r:]...)
}
