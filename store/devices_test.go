package store_test

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestDeviceRegister(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	a := fleet.Device{Ubigeo: here, ID: "hilux", Name: "GPS de la Hilux", Unit: "C01", Interval: 10 * time.Second,
		Identities: []string{"356307042441013", "juan/moto g"}, ClockFix: 5 * time.Hour, Known: true}
	b := fleet.Device{Ubigeo: here, ID: "gw", Gateway: true, Known: true}
	check(t, s.SaveDevice(ctx, a, "secret"))
	check(t, s.SaveDevice(ctx, b, ""))
	same(t, "devices", []fleet.Device{b, a}, must(s.Devices(ctx, here))(t))
	got, hash, err := s.DeviceLogin(ctx, here, "hilux")
	check(t, err)
	same(t, "login", a, got)
	same(t, "hash", "secret", hash)

	b.Identities = []string{"x", "356307042441013"}
	wantKind(t, "identity of another", s.SaveDevice(ctx, b, ""), fleet.ErrConflict)
	if ds := must(s.Devices(ctx, here))(t); ds[0].Identities != nil {
		t.Errorf("half saved: %v", ds[0])
	}
	a.Identities, a.ClockFix = []string{"juan/moto g"}, 0
	check(t, s.SaveDevice(ctx, a, ""))
	check(t, s.SaveDevice(ctx, b, ""))
	a.Identities = nil
	check(t, s.SaveDevice(ctx, a, ""))
	same(t, "after the change", []fleet.Device{{Ubigeo: here, ID: "gw", Gateway: true, Known: true, Identities: []string{"356307042441013", "x"}}, a}, must(s.Devices(ctx, here))(t))

	check(t, s.DeleteDevice(ctx, here, "gw"))
	wantKind(t, "deleted twice", s.DeleteDevice(ctx, here, "gw"), fleet.ErrNotFound)
	a.Identities = []string{"x"}
	check(t, s.SaveDevice(ctx, a, "")) // free again
}

func TestTopicRules(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	one := fleet.TopicRule{Ubigeo: here, Pattern: "{device}/data", Format: "teltonika", Identity: fleet.IdentityTopic, Note: "FMB"}
	two := fleet.TopicRule{Ubigeo: here, Pattern: "traccar", Format: "traccar", Identity: fleet.IdentityPayload}
	check(t, s.SaveTopicRule(ctx, two))
	check(t, s.SaveTopicRule(ctx, one))
	one.Note = "FMB920"
	check(t, s.SaveTopicRule(ctx, one))
	same(t, "rules", []fleet.TopicRule{two, one}, must(s.TopicRules(ctx, here))(t))
	wantKind(t, "no format", s.SaveTopicRule(ctx, fleet.TopicRule{Ubigeo: here, Pattern: "a/b", Format: "x", Identity: "topic"}), fleet.ErrInvalid)
	check(t, s.DeleteTopicRule(ctx, here, "traccar"))
	wantKind(t, "deleted twice", s.DeleteTopicRule(ctx, here, "traccar"), fleet.ErrNotFound)
	same(t, "elsewhere", 0, len(must(s.TopicRules(ctx, "130102"))(t)))
}

// plainFix is a fix without anything but a place.
func plainFix(device string, at time.Time, seq int64) fleet.Fix {
	nan := math.NaN()
	return fleet.Fix{Ubigeo: here, Device: device, Time: at, Seq: seq, Received: at.Add(time.Second), Point: orb.Point{-77, -12},
		Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
}

func TestClaim(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	day := time.Date(2026, 11, 20, 23, 59, 0, 0, time.UTC)
	var fixes []fleet.Fix
	for i := range 6 { // three of the 20th, three of the 21st
		fixes = append(fixes, plainFix("111", day.Add(time.Duration(i)*20*time.Second), int64(i)))
	}
	of := plainFix("111", day.Add(-time.Hour), 9)
	of.Unit = "C02" // it was carried by another before
	must(s.StoreFixes(ctx, append(fixes, of, plainFix("222", day, 1))))(t)

	seen := must(s.UnknownSeen(ctx, here))(t)
	same(t, "seen", fleet.Seen{Fixes: 7, Unassigned: 6, First: of.Received, Last: fixes[5].Received}, seen["111"])
	same(t, "both", 2, len(seen))
	recent := must(s.RecentFixes(ctx, here, day.Add(-time.Minute), 4))(t)
	same(t, "recent", []int64{2, 3, 4, 5, 1}, seqs(recent))

	check(t, s.SaveDevice(ctx, fleet.Device{Ubigeo: here, ID: "111", Unit: "C01", Known: true}, ""))
	same(t, "claimed", int64(5), must(s.ClaimFixes(ctx, here, "111", "C01", fixes[1].Time, day.Add(time.Hour)))(t))
	same(t, "again", int64(0), must(s.ClaimFixes(ctx, here, "111", "C01", fixes[1].Time, day.Add(time.Hour)))(t))
	same(t, "of the unit", []int64{1, 2, 3, 4, 5}, seqs(must(s.FixesOfUnit(ctx, here, "C01", day.Add(-time.Hour), day.Add(time.Hour)))(t)))
	same(t, "of the other", []int64{9}, seqs(must(s.FixesOfUnit(ctx, here, "C02", day.Add(-2*time.Hour), day.Add(time.Hour)))(t)))
	dirty := must(s.DirtyDays(ctx, here))(t)
	days := map[string]int64{}
	for _, d := range dirty {
		if d.Unit == "C01" {
			days[d.Day.Format(time.DateOnly)] = d.Fixes
		}
	}
	same(t, "dirty", map[string]int64{"2026-11-20": 2, "2026-11-21": 3}, days)
	same(t, "last", "C01", must(s.LastFixes(ctx, here))(t)[0].Unit)
	same(t, "one unknown is left", 1, len(must(s.UnknownSeen(ctx, here))(t)))
	_, err := s.ClaimFixes(ctx, here, "111", "", day, day)
	wantKind(t, "for nobody", err, fleet.ErrInvalid)
}

func seqs(fixes []fleet.Fix) (out []int64) {
	for _, f := range fixes {
		out = append(out, f.Seq)
	}
	return out
}
