package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/jackc/pgx/v5"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// noon is an instant that the tests work around.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// alike compares values with unknown numbers in them.
var alike = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmp.Transformer("numbers", func(p orb.Point) [2]float64 { return p })}

// same fails the test if two values differ.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got, alike); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// agree ends a property's test if two values differ.
func agree(t *rapid.T, what string, want, got any) {
	if d := cmp.Diff(want, got, alike); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

// must gives the value, or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// fix makes a fix received two seconds after its time.
func fix(ubigeo, device string, at time.Time, seq int64) fleet.Fix {
	return fleet.Fix{Ubigeo: ubigeo, Device: device, Unit: "C01", Time: at, Seq: seq, Received: at.Add(2 * time.Second),
		Point: orb.Point{-79.0, -8.05}, Speed: 5, Course: 90, Accuracy: math.NaN(), Altitude: 30.25, Battery: math.NaN()}
}

func TestFixRoundTrip(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	on := true
	whole := fix("010203", "d1", noon.Add(123456789*time.Nanosecond), 7)
	whole.Ignition, whole.Event, whole.Battery, whole.Accuracy = &on, "sos", 0.5, 8
	none := fix("010203", "d1", noon.Add(time.Second), 8)
	none.Point = orb.Point{math.NaN(), math.NaN()}
	none.Speed, none.Course, none.Flags = math.NaN(), math.NaN(), fleet.FlagInvalid
	fresh := must(s.StoreFixes(ctx, []fleet.Fix{none, whole}))(t)
	want := []fleet.Fix{whole, none}
	want[0].Time = want[0].Time.Truncate(time.Microsecond)
	want[0].Received = want[0].Received.Truncate(time.Microsecond)
	same(t, "fresh", want, fresh)
	same(t, "stored", want, must(s.Fixes(ctx, "010203", "d1", noon, noon.Add(time.Minute)))(t))
	same(t, "of the unit", want, must(s.FixesOfUnit(ctx, "010203", "C01", noon, noon.Add(time.Minute)))(t))
	same(t, "last", want[:1], must(s.LastFixes(ctx, "010203"))(t))
	same(t, "again", []fleet.Fix(nil), must(s.StoreFixes(ctx, []fleet.Fix{whole, none}))(t))
	same(t, "up to just before", []fleet.Fix(nil), must(s.Fixes(ctx, "010203", "d1", noon, noon.Add(123456*time.Microsecond)))(t))
	devices := must(s.Devices(ctx, "010203"))(t)
	same(t, "devices", []fleet.Device{{Ubigeo: "010203", ID: "d1"}}, devices)
}

// TestConcurrentDuplicates gives the same fixes from many sides at once: each
// is new to exactly one of them.
func TestConcurrentDuplicates(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	const n = 500
	all := fleetFixes(n, noon)
	var fresh atomic.Int64
	var wg sync.WaitGroup
	for w := range 6 {
		wg.Go(func() {
			for i := range 5 {
				part := all[(w*70+i*40)%n:]
				got, err := s.StoreFixes(ctx, part)
				if err != nil {
					t.Error(err)
				}
				fresh.Add(int64(len(got)))
			}
			got, err := s.StoreFixes(ctx, all)
			if err != nil {
				t.Error(err)
			}
			fresh.Add(int64(len(got)))
		})
	}
	wg.Wait()
	if fresh.Load() != n {
		t.Errorf("%d fixes were new to somebody, want %d", fresh.Load(), n)
	}
	same(t, "rows", store.FixCount{Rows: n, Distinct: n}, must(s.CountFixes(ctx, "130102"))(t))
}

func TestRefusedFixesBecomeDeadLetters(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	spoil := map[string]func(*fleet.Fix){
		"zero byte":        func(f *fleet.Fix) { f.Event = "so\x00s" },
		"broken text":      func(f *fleet.Fix) { f.Unit = "C\xff1" },
		"infinite speed":   func(f *fleet.Fix) { f.Speed = math.Inf(1) },
		"off the Earth":    func(f *fleet.Fix) { f.Point = orb.Point{-79, 512} },
		"infinite":         func(f *fleet.Fix) { f.Point = orb.Point{math.Inf(-1), 0} },
		"ubigeo cut short": func(f *fleet.Fix) { f.Ubigeo = "13010" },
		"no device":        func(f *fleet.Fix) { f.Device = "" },
	}
	number := 0
	for name, spoil := range spoil {
		t.Run(name, func(t *testing.T) {
			number++
			good := fleetFixes(40, noon.Add(time.Duration(number)*time.Hour))
			bad := fix("130102", "bad", noon, int64(number))
			spoil(&bad)
			fresh := must(s.StoreFixes(ctx, append(append([]fleet.Fix{}, good[:17]...), append([]fleet.Fix{bad}, good[17:]...)...)))(t)
			if len(fresh) != len(good) {
				t.Errorf("%d new fixes, want the %d good ones", len(fresh), len(good))
			}
			where := "130102"
			if fleet.CheckUbigeo(bad.Ubigeo) != nil {
				where = "000000"
			}
			dead := must(s.DeadLetters(ctx, where, 100))(t)
			found := false
			for _, d := range dead {
				var body struct{ Seq int64 }
				if err := json.Unmarshal(d.Payload, &body); err != nil {
					t.Fatal(err)
				}
				found = found || body.Seq == bad.Seq && strings.HasPrefix(d.Reason, "the fix cannot be stored") && d.Topic == "fix"
			}
			if !found {
				t.Errorf("no dead letter of the bad fix among %v", dead)
			}
		})
	}
}

func TestFlaggedFixesAreKept(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	off := fix("130102", "d", noon, 1)
	off.Point, off.Flags = orb.Point{-79, 512}, fleet.FlagInvalid
	zero := fix("130102", "d", noon, 2)
	zero.Point, zero.Flags = orb.Point{}, fleet.FlagZero
	if fresh := must(s.StoreFixes(ctx, []fleet.Fix{off, zero}))(t); len(fresh) != 2 {
		t.Fatalf("%d of 2 kept", len(fresh))
	}
	same(t, "last", []fleet.Fix(nil), must(s.LastFixes(ctx, "130102"))(t))
}

func TestQuarantine(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	received := noon
	for _, tt := range []struct {
		name string
		at   time.Time
		kept bool
	}{
		{"GPS epoch", time.Date(1980, 1, 6, 0, 0, 0, 0, time.UTC), false},
		{"zero time", time.Time{}, false},
		{"401 days ago", noon.AddDate(0, 0, -401), false},
		{"400 days ago", noon.AddDate(0, 0, -400), true},
		{"in two days", noon.AddDate(0, 0, 2), true},
		{"in three days", noon.AddDate(0, 0, 3), false},
		{"year 60000", time.Date(60000, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"beyond int64 microseconds", time.Date(300000, 1, 1, 0, 0, 0, 0, time.UTC), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := fix("220101", tt.name, tt.at, 1)
			f.Received = received
			before := len(must(s.Quarantine(ctx, "220101", 100))(t))
			for i := range 2 {
				fresh := must(s.StoreFixes(ctx, []fleet.Fix{f}))(t)
				if want := tt.kept && i == 0; (len(fresh) == 1) != want {
					t.Errorf("time %d: %d new", i+1, len(fresh))
				}
			}
			if q := len(must(s.Quarantine(ctx, "220101", 100))(t)) - before; (q == 1) == tt.kept {
				t.Errorf("%d more in quarantine", q)
			}
		})
	}
}

// TestMidnight stores the last instants of a day and the first of the next:
// they go to two partitions and come back in order.
func TestMidnight(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	midnight := noon.Add(-12 * time.Hour)
	var want []fleet.Fix
	for i, off := range []time.Duration{-time.Second, -time.Microsecond, 0, time.Microsecond, 24*time.Hour - time.Microsecond, 24 * time.Hour} {
		want = append(want, fix("130102", "d", midnight.Add(off), int64(i)))
	}
	// The same instant in another zone is the same instant.
	lima := time.FixedZone("", -5*3600)
	given := append([]fleet.Fix{}, want...)
	for i := range given {
		given[i].Time = given[i].Time.In(lima)
	}
	must(s.StoreFixes(ctx, given))(t)
	same(t, "all", want, must(s.Fixes(ctx, "130102", "d", midnight.AddDate(0, 0, -1), midnight.AddDate(0, 0, 2)))(t))
	same(t, "the day", want[2:5], must(s.Fixes(ctx, "130102", "d", midnight, midnight.AddDate(0, 0, 1)))(t))
	same(t, "the unit's day", want[2:5], must(s.FixesOfUnit(ctx, "130102", "C01", midnight, midnight.AddDate(0, 0, 1)))(t))
	same(t, "the first day", midnight.AddDate(0, 0, -1), must(s.FixDays(ctx))(t)[0])
	must(s.DropFixDay(ctx, midnight.AddDate(0, 0, -1)))(t)
	same(t, "the first day left", midnight, must(s.FixDays(ctx))(t)[0])
	same(t, "after the drop", want[2:], must(s.Fixes(ctx, "130102", "d", midnight.AddDate(0, 0, -1), midnight.AddDate(0, 0, 2)))(t))
	must(s.StoreFixes(ctx, want[:1]))(t)
	same(t, "stored after the drop", want[:1], must(s.Fixes(ctx, "130102", "d", midnight.AddDate(0, 0, -1), midnight))(t))
}

// TestPartitionDroppedElsewhere stores a fix whose partition another program
// has dropped without this one knowing.
func TestPartitionDroppedElsewhere(t *testing.T) {
	url := storetest.URL(t)
	a, b := openURL(t, url), openURL(t, url)
	ctx := t.Context()
	old := noon.AddDate(0, 0, -10)
	must(a.StoreFixes(ctx, []fleet.Fix{fix("130102", "d", old, 1)}))(t)
	must(b.DropFixDay(ctx, old))(t)
	if fresh := must(a.StoreFixes(ctx, []fleet.Fix{fix("130102", "d", old, 1)}))(t); len(fresh) != 1 {
		t.Errorf("%d new fixes, want 1", len(fresh))
	}
}

// TestDropCutShort: a day whose table was taken out of the table of fixes and not
// dropped takes late fixes again, and goes with the next day that is dropped.
func TestDropCutShort(t *testing.T) {
	url := storetest.URL(t)
	s, ctx := openURL(t, url), t.Context()
	conn := must(pgx.Connect(ctx, url))(t)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	old, older := noon.AddDate(0, 0, -10), noon.AddDate(0, 0, -11)
	must(s.StoreFixes(ctx, []fleet.Fix{fix("130102", "d", old, 1), fix("130102", "d", older, 1)}))(t)
	cut := func() {
		t.Helper()
		must(conn.Exec(ctx, "ALTER TABLE fixes DETACH PARTITION fixes_"+old.Format("20060102")))(t)
	}
	cut()
	again := openURL(t, url) // knows nothing of the days yet
	must(again.StoreFixes(ctx, []fleet.Fix{fix("130102", "d", old, 2)}))(t)
	if got := must(again.Fixes(ctx, "130102", "d", old, old.Add(time.Hour)))(t); len(got) != 2 {
		t.Errorf("%d fixes of the day, want the one before the cut and the one after", len(got))
	}
	cut()
	must(again.DropFixDay(ctx, older))(t)
	var there bool
	if err := conn.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", "fixes_"+old.Format("20060102")).Scan(&there); err != nil || there {
		t.Errorf("the table of a day that was cut out is still there (%v)", err)
	}
}

func openURL(t *testing.T, url string) *store.Store {
	t.Helper()
	s := must(store.Open(t.Context(), store.Config{URL: url, MaxConns: 4}))(t)
	t.Cleanup(s.Close)
	return s
}

func TestDistrictsAreApart(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	for _, u := range []string{"010101", "130102"} {
		must(s.StoreFixes(ctx, []fleet.Fix{fix(u, "same-device", noon, 1)}))(t)
	}
	for _, u := range []string{"010101", "130102"} {
		got := must(s.Fixes(ctx, u, "same-device", noon, noon.Add(time.Hour)))(t)
		last := must(s.LastFixes(ctx, u))(t)
		unit := must(s.FixesOfUnit(ctx, u, "C01", noon, noon.Add(time.Hour)))(t)
		for _, fs := range [][]fleet.Fix{got, last, unit} {
			if len(fs) != 1 || fs[0].Ubigeo != u {
				t.Errorf("district %s sees %v", u, fs)
			}
		}
	}
	for _, wrong := range []string{"10101", "", "0101011", "130102 "} {
		if got := must(s.Fixes(ctx, wrong, "same-device", noon, noon.Add(time.Hour)))(t); len(got) != 0 {
			t.Errorf("district %q sees %v", wrong, got)
		}
	}
}

func TestLateFixesMakeDaysDirty(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	put := func(seq int64, at, received time.Time) {
		f := fix("130102", "d", at, seq)
		f.Received = received
		must(s.StoreFixes(ctx, []fleet.Fix{f}))(t)
	}
	put(1, noon, noon.Add(time.Second))
	put(2, noon.Add(10*time.Second), noon.Add(11*time.Second))
	if d := must(s.DirtyDays(ctx, "130102"))(t); len(d) != 0 {
		t.Fatalf("fixes in time made %v dirty", d)
	}
	put(3, noon.Add(5*time.Second), noon.Add(12*time.Second)) // overtaken
	put(4, noon.Add(-13*time.Hour), noon.Add(13*time.Second)) // the day before
	days := must(s.DirtyDays(ctx, "130102"))(t)
	want := []fleet.DirtyDay{
		{Ubigeo: "130102", Unit: "C01", Day: noon.Add(-36 * time.Hour), First: noon.Add(-13 * time.Hour), Last: noon.Add(-13 * time.Hour), Fixes: 1, Mark: 1},
		{Ubigeo: "130102", Unit: "C01", Day: noon.Add(-12 * time.Hour), First: noon.Add(5 * time.Second), Last: noon.Add(5 * time.Second), Fixes: 1, Mark: 1},
	}
	same(t, "dirty", want, days)
	put(3, noon.Add(5*time.Second), noon.Add(20*time.Second)) // a duplicate changes nothing
	put(5, noon.Add(-12*time.Hour), noon.Add(time.Hour))
	for _, d := range days { // computed meanwhile; the second day got one more
		if err := s.ClearDirtyDay(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	left := must(s.DirtyDays(ctx, "130102"))(t)
	want[1].First, want[1].Fixes, want[1].Mark = noon.Add(-12*time.Hour), 2, 2
	same(t, "still dirty", want[1:], left)
}

func TestManyDevicesInOneBatch(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	var all []fleet.Fix
	for i := range 2500 {
		all = append(all, fix("130102", fmt.Sprintf("Ñandú-%04d", i), noon, 1))
	}
	if fresh := must(s.StoreFixes(ctx, all))(t); len(fresh) != len(all) {
		t.Fatalf("%d new, want %d", len(fresh), len(all))
	}
	if last := must(s.LastFixes(ctx, "130102"))(t); len(last) != len(all) {
		t.Errorf("%d last positions, want %d", len(last), len(all))
	}
}

func TestCopyRate(t *testing.T) {
	s := storetest.New(t)
	rate, err := s.CopyRate(context.Background(), fleetFixes(1000, noon))
	if err != nil || !(rate > 0) {
		t.Fatalf("%g rows/s, %v", rate, err)
	}
	if rows := must(s.CountFixes(t.Context(), "130102"))(t); rows.Rows != 0 {
		t.Errorf("the measurement left %d fixes", rows.Rows)
	}
}
