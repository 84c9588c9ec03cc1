package match

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// wander makes fixes of a unit that goes straight on or turns; for a while they
// are right, wrong by up to 230 m, or off the network.
func wander(g *routing.Graph, r *rand.Rand) []Fix {
	const (
		right = iota
		wrong
		off
	)
	nan := math.NaN()
	at := g.Nodes[r.IntN(len(g.Nodes))].Point
	dx, dy := 2e-4, 0.0
	state, left := right, 0
	var out []Fix
	for i := range 200 {
		if r.IntN(12) == 0 {
			dx, dy = dy, dx
			if r.IntN(2) == 0 {
				dx, dy = -dx, -dy
			}
		}
		at = orb.Point{at[0] + dx, at[1] + dy}
		if left == 0 {
			state, left = right, 1+r.IntN(12)
			switch r.IntN(4) {
			case 0:
				state, left = wrong, 1+r.IntN(2)
			case 1:
				state, left = off, 1+r.IntN(11)
			}
		}
		left--
		p := at
		switch state {
		case wrong:
			p = orb.Point{at[0] + 3e-3*(r.Float64()-0.5), at[1] + 3e-3*(r.Float64()-0.5)}
		case off:
			p = orb.Point{at[0] + 1, at[1] + 1}
		}
		out = append(out, Fix{Time: time.Date(2026, 1, 5, 12, 0, 5*i, 0, time.UTC), Point: p, Speed: nan, Course: nan, Accuracy: nan})
	}
	return out
}

// TestUsedAgainChangesNothing holds a matcher that uses its steps again against
// one that makes each anew: a step must not be used while others name it.
func TestUsedAgainChangesNothing(t *testing.T) {
	g := routingtest.City(routingtest.Usual(3, 12, 12))
	seeds := []uint64{150, 196, 960, 1026, 1232, 1418} // on which a step used too soon shows
	for seed := range uint64(30) {
		seeds = append(seeds, seed)
	}
	for _, seed := range seeds {
		cfg := DefaultConfig(routing.Car)
		if seed%2 == 1 {
			cfg = cfg.OffLine()
		}
		var got, want []Traversal
		again, err := New(g, cfg)
		if err != nil {
			t.Fatal(err)
		}
		anew, err := New(g, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range wander(g, rand.New(rand.NewPCG(seed, 1))) {
			a, err := again.Feed(f)
			if err != nil {
				t.Fatal(err)
			}
			anew.free = nil
			b, err := anew.Feed(f)
			if err != nil {
				t.Fatal(err)
			}
			got, want = append(got, a...), append(want, b...)
		}
		got, want = append(got, again.Flush()...), append(want, anew.Flush()...)
		if d := cmp.Diff(known(want), known(got)); d != "" {
			t.Errorf("seed %d (-anew +again):\n%s", seed, d)
		}
		for _, x := range got {
			if x.End.Before(x.Start) {
				t.Errorf("seed %d: %v ends before it starts", seed, x)
			}
		}
	}
}
