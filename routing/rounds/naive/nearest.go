package naive

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// finder looks for the nearest arc that is wanted, by Dijkstra's algorithm on
// arcs from the end of the one driven last, honouring turns.
type finder struct {
	g     *routing.Graph
	mode  routing.Mode
	reach *routing.Reach
	cost  []float64 // per arc: metres to its end
	from  []routing.Arc
	seen  []int32 // per arc: the query that its cost and from are of
	query int32
	queue routing.Queue[float64, routing.Arc]
	way   []routing.Arc
}

func newFinder(g *routing.Graph, mode routing.Mode, reach *routing.Reach) *finder {
	n := 2 * len(g.Segments)
	return &finder{g: g, mode: mode, reach: reach, cost: make([]float64, n), from: make([]routing.Arc, n), seen: make([]int32, n)}
}

// to gives the shortest way that ends with an arc that is wanted: among those,
// the one whose end is nearest. At is where the unit is, and last the arc that
// brought it there; nil: there is none. The way is good until the next query.
func (f *finder) to(at routing.NodeID, last routing.Arc, wanted func(routing.Arc) bool) []routing.Arc {
	f.query++
	f.queue = f.queue[:0]
	f.push(at, last, routing.NoArc, 0)
	for len(f.queue) > 0 {
		top := f.queue.Pop()
		if top.Key > f.cost[top.Value] {
			continue
		}
		if wanted(top.Value) {
			f.way = f.way[:0]
			for a := top.Value; a != routing.NoArc; a = f.from[a] {
				f.way = append(f.way, a)
			}
			slices.Reverse(f.way)
			return f.way
		}
		f.push(f.g.Head(top.Value), top.Value, top.Value, top.Key)
	}
	return nil
}

// push offers the ways on from a junction to which an arc led; before is that
// arc where it belongs to the way.
func (f *finder) push(n routing.NodeID, in, before routing.Arc, cost float64) {
	for _, a := range f.g.Out(n) {
		if !f.reach.Arc(a) || in != routing.NoArc && !f.g.TurnAllowed(in, a, f.mode) {
			continue
		}
		c := cost + f.g.Segment(a).Length
		if f.seen[a] == f.query && f.cost[a] <= c {
			continue
		}
		f.seen[a], f.cost[a], f.from[a] = f.query, c, before
		f.queue.Push(c, a)
	}
}
