package arc

import (
	"fmt"

	"github.com/serenazgo/serenazgo/routing"
)

// Road is a way from one node to the next in one direction.
type Road struct {
	From, To int32
	Cost     int32 // ≥ 0, below Never
}

// Roads is a directed network to drive on.
type Roads struct {
	Nodes int
	roads []Road // by From
	start []int32
}

// NewRoads makes a network; roads may lie side by side.
func NewRoads(nodes int, roads []Road) (*Roads, error) {
	g := &Roads{Nodes: nodes, roads: make([]Road, len(roads)), start: make([]int32, nodes+1)}
	for i, r := range roads {
		if r.From < 0 || r.To < 0 || int(r.From) >= nodes || int(r.To) >= nodes || r.Cost < 0 || r.Cost >= Never {
			return nil, fmt.Errorf("road %d (%d→%d, cost %d) does not fit a network of %d nodes and costs below %d", i, r.From, r.To, r.Cost, nodes, Never)
		}
		g.start[r.From+1]++
	}
	for i := range nodes {
		g.start[i+1] += g.start[i]
	}
	next := append([]int32(nil), g.start...)
	for _, r := range roads {
		g.roads[next[r.From]] = r
		next[r.From]++
	}
	return g, nil
}

// From gives the roads that leave a node.
func (g *Roads) From(n int32) []Road { return g.roads[g.start[n]:g.start[n+1]] }

// turned is the network with every road the other way round.
func (g *Roads) turned() *Roads {
	all := make([]Road, len(g.roads))
	for i, r := range g.roads {
		all[i] = Road{r.To, r.From, r.Cost}
	}
	t, err := NewRoads(g.Nodes, all)
	if err != nil {
		panic(err) // the same roads fitted before
	}
	return t
}

// Trip is a search for cheapest ways from one node, reusable for many.
type Trip struct {
	g    *Roads
	dist []int64
	by   []int32 // node before
	heap routing.Queue[int64, int32]
	seen []int32
}

// NewTrip makes a search on the network.
func NewTrip(g *Roads) *Trip {
	t := &Trip{g: g, dist: make([]int64, g.Nodes), by: make([]int32, g.Nodes)}
	for i := range t.dist {
		t.dist[i] = Never
	}
	return t
}

// Run visits nodes by increasing cost from src until visit says stop.
func (t *Trip) Run(src int32, visit func(n int32, cost int64) bool) {
	for _, n := range t.seen {
		t.dist[n] = Never
	}
	t.seen, t.heap = append(t.seen[:0], src), t.heap[:0]
	t.dist[src], t.by[src] = 0, none
	t.heap.Push(0, src)
	for len(t.heap) > 0 {
		it := t.heap.Pop()
		if it.Key > t.dist[it.Value] {
			continue
		}
		if !visit(it.Value, it.Key) {
			return
		}
		for _, r := range t.g.From(it.Value) {
			d := it.Key + int64(r.Cost)
			if d >= t.dist[r.To] {
				continue
			}
			if t.dist[r.To] == Never {
				t.seen = append(t.seen, r.To)
			}
			t.dist[r.To], t.by[r.To] = d, it.Value
			t.heap.Push(d, r.To)
		}
	}
}

// Way gives the nodes from the source of the last Run to n, both included; nil
// if that Run did not get there.
func (t *Trip) Way(n int32) []int32 {
	if t.dist[n] >= Never {
		return nil
	}
	var out []int32
	for ; n != none; n = t.by[n] {
		out = append(out, n)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// Matrix computes the costs between all the places, which are nodes of the
// network: place i is node places[i]. It takes 4 bytes a pair, 8 where ways
// differ by direction.
func (g *Roads) Matrix(places []int32) (*Distances, error) {
	n := len(places)
	at := make([][]int32, g.Nodes) // places at a node
	for i, p := range places {
		if p < 0 || int(p) >= g.Nodes {
			return nil, fmt.Errorf("place %d is node %d of a network of %d", i, p, g.Nodes)
		}
		at[p] = append(at[p], int32(i))
	}
	costs := make([]int32, n*n)
	for i := range costs {
		costs[i] = Never
	}
	t := NewTrip(g)
	for i, p := range places {
		row, left := costs[i*n:(i+1)*n], n
		t.Run(p, func(v int32, d int64) bool {
			for _, j := range at[v] {
				row[j] = int32(d)
				left--
			}
			return left > 0
		})
	}
	return NewMatrix(n, costs)
}

// mostMatrix is up to how many places all pairs are kept.
const mostMatrix = 3000

// Distances computes the costs between places, which are nodes of the network:
// place i is node places[i]. Beyond some thousand places it keeps no matrix but
// labels, which answer the same, only more slowly for places far apart.
func (g *Roads) Distances(places []int32) (*Distances, error) {
	if len(places) <= mostMatrix {
		return g.Matrix(places)
	}
	for i, p := range places {
		if p < 0 || int(p) >= g.Nodes {
			return nil, fmt.Errorf("place %d is node %d of a network of %d", i, p, g.Nodes)
		}
	}
	return newSparse(g, places), nil
}
