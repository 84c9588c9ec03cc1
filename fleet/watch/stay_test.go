package watch

import (
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// A stop is told by the stay in which it was made, not by when its unit came by
// first.
func TestStayThatCounts(t *testing.T) {
	place, noon := orb.Point{-79.03, -8.11}, clock(t, 0, 12, 0)
	type span struct{ from, minutes float64 } // from noon
	minute := func(m float64) time.Time { return noon.Add(time.Duration(m * float64(time.Minute))) }
	for _, c := range []struct {
		name        string
		stays       []span
		from, until float64
	}{
		{"one", []span{{2, 12}}, 2, 14},
		{"at a light two hours before", []span{{-120, 1}, {3, 12}}, 3, 15},
		{"passing again after it", []span{{3, 12}, {90, 1}}, 3, 15},
		{"a longer one far from its hour", []span{{-200, 30}, {1, 10}}, 1, 11},
		{"two that are enough, the nearer after", []span{{-60, 10}, {10, 10}}, 10, 20},
		{"two in its window: the first", []span{{0, 10}, {14, 10}}, 0, 10},
		{"none is enough alone: the longest", []span{{-30, 3}, {0, 6}, {40, 5}}, 0, 6},
		{"two as long: the first", []span{{-30, 5}, {40, 5}}, -30, -25},
		{"a short interruption is the same stay", []span{{0, 5}, {7, 5}}, 0, 12},
		{"a long one is not", []span{{0, 5}, {9, 5}}, 0, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := asking(patrol.Leg{Seq: 7, Kind: patrol.Stop, Point: place, Start: noon, End: minute(15)})
			var all time.Duration
			for _, x := range c.stays {
				d := time.Duration(x.minutes * float64(time.Minute))
				all += d
				for _, f := range stand(place, minute(x.from), d) {
					r.take(f)
				}
				r.take(at("C1", "g1", minute(x.from+x.minutes).Add(10*time.Second), orb.Point{-79.02, -8.11})) // it drives away
				r.take(at("C1", "g1", minute(x.from+x.minutes).Add(time.Minute), orb.Point{-79.01, -8.11}))
			}
			got := r.seen().Planned[7]
			if !got.Arrived.Equal(minute(c.from)) || !got.Left.Equal(minute(c.until)) || got.Dwell != all {
				t.Errorf("from %v to %v, %v in all; want %v to %v, %v", got.Arrived, got.Left, got.Dwell, minute(c.from), minute(c.until), all)
			}
		})
	}
}

// What is told of any stays is what looking at them one by one finds.
func TestStayAgreesWithLookingAtAll(t *testing.T) {
	rules := compliance.Standing{Radius: 60, Speed: 2, Silence: 3 * time.Minute, Enough: 10 * time.Minute}
	noon := time.Date(2026, 3, 1, 17, 0, 0, 0, time.UTC)
	leg := patrol.Leg{Start: noon, End: noon.Add(14 * time.Minute)}
	rapid.Check(t, func(rt *rapid.T) {
		s := stopState{leg: leg, rules: rules}
		var all []stay
		at := noon.Add(-90 * time.Minute)
		for _, wait := range rapid.SliceOfN(rapid.IntRange(4, 60), 1, 8).Draw(rt, "minutes away") {
			at = at.Add(time.Duration(wait) * time.Minute)
			x := stay{start: at}
			for range rapid.IntRange(1, 20).Draw(rt, "minutes there") {
				s.stood(at, at.Add(time.Minute))
				at = at.Add(time.Minute)
			}
			x.end, x.dwell = at, at.Sub(x.start)
			all = append(all, x)
		}
		want := all[0]
		for _, x := range all[1:] {
			was, is := want.dwell >= 10*time.Minute, x.dwell >= 10*time.Minute
			if is && !was || is && was && x.off(leg) < want.off(leg) || !is && !was && x.dwell > want.dwell {
				want = x
			}
		}
		if got := s.told(); got != want {
			rt.Fatalf("of %v it tells %v, want %v", all, got, want)
		}
	})
}

// Standing that a profile asks for is what counts.
func TestStopsByTheProfile(t *testing.T) {
	place, noon := orb.Point{-79.03, -8.11}, clock(t, 0, 12, 0)
	near := orb.Point{-79.0302, -8.11} // 22 m away
	leg := patrol.Leg{Kind: patrol.Stop, Point: place, Start: noon, End: noon.Add(15 * time.Minute)}
	for _, c := range []struct {
		name   string
		change func(*compliance.Standing)
		fixes  []fleet.Fix
		want   bool
	}{
		{"as it is", func(*compliance.Standing) {}, stand(near, noon, 10*time.Minute), true},
		{"nearer", func(s *compliance.Standing) { s.Radius = 20 }, stand(near, noon, 10*time.Minute), false},
		{"longer", func(s *compliance.Standing) { s.Enough = 12 * time.Minute }, stand(near, noon, 10*time.Minute), false},
		{"shorter", func(s *compliance.Standing) { s.Enough = 5 * time.Minute }, stand(near, noon, 5*time.Minute), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := asking(leg)
			c.change(&r.rules)
			r.stops[0].rules = r.rules
			for _, f := range c.fixes {
				r.take(f)
			}
			if got := r.stops[0].done(); got != c.want {
				t.Errorf("done is %v after %v", got, r.stops[0].dwell)
			}
		})
	}
}
