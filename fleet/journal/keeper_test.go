package journal_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

const here = "130102"

// desk is a keeper on a real store, with a clock that the test moves.
type desk struct {
	t     *testing.T
	st    *store.Store
	k     *journal.Keeper
	now   time.Time
	begun time.Time
	told  []string
	alert int
}

func newDesk(t *testing.T) *desk {
	begun := time.Now().UTC().Truncate(24 * time.Hour).Add(-36 * time.Hour) // 12:00 UTC: 07:00 in Lima
	d := &desk{t: t, st: storetest.New(t), begun: begun, now: begun}
	d.must(d.st.SaveDistrict(t.Context(), fleet.District{Ubigeo: here, Name: "El Porvenir", TimeZone: "America/Lima"}))
	d.must(d.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "C01", CallSign: "Cazador 1", Mode: routing.Car, Active: true, Device: "gps"}))
	d.must(d.st.SaveFence(t.Context(), here, journal.Fence{ID: "no", Name: "Cuartel", Kind: journal.Forbidden,
		Geometry: orb.MultiPolygon{{{{-79.01, -8.001}, {-78.99, -8.001}, {-78.99, -7.999}, {-79.01, -7.999}, {-79.01, -8.001}}}}}))
	d.open()
	return d
}

// open makes a keeper, as a restarted service does.
func (d *desk) open() {
	d.told, d.alert = nil, 0
	d.k = journal.NewKeeper(journal.KeeperConfig{Source: d.st, Now: func() time.Time { return d.now }, Emit: func(_ string, es []journal.Event, alert bool) {
		for _, e := range es {
			d.told = append(d.told, string(e.Kind)+" "+e.Place)
		}
		if alert {
			d.alert++
		}
	}})
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// fix stores a fix s seconds after the beginning, received when the clock says.
func (d *desk) fix(s int, lat float64, event string) {
	d.t.Helper()
	nan := math.NaN()
	f := fleet.Fix{Ubigeo: here, Device: "gps", Unit: "C01", Time: d.begun.Add(time.Duration(s) * time.Second), Seq: int64(s), Received: d.now,
		Point: orb.Point{-79, lat}, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan, Event: event}
	fresh, err := d.st.StoreFixes(d.t.Context(), []fleet.Fix{f})
	d.must(err)
	d.k.OnFresh(fresh)
}

func (d *desk) pass(all bool) {
	d.t.Helper()
	d.must(d.k.Pass(d.t.Context(), all))
}

func (d *desk) kept() string {
	d.t.Helper()
	es, err := d.st.Events(d.t.Context(), here, "", d.begun.Add(-time.Hour), d.begun.Add(48*time.Hour), 100)
	d.must(err)
	var out []string
	for i := len(es) - 1; i >= 0; i-- {
		out = append(out, string(es[i].Kind)+" "+es[i].Place)
	}
	return strings.Join(out, "; ")
}

func (d *desk) want(what, got, want string) {
	d.t.Helper()
	if got != want {
		d.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestKeeperTellsAndKeeps(t *testing.T) {
	d := newDesk(t)
	d.fix(0, -8.01, "")
	d.pass(false)
	d.now = d.begun.Add(20 * time.Second)
	d.fix(20, -8.000, "sos")
	d.pass(false)
	d.want("told", strings.Join(d.told, "; "), "fence_enter no; alarm sos")
	d.want("kept", d.kept(), "fence_enter no; alarm sos")
	if d.alert != 1 {
		t.Errorf("%d alerts", d.alert)
	}
	d.pass(true)
	d.k.Reload(here)
	d.pass(true)
	d.want("told once", strings.Join(d.told, "; "), "fence_enter no; alarm sos")
	d.now = d.begun.Add(11 * time.Minute)
	d.pass(true)
	d.want("silence", strings.Join(d.told[2:], "; "), "silence moving")
	days, err := d.st.Days(t.Context(), here, "C01", "2000-01-01", "2100-01-01")
	d.must(err)
	if len(days) != 1 || days[0].Fixes != 2 || days[0].Metres < 1000 {
		t.Errorf("days %+v", days)
	}
}

func TestKeeperComputesAgainWhatCameLate(t *testing.T) {
	d := newDesk(t)
	d.fix(0, -8.01, "")
	d.now = d.begun.Add(20 * time.Minute)
	d.fix(1200, -8.01, "")
	d.pass(true)
	d.want("a silence", d.kept(), "silence moving")
	// The device had only lost the network: its memory comes now.
	for s := 60; s < 1200; s += 60 {
		d.fix(s, -8.01, "")
	}
	d.fix(90, -8.01, "sos")
	d.told = nil
	d.pass(true)
	d.want("no silence after all", d.kept(), "alarm sos")
	d.want("nothing old is told", strings.Join(d.told, ""), "")
	// A day later, more of the day before.
	d.now = d.begun.Add(25 * time.Hour)
	d.fix(1260, -8.01, "")
	d.fix(1290, -8.000, "")
	d.pass(true)
	d.want("the day before", d.kept(), "alarm sos; fence_enter no; silence moving")
	d.want("nothing of yesterday is told", strings.Join(d.told, ""), "")
	if again, err := d.st.JournalDirty(t.Context(), here); err != nil || len(again) != 0 {
		t.Errorf("still dirty: %v %v", again, err)
	}
}

// A fix that another process stored after a newer one of the same device is in
// the day at the next pass, whether or not the day was marked.
func TestKeeperTakesWhatWasOvertaken(t *testing.T) {
	d := newDesk(t)
	d.fix(0, -8.01, "")
	d.now = d.begun.Add(time.Minute)
	d.fix(40, -8.01, "")
	d.pass(false)
	d.fix(20, -8.01, "sos")
	d.pass(false)
	d.want("kept", d.kept(), "alarm sos")
	d.want("told", strings.Join(d.told, "; "), "alarm sos")
}

// Days of which no trail was kept get one, each once.
func TestKeeperKeepsTrailsOfOldDays(t *testing.T) {
	d := newDesk(t)
	d.fix(0, -8.01, "")
	d.fix(60, -8.011, "")
	d.now = d.begun.Add(20 * time.Hour) // 03:00 of the next calendar day in Lima
	d.fix(20*3600, -8.02, "")
	d.now = d.begun.Add(4 * 24 * time.Hour)
	d.open()
	trails := func() (points []int) {
		t.Helper()
		parts, err := d.st.Trails(t.Context(), here, "C01", d.begun.Add(-72*time.Hour), d.now)
		d.must(err)
		for _, p := range parts {
			points = append(points, len(p.Track.Points))
		}
		return points
	}
	d.must(d.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "C02", CallSign: "Cazador 2", Mode: routing.Car, Active: true}))
	if got := trails(); len(got) != 0 {
		t.Fatalf("trails %v before anybody kept any", got)
	}
	d.pass(true)
	got := trails()
	if sum := 0; len(got) > 0 {
		for _, n := range got {
			sum += n
		}
		if sum != 3 {
			t.Errorf("trails of %v points, want 3 together", got)
		}
	} else {
		t.Error("no trails were kept")
	}
	left, err := d.st.DaysWithoutTrail(t.Context(), here, d.now)
	d.must(err)
	if len(left) != 0 {
		t.Errorf("still without: %v", left)
	}
}

// unreadable is a store that cannot give the fixes of one unit, as where a page of
// the disk is damaged, nor the units of one district.
type unreadable struct {
	*store.Store
	unit, ubigeo string
}

var errDamaged = errors.New("damaged page")

func (s *unreadable) FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error) {
	if unit == s.unit {
		return nil, errDamaged
	}
	return s.Store.FixesOfUnit(ctx, ubigeo, unit, from, to)
}

func (s *unreadable) Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error) {
	if ubigeo == s.ubigeo {
		return nil, errDamaged
	}
	return s.Store.Units(ctx, ubigeo)
}

// What fails of one unit or district is told, and keeps no other from its trails;
// it is made up for once it can be read.
func TestKeeperGoesOnWithOldDaysBesideAFailure(t *testing.T) {
	d := newDesk(t)
	nan := math.NaN()
	d.must(d.st.SaveDistrict(t.Context(), fleet.District{Ubigeo: "130101", Name: "Trujillo", TimeZone: "America/Lima"}))
	d.must(d.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "C02", CallSign: "Cazador 2", Mode: routing.Car, Active: true}))
	for i, day := range []int{0, 1, 1, 2} { // the newest is one of C02, and tried first
		f := fleet.Fix{Ubigeo: here, Device: "gps", Unit: []string{"C01", "C01", "C02", "C02"}[i], Time: d.begun.Add(time.Duration(day)*24*time.Hour + time.Duration(i)*time.Second),
			Received: d.begun, Point: orb.Point{-79, -8.01}, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
		_, err := d.st.StoreFixes(t.Context(), []fleet.Fix{f})
		d.must(err)
	}
	d.now = d.begun.Add(5 * 24 * time.Hour)
	broken := &unreadable{d.st, "C02", "130101"}
	d.k = journal.NewKeeper(journal.KeeperConfig{Source: broken, Now: func() time.Time { return d.now }, Emit: func(string, []journal.Event, bool) {}})
	// passes makes passes until so many old days are left, and gives the last error.
	passes := func(left int) (days []journal.UnitDay, failed error) {
		t.Helper()
		for range 100 {
			failed = d.k.Pass(t.Context(), true)
			var err error
			days, err = d.st.DaysWithoutTrail(t.Context(), here, d.now)
			d.must(err)
			if len(days) == left {
				return days, failed
			}
		}
		t.Fatalf("after a hundred passes these are left: %v (%v)", days, failed)
		return nil, nil
	}
	days, failed := passes(2)
	if days[0].Unit != "C02" || days[1].Unit != "C02" || !errors.Is(failed, errDamaged) {
		t.Errorf("left are %v, with the error %v", days, failed)
	}
	broken.unit, broken.ubigeo = "", ""
	if _, failed := passes(0); failed != nil {
		t.Error(failed)
	}
}

// A fix that comes after its day was forgotten is not all there was of the day.
func TestKeeperLeavesForgottenDays(t *testing.T) {
	d := newDesk(t)
	for s := 0; s <= 300; s += 10 {
		d.fix(s, -8.01+float64(s)/60000, "")
	}
	d.pass(true)
	day := func() journal.Day {
		days, err := d.st.Days(t.Context(), here, "C01", "2000-01-01", "2100-01-01")
		d.must(err)
		return days[0]
	}
	before := day()
	if held, err := d.st.ForgetDay(t.Context(), here, d.begun); err != nil || held {
		t.Fatal(held, err)
	}
	d.now = d.begun.Add(30 * time.Hour)
	d.open()
	d.fix(400, -8.01, "")
	d.pass(true)
	if after := day(); before.Metres < 500 || after.Metres != before.Metres || after.Fixes != before.Fixes {
		t.Errorf("the day was %.0f m of %d fixes and is %.0f m of %d", before.Metres, before.Fixes, after.Metres, after.Fixes)
	}
	if left, err := d.st.JournalDirty(t.Context(), here); err != nil || len(left) != 0 {
		t.Errorf("still dirty: %v %v", left, err)
	}
}

func TestKeeperAfterARestart(t *testing.T) {
	d := newDesk(t)
	for s := 0; s <= 600; s += 10 {
		d.now = d.begun.Add(time.Duration(s) * time.Second)
		d.fix(s, -8.01+float64(s)/60000, "")
		d.pass(false)
	}
	before, kept := d.kept(), func() journal.Day {
		days, err := d.st.Days(t.Context(), here, "C01", "2000-01-01", "2100-01-01")
		d.must(err)
		return days[0]
	}
	live := kept()
	d.open()
	d.pass(true)
	d.want("events", d.kept(), before)
	if after := kept(); after.Metres != live.Metres || after.Fixes != live.Fixes || len(after.Visits) != len(live.Visits) {
		t.Errorf("live %+v, after a restart %+v", live, after)
	}
	// The service sleeps over the end of the day.
	d.fix(620, -8.0, "accident")
	d.now = d.begun.Add(30 * time.Hour)
	d.open()
	d.pass(true)
	if !strings.Contains(d.kept(), "alarm accident") {
		t.Errorf("the day before was not finished: %s", d.kept())
	}
}
