package routing

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// Start is a unit's mode and base.
type Start struct {
	Mode Mode
	Base NodeID
}

// Reach is what a unit can drive to from its base and come back from, one-ways
// and turn restrictions honoured.
type Reach struct {
	Start
	arcs []bool
}

// Arc tells whether a can be driven on some way from the base back to it.
func (r *Reach) Arc(a Arc) bool { return r.arcs[a] }

// Segment tells whether the segment can be driven in one direction at least.
func (r *Reach) Segment(s SegmentID) bool { return r.arcs[2*s] || r.arcs[2*s+1] }

// Reachable finds what a unit reaches and returns from.
func (g *Graph) Reachable(m Mode, base NodeID) *Reach {
	r := &Reach{Start: Start{m, base}, arcs: g.flood(m, base, false)}
	for a, back := range g.flood(m, base, true) {
		r.arcs[a] = r.arcs[a] && back
	}
	return r
}

// flood marks the arcs that can be driven after leaving the base, or, before,
// those from which it is reached.
func (g *Graph) flood(m Mode, base NodeID, before bool) []bool {
	t := newTurnTable(g, m, before)
	marked := make([]bool, 2*len(g.Segments))
	var stack []Arc
	add := func(a Arc) {
		if !marked[a] && g.Allowed(a, m) {
			marked[a] = true
			stack = append(stack, a)
		}
	}
	for _, a := range g.Out(base) {
		if before {
			a = a.Opposite()
		}
		add(a)
	}
	for len(stack) > 0 {
		a := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, b := range t.of(a) {
			add(b)
		}
	}
	return marked
}

// StrongParts numbers the strongly connected parts of the arcs open to a mode,
// turns honoured (Tarjan 1972): of gives an arc's part, -1 for a closed arc.
func (g *Graph) StrongParts(m Mode) (of []int32, n int) {
	t := newTurnTable(g, m, false)
	arcs := 2 * len(g.Segments)
	of = make([]int32, arcs)
	low, num := make([]int32, arcs), make([]int32, arcs)
	for i := range of {
		of[i] = -1
	}
	type frame struct {
		arc  Arc
		next int
	}
	var open []Arc
	var calls []frame
	var clock int32
	enter := func(a Arc) {
		clock++
		low[a], num[a] = clock, clock
		open = append(open, a)
		calls = append(calls, frame{arc: a})
	}
	for i := range arcs {
		if num[i] != 0 || !g.Allowed(Arc(i), m) {
			continue
		}
		enter(Arc(i))
		for len(calls) > 0 {
			f := &calls[len(calls)-1]
			a := f.arc
			if next := t.of(a); f.next < len(next) {
				b := next[f.next]
				f.next++
				switch {
				case num[b] == 0:
					enter(b)
				case of[b] < 0:
					low[a] = min(low[a], num[b])
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				p := calls[len(calls)-1].arc
				low[p] = min(low[p], low[a])
			}
			if low[a] != num[a] {
				continue
			}
			for {
				b := open[len(open)-1]
				open = open[:len(open)-1]
				of[b] = int32(n)
				if b == a {
					break
				}
			}
			n++
		}
	}
	return of, n
}

// DefaultBase is the junction, of the largest strongly connected part by
// length in the district, that lies nearest the centroid of the belonging
// streets; ok is false if nothing is open to the mode.
func (g *Graph) DefaultBase(m Mode) (base NodeID, ok bool) {
	of, n := g.StrongParts(m)
	if n == 0 {
		return 0, false
	}
	size, inside := make([]float64, n), make([]float64, n)
	for i := range g.Segments {
		s := &g.Segments[i]
		fwd, bwd := of[2*i], of[2*i+1]
		for k, p := range [...]int32{fwd, bwd} {
			if p < 0 || k == 1 && p == fwd {
				continue
			}
			size[p] += s.Length
			if s.Belongs {
				inside[p] += s.Length
			}
		}
	}
	best := 0
	for p := range n {
		if inside[p] > inside[best] || inside[p] == inside[best] && size[p] > size[best] {
			best = p
		}
	}
	centre, found := g.Centroid(func(s *Segment) bool { return s.Belongs && (s.Forward | s.Backward).Has(m) })
	if !found {
		centre, _ = g.Centroid(func(s *Segment) bool { return (s.Forward | s.Backward).Has(m) })
	}
	least := -1.0
	for i := range g.Segments {
		for _, a := range [...]Arc{ArcOf(SegmentID(i), false), ArcOf(SegmentID(i), true)} {
			if of[a] != int32(best) {
				continue
			}
			for _, v := range [...]NodeID{g.Tail(a), g.Head(a)} {
				d := geo.Distance(centre, g.Nodes[v].Point)
				if least < 0 || d < least || d == least && v < base {
					base, least = v, d
				}
			}
		}
	}
	return base, true
}

// Centroid is the centre of the chosen segments, by length; ok is false if
// none has any.
func (g *Graph) Centroid(keep func(*Segment) bool) (c orb.Point, ok bool) {
	var x, y, sum float64
	for i := range g.Segments {
		s := &g.Segments[i]
		if !keep(s) {
			continue
		}
		for k := 0; k+1 < len(s.Line); k++ {
			a, b := s.Line[k], s.Line[k+1]
			d := geo.Distance(a, b)
			x += d * (a[0] + b[0]) / 2
			y += d * (a[1] + b[1]) / 2
			sum += d
		}
	}
	if sum == 0 {
		return c, false
	}
	return orb.Point{x / sum, y / sum}, true
}
