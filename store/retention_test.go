package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/relay"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/fleet/track"
	"github.com/serenazgo/serenazgo/fleet/track/tracktest"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// TestRetention: each district forgets by its own rule, a hold keeps its period,
// and what is forgotten leaves figures and no places.
func TestRetention(t *testing.T) {
	const other = "130102"
	ctx := t.Context()
	today := time.Now().UTC().Truncate(24 * time.Hour)
	s := storetest.Open(t, store.Config{Now: func() time.Time { return today.Add(12 * time.Hour) }})
	on := func(ago int) time.Time { return today.AddDate(0, 0, -ago) }
	for _, u := range []string{here, other} {
		check(t, s.SaveDistrict(ctx, fleet.District{Ubigeo: u, Name: "x", TimeZone: "America/Lima"}))
		for ago := range 12 {
			fixes := tracktest.Drive{Ubigeo: u, Unit: "C01", Device: "gps", From: on(ago).Add(12 * time.Hour), Interval: time.Minute, Fixes: 30, Seed: 1}.All()
			must(s.StoreFixes(ctx, fixes))(t)
			check(t, s.SaveTrail(ctx, u, track.Of("C01", on(ago).Add(11*time.Hour), on(ago-1).Add(11*time.Hour), fixes)))
			check(t, s.SaveDay(ctx, u, journal.Day{Unit: "C01", Date: on(ago).Format(time.DateOnly), Metres: 1234,
				Stops:  []journal.Stop{{Start: fixes[0].Time, End: fixes[9].Time, Point: fixes[0].Point}},
				Events: []journal.Event{{Unit: "C01", Kind: journal.PowerCut, Start: fixes[0].Time, Point: fixes[0].Point}}}))
			if ago != 9 {
				check(t, s.SaveCoverage(ctx, u, fleet.ShiftID(on(ago).Format(time.DateOnly)+"/noche"), "joint", []byte(`{"cells":7}`)))
			}
		}
	}
	audit := fleet.AuditRow{Ubigeo: here, Username: "ana", Action: "retention.save"}
	check(t, s.SaveRetention(ctx, here, 5, audit))
	wantKind(t, "for no time", s.SaveRetention(ctx, here, 0, audit), fleet.ErrInvalid)
	hold := retain.Hold{ID: "h1", Start: on(8).Add(20 * time.Hour), End: on(8).Add(21 * time.Hour), Reason: "Oficio 123", CreatedAt: today, CreatedBy: "ana"}
	check(t, s.SaveHold(ctx, here, hold, audit))
	run := func() {
		check(t, retain.Pass(ctx, retain.Config{Store: s, Now: func() time.Time { return today.Add(12 * time.Hour) }, Days: 10}))
	}
	run()
	fixes := func(u string, ago int) int {
		return len(must(s.FixesOfUnit(ctx, u, "C01", on(ago), on(ago-1)))(t))
	}
	for ago := range 12 {
		// Twelve hours of today have passed: the fifth day back ends 4.5 days ago.
		mine, theirs := 30, 30
		if ago > 5 && ago != 8 && ago != 7 { // the hold keeps the day after too
			mine = 0
		}
		if ago > 10 {
			theirs = 0
		}
		if fixes(here, ago) != mine || fixes(other, ago) != theirs {
			t.Errorf("%d days ago: %d and %d fixes, want %d and %d", ago, fixes(here, ago), fixes(other, ago), mine, theirs)
		}
	}
	days := must(s.Days(ctx, here, "C01", on(11).Format(time.DateOnly), on(0).Format(time.DateOnly)))(t)
	if len(days) != 12 || days[0].Metres != 1234 || len(days[0].Stops) != 0 || len(days[11].Stops) != 1 {
		t.Errorf("%d days, the first %+v", len(days), days[0])
	}
	es := must(s.Events(ctx, here, "C01", on(11), on(10), 5))(t)
	if len(es) != 1 || es[0].Point[0] == es[0].Point[0] {
		t.Errorf("an event that was forgotten is at %v", es)
	}
	if es := must(s.Events(ctx, here, "C01", on(8), on(7), 5))(t); es[0].Point == (orb.Point{}) || es[0].Point[0] != es[0].Point[0] {
		t.Errorf("an event that is held is at %v", es)
	}
	for _, p := range must(s.Trails(ctx, here, "C01", on(12), today.AddDate(0, 0, 2)))(t) {
		if ago := int(today.Sub(p.Start.Truncate(24*time.Hour)) / (24 * time.Hour)); ago > 6 && (ago < 7 || ago > 9) { // that of the ninth reaches into the held day
			t.Errorf("a trail of %d days ago is left", ago)
		}
	}
	same(t, "coverage", 1, len(must(s.Coverage(ctx, here, fleet.ShiftID(on(11).Format(time.DateOnly)+"/noche")))(t)))
	runs := must(s.RetentionRuns(ctx, here, 5))(t)
	if len(runs) != 1 || runs[0].Days != 6 || runs[0].Done != 6 || runs[0].Held != 2 || runs[0].Finished.IsZero() {
		t.Errorf("%+v", runs)
	}
	// What is done is not done again: but for the days that are held, and one of
	// which a fix came since.
	late := plainFix("gps", on(10).Add(time.Hour), 99)
	late.Unit = "C01"
	must(s.StoreFixes(ctx, []fleet.Fix{late}))(t)
	run()
	runs = must(s.RetentionRuns(ctx, here, 5))(t)
	if len(runs) != 1 || runs[0].Days != 3 || runs[0].Held != 2 {
		t.Errorf("the second run of a day: %+v", runs)
	}
	same(t, "the late fix", 0, fixes(here, 10))
	same(t, "oldest here", on(8), must(s.OldestDay(ctx, here))(t))
	same(t, "oldest there", on(10), must(s.OldestDay(ctx, other))(t))
	same(t, "oldest nowhere", time.Time{}, must(s.OldestDay(ctx, "150131"))(t))
	check(t, s.ReleaseHold(ctx, here, "h1", today, audit))
	check(t, s.ReleaseHold(ctx, here, "h1", today.Add(time.Hour), audit))
	wantKind(t, "no such hold", s.ReleaseHold(ctx, here, "h2", today, audit), fleet.ErrNotFound)
	run()
	same(t, "released", 0, fixes(here, 8))
	same(t, "released at", today, must(s.Holds(ctx, here))(t)[0].ReleasedAt)
}

// TestHeldPartition: a day that every district is done with stays whole while
// one of them holds it, and is dropped when nobody does.
func TestHeldPartition(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	old := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -20)
	f := plainFix("gps", old.Add(time.Hour), 1)
	must(s.StoreFixes(ctx, []fleet.Fix{f}))(t)
	audit := fleet.AuditRow{Ubigeo: here, Action: "hold.make"}
	check(t, s.SaveHold(ctx, here, retain.Hold{ID: "h", Start: old, End: old.Add(time.Minute), Reason: "Fiscalía", CreatedAt: old, CreatedBy: "ana"}, audit))
	same(t, "held", true, must(s.DropFixDay(ctx, old))(t))
	check(t, s.ReleaseHold(ctx, here, "h", old, audit))
	same(t, "held no more", false, must(s.DropFixDay(ctx, old))(t))
	for _, d := range must(s.FixDays(ctx))(t) {
		if d.Equal(old) {
			t.Error("the day is still there")
		}
	}
}

// TestForgottenPlaces: nothing that tells where a unit was stays in any table.
func TestForgottenPlaces(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	at := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -20).Add(15 * time.Hour)
	f := plainFix("gps", at, 1)
	f.Unit = "C01"
	r := relay.Defaults()
	r.On, r.Municipality, r.Vehicles = true, "M", map[string]relay.Vehicle{"C01": {IMEI: "356307042441013", Plate: "EGA-123"}}
	check(t, s.SaveRelay(ctx, here, r, fleet.AuditRow{Ubigeo: here, Action: "relay.save"}))
	must(s.StoreFixes(ctx, []fleet.Fix{f}))(t)
	same(t, "news", 1, len(must(s.RelayNews(ctx, here, "C01", time.Now(), 5))(t)))
	check(t, s.SaveRelayPass(ctx, here, "C01", relay.Cursor{}, nil, []relay.Queued{{Unit: "C01", At: at}}, nil))
	event := func(k journal.Kind, place string) journal.Event {
		return journal.Event{Unit: "C01", Kind: k, Place: place, Start: at, Point: orb.Point{-79, -8}}
	}
	check(t, s.SaveDay(ctx, here, journal.Day{Unit: "C01", Date: at.Format(time.DateOnly), Events: []journal.Event{
		event(journal.FenceEnter, "casa-a"), event(journal.FenceEnter, "casa-b"), event(journal.FenceExit, "casa-a"), event(journal.DeviceAlarm, "sos")}}))
	same(t, "held", false, must(s.ForgetDay(ctx, here, at))(t))
	same(t, "last positions", 0, len(must(s.LastFixes(ctx, here))(t)))
	same(t, "news", 0, len(must(s.RelayNews(ctx, here, "C01", time.Now(), 5))(t)))
	n, _, err := s.RelayWaiting(ctx, here)
	check(t, err)
	same(t, "on their way", 0, n)
	var places []string
	for _, e := range must(s.Events(ctx, here, "", at.Add(-time.Hour), at.Add(time.Hour), 9))(t) {
		places = append(places, string(e.Kind)+" "+e.Place)
	}
	same(t, "events", []string{"alarm sos", "fence_enter ", "fence_exit "}, places)
	same(t, "forgotten", true, must(s.Forgotten(ctx, here, at))(t))
	same(t, "forgotten elsewhere", false, must(s.Forgotten(ctx, "130102", at))(t))
}

// TestHoldWhileADayGoes: who makes a hold does not wait for the readers that the
// dropping of a day waits for, and the hold counts.
func TestHoldWhileADayGoes(t *testing.T) {
	url := storetest.URL(t)
	s, ctx := openURL(t, url), t.Context()
	old := noon.AddDate(0, 0, -10)
	must(s.StoreFixes(ctx, []fleet.Fix{fix(here, "d", old, 1)}))(t)
	conn := must(pgx.Connect(ctx, url))(t)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	reader := must(conn.Begin(ctx))(t)
	must(reader.Exec(ctx, `SELECT count(*) FROM fixes`))(t)
	type answer struct {
		held bool
		err  error
	}
	dropped := make(chan answer, 1)
	go func() {
		held, err := s.DropFixDay(ctx, old)
		dropped <- answer{held, err}
	}()
	watcher := must(pgx.Connect(ctx, url))(t)
	t.Cleanup(func() { _ = watcher.Close(context.Background()) })
	for waits := false; !waits; {
		check(t, watcher.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE fixes DETACH%' AND wait_event_type = 'Lock' AND state = 'active'
			AND query LIKE '%' || $1 || '%')`, old.Format("20060102")).Scan(&waits))
		if len(dropped) > 0 {
			t.Fatalf("the day went while it was read: %+v", <-dropped)
		}
	}
	hold := retain.Hold{ID: "h", Start: old, End: old.Add(time.Minute), Reason: "Fiscalía", CreatedAt: noon, CreatedBy: "ana"}
	check(t, s.SaveHold(ctx, here, hold, fleet.AuditRow{Ubigeo: here, Action: "hold.make"}))
	check(t, reader.Rollback(ctx))
	if a := <-dropped; a.err != nil || !a.held {
		t.Fatalf("%+v", a)
	}
	same(t, "fixes of the held day", 1, len(must(s.Fixes(ctx, here, "d", old, old.Add(time.Hour)))(t)))
}
