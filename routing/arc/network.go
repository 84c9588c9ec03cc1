package arc

import (
	"fmt"

	"github.com/serenazgo/serenazgo/routing"
)

// Link is an undirected street between two junctions; Cost must not be
// negative.
type Link struct {
	U, V int32
	Cost int64
}

// Network is an undirected multigraph; loops and parallel links are allowed.
type Network struct {
	Nodes int
	Links []Link

	start []int32
	out   []int32 // link ids around a node
}

// NewNetwork makes the adjacency of a network.
func NewNetwork(nodes int, links []Link) (*Network, error) {
	g := &Network{Nodes: nodes, Links: links, start: make([]int32, nodes+1)}
	for i, l := range links {
		if l.U < 0 || l.V < 0 || int(l.U) >= nodes || int(l.V) >= nodes || l.Cost < 0 {
			return nil, fmt.Errorf("link %d (%d-%d, cost %d) does not fit a network of %d junctions", i, l.U, l.V, l.Cost, nodes)
		}
		g.start[l.U+1]++
		g.start[l.V+1]++
	}
	for i := 0; i < nodes; i++ {
		g.start[i+1] += g.start[i]
	}
	g.out = make([]int32, 2*len(links))
	next := append([]int32(nil), g.start[:nodes]...)
	for i, l := range links {
		g.out[next[l.U]] = int32(i)
		next[l.U]++
		g.out[next[l.V]] = int32(i)
		next[l.V]++
	}
	return g, nil
}

// around gives the links at a node (a loop twice).
func (g *Network) around(n int32) []int32 { return g.out[g.start[n]:g.start[n+1]] }

func (g *Network) far(l, n int32) int32 {
	if g.Links[l].U == n {
		return g.Links[l].V
	}
	return g.Links[l].U
}

// reach is a shortest-path search from one node, reusable for many.
type reach struct {
	g     *Network
	dist  []int64
	by    []int32 // link by which a node is reached
	stamp []int32
	round int32
	heap  routing.Queue[int64, int32]
}

func newReach(g *Network) *reach {
	return &reach{g: g, dist: make([]int64, g.Nodes), by: make([]int32, g.Nodes), stamp: make([]int32, g.Nodes)}
}

// run visits nodes by increasing distance from src until visit says stop.
func (r *reach) run(src int32, visit func(n int32, d int64) bool) {
	r.round++
	r.heap = r.heap[:0]
	r.set(src, 0, none)
	r.heap.Push(0, src)
	for len(r.heap) > 0 {
		it := r.heap.Pop()
		if it.Key > r.dist[it.Value] {
			continue
		}
		if !visit(it.Value, it.Key) {
			return
		}
		for _, l := range r.g.around(it.Value) {
			to := r.g.far(l, it.Value)
			d := it.Key + r.g.Links[l].Cost
			if r.stamp[to] != r.round || d < r.dist[to] {
				r.set(to, d, l)
				r.heap.Push(d, to)
			}
		}
	}
}

func (r *reach) set(n int32, d int64, by int32) { r.dist[n], r.by[n], r.stamp[n] = d, by, r.round }

// path gives the links from n back to the source of the last run.
func (r *reach) path(n int32) []int32 {
	var out []int32
	for r.by[n] != none {
		l := r.by[n]
		out = append(out, l)
		n = r.g.far(l, n)
	}
	return out
}
