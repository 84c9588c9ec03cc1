package rounds

import (
	"math/rand/v2"

	"github.com/serenazgo/serenazgo/routing"
)

// The moves of the local search do not make tours longer: a walk that comes by
// a junction twice has a loop there, which may be driven the other way round,
// before or after another loop of the same junction, or by another unit that
// comes by.

// index finds the positions at which a tour is at a junction.
type index struct {
	first []int32 // node → position + 1
	next  []int32 // position → next position of the same node + 1
	count []int32
	nodes []routing.NodeID // that are set
}

func newIndex(nodes int) *index {
	return &index{first: make([]int32, nodes), count: make([]int32, nodes)}
}

func (x *index) build(head []routing.NodeID, arcs []routing.Arc) {
	for _, n := range x.nodes {
		x.first[n], x.count[n] = 0, 0
	}
	x.nodes = x.nodes[:0]
	if cap(x.next) <= len(arcs) {
		x.next = make([]int32, len(arcs)+len(arcs)/4+1)
	}
	x.next = x.next[:len(arcs)+1]
	for i := len(arcs); i >= 0; i-- {
		var n routing.NodeID
		switch {
		case len(arcs) == 0:
			return
		case i == len(arcs):
			n = head[arcs[i-1]]
		default:
			n = head[arcs[i].Opposite()]
		}
		if x.first[n] == 0 {
			x.nodes = append(x.nodes, n)
		}
		x.next[i] = x.first[n]
		x.first[n] = int32(i + 1)
		x.count[n]++
	}
}

// pick draws one of the positions of a node; -1 if there is none.
func (x *index) pick(r *rand.Rand, n routing.NodeID) int {
	c := x.count[n]
	if c == 0 {
		return -1
	}
	p := x.first[n]
	for k := r.IntN(int(c)); k > 0; k-- {
		p = x.next[p-1]
	}
	return int(p - 1)
}

func nodeAt(g *routing.Graph, arcs []routing.Arc, i int) routing.NodeID {
	if i == len(arcs) {
		return g.Head(arcs[i-1])
	}
	return g.Tail(arcs[i])
}

// twoPositions draws positions i < j of one junction.
func twoPositions(g *routing.Graph, x *index, arcs []routing.Arc, r *rand.Rand) (i, j int, ok bool) {
	if len(arcs) < 2 {
		return 0, 0, false
	}
	i = r.IntN(len(arcs))
	j = x.pick(r, nodeAt(g, arcs, i))
	if i > j {
		i, j = j, i
	}
	return i, j, i < j
}

// reversed turns the loop arcs[i:j] round.
func (s *solver) reversed(unit int, dst, arcs []routing.Arc, i, j int) ([]routing.Arc, bool) {
	if !s.mayReverse(unit, arcs[i:j]) {
		return dst, false
	}
	dst = append(dst, arcs[:i]...)
	for k := j - 1; k >= i; k-- {
		dst = append(dst, arcs[k].Opposite())
	}
	return append(dst, arcs[j:]...), true
}

// swapped drives the neighbouring stretches arcs[i:j] and arcs[j:k] in the
// other order; all three positions are of one junction.
func swapped(dst, arcs []routing.Arc, i, j, k int) []routing.Arc {
	dst = append(dst, arcs[:i]...)
	dst = append(dst, arcs[j:k]...)
	dst = append(dst, arcs[i:j]...)
	return append(dst, arcs[k:]...)
}

// moved takes the loop arcs[i:j] out and puts it in at position k of the same
// junction outside it.
func moved(dst, arcs []routing.Arc, i, j, k int) []routing.Arc {
	if k <= i {
		return swapped(dst, arcs, k, i, j)
	}
	return swapped(dst, arcs, i, j, k)
}

// crossed exchanges arcs[i:j] and arcs[k:l], two ways between the same two
// junctions, i < j ≤ k < l.
func crossed(dst, arcs []routing.Arc, i, j, k, l int) []routing.Arc {
	dst = append(dst, arcs[:i]...)
	dst = append(dst, arcs[k:l]...)
	dst = append(dst, arcs[j:k]...)
	dst = append(dst, arcs[i:j]...)
	return append(dst, arcs[l:]...)
}

// without leaves arcs[i:j] out.
func without(dst, arcs []routing.Arc, i, j int) []routing.Arc {
	return append(append(dst, arcs[:i]...), arcs[j:]...)
}

// with puts a loop in at position k.
func with(dst, arcs []routing.Arc, k int, loop []routing.Arc) []routing.Arc {
	dst = append(dst, arcs[:k]...)
	dst = append(dst, loop...)
	return append(dst, arcs[k:]...)
}
