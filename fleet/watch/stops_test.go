package watch

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// asking is a round in which some stops are planned.
func asking(legs ...patrol.Leg) *roundState {
	r := &roundState{rules: compliance.DefaultConfig().Stops}
	for _, l := range legs {
		r.stops = append(r.stops, stopState{leg: l, rules: r.rules})
	}
	return r
}

// stand is a unit that stands somewhere, with a fix every 20 s.
func stand(p orb.Point, from time.Time, d time.Duration) []fleet.Fix {
	var out []fleet.Fix
	for t := time.Duration(0); t <= d; t += 20 * time.Second {
		out = append(out, at("C1", "g1", from.Add(t), p))
	}
	return out
}

func TestStops(t *testing.T) {
	place := orb.Point{-79.03, -8.11}
	near, far := orb.Point{-79.0302, -8.11}, orb.Point{-79.031, -8.11} // 22 and 110 m away
	noon := clock(t, 0, 12, 0)
	leg := func(minutes time.Duration) patrol.Leg {
		return patrol.Leg{Kind: patrol.Stop, Start: noon, End: noon.Add(minutes * time.Minute), Point: place}
	}
	drop := func(fs []fleet.Fix, from, n int) []fleet.Fix { return append(fs[:from:from], fs[from+n:]...) }
	for _, c := range []struct {
		name  string
		leg   patrol.Leg
		fixes []fleet.Fix
		dwell time.Duration
		done  bool
	}{
		{"ten minutes", leg(15), stand(place, noon, 10*time.Minute), 10 * time.Minute, true},
		{"a little less", leg(15), stand(place, noon, 9*time.Minute+40*time.Second), 9*time.Minute + 40*time.Second, false},
		{"a short stop", leg(5), stand(place, noon, 4*time.Minute), 4 * time.Minute, true},
		{"a stop of no length", leg(0), stand(place, noon, time.Minute), time.Minute, true},
		{"round the corner", leg(15), stand(near, noon, 10*time.Minute), 10 * time.Minute, true},
		{"elsewhere", leg(15), stand(far, noon, 20*time.Minute), 0, false},
		{"at another hour", leg(15), stand(place, noon.Add(-2*time.Hour), 10*time.Minute), 10 * time.Minute, true},
		{"twice", leg(15), append(stand(place, noon, 5*time.Minute), stand(place, noon.Add(time.Hour), 5*time.Minute)...), 10 * time.Minute, true},
		{"two minutes without a fix", leg(15), drop(stand(place, noon, 10*time.Minute), 10, 5), 10 * time.Minute, true},
		{"four minutes without a fix", leg(15), drop(stand(place, noon, 10*time.Minute), 10, 11), 6 * time.Minute, false},
		{"passing by", leg(15), []fleet.Fix{at("C1", "g1", noon, far), at("C1", "g1", noon.Add(10*time.Second), place), at("C1", "g1", noon.Add(20*time.Second), far)}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := asking(c.leg)
			for _, f := range c.fixes {
				in.take(f)
			}
			if s := in.stops[0]; s.dwell != c.dwell || s.done() != c.done {
				t.Errorf("stood %v, done %v; want %v, %v", s.dwell, s.done(), c.dwell, c.done)
			}
			// In any order, some of them while the stored ones are loaded.
			r := rand.New(rand.NewPCG(1, 2))
			r.Shuffle(len(c.fixes), func(i, k int) { c.fixes[i], c.fixes[k] = c.fixes[k], c.fixes[i] })
			late := asking(c.leg)
			late.late = true
			if !late.startRecount() || late.startRecount() {
				t.Fatal("the recount does not begin once")
			}
			half := len(c.fixes) / 2
			late.pending = append(late.pending, c.fixes[half:]...)
			for _, f := range c.fixes[half:] {
				late.take(f)
			}
			late.recount(c.fixes[:half], true)
			if s := late.stops[0]; s.dwell != c.dwell || late.late || late.loading {
				t.Errorf("out of order: stood %v, want %v", s.dwell, c.dwell)
			}
		})
	}
}

// Two stops planned at one place: the nearer hour counts.
func TestStopsAtOnePlace(t *testing.T) {
	place, noon := orb.Point{-79.03, -8.11}, clock(t, 0, 12, 0)
	at := func(h int) patrol.Leg {
		return patrol.Leg{Point: place, Start: noon.Add(time.Duration(h) * time.Hour), End: noon.Add(time.Duration(h)*time.Hour + 15*time.Minute)}
	}
	r := asking(at(0), at(2))
	for _, f := range stand(place, noon.Add(110*time.Minute), 12*time.Minute) {
		r.take(f)
	}
	if r.stops[0].dwell != 0 || !r.stops[1].done() {
		t.Errorf("stood %v in the first and %v in the second", r.stops[0].dwell, r.stops[1].dwell)
	}
}

// Fixes of a stop that come late, from a device's memory, count at the next
// beat.
func TestLateStop(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 18, 0))
	wo.plan(wo.snapshot().Shift, "e", "ab")
	there := wo.m.Nodes[wo.m.Node("e")].Point
	standing := stand(there, clock(t, 0, 15, 0), 12*time.Minute)
	wo.send(wo.drive("ab", clock(t, 0, 16, 0))...)
	if s := wo.snapshot(); s.Meters.Stops != (Count{Done: 0, Of: 1, Expected: 1}) || *s.Units[0].StopsDone != 0 {
		t.Fatalf("before: %+v", s.Meters)
	}
	wo.send(standing...)
	wo.w.beat(t.Context())
	if s := wo.snapshot(); s.Meters.Stops.Done != 1 || *s.Units[0].StopsDone != 1 || s.Meters.Zones.Of != 1 {
		t.Errorf("after: %+v", s.Meters)
	}
	// Now it stands there: the view says so.
	wo.send(stand(there, clock(t, 0, 17, 58), 2*time.Minute)...)
	u := wo.snapshot().Units[0]
	if u.Stop == nil || !u.Stop.Planned || u.Stop.Name != "Mercado" || u.Stop.OfMinutes == nil || *u.Stop.OfMinutes != 15 {
		t.Errorf("it stands in %+v, moving %q", u.Stop, u.Motion)
	}
	// Made in full and its hour over: who goes on standing there is elsewhere.
	wo.now = clock(t, 0, 18, 10)
	wo.send(stand(there, clock(t, 0, 18, 0), 10*time.Minute)...)
	if u := wo.snapshot().Units[0]; u.Stop == nil || u.Stop.Planned {
		t.Errorf("long after it stands in %+v", u.Stop)
	}
}
