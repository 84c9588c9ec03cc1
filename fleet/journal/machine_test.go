package journal

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"pgregory.net/rapid"
)

var (
	lima     = time.FixedZone("Lima", -5*3600)
	morning  = time.Date(2026, 11, 21, 7, 0, 0, 0, lima).UTC()
	testDay  = WindowAt(morning, lima)
	corner   = orb.Point{-79, -8}
	allNight = testDay.End
)

// north gives the point so many metres north of the corner.
func north(m float64) orb.Point { return geo.PointAtBearingAndDistance(corner, 0, m) }

// fix makes a fix s seconds into the test.
func fix(s, metres float64, edit ...func(*fleet.Fix)) fleet.Fix {
	nan := math.NaN()
	t := morning.Add(time.Duration(s * float64(time.Second)))
	f := fleet.Fix{Ubigeo: "130102", Device: "C01", Unit: "C01", Time: t, Received: t.Add(time.Second), Point: north(metres),
		Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
	for _, e := range edit {
		e(&f)
	}
	return f
}

func event(s string) func(*fleet.Fix)     { return func(f *fleet.Fix) { f.Event = s } }
func battery(v float64) func(*fleet.Fix)  { return func(f *fleet.Fix) { f.Battery = v } }
func ignition(on bool) func(*fleet.Fix)   { return func(f *fleet.Fix) { f.Ignition = &on } }
func speed(kmh float64) func(*fleet.Fix)  { return func(f *fleet.Fix) { f.Speed = kmh / 3.6 } }
func device(name string) func(*fleet.Fix) { return func(f *fleet.Fix) { f.Device = name } }
func fed(on bool) func(*fleet.Fix)        { return func(f *fleet.Fix) { f.Power = &on } }
func noPlace(f *fleet.Fix)                { f.Flags |= fleet.FlagInvalid; f.Point = orb.Point{math.NaN(), math.NaN()} }

// drive reports every ten seconds, from one time and place to another.
func drive(from, to, a, b float64, edit ...func(*fleet.Fix)) (out []fleet.Fix) {
	for s := from; s <= to; s += 10 {
		out = append(out, fix(s, a+(b-a)*(s-from)/max(to-from, 1), edit...))
	}
	return out
}

// box is an area from a to b metres north, a kilometre wide.
func box(a, b float64) orb.MultiPolygon {
	lo, hi := north(a)[1], north(b)[1]
	return orb.MultiPolygon{{{{-79.005, lo}, {-78.995, lo}, {-78.995, hi}, {-79.005, hi}, {-79.005, lo}}}}
}

func join(parts ...[]fleet.Fix) (out []fleet.Fix) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

// told writes events as lines: kind, place, seconds from the start to the end, the
// charge of a low battery.
func told(d Day) string {
	var lines []string
	for _, e := range d.Events {
		s := fmt.Sprintf("%s %s %.0f", e.Kind, e.Place, e.Start.Sub(morning).Seconds())
		if !e.End.IsZero() {
			s += fmt.Sprintf("..%.0f", e.End.Sub(morning).Seconds())
		}
		if e.Kind == LowBattery && e.Value != nil {
			s += fmt.Sprintf(" at %.2f", *e.Value)
		}
		lines = append(lines, strings.Join(strings.Fields(s), " "))
	}
	return strings.Join(lines, "; ")
}

func TestWindow(t *testing.T) {
	for at, want := range map[string]string{"2026-11-21T05:59:59-05:00": "2026-11-20", "2026-11-21T06:00:00-05:00": "2026-11-21", "2026-11-21T23:00:00-05:00": "2026-11-21", "2026-11-22T10:59:00Z": "2026-11-21"} {
		x, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		w := WindowAt(x, lima)
		on, err := WindowOn(w.Date, lima)
		if err != nil || w != on || w.Date != want || x.Before(w.Start) || !x.Before(w.End) {
			t.Errorf("%s: %v, %v %v", at, w, on, err)
		}
	}
	if _, err := WindowOn("21/11/2026", lima); err == nil {
		t.Error("a date of another form")
	}
}

func TestTripsAndStops(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fixes []fleet.Fix
		want  string // trips with metres, stops with seconds of stop and idle, then totals
	}{
		{"a drive between two stops", join(drive(0, 600, 0, 0), drive(610, 910, 17, 1000), drive(920, 1500, 1000, 1000)),
			"trip 610-910 983 m; stop 0-610 idle 0; stop 910-1500 idle 0; 983 m, moving 300, idle 0, stopped 1200"},
		{"with the engine on", join(drive(0, 600, 0, 0, ignition(true)), drive(610, 910, 17, 1000, ignition(true))),
			"trip 610-910 983 m; stop 0-610 idle 610; 983 m, moving 300, idle 610, stopped 0"},
		{"too short for a stop", join(drive(0, 300, 0, 1000), drive(310, 460, 1000, 1000), drive(470, 780, 1034, 2000)),
			"trip 0-780 2000 m; 2000 m, moving 780, idle 0, stopped 0"},
		{"too short for a trip", join(drive(0, 300, 0, 0), drive(310, 370, 20, 150), drive(380, 700, 150, 150)),
			"stop 0-310 idle 0; stop 360-700 idle 0; 108 m, moving 50, idle 0, stopped 650"},
		{"a receiver that trembles", join(jitter(0, 1200, 15)), "stop 0-1200 idle 0; 0 m, moving 0, idle 0, stopped 1200"},
		{"a gap is driven straight and not counted as driving", []fleet.Fix{fix(0, 0), fix(600, 3000), fix(610, 3100)},
			"trip 0-610 3100 m; 3100 m (3000 estimated), moving 10, idle 0, stopped 0, unheard 600"},
		{"a jump is none", join(drive(0, 100, 0, 300), []fleet.Fix{fix(105, 9000)}, drive(110, 200, 330, 600)),
			"trip 0-200 600 m; 600 m, moving 200, idle 0, stopped 0"},
		{"two devices in one vehicle", join(drive(0, 300, 0, 1000), drive(5, 295, 37, 1020, device("phone"))),
			"trip 0-300 1000 m; 1000 m, moving 300, idle 0, stopped 0"},
		{"nothing", nil, "0 m, moving 0, idle 0, stopped 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Derive("C01", testDay, DefaultConfig(), tt.fixes, morning)
			var got []string
			s := func(t time.Time) float64 { return t.Sub(morning).Seconds() }
			for _, x := range d.Trips {
				got = append(got, fmt.Sprintf("trip %.0f-%.0f %.0f m", s(x.Start), s(x.End), x.Metres))
			}
			for _, x := range d.Stops {
				got = append(got, fmt.Sprintf("stop %.0f-%.0f idle %.0f", s(x.Start), s(x.End), x.Idle))
			}
			total := fmt.Sprintf("%.0f m", d.Metres)
			if d.Estimated > 0 {
				total += fmt.Sprintf(" (%.0f estimated)", d.Estimated)
			}
			total += fmt.Sprintf(", moving %.0f, idle %.0f, stopped %.0f", d.Moving, d.Idle, d.Stopped)
			if d.Unheard > 0 {
				total += fmt.Sprintf(", unheard %.0f", d.Unheard)
			}
			if diff := cmp.Diff(tt.want, strings.Join(append(got, total), "; ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// jitter stands still and reports places around it.
func jitter(from, to, radius float64) (out []fleet.Fix) {
	rnd := rand.New(rand.NewPCG(1, 2))
	out = append(out, fix(from, 0))
	for s := from + 10; s <= to; s += 10 {
		out = append(out, fix(s, radius*rnd.Float64()))
	}
	return out
}

func TestEvents(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Fences = []Fence{{ID: "mercado", Name: "Mercado", Kind: Priority, Geometry: box(100, 200)}, {ID: "cuartel", Name: "Cuartel", Kind: Forbidden, Geometry: box(500, 520)}}
	cfg.District = box(-1000, 3000)
	for _, tt := range []struct {
		name  string
		fixes []fleet.Fix
		now   float64
		want  string
	}{
		{"through a fence between two fixes", []fleet.Fix{fix(0, 0), fix(10, 300)}, 20, "fence_enter mercado 3; fence_exit mercado 7"},
		{"inside from the beginning", []fleet.Fix{fix(0, 150), fix(10, 250)}, 20, "fence_exit mercado 5"},
		{"a gap: at its end", []fleet.Fix{fix(0, 0), fix(400, 150)}, 400, "fence_enter mercado 400"},
		{"a gap across a fence tells nothing", []fleet.Fix{fix(0, 0), fix(400, 300)}, 400, ""},
		{"two fences in one step", []fleet.Fix{fix(0, 0), fix(20, 1000)}, 20, "fence_enter mercado 2; fence_exit mercado 4; fence_enter cuartel 10; fence_exit cuartel 10"},
		{"out of the district and back", []fleet.Fix{fix(0, 2900), fix(10, 3100), fix(200, 3100), fix(210, 2900)}, 210, "outside_district 5..205"},
		{"out of the district", []fleet.Fix{fix(0, 2900), fix(10, 3100), fix(200, 3100)}, 200, "outside_district 5"},
		{"along the edge of the district", []fleet.Fix{fix(0, 2900), fix(10, 3100), fix(20, 2900)}, 20, ""},
		{"fast for long enough", join(drive(0, 30, 0, 90, speed(90)), []fleet.Fix{fix(40, 95, speed(20))}), 40, "overspeed 10..30"},
		{"fast for a moment", []fleet.Fix{fix(0, 0, speed(20)), fix(5, 1, speed(150)), fix(10, 2, speed(20))}, 10, ""},
		{"fast by the way between fixes", []fleet.Fix{fix(0, 600), fix(10, 900), fix(20, 1200), fix(30, 1500)}, 30, "overspeed 10"},
		{"power cut and back", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut")), fix(20, 0, event("power_cut")), fix(30, 0)}, 30, "power_cut 10..30"},
		{"power cut told once", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut")), fix(20, 0), fix(30, 0), fix(40, 0)}, 40, "power_cut 10"},
		{"power cut and back, each told once", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut")), fix(20, 0), fix(30, 0, event("power_restored")), fix(40, 0)}, 40, "power_cut 10..30"},
		{"power cut once, fed again", []fleet.Fix{fix(0, 0, fed(true)), fix(10, 0, event("power_cut")), fix(20, 0), fix(30, 0, fed(true))}, 40, "power_cut 10..30"},
		{"not fed", []fleet.Fix{fix(0, 0, fed(true)), fix(10, 0, fed(false)), fix(20, 0), fix(30, 0, fed(true))}, 40, "power_cut 10..30"},
		{"power cut once while driving", []fleet.Fix{fix(0, 0, ignition(true)), fix(10, 0, event("power_cut"), ignition(true)), fix(20, 0, ignition(true))}, 40, "power_cut 10"},
		{"power cut once, ignition off and on", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut"), ignition(true)), fix(20, 0, ignition(false)), fix(30, 0, ignition(true))}, 40, "power_cut 10..30"},
		{"power cut once, then the ignition", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut"), ignition(false)), fix(20, 0, ignition(true))}, 40, "power_cut 10..20"},
		{"power cut of one device, back of another", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut")), fix(20, 0, device("other"), event("power_restored")), fix(30, 0, device("other"), fed(false))}, 40, "power_cut 10"},
		{"power back that was never cut", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_restored"))}, 40, ""},
		{"power cut without a place", []fleet.Fix{fix(0, 0), fix(10, 0, event("power_cut"), noPlace)}, 30, "power_cut 10"},
		{"low battery with a pause", []fleet.Fix{fix(0, 0, battery(0.19)), fix(10, 0), fix(20, 0, battery(0.25)), fix(30, 0, battery(0.12)), fix(40, 0, battery(0.5))}, 40, "low_battery 0..40 at 0.12"},
		{"low battery in the device's own word", []fleet.Fix{fix(0, 0, event("low_battery")), fix(10, 0, event("low_battery")), fix(20, 0), fix(30, 0, battery(0.5))}, 30, "low_battery 0..30"},
		{"low battery in its word, then in figures", []fleet.Fix{fix(0, 0, event("low_battery")), fix(10, 0, battery(0.1)), fix(20, 0, battery(0.4), event("low_battery"))}, 20, "low_battery 0..20 at 0.10"},
		{"an empty battery first", []fleet.Fix{fix(0, 0, battery(0)), fix(10, 0, battery(0.1)), fix(20, 0, battery(0.15)), fix(30, 0, battery(0.5))}, 30, "low_battery 0..30 at 0.00"},
		{"an empty battery meanwhile", []fleet.Fix{fix(0, 0, battery(0.1)), fix(10, 0, battery(0)), fix(20, 0, battery(0.15)), fix(30, 0, battery(0.5))}, 30, "low_battery 0..30 at 0.00"},
		{"the lowest charge of each time", []fleet.Fix{fix(0, 0, battery(0.05)), fix(10, 0, battery(0.5)), fix(20, 0, battery(0.15))}, 20, "low_battery 0..10 at 0.05; low_battery 20 at 0.15"},
		{"silence in motion", []fleet.Fix{fix(0, 0), fix(700, 50), fix(710, 80)}, 710, "silence moving 0..700"},
		{"silence goes on", join(drive(0, 60, 0, 90)), 661, "silence moving 60"},
		{"not yet silence", join(drive(0, 60, 0, 90)), 660, ""},
		{"parked with the ignition off", join(drive(0, 60, 0, 90, ignition(false))), 6000, "silence parked 60"},
		{"help", []fleet.Fix{fix(0, 0, event("sos")), fix(10, 0, event("ping"))}, 10, "alarm sos 0"},
		{"a report without place is no silence", []fleet.Fix{fix(0, 0), fix(500, 0, noPlace), fix(1000, 10)}, 1000, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Derive("C01", testDay, cfg, tt.fixes, morning.Add(time.Duration(tt.now*float64(time.Second))))
			if diff := cmp.Diff(tt.want, told(d)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestVisits(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Fences = []Fence{{ID: "m", Name: "M", Kind: Priority, Geometry: box(100, 200)}}
	d := Derive("C01", testDay, cfg, []fleet.Fix{fix(0, 150), fix(10, 250), fix(20, 150), fix(30, 50), fix(40, 150), fix(50, 150)}, morning)
	var got []string
	for _, v := range d.Visits {
		got = append(got, fmt.Sprintf("%.0f-%.0f %v %v", v.Start.Sub(morning).Seconds(), v.End.Sub(morning).Seconds(), v.Began, v.Ended))
	}
	if diff := cmp.Diff([]string{"0-5 false true", "15-25 true true", "35-50 true false"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestEngineHours(t *testing.T) {
	d := Derive("C01", testDay, DefaultConfig(), join(drive(0, 300, 0, 900, ignition(true)), drive(310, 600, 900, 900, ignition(false)),
		[]fleet.Fix{fix(2000, 900, ignition(true)), fix(2900, 900, ignition(true)), fix(2910, 900)}), morning)
	if d.Engine != 310 { // 2000..2900 is a gap
		t.Errorf("%.0f s", d.Engine)
	}
}

func TestAlerts(t *testing.T) {
	fences := []Fence{{ID: "no", Kind: Forbidden}, {ID: "yes", Kind: Base}}
	for e, want := range map[Event]bool{{Kind: FenceEnter, Place: "no"}: true, {Kind: FenceEnter, Place: "yes"}: false, {Kind: FenceExit, Place: "no"}: false,
		{Kind: Overspeed}: true, {Kind: Silence, Place: MovingSilence}: true, {Kind: Silence, Place: ParkedSilence}: false} {
		if e.Alerts(fences) != want {
			t.Errorf("%+v", e)
		}
	}
}

// ride draws a day of fixes.
func ride(t *rapid.T) []fleet.Fix {
	var out []fleet.Fix
	s, at := 0.0, 0.0
	for i := range rapid.IntRange(1, 60).Draw(t, "fixes") {
		s += float64(rapid.SampledFrom([]int{0, 1, 10, 10, 10, 60, 200, 700}).Draw(t, "dt"))
		at += float64(rapid.IntRange(-150, 200).Draw(t, "move")) * float64(rapid.IntRange(0, 1).Draw(t, "moves"))
		f := fix(s, at)
		f.Seq = int64(i)
		f.Event = rapid.SampledFrom([]string{"", "", "", "power_cut", "sos"}).Draw(t, "event")
		f.Battery = rapid.SampledFrom([]float64{math.NaN(), 0.1, 0.25, 0.9}).Draw(t, "battery")
		f.Device = rapid.SampledFrom([]string{"C01", "C01", "C01", "phone"}).Draw(t, "device")
		f.Speed = rapid.SampledFrom([]float64{math.NaN(), 0, 5, 30}).Draw(t, "speed")
		if rapid.IntRange(0, 5).Draw(t, "known") == 0 {
			on := rapid.Bool().Draw(t, "ignition")
			f.Ignition = &on
		}
		if rapid.IntRange(0, 9).Draw(t, "invalid") == 0 {
			noPlace(&f)
		}
		out = append(out, f)
	}
	return out
}

func rapidConfig() Config {
	cfg := DefaultConfig()
	cfg.Fences = []Fence{{ID: "a", Kind: Sector, Geometry: box(100, 400)}, {ID: "b", Kind: Base, Geometry: box(-200, 50)}}
	cfg.District = box(-500, 1500)
	return cfg
}

// TestLiveIsBatch steps through a day, asking now and then: each answer is that
// of the fixes so far, computed at once and in any order.
func TestLiveIsBatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fixes := ride(t)
		live := NewMachine("C01", testDay, rapidConfig())
		for i, f := range fixes {
			if !live.Step(f) {
				t.Fatalf("fix %d is out of order", i)
			}
			if i%7 != 0 && i != len(fixes)-1 {
				continue
			}
			now := f.Time.Add(20 * time.Minute)
			shuffled := append([]fleet.Fix(nil), fixes[:i+1]...)
			rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if d := cmp.Diff(Derive("C01", testDay, rapidConfig(), shuffled, now), live.Day(now), cmpopts.EquateNaNs()); d != "" {
				t.Fatal(d)
			}
		}
	})
}

// TestDayAddsUp holds the parts of a day against each other.
func TestDayAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fixes := ride(t)
		d := Derive("C01", testDay, rapidConfig(), fixes, allNight)
		var placed []fleet.Fix // that the day follows
		for _, f := range fleet.Clean(fixes) {
			if n := len(placed); n == 0 || f.Device == placed[n-1].Device || f.Time.Sub(placed[n-1].Time) >= DefaultConfig().Gap {
				placed = append(placed, f)
			}
		}
		if len(placed) > 0 {
			span := placed[len(placed)-1].Time.Sub(placed[0].Time).Seconds()
			if sum := d.Moving + d.Idle + d.Stopped + d.Unheard; math.Abs(sum-span) > 1e-6 {
				t.Fatalf("parts %.1f s of %.1f s: %+v", sum, span, d)
			}
		}
		way := 0.0
		for i := 1; i < len(placed); i++ {
			way += geo.Distance(placed[i-1].Point, placed[i].Point)
		}
		trips := 0.0
		for i, x := range d.Trips {
			trips += x.Metres
			if x.Metres < 200 || !x.Start.Before(x.End) || i > 0 && x.Start.Before(d.Trips[i-1].End) {
				t.Fatalf("trips %+v", d.Trips)
			}
		}
		if d.Metres > way+1e-6 || trips > d.Metres+1e-6 || d.Estimated > d.Metres+1e-6 {
			t.Fatalf("%.1f m in trips, %.1f m in all, %.1f m between fixes", trips, d.Metres, way)
		}
		for i, x := range d.Stops {
			if x.End.Sub(x.Start) < 180*time.Second || i > 0 && x.Start.Before(d.Stops[i-1].End) {
				t.Fatalf("stops %+v", d.Stops)
			}
		}
		inside := map[string]int{}
		for i, e := range d.Events {
			switch e.Kind {
			case FenceEnter:
				inside[e.Place]++
			case FenceExit:
				inside[e.Place]--
			}
			// Within one moment their order does not tell anything.
			last := i+1 == len(d.Events) || !d.Events[i+1].Start.Equal(e.Start)
			if last && (inside[e.Place] < -1 || inside[e.Place] > 1) {
				t.Fatalf("entries and exits do not alternate: %s", told(d))
			}
		}
	})
}

// TestCrossings compares with a thousand steps along the way.
func TestCrossings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ring orb.Ring
		for i := range rapid.IntRange(3, 8).Draw(t, "corners") {
			r := float64(rapid.IntRange(1, 10).Draw(t, "radius"))
			a := float64(i) + float64(rapid.IntRange(0, 9).Draw(t, "angle"))/10
			ring = append(ring, orb.Point{r*math.Cos(a*0.7) + 0.0137, r*math.Sin(a*0.7) + 0.0071})
		}
		a := newArea(orb.MultiPolygon{{append(ring, ring[0])}})
		draw := func(n string) orb.Point {
			return orb.Point{float64(rapid.IntRange(-120, 120).Draw(t, n)) / 10, float64(rapid.IntRange(-120, 120).Draw(t, n)) / 10}
		}
		p, q := draw("p"), draw("q")
		got := a.crossings(p, q, a.contains(p))
		in := a.contains(p)
		for i := range 2000 {
			s := (float64(i) + 0.5) / 2000
			for len(got) > 0 && got[0] < s-1e-9 {
				in, got = !in, got[1:]
			}
			x := orb.Point{p[0] + (q[0]-p[0])*s, p[1] + (q[1]-p[1])*s}
			if a.contains(x) != in && (len(got) == 0 || got[0] > s+1e-9) {
				t.Fatalf("at %.4f of the way it is inside: %v; crossings left %v", s, a.contains(x), got)
			}
		}
	})
}

func BenchmarkStep(b *testing.B) {
	cfg := rapidConfig()
	fixes := join(drive(0, 3600, 0, 9000), drive(3610, 7200, 9000, 9000), drive(7210, 10800, 9000, 0))
	b.ReportAllocs()
	for b.Loop() {
		m := NewMachine("C01", testDay, cfg)
		for _, f := range fixes {
			m.Step(f)
		}
		_ = m.Day(allNight)
	}
	b.ReportMetric(float64(len(fixes))*float64(b.N)/b.Elapsed().Seconds(), "fixes/s")
}
