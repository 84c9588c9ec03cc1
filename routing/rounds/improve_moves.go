package rounds

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// reverse drives a loop of tour a the other way round.
func (w *bench) reverse() {
	i, j, ok := twoPositions(w.s.p.Graph, w.ia, w.a.arcs, w.r)
	if !ok {
		return
	}
	if w.bufA, ok = w.s.reversed(w.a.unit, w.bufA[:0], w.a.arcs, i, j); ok {
		w.tryA()
	}
}

// shift drives a loop of tour a at another time that it comes by.
func (w *bench) shift() {
	g := w.s.p.Graph
	i, j, ok := twoPositions(g, w.ia, w.a.arcs, w.r)
	if !ok {
		return
	}
	k := w.ia.pick(w.r, nodeAt(g, w.a.arcs, i))
	if k > i && k < j { // two neighbouring loops
		w.bufA = swapped(w.bufA[:0], w.a.arcs, i, k, j)
	} else if k < i || k > j {
		w.bufA = moved(w.bufA[:0], w.a.arcs, i, j, k)
	} else {
		return
	}
	w.tryA()
}

// cross exchanges two ways of tour a between the same two junctions.
func (w *bench) cross() {
	g, arcs := w.s.p.Graph, w.a.arcs
	i, k, ok := twoPositions(g, w.ia, arcs, w.r)
	if !ok || k-i < 2 {
		return
	}
	j := i + 1 + w.r.IntN(k-i)
	l := w.ia.pick(w.r, nodeAt(g, arcs, j))
	if j <= k && k < l {
		w.bufA = crossed(w.bufA[:0], arcs, i, j, k, l)
		w.tryA()
	}
}

// give moves a loop from tour a to tour b.
func (w *bench) give() {
	if w.b == nil {
		return
	}
	g := w.s.p.Graph
	i, j, ok := twoPositions(g, w.ia, w.a.arcs, w.r)
	if !ok || j-i >= len(w.a.arcs) {
		return
	}
	k := w.placeIn(nodeAt(g, w.a.arcs, i))
	loop := w.a.arcs[i:j]
	if k < 0 || !w.s.mayHave(w.b.unit, loop) {
		return
	}
	w.bufB = w.bufB[:0]
	switch {
	case w.r.IntN(2) == 0 && w.s.mayReverse(w.b.unit, loop):
		w.bufB = append(w.bufB, w.b.arcs[:k]...)
		for n := len(loop) - 1; n >= 0; n-- {
			w.bufB = append(w.bufB, loop[n].Opposite())
		}
		w.bufB = append(w.bufB, w.b.arcs[k:]...)
	case w.s.canDrive(w.b.unit, loop):
		w.bufB = with(w.bufB, w.b.arcs, k, loop)
	default:
		return
	}
	w.bufA = without(w.bufA[:0], w.a.arcs, i, j)
	w.tryBoth(w.a.visits, w.b.visits)
}

// placeIn draws a position of tour b at a junction; -1 if it does not come by.
func (w *bench) placeIn(n routing.NodeID) int {
	if len(w.b.arcs) == 0 {
		if n == w.s.p.Units[w.b.unit].Base {
			return 0
		}
		return -1
	}
	return w.ib.pick(w.r, n)
}

// exchange swaps a way of tour a with one of tour b between the same two
// junctions.
func (w *bench) exchange() {
	if w.b == nil || len(w.a.arcs) < 2 || len(w.b.arcs) < 2 {
		return
	}
	g := w.s.p.Graph
	i := w.r.IntN(len(w.a.arcs))
	p := w.ib.pick(w.r, nodeAt(g, w.a.arcs, i))
	if p < 0 {
		return
	}
	// A later position of a at which b comes by as well.
	reach := 1 + w.r.IntN(1+len(w.a.arcs)/4)
	for j := min(len(w.a.arcs), i+reach); j > i; j-- {
		q := w.ib.pick(w.r, nodeAt(g, w.a.arcs, j))
		if q <= p {
			continue
		}
		wayA, wayB := w.a.arcs[i:j], w.b.arcs[p:q]
		if w.a.unit != w.b.unit && !(w.s.canDrive(w.a.unit, wayB) && w.s.canDrive(w.b.unit, wayA) &&
			w.s.mayHave(w.a.unit, wayB) && w.s.mayHave(w.b.unit, wayA)) {
			return
		}
		w.bufA = append(append(append(w.bufA[:0], w.a.arcs[:i]...), wayB...), w.a.arcs[j:]...)
		w.bufB = append(append(append(w.bufB[:0], w.b.arcs[:p]...), wayA...), w.b.arcs[q:]...)
		w.tryBoth(w.a.visits, w.b.visits)
		return
	}
}

// spare tells whether arcs[i:j] of tour a visit nothing that the pair does not
// visit elsewhere.
func (w *bench) spare(i, j int) bool {
	ok := true
	k := i
	for ; k < j && ok; k++ {
		seg := w.a.arcs[k] >> 1
		w.times[seg]--
		ok = w.times[seg] > 0 || !w.s.wanted[seg]
	}
	for k--; k >= i; k-- {
		w.times[w.a.arcs[k]>>1]++
	}
	return ok
}

// omit leaves out a loop of tour a that visits nothing new.
func (w *bench) omit() {
	i, j, ok := twoPositions(w.s.p.Graph, w.ia, w.a.arcs, w.r)
	if !ok || !w.spare(i, j) {
		return
	}
	loop := slices.Clone(w.a.arcs[i:j])
	w.bufA = without(w.bufA[:0], w.a.arcs, i, j)
	if w.tryA() {
		for _, a := range loop {
			w.times[a>>1]--
		}
	}
}

// shortcut replaces a stretch of tour a that visits nothing new by the
// shortest way.
func (w *bench) shortcut() {
	g := w.s.p.Graph
	if len(w.a.arcs) < 3 {
		return
	}
	i := w.r.IntN(len(w.a.arcs))
	j, length := i, 0.0
	most := 3 + w.r.IntN(30)
	for j < len(w.a.arcs) && j-i < most {
		seg := w.a.arcs[j] >> 1
		w.times[seg]--
		if w.times[seg] <= 0 && w.s.wanted[seg] {
			w.times[seg]++
			break
		}
		length += g.Segments[seg].Length
		j++
	}
	for k := i; k < j; k++ {
		w.times[w.a.arcs[k]>>1]++
	}
	if j-i < 2 {
		return
	}
	way, ok := w.ways.append(nil, w.a.unit, nodeAt(g, w.a.arcs, i), nodeAt(g, w.a.arcs, j), length-0.5)
	if !ok {
		return
	}
	old := slices.Clone(w.a.arcs[i:j])
	w.bufA = append(append(append(w.bufA[:0], w.a.arcs[:i]...), way...), w.a.arcs[j:]...)
	if w.tryA() {
		for _, a := range old {
			w.times[a>>1]--
		}
		for _, a := range way {
			w.times[a>>1]++
		}
	}
}
