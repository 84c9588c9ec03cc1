package rounds

import (
	"fmt"

	"github.com/serenazgo/serenazgo/routing"
)

// balance orients the free copies, and adds passages where one-ways leave no
// other choice, so that every junction has as many ways in as out. It is a
// minimum-cost flow: an excess of ways out moves along a free copy by turning
// it round, for nothing, and against any street by adding two passages of it.
// All junctions must have even degree.
func balance(g *routing.Graph, reach *routing.Reach, copies []copyOf) ([]copyOf, error) {
	orientTrails(g, copies)
	b := &balancer{g: g, reach: reach, copies: copies, extra: make(map[routing.Arc]int), leaving: make([][]int, len(g.Nodes))}
	excess := make([]int, len(g.Nodes))
	for i, c := range copies {
		excess[g.Tail(c.arc)]++
		excess[g.Head(c.arc)]--
		if c.free {
			b.leaving[g.Tail(c.arc)] = append(b.leaving[g.Tail(c.arc)], i)
		}
	}
	for n := range excess {
		if excess[n]%2 != 0 {
			return nil, fmt.Errorf("%w: junction %d is odd", ErrProblem, g.Nodes[n].OSM)
		}
		excess[n] /= 2
	}
	if t := (transport{excess: excess, steps: b.steps, take: b.take}); !t.run() {
		return nil, fmt.Errorf("%w: one-way streets cannot be balanced", ErrProblem)
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

type balancer struct {
	g       *routing.Graph
	reach   *routing.Reach
	copies  []copyOf
	extra   map[routing.Arc]int // pairs
	leaving [][]int             // free copies by the junction they leave
}

func (b *balancer) both(a routing.Arc) bool { return b.reach.Arc(a) && b.reach.Arc(a.Opposite()) }

// steps: an excess of ways out of a junction moves along a free copy that is
// turned round, for nothing, or against a street with a pair of passages more.
func (b *balancer) steps(at routing.NodeID, offer func(to routing.NodeID, cost float64, st flowStep)) {
	for _, i := range b.leaving[at] {
		offer(b.g.Head(b.copies[i].arc), 0, flowStep{copy: i})
	}
	for _, out := range b.g.Out(at) {
		in := out.Opposite()
		length := 2 * b.g.Segment(out).Length
		if b.reach.Arc(in) { // one more pair of passages into this junction
			offer(b.g.Tail(in), length, flowStep{copy: -1, arc: in})
		}
		if b.extra[out] > 0 { // one pair fewer out of it
			offer(b.g.Head(out), -length, flowStep{copy: -1, arc: out, undo: true})
		}
	}
}

func (b *balancer) take(st flowStep) {
	switch {
	case st.copy >= 0:
		b.turn(st.copy)
	case st.undo:
		b.extra[st.arc]--
	default:
		b.extra[st.arc]++
	}
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
