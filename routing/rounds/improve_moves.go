package rounds

import (
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// visitMetres is from how far a tour is sent to a hot place.
const visitMetres = 1000.0

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

// handOver lets tour b make a visit of tour a.
func (w *bench) handOver() {
	if w.b == nil || len(w.a.visits) == 0 {
		return
	}
	k := w.r.IntN(len(w.a.visits))
	v := w.a.visits[k]
	passes := false
	for _, n := range w.s.p.Hot[v.hot].Nodes {
		passes = passes || w.ib.count[n] > 0 && w.s.mayStop(w.b.unit, n)
	}
	if !passes {
		return
	}
	visitsA := slices.Delete(slices.Clone(w.a.visits), k, k+1)
	visitsB := append(slices.Clone(w.b.visits), v)
	w.bufA = append(w.bufA[:0], w.a.arcs...)
	w.bufB = append(w.bufB[:0], w.b.arcs...)
	w.tryBoth(visitsA, visitsB)
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

// visit sends tour a to a hot place and back, for one of its visits that is
// missed or late, from somewhere near in time and place.
func (w *bench) visit() {
	t := w.a
	if len(t.visits) == 0 || len(t.arcs) == 0 {
		return
	}
	k := w.r.IntN(len(t.visits))
	v := t.visits[k]
	nodes := w.s.p.Hot[v.hot].Nodes
	goal := nodes[w.r.IntN(len(nodes))]
	if int(w.s.hotAt[goal]) != v.hot {
		return
	}
	// About where the tour is in the window; the stops have delayed it.
	stood := t.line.stops * min(1, v.from/max(1, t.line.end))
	lo, _ := slices.BinarySearch(t.line.drive, v.from-stood-w.s.p.Units[t.unit].Start)
	hi, _ := slices.BinarySearch(t.line.drive, v.to-stood-w.s.p.Units[t.unit].Start)
	if lo, hi = max(0, lo-10), min(len(t.arcs), hi+10); lo >= hi {
		return
	}
	i, near := -1, visitMetres
	for range 12 { // the nearest of a few places of the tour
		k := lo + w.r.IntN(hi-lo)
		at := w.s.xy[nodeAt(w.s.p.Graph, t.arcs, k)]
		if d := math.Hypot(at[0]-w.s.xy[goal][0], at[1]-w.s.xy[goal][1]); d < near {
			i, near = k, d
		}
	}
	if i < 0 {
		return
	}
	from := nodeAt(w.s.p.Graph, t.arcs, i)
	if from == goal {
		return
	}
	search := w.ways()
	search.FromNode(from, 1.5*near+200, nil)
	_, last, ok := search.CostToNode(goal)
	if !ok {
		return
	}
	way := search.AppendPath(nil, last)
	if w.s.mayReverse(w.a.unit, way) {
		for k := len(way) - 1; k >= 0; k-- {
			way = append(way, way[k].Opposite())
		}
	} else {
		search.FromNode(goal, 1.5*near+200, nil)
		if _, last, ok = search.CostToNode(from); !ok {
			return
		}
		way = search.AppendPath(way, last)
	}
	w.bufA = with(w.bufA[:0], w.a.arcs, i, way)
	if w.tryA() {
		for _, a := range way {
			w.times[a>>1]++
		}
	}
}

// ways is a search for the unit of tour a.
func (w *bench) ways() *routing.Search {
	search := w.search[w.a.unit]
	if search == nil {
		search = w.s.search[w.a.unit].Clone()
		w.search[w.a.unit] = search
	}
	return search
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
	search := w.ways()
	from, to := nodeAt(g, w.a.arcs, i), nodeAt(g, w.a.arcs, j)
	search.FromNode(from, length, nil)
	cost, last, ok := search.CostToNode(to)
	if !ok || cost > length-0.5 || math.IsInf(cost, 1) {
		return
	}
	old := slices.Clone(w.a.arcs[i:j])
	way := search.AppendPath(nil, last)
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
