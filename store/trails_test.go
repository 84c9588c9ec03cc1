package store_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/track"
	"github.com/serenazgo/serenazgo/fleet/track/tracktest"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// TestEachFixes: day by day the same fixes as at once, in order, also where two
// devices carry the unit.
func TestEachFixes(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	from := noon.Add(-40 * time.Hour)
	a := tracktest.Drive{Ubigeo: here, Unit: "C01", Device: "b", From: from, Interval: time.Minute, Fixes: 60 * 30, Seed: 1}
	b := tracktest.Drive{Ubigeo: here, Unit: "C01", Device: "a", From: from.Add(20 * time.Hour), Interval: time.Minute, Fixes: 60 * 10, Seed: 2}
	other := tracktest.Drive{Ubigeo: here, Unit: "C02", Device: "c", From: from, Interval: time.Hour, Fixes: 30, Seed: 2}
	for _, d := range []tracktest.Drive{a, b, other} {
		must(s.StoreFixes(ctx, d.All()))(t)
	}
	from, to := from.Add(time.Hour), from.Add(29*time.Hour)
	want := must(s.FixesOfUnit(ctx, here, "C01", from, to))(t)
	slices.SortFunc(want, journal.Compare)
	var got []fleet.Fix
	parts := 0
	check(t, s.EachFixes(ctx, here, "C01", from, to, func(part []fleet.Fix) error {
		parts++
		got = append(got, part...)
		return nil
	}))
	if len(got) != 28*60+9*60 || parts < 2 {
		t.Fatalf("%d fixes in %d parts", len(got), parts)
	}
	for i := range got {
		if !math.IsNaN(got[i].Battery) || got[i].Ignition == nil {
			t.Fatal("what is not known became known:", got[i])
		}
		// NaN is not equal to itself.
		for _, f := range []*fleet.Fix{&got[i], &want[i]} {
			f.Course, f.Altitude, f.Battery = 0, 0, 0
		}
	}
	same(t, "fixes", want, got)
	stopped := s.EachFixes(ctx, here, "C01", from, to, func([]fleet.Fix) error { return fleet.ErrConflict })
	wantKind(t, "broken off", stopped, fleet.ErrConflict)
}

// TestTrailsOfDays: what is kept of days is used, and agrees with the fixes.
func TestTrailsOfDays(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	from := noon.Add(-72 * time.Hour)
	d := tracktest.Drive{Ubigeo: here, Unit: "C01", Device: "gps", From: from, Interval: 30 * time.Second, Fixes: 72 * 120, Seed: 1, Noise: 4}
	must(s.StoreFixes(ctx, d.All()))(t)
	raw := must(track.Read(ctx, s, here, "C01", from, noon, 20))(t)
	for day := range 2 {
		start := from.Add(time.Duration(day*24+6) * time.Hour)
		fixes := must(s.FixesOfUnit(ctx, here, "C01", start, start.Add(24*time.Hour)))(t)
		check(t, s.SaveTrail(ctx, here, track.Of("C01", start, start.Add(24*time.Hour), fixes)))
	}
	same(t, "kept", 2, len(must(s.Trails(ctx, here, "C01", from, noon))(t)))
	same(t, "kept within less", 1, len(must(s.Trails(ctx, here, "C01", from.Add(7*time.Hour), noon))(t)))
	kept := must(track.Read(ctx, s, here, "C01", from, noon, 20))(t)
	if kept.Fixes != raw.Fixes || kept.Tolerance != 20 || len(kept.Points) < len(raw.Points)/2 || len(kept.Points) > 2*len(raw.Points) {
		t.Errorf("from kept days %d points of %d fixes within %v m, from fixes %d of %d", len(kept.Points), kept.Fixes, kept.Tolerance, len(raw.Points), raw.Fixes)
	}
	fine := must(track.Read(ctx, s, here, "C01", from, noon, 3))(t)
	same(t, "fine", 3.0, fine.Tolerance)
}
