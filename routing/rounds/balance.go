package rounds

import (
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// balance orients the free copies, and adds passages where one-ways leave no
// other choice, so that every junction has as many ways in as out. It is a
// minimum-cost flow: an excess of ways out moves along a free copy by turning
// it round, for nothing, and against any street by adding two passages of it.
// All junctions must have even degree.
func balance(g *routing.Graph, reach *routing.Reach, copies []copyOf) ([]copyOf, error) {
	orientTrails(g, copies)
	b := &balancer{g: g, reach: reach, copies: copies, excess: make([]int, len(g.Nodes)), extra: make(map[routing.Arc]int),
		leaving: make([][]int, len(g.Nodes)), price: make([]float64, len(g.Nodes)), dist: make([]float64, len(g.Nodes)),
		done: make([]bool, len(g.Nodes)), from: make([]flowStep, len(g.Nodes))}
	for n := range b.dist {
		b.dist[n] = math.Inf(1)
	}
	for i, c := range copies {
		b.excess[g.Tail(c.arc)]++
		b.excess[g.Head(c.arc)]--
		if c.free {
			b.leaving[g.Tail(c.arc)] = append(b.leaving[g.Tail(c.arc)], i)
		}
	}
	for n := range b.excess {
		if b.excess[n]%2 != 0 {
			return nil, fmt.Errorf("%w: junction %d is odd", ErrProblem, g.Nodes[n].OSM)
		}
		b.excess[n] /= 2
	}
	if err := b.run(); err != nil {
		return nil, err
	}
	out := b.copies
	for a := range 2 * len(g.Segments) {
		for range 2 * b.extra[routing.Arc(a)] {
			out = append(out, copyOf{arc: routing.Arc(a), free: b.both(routing.Arc(a))})
		}
	}
	return out, nil
}

// orientTrails walks trails along the free copies so that only junctions with
// one-ways begin unbalanced.
func orientTrails(g *routing.Graph, copies []copyOf) {
	at := make([][]int, len(g.Nodes))
	degree := make([]int, len(g.Nodes))
	for i, c := range copies {
		if c.free {
			at[g.Tail(c.arc)] = append(at[g.Tail(c.arc)], i)
			at[g.Head(c.arc)] = append(at[g.Head(c.arc)], i)
			degree[g.Tail(c.arc)]++
			degree[g.Head(c.arc)]++
		}
	}
	used := make([]bool, len(copies))
	walk := func(n routing.NodeID) {
		for {
			next := -1
			for len(at[n]) > 0 {
				i := at[n][len(at[n])-1]
				at[n] = at[n][:len(at[n])-1]
				if !used[i] {
					next = i
					break
				}
			}
			if next < 0 {
				return
			}
			used[next] = true
			if g.Tail(copies[next].arc) != n {
				copies[next].arc = copies[next].arc.Opposite()
			}
			n = g.Head(copies[next].arc)
		}
	}
	for n := range at {
		if degree[n]%2 == 1 {
			walk(routing.NodeID(n))
		}
	}
	for n := range at {
		walk(routing.NodeID(n))
	}
}

// flowStep is how the search reached a node: by turning a copy round, or along
// a passage against its direction (undoing one that was added, or adding).
type flowStep struct {
	copy int // ≥ 0: index of the copy turned
	arc  routing.Arc
	undo bool
	prev routing.NodeID
}

type balancer struct {
	g       *routing.Graph
	reach   *routing.Reach
	copies  []copyOf
	excess  []int // half of ways out less ways in
	extra   map[routing.Arc]int
	leaving [][]int // free copies by the junction they leave
	price   []float64
	dist    []float64
	done    []bool
	seen    []routing.NodeID // whose dist is set
	from    []flowStep
	heap    routing.Queue[float64, routing.NodeID]
}

func (b *balancer) both(a routing.Arc) bool { return b.reach.Arc(a) && b.reach.Arc(a.Opposite()) }

// run sends one unit after the other from junctions with too many ways out to
// the nearest with too few.
func (b *balancer) run() error {
	for n := range b.excess {
		for b.excess[n] > 0 {
			goal := b.search(routing.NodeID(n))
			if goal < 0 {
				return fmt.Errorf("%w: one-way streets cannot be balanced", ErrProblem)
			}
			at := goal
			for b.from[at].prev >= 0 {
				st := b.from[at]
				switch {
				case st.copy >= 0:
					b.turn(st.copy)
				case st.undo:
					b.extra[st.arc]--
				default:
					b.extra[st.arc]++
				}
				at = st.prev
			}
			b.excess[n]--
			b.excess[goal]++
		}
	}
	return nil
}

func (b *balancer) turn(i int) {
	a := b.copies[i].arc
	from, to := b.g.Tail(a), b.g.Head(a)
	l := b.leaving[from]
	for k, j := range l {
		if j == i {
			l[k] = l[len(l)-1]
			b.leaving[from] = l[:len(l)-1]
			break
		}
	}
	b.copies[i].arc = a.Opposite()
	b.leaving[to] = append(b.leaving[to], i)
}

// search finds the cheapest way from a junction to one with too few ways out;
// -1 if there is none. Ways that undo what was added cost less than nothing;
// prices at the junctions, kept from search to search, make every step cost at
// least nothing again, so that the search may stop where it first arrives
// (Edmonds & Karp 1972).
func (b *balancer) search(start routing.NodeID) (goal routing.NodeID) {
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
		relax := func(to routing.NodeID, cost float64, st flowStep) {
			d := it.Key + max(0, cost+b.price[at]-b.price[to])
			if b.done[to] || d >= b.dist[to] {
				return
			}
			if math.IsInf(b.dist[to], 1) {
				b.seen = append(b.seen, to)
			}
			b.dist[to], b.from[to] = d, st
			b.heap.Push(d, to)
		}
		for _, i := range b.leaving[at] {
			relax(b.g.Head(b.copies[i].arc), 0, flowStep{copy: i, prev: at})
		}
		for _, out := range b.g.Out(at) {
			in := out.Opposite()
			length := 2 * b.g.Segment(out).Length
			if b.reach.Arc(in) { // one more pair of passages into this junction
				relax(b.g.Tail(in), length, flowStep{copy: -1, arc: in, prev: at})
			}
			if b.extra[out] > 0 { // one pair fewer out of it
				relax(b.g.Head(out), -length, flowStep{copy: -1, arc: out, undo: true, prev: at})
			}
		}
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
