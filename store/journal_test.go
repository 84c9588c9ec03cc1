package store_test

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestJournalDays(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	at := time.Date(2026, 11, 21, 12, 0, 0, 123000, time.UTC)
	speeding := journal.Event{Unit: "C01", Kind: journal.Overspeed, Start: at, End: at.Add(time.Minute), Point: orb.Point{-79, -8}, Value: new(25.0), Device: "gps"}
	cut := journal.Event{Unit: "C01", Kind: journal.PowerCut, Start: at.Add(time.Hour), Point: orb.Point{-79, -8}, Device: "gps"}
	enter := journal.Event{Unit: "C01", Kind: journal.FenceEnter, Place: "mercado", Start: at.Add(time.Hour), Point: orb.Point{-79, -8}, Device: "gps"}
	day := journal.Day{Unit: "C01", Date: "2026-11-21", Fixes: 7, Metres: 12.5, Trips: []journal.Trip{{Start: at, End: at.Add(time.Hour), Metres: 300}}, Events: []journal.Event{speeding, cut, enter}}
	check(t, s.SaveDay(ctx, here, day))
	all := func() []journal.Event { return must(s.Events(ctx, here, "", at, at.Add(24*time.Hour), 10))(t) }
	same(t, "events", []journal.Event{enter, cut, speeding}, all())
	// Computed again: one is gone, one has ended.
	cut.End = at.Add(2 * time.Hour)
	day.Events, day.Metres = []journal.Event{speeding, cut}, 13
	check(t, s.SaveDay(ctx, here, day))
	same(t, "events again", []journal.Event{cut, speeding}, all())
	other := journal.Day{Unit: "C02", Date: "2026-11-22"}
	check(t, s.SaveDay(ctx, here, other))
	day.Events = nil
	same(t, "days", []journal.Day{day, other}, must(s.Days(ctx, here, "", "2026-11-21", "2026-11-22"))(t))
	same(t, "one unit's", []journal.Day{other}, must(s.Days(ctx, here, "C02", "2026-11-01", "2026-11-30"))(t))
	same(t, "one unit's events", 0, len(must(s.Events(ctx, here, "C02", at, at.Add(time.Hour), 10))(t)))
	same(t, "elsewhere", 0, len(must(s.Events(ctx, "130102", "", at, at.Add(time.Hour), 10))(t)))
}

func TestJournalDirty(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	f := plainFix("gps", noon, 1)
	f.Unit, f.Received = "C01", noon.Add(time.Hour) // late
	must(s.StoreFixes(ctx, []fleet.Fix{f}))(t)
	dirty := must(s.JournalDirty(ctx, here))(t)
	same(t, "dirty", 1, len(dirty))
	same(t, "first", noon, dirty[0].First)
	for _, d := range must(s.DirtyDays(ctx, here))(t) {
		check(t, s.ClearDirtyDay(ctx, d)) // the coverage's list is another
	}
	g := plainFix("gps", noon.Add(time.Minute), 2)
	g.Unit, g.Received = "C01", noon.Add(time.Hour)
	must(s.StoreFixes(ctx, []fleet.Fix{g}))(t)
	check(t, s.ClearJournalDirty(ctx, dirty[0]))
	again := must(s.JournalDirty(ctx, here))(t)
	same(t, "still dirty", 1, len(again))
	check(t, s.ClearJournalDirty(ctx, again[0]))
	same(t, "clean", 0, len(must(s.JournalDirty(ctx, here))(t)))
}

func TestFences(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	f := journal.Fence{ID: "mercado", Name: "Mercado Áncash", Kind: journal.Priority, Geometry: orb.MultiPolygon{{{{-79, -8}, {-78, -8}, {-78, -7}, {-79, -8}}}}}
	check(t, s.SaveFence(ctx, here, f))
	f.Kind = journal.Forbidden
	check(t, s.SaveFence(ctx, here, f))
	same(t, "fences", []journal.Fence{f}, must(s.Fences(ctx, here))(t))
	f.Geometry = nil
	wantKind(t, "of nothing", s.SaveFence(ctx, here, f), fleet.ErrInvalid)
	check(t, s.DeleteFence(ctx, here, "mercado"))
	wantKind(t, "twice", s.DeleteFence(ctx, here, "mercado"), fleet.ErrNotFound)
}

func TestUnitStates(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	check(t, s.SaveUnit(ctx, fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "C", Mode: routing.Car, Active: true}))
	broken := fleet.UnitReadiness{Ubigeo: here, Unit: "C01", Since: noon, State: fleet.Workshop, Reason: "Embrague", Expected: noon.Add(48 * time.Hour), Username: "ana"}
	back := fleet.UnitReadiness{Ubigeo: here, Unit: "C01", Since: noon.Add(time.Hour), State: fleet.Operational, Username: "ana"}
	check(t, s.SaveUnitState(ctx, broken))
	same(t, "out of service", false, must(s.Units(ctx, here))(t)[0].Active)
	check(t, s.SaveUnitState(ctx, back))
	same(t, "in service", true, must(s.Units(ctx, here))(t)[0].Active)
	same(t, "history", []fleet.UnitReadiness{back, broken}, must(s.UnitStates(ctx, here, "C01", 10))(t))
	same(t, "last of each", []fleet.UnitReadiness{back}, must(s.UnitStates(ctx, here, "", 10))(t))
	broken.Unit = "C99"
	wantKind(t, "no such unit", s.SaveUnitState(ctx, broken), fleet.ErrNotFound)
	broken.Reason = ""
	wantKind(t, "without a reason", s.SaveUnitState(ctx, broken), fleet.ErrInvalid)
}
