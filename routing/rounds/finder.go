package rounds

import (
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// straight is how much of the straight distance a way is long at least; the
// plane is a little off.
const straight = 0.99

// finder looks for short ways between junctions that lie near each other, for
// the many of them that the search asks for (A*: Hart, Nilsson & Raphael 1968).
// Forbidden turns are not looked at: a tour that has one pays for it.
type finder struct {
	s     *solver
	dist  []float64
	from  []routing.Arc
	seen  []uint32
	done  []uint32
	query uint32
	heap  routing.Queue[float64, routing.NodeID]
}

func newFinder(s *solver) *finder {
	n := len(s.p.Graph.Nodes)
	return &finder{s: s, dist: make([]float64, n), from: make([]routing.Arc, n), seen: make([]uint32, n), done: make([]uint32, n)}
}

// append appends the shortest way of a unit from a junction to another, if it
// is shorter than limit.
func (f *finder) append(dst []routing.Arc, unit int, from, to routing.NodeID, limit float64) ([]routing.Arc, bool) {
	s, reach := f.s, f.s.reach[unit]
	if from == to {
		return dst, limit > 0
	}
	if f.query++; f.query == 0 {
		clear(f.seen)
		clear(f.done)
		f.query = 1
	}
	goal := s.xy[to]
	ahead := func(n routing.NodeID) float64 {
		return straight * math.Hypot(s.xy[n][0]-goal[0], s.xy[n][1]-goal[1])
	}
	f.heap = f.heap[:0]
	f.dist[from], f.seen[from], f.from[from] = 0, f.query, routing.NoArc
	f.heap.Push(ahead(from), from)
	for len(f.heap) > 0 {
		n := f.heap.Pop().Value
		if f.done[n] == f.query {
			continue
		}
		f.done[n] = f.query
		if n == to {
			first := len(dst)
			for at := to; at != from; at = s.head[f.from[at].Opposite()] {
				dst = append(dst, f.from[at])
			}
			slices.Reverse(dst[first:])
			return dst, true
		}
		for _, a := range s.p.Graph.Out(n) {
			next := s.head[a]
			d := f.dist[n] + s.metres[a>>1]
			if f.done[next] == f.query || f.seen[next] == f.query && f.dist[next] <= d || !reach.Arc(a) {
				continue
			}
			if key := d + ahead(next); key < limit {
				f.dist[next], f.seen[next], f.from[next] = d, f.query, a
				f.heap.Push(key, next)
			}
		}
	}
	return dst, false
}
