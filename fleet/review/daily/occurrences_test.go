package daily

import (
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/hotspots"
)

// TestFirstNear: the first position near enough in time and place, as a search of
// all of them finds it.
func TestFirstNear(t *testing.T) {
	begin := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		place := orb.Point{-79, -8}
		var fixes []fleet.Fix
		at := 0
		for range rapid.IntRange(0, 12).Draw(rt, "fixes") {
			at += rapid.IntRange(0, 300).Draw(rt, "later")
			f := fleet.Fix{Time: begin.Add(time.Duration(at) * time.Second), Point: geo.PointAtBearingAndDistance(place, 90, float64(rapid.IntRange(0, 300).Draw(rt, "away")))}
			f.Flags = rapid.SampledFrom([]fleet.FixFlag{0, 0, 0, fleet.FlagInvalid, fleet.FlagJump}).Draw(rt, "flag")
			fixes = append(fixes, f)
		}
		from := begin.Add(time.Duration(rapid.IntRange(0, 900).Draw(rt, "from")) * time.Second)
		to := from.Add(time.Duration(rapid.IntRange(0, 1800).Draw(rt, "for")) * time.Second)
		var want []time.Time
		for _, f := range fixes {
			if f.Flags == 0 && !f.Time.Before(from) && !f.Time.After(to) && geo.Distance(f.Point, place) <= 100 {
				want = append(want, f.Time)
			}
		}
		got := firstNear(fixes, place, 100, from, to)
		if len(want) == 0 && !got.IsZero() || len(want) > 0 && !got.Equal(slices.MinFunc(want, time.Time.Compare)) {
			rt.Fatalf("%v, want the first of %v", got, want)
		}
	})
}

func TestAlarm(t *testing.T) {
	at := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	terms := review.DefaultTerms()
	for _, c := range []struct {
		name string
		in   hotspots.Incident
		want bool
	}{
		{"a call", hotspots.Incident{At: at, Known: at.Add(time.Minute), Origin: hotspots.OriginCall}, true},
		{"nobody knows how", hotspots.Incident{At: at, Known: at}, true},
		{"found by a patrol", hotspots.Incident{At: at, Known: at, Origin: hotspots.OriginPatrol}, false},
		{"a complaint", hotspots.Incident{At: at, Known: at, Origin: hotspots.OriginComplaint}, false},
		{"the next day", hotspots.Incident{At: at, Known: at.Add(24 * time.Hour), Origin: hotspots.OriginCall}, false},
		{"nobody knows when", hotspots.Incident{At: at, Origin: hotspots.OriginCall}, false},
	} {
		if got := !alarm(c.in, terms).IsZero(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestPartsAreAllOfIt: what is dealt out to places sums up to the time in areas.
func TestPartsAreAllOfIt(t *testing.T) {
	begin := time.Date(2026, 11, 21, 15, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		p := parts{b: &builder{places: map[hotspots.Cell]uint16{}}, at: map[uint16]int{}}
		var fixes []fleet.Fix
		at := 0
		for range rapid.IntRange(1, 10).Draw(rt, "fixes") {
			at += rapid.IntRange(1, 100).Draw(rt, "later")
			fixes = append(fixes, fleet.Fix{Time: begin.Add(time.Duration(at) * time.Second), Point: orb.Point{-79 + float64(rapid.IntRange(0, 3).Draw(rt, "east"))*0.01, -8}})
		}
		from := rapid.IntRange(0, at).Draw(rt, "from")
		w := coverage.Window{Start: begin.Add(time.Duration(from) * time.Second), End: begin.Add(time.Duration(rapid.IntRange(from+1, at+50).Draw(rt, "to")) * time.Second)}
		p.within(fixes, w)
		sum := time.Duration(0)
		for _, x := range p.list {
			sum += x.Priority
		}
		if sum != w.End.Sub(w.Start) {
			rt.Fatalf("%v of %v", sum, w.End.Sub(w.Start))
		}
	})
}
