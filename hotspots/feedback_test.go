package hotspots

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestFeedbackOf(t *testing.T) {
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 3, 0)
	var ins []Incident
	add := func(n int, area float64, o Origin, at time.Time) {
		for range n {
			ins = append(ins, Incident{Point: orb.Point{area}, Origin: o, At: at})
		}
	}
	add(40, 0, OriginCall, from)
	add(40, 1, OriginComplaint, from)
	add(40, 2, OriginUnknown, from)
	add(30, 0, OriginPatrol, from)
	add(9, 1, OriginPatrol, from)
	add(500, 1, OriginPatrol, to)           // after
	add(500, 1, OriginPatrol, from.Add(-1)) // before
	add(500, 7, OriginPatrol, from.Add(1))  // nowhere
	got := FeedbackOf(ins, bands(4), from, to)
	want := []Feedback{{40, 30, 1}, {40, 9, 0}, {40, 0, -1}, {}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := FeedbackOf(nil, bands(2), from, to); got[0].Sides != 0 || got[1].Sides != 0 {
		t.Errorf("without incidents: %+v", got)
	}
}

// TestDrawTails holds the tails against counting all draws of three from seven,
// of which four are marked.
func TestDrawTails(t *testing.T) {
	counts := [4]int{}
	total := 0
	for set := range 1 << 7 {
		size, marked := 0, 0
		for i := range 7 {
			if set>>i&1 == 1 {
				size++
				if i < 4 {
					marked++
				}
			}
		}
		if size == 3 {
			counts[marked]++
			total++
		}
	}
	for k := range 4 {
		more, fewer := 0.0, 0.0
		for x, n := range counts {
			if x >= k {
				more += float64(n) / float64(total)
			}
			if x <= k {
				fewer += float64(n) / float64(total)
			}
		}
		m, f := drawTails(k, 3, 4, 7)
		if math.Abs(m-more) > 1e-12 || math.Abs(f-fewer) > 1e-12 {
			t.Errorf("%d: %g and %g, by counting %g and %g", k, m, f, more, fewer)
		}
	}
}
