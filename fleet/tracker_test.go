package fleet

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
	"pgregory.net/rapid"
)

const kmh = 1 / 3.6

// sec gives a fix of device C01, taken and received s seconds after noon.
func sec(s int, speedKmh float64) Fix {
	f := fixAt(noon.Add(time.Duration(s) * time.Second))
	f.Received, f.Seq, f.Speed = f.Time, int64(s), speedKmh*kmh
	f.Point = orb.Point{-79 + float64(s)*1e-5, -8.1}
	return f
}

func at(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }

func oneCar(cfg TrackerConfig) *Tracker {
	t := NewTracker(cfg)
	t.SetFleet("130102", []Unit{{ID: "U1", CallSign: "Cazador 1", Active: true, Device: "C01"}},
		[]Device{{ID: "C01", Unit: "U1", Interval: 10 * time.Second}})
	return t
}

func TestTrackerNewestWins(t *testing.T) {
	late := sec(5, 20)
	late.Received = at(300)
	future := sec(20, 20)
	future.Time = at(9000) // a clock 2½ hours ahead
	for _, tt := range []struct {
		name  string
		fixes []Fix
		want  int64 // Seq
	}{
		{"in order", []Fix{sec(0, 20), sec(10, 20)}, 10},
		{"late fix", []Fix{sec(0, 20), sec(10, 20), late}, 10},
		{"twice", []Fix{sec(10, 20), sec(10, 20)}, 10},
		{"a clock ahead does not pin the unit", []Fix{future, sec(30, 20)}, 30},
		{"but its fix counts when it came", []Fix{sec(10, 20), future}, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := oneCar(TrackerConfig{})
			for _, f := range tt.fixes {
				tr.Apply([]Fix{f}, f.Received)
			}
			got := tr.Snapshot("130102", at(60))
			if len(got) != 1 || got[0].Unit != "U1" || got[0].CallSign != "Cazador 1" || got[0].Fix.Seq != tt.want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestTrackerReportsOnlyChanges(t *testing.T) {
	tr := oneCar(TrackerConfig{})
	if got := tr.Apply([]Fix{sec(0, 20)}, at(0)); len(got) != 1 || got[0].Link != LinkOnline {
		t.Fatalf("first fix: %+v", got)
	}
	if got := tr.Apply([]Fix{sec(0, 20)}, at(1)); len(got) != 0 {
		t.Errorf("the same fix again: %+v", got)
	}
	tr.Apply([]Fix{sec(20, 20)}, at(20))
	late := sec(-30, 20)
	if got := tr.Apply([]Fix{late}, at(21)); len(got) != 1 || got[0].Fix.Seq != 20 {
		// It lengthens the row of patrol fixes, and moves nothing.
		t.Errorf("late fix: %+v", got)
	}
	if got := tr.Tick(at(25)); len(got) != 0 {
		t.Errorf("five seconds: %+v", got)
	}
}

func TestTrackerLink(t *testing.T) {
	noFix := sec(100, 20)
	noFix.Flags = FlagInvalid
	for _, tt := range []struct {
		name     string
		interval time.Duration
		fixes    []Fix
		now      int
		link     Link
		since    int
	}{
		{"fresh", 10 * time.Second, []Fix{sec(0, 20)}, 5, LinkOnline, 0},
		{"30 s is the least patience", 5 * time.Second, []Fix{sec(0, 20)}, 30, LinkOnline, 0},
		{"three intervals", 20 * time.Second, []Fix{sec(0, 20)}, 60, LinkOnline, 0},
		{"more", 20 * time.Second, []Fix{sec(0, 20)}, 61, LinkStale, 0},
		{"stale by default of 10 s", 0, []Fix{sec(0, 20)}, 31, LinkStale, 0},
		{"600 s", 10 * time.Second, []Fix{sec(0, 20)}, 600, LinkStale, 0},
		{"silent for longer", 10 * time.Second, []Fix{sec(0, 20)}, 601, LinkOffline, 0},
		{"a slow tracker is patient", 300 * time.Second, []Fix{sec(0, 20)}, 900, LinkOnline, 0},
		{"and is then offline at once", 300 * time.Second, []Fix{sec(0, 20)}, 901, LinkOffline, 0},
		{"alive without position", 10 * time.Second, []Fix{sec(0, 20), noFix}, 105, LinkStale, 0},
		{"heard 600 s ago without position", 10 * time.Second, []Fix{sec(0, 20), noFix}, 701, LinkOffline, 100},
		{"never a position", 10 * time.Second, []Fix{noFix}, 105, LinkStale, 100},
		{"back after a gap", 10 * time.Second, []Fix{sec(0, 20), sec(10, 20), sec(100, 20), sec(110, 20)}, 111, LinkOnline, 100},
		{"a little late", 10 * time.Second, []Fix{sec(0, 20), sec(10, 20), sec(45, 20)}, 46, LinkStale, 45},
		{"and in time again", 10 * time.Second, []Fix{sec(0, 20), sec(10, 20), sec(45, 20), sec(55, 20)}, 56, LinkOnline, 45},
		{"a slow tracker was offline", 300 * time.Second, []Fix{sec(0, 20), sec(1000, 20)}, 1001, LinkOnline, 1000},
		{"the gap filled late", 10 * time.Second, []Fix{sec(0, 20), sec(80, 20), sec(30, 20), sec(60, 20)}, 81, LinkOnline, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := NewTracker(TrackerConfig{})
			tr.SetFleet("130102", nil, []Device{{ID: "C01", Interval: tt.interval}})
			tr.Apply(tt.fixes, at(0))
			tr.Tick(at(tt.now))
			got := tr.Snapshot("130102", at(tt.now))[0]
			if got.Link != tt.link || !got.LinkSince.Equal(at(tt.since)) {
				t.Errorf("%s since %s, want %s since %s", got.Link, got.LinkSince, tt.link, at(tt.since))
			}
		})
	}
}

func TestTrackerTick(t *testing.T) {
	tr := oneCar(TrackerConfig{})
	tr.Apply([]Fix{sec(0, 20)}, at(0))
	var got []string
	for s := 1; s <= 1200; s++ {
		for _, u := range tr.Tick(at(s)) {
			got = append(got, fmt.Sprint(s, " ", u.Link))
		}
	}
	if fmt.Sprint(got) != "[31 stale 601 offline]" {
		t.Error(got)
	}
}

func TestTrackerMotion(t *testing.T) {
	nan := math.NaN() // sec moves 1e-5° of longitude a second: about 1.1 m/s, 4 km/h
	for _, tt := range []struct {
		name   string
		mode   routing.Mode
		speeds []float64 // km/h, every 10 s
		want   Motion
		since  int
	}{
		{"standing", routing.Car, []float64{20, 0, 0}, MotionStopped, 10},
		{"just below patrol", routing.Car, []float64{0, 4.9}, MotionStopped, 0},
		{"on patrol just below it", routing.Car, []float64{20, 4.9, 4.1}, MotionPatrol, 0},
		{"on patrol and stopping", routing.Car, []float64{20, 4.9, 3.9}, MotionStopped, 20},
		{"in transit just below it", routing.Car, []float64{40, 28, 24.5}, MotionTransit, 0},
		{"in transit and slower", routing.Car, []float64{40, 28, 23}, MotionPatrol, 20},
		{"from transit to a crawl", routing.Car, []float64{40, 4.5, 4.5}, MotionPatrol, 10},
		{"patrol", routing.Car, []float64{0, 18, 5, 30}, MotionPatrol, 10},
		{"transit", routing.Car, []float64{18, 31, 70}, MotionTransit, 10},
		{"a motorcycle too", routing.Motorcycle, []float64{31}, MotionTransit, 0},
		{"on foot 4 km/h is patrol", routing.Foot, []float64{4}, MotionPatrol, 0},
		{"a bicycle at 11", routing.Bicycle, []float64{11}, MotionPatrol, 0},
		{"a bicycle at 21", routing.Bicycle, []float64{21}, MotionTransit, 0},
		{"speed from the way", routing.Foot, []float64{nan, nan, nan}, MotionPatrol, 10},
		{"nothing known", routing.Car, []float64{nan}, MotionUnknown, 0},
		{"all the same", routing.Car, []float64{0, 0, 0}, MotionStopped, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tr := NewTracker(TrackerConfig{})
			tr.SetFleet("130102", []Unit{{ID: "U1", Mode: tt.mode, Device: "C01"}}, nil)
			for i, v := range tt.speeds {
				tr.Apply([]Fix{sec(10*i, v)}, at(10*i))
			}
			got := tr.Snapshot("130102", at(0))[0]
			if got.Motion != tt.want || !got.MotionSince.Equal(at(tt.since)) {
				t.Errorf("%q since %s, want %q since %s", got.Motion, got.MotionSince, tt.want, at(tt.since))
			}
		})
	}
}

// A unit at about a threshold, and a device that reports at about the longest
// interval, keep their states.
func TestTrackerDoesNotFlap(t *testing.T) {
	tr := oneCar(TrackerConfig{})
	tr.SetFleet("130102", []Unit{{ID: "U1", Mode: routing.Car, Device: "C01"}}, []Device{{ID: "C01", Unit: "U1", Interval: 10 * time.Second}})
	motions, links := map[Motion]int{}, 0
	var motion Motion
	var link Link
	last := 0
	for s := range 3600 {
		states := tr.Tick(at(s))
		if wait := []int{10, 35}[s/1800%2]; s%1800 == 0 || s-last >= wait { // half an hour well, half an hour too seldom
			last = s
			states = append(states, tr.Apply([]Fix{sec(s, 5.2-0.5*float64(s%20/10))}, at(s))...)
		}
		for _, u := range states {
			if u.Motion != motion {
				motion = u.Motion
				motions[motion]++
			}
			if u.Link != link {
				link = u.Link
				links++
			}
		}
	}
	if len(motions) != 1 || motions[MotionPatrol] != 1 || link != LinkStale || links != 2 {
		t.Errorf("motions %v, %d links, now %s", motions, links, link)
	}
}

func TestTrackerRemembersLongStops(t *testing.T) {
	tr := oneCar(TrackerConfig{TrailLen: 5})
	tr.Apply([]Fix{sec(0, 20), sec(10, 20)}, at(10))
	for s := 20; s <= 2000; s += 10 {
		tr.Apply([]Fix{sec(s, 0)}, at(s))
	}
	got := tr.Snapshot("130102", at(2000))[0]
	if got.Motion != MotionStopped || !got.MotionSince.Equal(at(10)) {
		t.Errorf("%s since %s", got.Motion, got.MotionSince)
	}
	if trail := tr.Trail("130102", "U1"); len(trail) != 5 || trail[0].Seq != 1960 || trail[4].Seq != 2000 {
		t.Errorf("trail %v", trail)
	}
}

func TestTrackerUnitsAndDevices(t *testing.T) {
	tr := NewTracker(TrackerConfig{})
	tr.SetFleet("130102", []Unit{{ID: "U1", Active: true}, {ID: "U2", Active: true}, {ID: "old"}},
		[]Device{{ID: "C01", Unit: "U1"}, {ID: "phone", Unit: "U1"}})
	phone, stray, elsewhere := sec(20, 4), sec(5, 4), sec(1, 4)
	phone.Device, stray.Device, elsewhere.Ubigeo = "phone", "stray", "130101"
	tr.Apply([]Fix{sec(0, 20), phone, stray, elsewhere}, at(20))
	var got []string
	for _, s := range tr.Snapshot("130102", at(20)) {
		got = append(got, fmt.Sprintf("%s/%s %v %s", s.Unit, s.Device, s.HasFix, s.Link))
	}
	// The stray device has its own state, U2 was never heard, the unit out of service is left out.
	if fmt.Sprint(got) != "[/stray true online U1/phone true online U2/ false offline]" {
		t.Error(got)
	}
	if tr.UnitOf("130102", "phone") != "U1" || tr.UnitOf("130101", "phone") != "" {
		t.Error("UnitOf")
	}
	// The tracker moves to another car.
	tr.SetFleet("130102", []Unit{{ID: "U1", Active: true}, {ID: "U2", Active: true}}, []Device{{ID: "C01", Unit: "U2"}})
	got = nil
	for _, s := range tr.Snapshot("130102", at(20)) {
		got = append(got, fmt.Sprintf("%s/%s", s.Unit, s.Device))
	}
	if fmt.Sprint(got) != "[/phone /stray U1/ U2/C01]" {
		t.Error(got)
	}
}

// Any order of the same fixes, some of them several times, gives the same
// state and trail.
func TestTrackerDoesNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "fixes")
		short := rapid.Bool().Draw(t, "short trail")
		cfg := TrackerConfig{TrailLen: 100}
		if short {
			cfg.TrailLen = 7
		}
		var fixes []Fix
		for i := range n {
			f := sec(rapid.IntRange(0, 60).Draw(t, "s"), rapid.Float64Range(0, 60).Draw(t, "speed"))
			f.Seq = rapid.Int64Range(0, 2).Draw(t, "seq")
			f.Device = rapid.SampledFrom([]string{"C01", "phone"}).Draw(t, "device")
			f.Flags = rapid.SampledFrom([]FixFlag{0, 0, 0, FlagInvalid, FlagPast, FlagBacklog}).Draw(t, "flags")
			// The same identity is the same content.
			for _, g := range fixes {
				if g.Device == f.Device && g.Seq == f.Seq && g.Time.Equal(f.Time) {
					f = g
				}
			}
			f.Received = f.Time.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "delay")) * time.Second)
			if !short { // speeds worked out from neighbours and clocks ahead need the whole trail
				if i%5 == 0 {
					f.Received = f.Time.Add(-time.Hour)
				}
			}
			fixes = append(fixes, f)
			for range rapid.IntRange(0, 2).Draw(t, "copies") {
				again := f
				again.Received = f.Received.Add(time.Duration(rapid.IntRange(0, 50).Draw(t, "again")) * time.Second)
				fixes = append(fixes, again)
			}
		}
		run := func(order []int) ([]UnitState, []Fix) {
			tr := oneCar(cfg)
			tr.SetFleet("130102", []Unit{{ID: "U1", Active: true}}, []Device{{ID: "C01", Unit: "U1"}, {ID: "phone", Unit: "U1"}})
			for _, i := range order {
				tr.Apply(fixes[i:i+1], at(0))
			}
			return tr.Snapshot("130102", at(100)), tr.Trail("130102", "U1")
		}
		order := make([]int, len(fixes))
		for i := range order {
			order[i] = i
		}
		wantState, wantTrail := run(order)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 1))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		gotState, gotTrail := run(order)
		if d := diffFixes(wantState, gotState) + diffFixes(wantTrail, gotTrail); d != "" {
			t.Fatal(d)
		}
		// An oracle for the position: the newest usable fix by first reception.
		var best *Fix
		first := map[[3]any]Fix{}
		for _, f := range fixes {
			k := [3]any{f.Device, f.Time, f.Seq}
			if g, ok := first[k]; f.Usable() && (!ok || f.Received.Before(g.Received)) {
				first[k] = f
			}
		}
		for _, f := range first {
			if best == nil || compareFixes(f, *best) > 0 {
				best = &f
			}
		}
		if best != nil && compareFixes(gotState[0].Fix, *best) != 0 {
			t.Fatalf("at %+v, want %+v", gotState[0].Fix, best)
		}
	})
}

func TestTrackerConcurrently(t *testing.T) {
	tr := oneCar(TrackerConfig{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for s := range 200 {
				tr.Apply([]Fix{sec(s, 20)}, at(s))
				tr.Tick(at(s))
				tr.Snapshot("130102", at(s))
				tr.Trail("130102", "U1")
				tr.SetFleet("130102", []Unit{{ID: "U1"}}, []Device{{ID: "C01", Unit: "U1"}})
			}
		})
	}
	wg.Wait()
	if got := tr.Snapshot("130102", at(199))[0]; got.Fix.Seq != 199 {
		t.Errorf("at %d", got.Fix.Seq)
	}
}
