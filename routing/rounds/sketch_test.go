package rounds

import (
	"context"
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// What is shown of a search is a division of the streets: each with one unit,
// which drives it; at the end the one of the plan.
func TestSketch(t *testing.T) {
	g := routingtest.City(routingtest.Usual(7, 7, 7))
	base, _ := g.DefaultBase(routing.Car)
	p := &Problem{Graph: g, Seed: 5, StopMin: 600, StopMax: 960, GapGoal: 3600, Hot: []Hot{{Nodes: []routing.NodeID{3}}}}
	for range 3 {
		p.Units = append(p.Units, Unit{Mode: routing.Car, Base: base, Speed: 5, End: 4 * 3600, Break: 600})
	}
	reached, _ := Reached(g, p.Units)
	wanted := Served(g, p.Units, reached)
	var last [][]routing.SegmentID
	shown := 0
	sol, err := Solve(context.Background(), p, Control{Workers: 2, Progress: func(now Progress) {
		if now.Sketch == nil {
			return
		}
		s := now.Sketch()
		if s == nil {
			return
		}
		last = s
		if len(s) != len(p.Units) {
			t.Fatalf("%s: %d units of %d", now.Phase, len(s), len(p.Units))
		}
		with := map[routing.SegmentID]int{}
		for u, segments := range s {
			for _, seg := range segments {
				if old, twice := with[seg]; twice || !wanted[seg] {
					t.Fatalf("%s: street %d is with units %d and %d, wanted: %v", now.Phase, seg, old, u, wanted[seg])
				}
				with[seg] = u
			}
		}
		for i := range wanted {
			if _, shown := with[routing.SegmentID(i)]; wanted[i] && !shown {
				t.Fatalf("%s: street %d is with nobody", now.Phase, i)
			}
		}
		shown++
	}})
	if err != nil {
		t.Fatal(err)
	}
	if shown < 3 {
		t.Fatalf("the search showed %d times what it had", shown)
	}
	// Told from the plan by itself: who drives a street first.
	first := make([]float64, len(g.Segments))
	by := make([]int, len(g.Segments))
	for i := range first {
		first[i], by[i] = math.Inf(1), -1
	}
	for _, r := range sol.Routes {
		for _, st := range r.Steps {
			if st.Kind == Drive && st.End < first[st.Arc.Segment()] {
				first[st.Arc.Segment()], by[st.Arc.Segment()] = st.End, r.Unit
			}
		}
	}
	for u, segments := range last {
		for _, seg := range segments {
			if by[seg] != u {
				t.Errorf("street %d was last shown with unit %d and is with %d", seg, u, by[seg])
			}
		}
	}
}
