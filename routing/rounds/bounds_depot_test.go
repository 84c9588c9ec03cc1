package rounds

import (
	"context"
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

func TestDepotCutOfDrawnMaps(t *testing.T) {
	// A street of 100 m leads to two blocks side by side. Rounds of 600 m do one
	// each: they pass the street four times and the one between the blocks twice.
	const blocks = `
		  f-g
		  | |
		a-b-c
		  | |
		  d-e`
	for _, tt := range []struct {
		name    string
		drawing string
		metres  float64 // of a round
		want    float64 // repeats
	}{
		{"one round does it all", blocks, 2000, 200},
		{"two rounds share the only way out", blocks, 602, 400},
		{"enough ways out", `
			b-a-c
			| | |
			d-e-f`, 2000, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := routingtest.Draw(tt.drawing)
			units := []Unit{{Mode: routing.Car, Base: m.Node("a"), Speed: 5, End: tt.metres / 5}}
			b, err := LowerBounds(m.Graph, units)
			if err != nil {
				t.Fatal(err)
			}
			got, err := DepotCut(m.Graph, units, b.Floor)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got-tt.want) > 3 {
				t.Errorf("%.0f m of repeats, want %.0f; the floor is %.0f", got, tt.want, b.Floor)
			}
		})
	}
}

// TestDepotCutHolds: no plan that visits everything has fewer repeats.
func TestDepotCutHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := routingtest.City(routingtest.Usual(rapid.Uint64Range(0, 1<<20).Draw(t, "seed"), rapid.IntRange(3, 6).Draw(t, "cols"), rapid.IntRange(3, 6).Draw(t, "rows")))
		base := routing.NodeID(rapid.IntRange(0, len(g.Nodes)-1).Draw(t, "base"))
		p := &Problem{Graph: g, Seed: 1}
		hours := rapid.SampledFrom([]float64{0.25, 0.5, 1, 4}).Draw(t, "hours")
		for range rapid.IntRange(1, 4).Draw(t, "units") {
			p.Units = append(p.Units, Unit{Mode: routing.Car, Base: base, Speed: 5, End: hours * 3600})
		}
		b, err := LowerBounds(g, p.Units)
		if err != nil || b.Segments == 0 {
			t.Skip("nothing to reach")
		}
		sol, err := Solve(context.Background(), p, briefly())
		if err != nil {
			t.Skip("nothing to reach")
		}
		wanted, _ := Reached(g, p.Units)
		driven := 0.0
		for _, r := range sol.Routes {
			last := lastFirst(sol, r.Unit, wanted)
			for k, st := range r.Steps {
				if st.Kind == Drive && k <= last {
					driven += g.Segment(st.Arc).Length
				}
			}
			if last >= 0 {
				driven += distance(g, routing.Car, g.Head(r.Steps[last].Arc), base)
			}
		}
		cut, err := DepotCut(g, p.Units, b.Floor)
		if err != nil {
			t.Fatal(err)
		}
		if got, all := visited(p, sol); got < all || math.IsInf(driven, 1) {
			t.Skip("not everything is visited")
		}
		if repeats := driven - b.Street; repeats < cut-1 {
			t.Fatalf("a plan has %.0f m of repeats, the bound is %.0f, the floor %.0f", repeats, cut, b.Floor)
		}
	})
}

// briefly ends a search after a hundred looks at the clock, for what must hold of
// any plan; with one worker it gives the same plan every time.
func briefly() Control {
	asked := 0.0
	return Control{Elapsed: func() float64 { asked++; return asked / 100 }}
}

// lastFirst is the last step of a route that visits a street nobody visited
// before; -1 if there is none.
func lastFirst(sol *Solution, unit int, wanted []bool) int {
	first := map[routing.SegmentID]float64{}
	for _, r := range sol.Routes {
		for _, st := range r.Steps {
			if st.Kind == Drive {
				if at, ok := first[st.Arc.Segment()]; !ok || st.End < at {
					first[st.Arc.Segment()] = st.End
				}
			}
		}
	}
	last := -1
	for k, st := range sol.Routes[unit].Steps {
		if st.Kind == Drive && wanted[st.Arc.Segment()] && st.End <= first[st.Arc.Segment()] {
			last = k
		}
	}
	return last
}
