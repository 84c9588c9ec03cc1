package rounds

import (
	"slices"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
)

// TestStopsLastTheShiftWhereTimeIsShort: one car has far too little time for
// all streets and all stops. Its stops are spread over the whole shift: the
// longest gap of a place is not much longer than its visits allow at best.
func TestStopsLastTheShiftWhereTimeIsShort(t *testing.T) {
	for seed := range uint64(3) {
		p := cars(1, seed)
		p.Units[0].Speed = 0.6 // the town is small
		p.Units[0].End = 8 * 3600
		for _, n := range []routing.NodeID{3, 11, 19, 27} {
			p.Hot = append(p.Hot, Hot{Nodes: []routing.NodeID{n}})
		}
		p.StopMin, p.StopMax, p.GapGoal, p.StopShare = 600, 900, 3000, 0.3
		sol := solve(t, p)
		visits := make([][]Span, len(p.Hot))
		for _, st := range sol.Routes[0].Steps {
			if st.Kind == Stop {
				visits[st.Hot] = append(visits[st.Hot], Span{st.Start, st.End})
			}
		}
		all, worst := 0, 0.0
		for h, vs := range visits {
			slices.SortFunc(vs, func(a, b Span) int { return int(a.Start - b.Start) })
			at := 0.0
			for _, v := range vs {
				worst, at = max(worst, v.Start-at), v.End
			}
			worst = max(worst, p.Units[0].End-at)
			all += len(vs)
			if len(vs) == 0 {
				t.Errorf("seed %d: nobody comes to place %d", seed, h)
			}
		}
		even := GapBound(p.Units[0].End, 0, all/len(visits))
		t.Logf("seed %d: %d stops, longest gap %.0f s, %.0f s if they were even", seed, all, worst, even)
		if worst > 1.7*even {
			t.Errorf("seed %d: %d stops, longest gap %.0f s, %.0f s if they were even", seed, all, worst, even)
		}
	}
}
