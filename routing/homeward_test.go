package routing_test

import (
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// Following Next from any arc comes to the base after Metres.
func TestHomeward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := routingtest.City(routingtest.Usual(rapid.Uint64Range(0, 40).Draw(t, "seed"), 6, 5))
		base := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "base"))
		h := routing.NewHomeward(g, routing.Start{Mode: routing.Car, Base: base})
		for i := range h.Metres {
			a, metres := routing.Arc(i), 0.0
			for steps := 0; h.Next[a] != routing.NoArc; steps++ {
				b := h.Next[a]
				if steps > len(h.Metres) || g.Tail(b) != g.Head(a) || !g.TurnAllowed(a, b, routing.Car) {
					t.Fatalf("from arc %d the way home breaks at %d", i, a)
				}
				metres += g.Segment(b).Length
				a = b
			}
			if home := g.Head(a) == base; home == math.IsInf(h.Metres[i], 1) || home && math.Abs(metres-h.Metres[i]) > 1e-6 {
				t.Fatalf("arc %d: %v m, told %v; home %v", i, metres, h.Metres[i], home)
			}
		}
	})
}
