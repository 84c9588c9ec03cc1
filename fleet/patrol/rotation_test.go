package patrol

import (
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// TestRotation has few units drive many shifts, each planned from what was
// driven before, and counts the shifts until every street was visited.
func TestRotation(t *testing.T) {
	tests := []struct {
		name  string
		units []routing.Mode
		hours float64
		slack int // shifts beyond the bound
	}{
		{"one car, a short shift", []routing.Mode{routing.Car}, 1, 1},
		{"two on foot", []routing.Mode{routing.Foot, routing.Foot}, 2, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := town(t, 11, tt.units...)
			in.Graph = routingtest.City(routingtest.Usual(11, 16, 16))
			in.Shift, in.Loc = night(t, tt.hours)
			in.Ages = make([]int, len(in.Graph.Segments))
			for i := range in.Ages {
				in.Ages[i] = staleMost
			}
			byID := map[string]int{}
			for i := range in.Graph.Segments {
				byID[in.Graph.Segments[i].ID] = i
			}
			visited := make([]bool, len(in.Graph.Segments))
			bound, left := 0, 0.0
			for shift := 1; ; shift++ {
				in.Seed = int64(shift)
				plan, f, err := NewDraft(t.Context(), in)
				if err != nil {
					t.Fatal(err)
				}
				if shift == 1 {
					if bound = f.Verdict.Shifts; bound < 2 {
						t.Fatalf("one shift is enough: nothing to rotate")
					}
				}
				for i := range in.Ages {
					in.Ages[i]++
				}
				for _, r := range plan.Rounds {
					for _, l := range r.Legs {
						if i, ok := byID[l.Segment]; ok {
							visited[i], in.Ages[i] = true, 0
						}
					}
				}
				left = 0
				for i, s := range in.Graph.Segments {
					if s.Belongs && !visited[i] && sumReach(t, in)[i] {
						left += s.Length
					}
				}
				if left == 0 {
					t.Logf("every street in %d shifts, bound %d", shift, bound)
					return
				}
				if shift > bound+tt.slack {
					t.Fatalf("%.0f m are left after %d shifts; %d are enough at best", left, shift, bound)
				}
			}
		})
	}
}

// sumReach tells which segments some unit reaches and returns from.
func sumReach(t *testing.T, in DraftInput) []bool {
	t.Helper()
	starts, err := Starts(in.Graph, in.Units)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]bool, len(in.Graph.Segments))
	for _, st := range starts {
		r := in.Graph.Reachable(st.Mode, st.Base)
		for i := range out {
			out[i] = out[i] || r.Segment(routing.SegmentID(i))
		}
	}
	return out
}
