package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// transport moves what junctions have too much to where there is too little, a
// unit at a time by the cheapest steps (Edmonds & Karp 1972). Undoing a step
// costs less than nothing; prices at the junctions, kept from search to search,
// make every step cost at least nothing again, so that a search may stop where
// it first arrives.
type transport struct {
	excess []int
	// steps offers every step from a junction with its cost; take does one.
	steps func(at routing.NodeID, offer func(to routing.NodeID, cost float64, st flowStep))
	take  func(st flowStep)

	price []float64
	dist  []float64
	done  []bool
	seen  []routing.NodeID // whose dist is set
	from  []flowStep
	heap  routing.Queue[float64, routing.NodeID]
}

// flowStep is how a unit gets from one junction to another: with a copy that is
// turned, or along an arc of which one passage more or one fewer is driven.
type flowStep struct {
	copy int // ≥ 0: index of the copy turned
	arc  routing.Arc
	undo bool
	prev routing.NodeID
}

// run moves all there is too much; false if there is no way for some of it.
func (b *transport) run() bool {
	n := len(b.excess)
	b.price, b.dist, b.done, b.from = make([]float64, n), make([]float64, n), make([]bool, n), make([]flowStep, n)
	for i := range b.dist {
		b.dist[i] = math.Inf(1)
	}
	for n := range b.excess {
		for b.excess[n] > 0 {
			goal := b.search(routing.NodeID(n))
			if goal < 0 {
				return false
			}
			for at := goal; b.from[at].prev >= 0; at = b.from[at].prev {
				b.take(b.from[at])
			}
			b.excess[n]--
			b.excess[goal]++
		}
	}
	return true
}

// search finds the cheapest way from a junction to one with too little; -1 if
// there is none.
func (b *transport) search(start routing.NodeID) (goal routing.NodeID) {
	for _, n := range b.seen {
		b.dist[n], b.done[n] = math.Inf(1), false
	}
	b.seen, b.heap = append(b.seen[:0], start), b.heap[:0]
	b.dist[start], b.from[start] = 0, flowStep{prev: -1}
	b.heap.Push(0, start)
	goal = -1
	for len(b.heap) > 0 && goal < 0 {
		it := b.heap.Pop()
		at := it.Value
		if b.done[at] {
			continue
		}
		b.done[at] = true
		if b.excess[at] < 0 {
			goal = at
			break
		}
		b.steps(at, func(to routing.NodeID, cost float64, st flowStep) {
			d := it.Key + max(0, cost+b.price[at]-b.price[to])
			if b.done[to] || d >= b.dist[to] {
				return
			}
			if math.IsInf(b.dist[to], 1) {
				b.seen = append(b.seen, to)
			}
			st.prev = at
			b.dist[to], b.from[to] = d, st
			b.heap.Push(d, to)
		})
	}
	if goal >= 0 {
		for _, n := range b.seen {
			if b.done[n] {
				b.price[n] += b.dist[n] - b.dist[goal]
			}
		}
	}
	return goal
}
