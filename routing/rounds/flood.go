package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// flood gives how far every junction is from the nearest of some over open
// segments, one-ways ignored; +Inf where it does not get to. reached, if any, is
// told of each nearer way to a junction, and from which one it comes.
func flood(g *routing.Graph, sources []routing.NodeID, open func(routing.SegmentID) bool, reached func(from, to routing.NodeID)) []float64 {
	dist := make([]float64, len(g.Nodes))
	for n := range dist {
		dist[n] = math.Inf(1)
	}
	var heap routing.Queue[float64, routing.NodeID]
	for _, n := range sources {
		dist[n] = 0
		heap.Push(0, n)
	}
	for len(heap) > 0 {
		it := heap.Pop()
		if it.Key > dist[it.Value] {
			continue
		}
		for _, a := range g.Out(it.Value) {
			to := g.Head(a)
			if d := it.Key + g.Segment(a).Length; d < dist[to] && open(a.Segment()) {
				dist[to] = d
				if reached != nil {
					reached(it.Value, to)
				}
				heap.Push(d, to)
			}
		}
	}
	return dist
}
