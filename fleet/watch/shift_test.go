package watch

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

const afternoon = fleet.ShiftID("2026-11-21/tarde")

// At the end of a shift its coverage is kept as it was shown, and the next
// shift begins with nothing.
func TestShiftEnds(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 14, 0))
	wo.plan(wo.snapshot().Shift, "e", "ab", "bc")
	fixes := wo.drive("abcf", clock(t, 0, 21, 30))
	wo.set(fixes[len(fixes)-1].Time)
	wo.send(fixes...)
	wo.set(clock(t, 0, 21, 59))
	wo.w.beat(t.Context())
	before := wo.snapshot()
	if before.Shift.ID != afternoon || before.Bar.Serenazgo.Km < 0.85 || before.PlanID == "" {
		t.Fatalf("in the shift: %s, %.2f km, plan %q", before.Shift.ID, before.Bar.Serenazgo.Km, before.PlanID)
	}
	if f := wo.kept(afternoon); f != nil {
		t.Fatal("the coverage of a running shift is kept already")
	}
	wo.told("")
	wo.set(clock(t, 0, 22, 0))
	wo.w.beat(t.Context())
	if n := len(wo.told("shift")); n != 1 {
		t.Errorf("%d events tell of the next shift, want 1", n)
	}
	f := wo.kept(afternoon)
	if f == nil {
		t.Fatal("the coverage was not kept")
	}
	if f.Bar.Serenazgo.Km < before.Bar.Serenazgo.Km { // more: what the matcher held back is decided
		t.Errorf("kept %+v, shown %+v", f.Bar.Serenazgo, before.Bar.Serenazgo)
	}
	if f.Streets != "v1" || len(f.Presence) != len(wo.m.Segments) {
		t.Errorf("kept for streets %q, %d segments", f.Streets, len(f.Presence))
	}
	after := wo.snapshot()
	if after.Shift.ID != "2026-11-21/noche" || after.Bar.Serenazgo.Km != 0 || after.PlanID != "" {
		t.Errorf("next shift: %s, %.2f km, plan %q", after.Shift.ID, after.Bar.Serenazgo.Km, after.PlanID)
	}
	if after.Units[0].Lon == nil {
		t.Error("the unit's place was forgotten with the shift")
	}
}

// What was kept is what live coverage says, and what the fixes say.
func TestKeptIsLive(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 14, 0))
	fixes := wo.drive("abedabcf", clock(t, 0, 20, 0))
	wo.set(clock(t, 0, 21, 0))
	wo.send(fixes...)
	on := wo.w.current(ubigeo)
	wo.set(clock(t, 0, 22, 1))
	wo.w.beat(t.Context())
	f := wo.kept(afternoon)
	live := on.live.Snapshot(on.shift.End)
	if diff := cmp.Diff(live, f.Snapshot, cmpopts.IgnoreFields(coverage.Snapshot{}, "Version"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("kept differs from live (-live +kept):\n%s", diff)
	}
}

func TestReloadKeepsCoverage(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	wo.plan(wo.snapshot().Shift, "e", "ab", "bc")
	wo.send(wo.drive("abcf", clock(t, 0, 14, 30))...)
	want := wo.snapshot()
	if want.Bar.Serenazgo.Km == 0 || *want.Units[0].KmMissing >= *want.Units[0].KmPlanned {
		t.Fatalf("nothing was covered: %+v", want.Bar)
	}
	wo.must(wo.w.Reload(t.Context(), ubigeo))
	reloaded := wo.snapshot()
	if diff := cmp.Diff(want, reloaded); diff != "" {
		t.Errorf("after a reload (-before +after):\n%s", diff)
	}
	wo.restart()
	if diff := cmp.Diff(want, wo.snapshot(), cmpopts.EquateApproxTime(time.Second)); diff != "" {
		t.Errorf("after a restart (-before +after):\n%s", diff)
	}
}

// A district that cannot be read anew goes on as it was.
func TestReloadThatFails(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	wo.send(wo.drive("abc", clock(t, 0, 14, 30))...)
	want := wo.snapshot().Bar
	wo.broken = errors.New("the streets cannot be read")
	if err := wo.w.Reload(t.Context(), ubigeo); !errors.Is(err, wo.broken) {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(want, wo.snapshot().Bar); diff != "" {
		t.Errorf("after a reload that failed:\n%s", diff)
	}
}

// The service is away when a shift ends: its coverage is decided afterwards.
func TestShiftEndMissed(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	wo.send(wo.drive("abc", clock(t, 0, 14, 30))...)
	wo.set(clock(t, 1, 7, 0)) // the next morning
	wo.restart()
	wo.must(wo.w.again(t.Context(), ubigeo))
	if f := wo.kept(afternoon); f == nil || f.Bar.Serenazgo.Km < 0.8 {
		t.Fatalf("kept: %+v", f)
	}
	if f := wo.kept("2026-11-21/noche"); f != nil {
		t.Error("coverage is kept of a night in which nobody was heard")
	}
}

// Fixes that a device sends hours later change what was kept.
func TestFixesAfterTheEnd(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	fixes := wo.drive("abcf", clock(t, 0, 14, 30))
	half := len(fixes) / 2
	wo.send(fixes[:half]...)
	wo.set(clock(t, 0, 22, 30))
	wo.w.beat(t.Context())
	first := wo.kept(afternoon)
	for i := range fixes {
		fixes[i].Received = wo.Now()
	}
	wo.send(fixes[half:]...)
	wo.must(wo.w.again(t.Context(), ubigeo))
	second := wo.kept(afternoon)
	if !(second.Bar.Serenazgo.Km > first.Bar.Serenazgo.Km+0.4) {
		t.Errorf("kept %.3f km at the end and %.3f km with the late fixes", first.Bar.Serenazgo.Km, second.Bar.Serenazgo.Km)
	}
	if days, err := wo.st.DirtyDays(t.Context(), ubigeo); err != nil || len(days) != 0 {
		t.Errorf("days to compute again: %v, %v", days, err)
	}
	if got := wo.snapshot().Bar.Serenazgo.Km; got != 0 {
		t.Errorf("they count %.3f km in the next shift", got)
	}
}

// Fixes that come after their day was forgotten are not all there was of it.
func TestFixesAfterTheDayWasForgotten(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	fixes := wo.drive("abcf", clock(t, 0, 14, 30))
	half := len(fixes) / 2
	wo.send(fixes[:half]...)
	wo.set(clock(t, 0, 22, 30))
	wo.w.beat(t.Context())
	first := wo.kept(afternoon)
	if held, err := wo.st.ForgetDay(t.Context(), ubigeo, fixes[0].Time); err != nil || held {
		t.Fatal(held, err)
	}
	for i := range fixes {
		fixes[i].Received = wo.Now()
	}
	wo.send(fixes[half:]...)
	wo.must(wo.w.again(t.Context(), ubigeo))
	if second := wo.kept(afternoon); second.Bar.Serenazgo.Km != first.Bar.Serenazgo.Km {
		t.Errorf("kept %.3f km at the end and %.3f km after", first.Bar.Serenazgo.Km, second.Bar.Serenazgo.Km)
	}
}

func TestMidnight(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 23, 50))
	wo.send(wo.drive("ab", clock(t, 0, 23, 48))...)
	wo.set(clock(t, 1, 0, 20))
	wo.w.beat(t.Context())
	wo.send(wo.drive("bcf", clock(t, 1, 0, 10))...)
	wo.restart()
	s := wo.snapshot()
	if s.Shift.ID != "2026-11-21/noche" || !s.Start.Equal(clock(t, 0, 22, 0)) || !s.End.Equal(clock(t, 1, 6, 0)) {
		t.Errorf("after midnight: %s from %v to %v", s.Shift.ID, s.Start, s.End)
	}
	if s.Bar.Serenazgo.Km < 0.85 {
		t.Errorf("%.3f km of the two streets driven on both sides of midnight", s.Bar.Serenazgo.Km)
	}
}

// Between two shifts the units are followed; nobody is on duty, nothing is kept.
func TestBetweenShifts(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 13, 0))
	wo.must(wo.st.SaveShifts(t.Context(), ubigeo, []fleet.ShiftDef{{Code: "manana", Name: "Mañana", Start: "06:00", End: "10:00"},
		{Code: "tarde", Name: "Tarde", Start: "14:00", End: "18:00"}, {Code: "noche", Name: "Noche", Start: "19:00", End: "23:00"}}, fleet.AuditRow{Ubigeo: ubigeo, Action: "shifts.save"}))
	for _, c := range []struct {
		name       string
		at         time.Time
		id         fleet.ShiftID
		start, end time.Time
	}{
		{"at noon", clock(t, 0, 13, 0), "2026-11-21/sin-turno", clock(t, 0, 10, 0), clock(t, 0, 14, 0)},
		{"at the minute the shift ends", clock(t, 0, 10, 0), "2026-11-21/sin-turno", clock(t, 0, 10, 0), clock(t, 0, 14, 0)},
		{"before midnight", clock(t, 0, 23, 30), "2026-11-21/sin-turno", clock(t, 0, 23, 0), clock(t, 1, 6, 0)},
		{"after midnight", clock(t, 1, 3, 0), "2026-11-21/sin-turno", clock(t, 0, 23, 0), clock(t, 1, 6, 0)},
	} {
		t.Run(c.name, func(t *testing.T) {
			wo.set(c.at)
			wo.must(wo.w.Reload(t.Context(), ubigeo))
			s := wo.snapshot()
			if s.Shift.ID != c.id || !s.Start.Equal(c.start) || !s.End.Equal(c.end) {
				t.Errorf("%s from %v to %v; want %s from %v to %v", s.Shift.ID, s.Start, s.End, c.id, c.start, c.end)
			}
			if h := wo.w.current(ubigeo).live.Snapshot(c.at).Units; h.OnDuty != 0 {
				t.Errorf("%d units are on duty", h.OnDuty)
			}
		})
	}
	wo.send(wo.drive("ab", clock(t, 1, 3, 0))...)
	wo.set(clock(t, 1, 6, 0))
	wo.w.beat(t.Context())
	if f := wo.kept("2026-11-21/sin-turno"); f != nil {
		t.Error("coverage is kept of no shift")
	}
	if s := wo.snapshot(); s.Shift.ID != "2026-11-22/manana" {
		t.Errorf("then comes %s", s.Shift.ID)
	}
}

func TestNoStreets(t *testing.T) {
	wo := newWorld(t, nil, clock(t, 0, 15, 0))
	wo.send(at("C1", "g1", clock(t, 0, 15, 0), routingtest.Origin))
	wo.w.beat(t.Context())
	s := wo.snapshot()
	if s.Bar != nil || s.Presence != nil || s.Streets != "" || len(s.Units) != 1 || s.Units[0].Lon == nil || s.Units[0].Street != nil {
		t.Errorf("without streets: %+v", s)
	}
	if g, v := wo.w.Graph(ubigeo); g != nil || v != "" || wo.w.CoverageOf(ubigeo) != nil {
		t.Error("there are streets")
	}
	wo.set(clock(t, 0, 22, 0))
	wo.w.beat(t.Context())
	wo.must(wo.w.again(t.Context(), ubigeo))
	wo.m = routingtest.Draw(block)
	wo.must(wo.w.Reload(t.Context(), ubigeo))
	if wo.snapshot().Bar == nil {
		t.Error("no bar after streets were imported")
	}
}

// A unit without a device is shown as never heard, a device without a unit as
// itself.
func TestUnitsAndDevices(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	wo.unit("C2", "")
	wo.must(wo.w.Reload(t.Context(), ubigeo))
	wo.send(at("", "stray", clock(t, 0, 15, 0), routingtest.Origin))
	by := map[string]UnitView{}
	for _, u := range wo.snapshot().Units {
		by[u.ID+"/"+u.Device] = u
	}
	if u, ok := by["C2/"]; !ok || u.Lon != nil || u.Link != fleet.LinkOffline || u.CallSign != "Cazador C2" || u.At != nil || u.LinkSince != nil {
		t.Errorf("a unit without a device: %+v", u)
	}
	if u, ok := by["/stray"]; !ok || u.Lon == nil || u.CallSign != "stray" || u.Active {
		t.Errorf("a device without a unit: %+v", u)
	}
	if _, err := wo.w.Snapshot("150101"); err == nil {
		t.Error("a district that is not followed has a snapshot")
	}
}

// Fixes, reloads, beats and readers at once; afterwards live coverage is what
// the stored fixes say.
func TestTogether(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	for _, id := range []string{"C2", "C3"} {
		wo.unit(id, "g"+id)
	}
	wo.plan(wo.snapshot().Shift, "e", "ab", "bc")
	var wg sync.WaitGroup
	for i, id := range []string{"C1", "C2", "C3"} {
		fixes := wo.drive("abcfedabefcbeda", clock(t, 0, 14, 5+i))
		wg.Go(func() {
			for k := range fixes {
				fixes[k].Unit, fixes[k].Device = id, "g"+id
			}
			for len(fixes) > 0 {
				n := min(7, len(fixes))
				part := fixes[:n]
				fixes = fixes[n:]
				if n > 3 {
					part[0], part[3] = part[3], part[0]
					wo.send(part[:2]...) // out of order
					part = part[2:]
				}
				wo.send(part...)
			}
		})
	}
	done := make(chan struct{})
	var around sync.WaitGroup
	for _, do := range []func(){
		func() { wo.w.beat(t.Context()) },
		func() { wo.must(wo.w.Reload(t.Context(), ubigeo)) },
		func() { wo.snapshot() },
		func() { wo.must(wo.w.again(t.Context(), ubigeo)) },
	} {
		around.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					do()
				}
			}
		})
	}
	wg.Wait()
	close(done)
	around.Wait()
	wo.w.beat(t.Context())
	on := wo.w.current(ubigeo)
	wo.must(on.live.Finish(t.Context()))
	decided, err := wo.w.decide(t.Context(), on, on.shift.End)
	wo.must(err)
	want, n := decided.snap, decided.fixes
	got := on.live.Snapshot(on.shift.End)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(coverage.Snapshot{}, "Version"), cmpopts.EquateEmpty()); diff != "" || n == 0 || got.Totals.Joint.Km < 2 {
		t.Errorf("%d fixes, %.2f km; live differs from the stored fixes (-stored +live):\n%s", n, got.Totals.Joint.Km, diff)
	}
	if math.IsNaN(wo.snapshot().Bar.Joint.Pct) {
		t.Error("not a number")
	}
}

// A clock that is set back does not end a shift that has just begun.
func TestClockSetBack(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 14, 0))
	wo.set(clock(t, 0, 13, 59))
	wo.w.beat(t.Context())
	if f := wo.kept(afternoon); f != nil {
		t.Error("a shift that has not begun was kept as over")
	}
	wo.set(clock(t, 0, 14, 0))
	wo.w.beat(t.Context())
	if s := wo.snapshot(); s.Shift.ID != afternoon {
		t.Errorf("it is %s", s.Shift.ID)
	}
}

// A district that a command makes while the service runs is followed too.
func TestNewDistrict(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	wo.must(wo.st.SaveDistrict(t.Context(), fleet.District{Ubigeo: "010203", Name: "Nueva"}))
	if _, err := wo.w.Snapshot("010203"); !errors.Is(err, fleet.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	wo.told("")
	wo.must(wo.w.discover(t.Context()))
	wo.must(wo.w.discover(t.Context()))
	if n := len(wo.told("snapshot")); n != 1 {
		t.Errorf("%d districts were read, want the new one once", n)
	}
	if s, err := wo.w.Snapshot("010203"); err != nil || s.Streets != "v1" {
		t.Errorf("after: %v %v", s.Streets, err)
	}
}

// Run ends when its context does.
func TestRunEnds(t *testing.T) {
	wo := newWorld(t, routingtest.Draw(block), clock(t, 0, 15, 0))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wo.must(wo.w.Run(ctx))
}
