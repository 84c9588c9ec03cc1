package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"pgregory.net/rapid"
)

var evening = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// squarePlan has units going round blocks of 100 m, with a stop of ten minutes
// after each lap.
func squarePlan(units, laps int) patrol.Plan {
	plan := patrol.Plan{Ubigeo: "130102", Shift: "2026-11-21/noche", Seed: 1}
	for n := range units {
		o := orb.Point{-79 + 0.01*float64(n), -8.07}
		corners := []orb.Point{o, geo.PointAtBearingAndDistance(o, 90, 100), {}, geo.PointAtBearingAndDistance(o, 0, 100)}
		corners[2] = geo.PointAtBearingAndDistance(corners[1], 0, 100)
		r := patrol.Round{Number: n + 1, Unit: fmt.Sprintf("C%02d", n+1), Mode: routing.Car, Base: o}
		t := evening
		add := func(leg patrol.Leg, d time.Duration) {
			leg.Seq, leg.Start, leg.End = len(r.Legs)+1, t, t.Add(d)
			t = leg.End
			r.Legs = append(r.Legs, leg)
		}
		for range laps {
			for i := range corners {
				add(patrol.Leg{Kind: patrol.Service, Segment: fmt.Sprintf("s%d", i), Line: orb.LineString{corners[i], corners[(i+1)%4]}}, 20*time.Second)
			}
			add(patrol.Leg{Kind: patrol.Stop, Point: o}, 10*time.Minute)
		}
		plan.Rounds = append(plan.Rounds, r)
	}
	return plan
}

func newFleet(t testing.TB, cfg Config) *Fleet {
	t.Helper()
	f, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sent is a fix as a device reported it.
type sent struct {
	TS     int64    `json:"ts"`
	Lat    float64  `json:"lat"`
	Lon    float64  `json:"lon"`
	Speed  float64  `json:"speed_kmh"`
	Course *float64 `json:"course"`
	Acc    float64  `json:"acc"`
	Batt   float64  `json:"batt"`
	Seq    int64    `json:"seq"`
}

func decode(t testing.TB, m Message) []sent {
	t.Helper()
	var out []sent
	if m.Payload[0] != '[' {
		out = make([]sent, 1)
		if err := json.Unmarshal(m.Payload, &out[0]); err != nil {
			t.Fatalf("%s: %v", m.Payload, err)
		}
	} else if err := json.Unmarshal(m.Payload, &out); err != nil {
		t.Fatalf("%s: %v", m.Payload, err)
	}
	if len(out) != m.Fixes {
		t.Fatalf("message says %d fixes and holds %d", m.Fixes, len(out))
	}
	return out
}

func TestEqualSeedsSendEqualMessages(t *testing.T) {
	cfg := Config{Plan: squarePlan(3, 20), Seed: 7, DropoutsPerHour: 4}
	a, b := newFleet(t, cfg), newFleet(t, cfg)
	same := func(a, b Message) bool {
		return a.At.Equal(b.At) && a.Device == b.Device && a.Fixes == b.Fixes && bytes.Equal(a.Payload, b.Payload)
	}
	if !slices.EqualFunc(a.Messages(), b.Messages(), same) {
		t.Fatal("the same seed sends other messages")
	}
	cfg.Seed++
	if slices.EqualFunc(a.Messages(), newFleet(t, cfg).Messages(), same) {
		t.Fatal("another seed sends the same")
	}
}

// Every fix arrives at least once, in time order but for what is meant to come
// late, and near where the unit truly was.
func TestMessages(t *testing.T) {
	f := newFleet(t, Config{Plan: squarePlan(4, 30), Seed: 3, DropoutsPerHour: 3, LateShare: 0.02, DuplicateShare: 0.05})
	type key struct {
		device string
		seq    int64
	}
	times := map[key]int64{}
	payloads := map[key]int{}
	var backlogs, late, twice int
	var errs []float64
	newest := map[string]int64{}
	var last time.Time
	for _, m := range f.Messages() {
		if m.At.Before(last) {
			t.Fatal("messages out of order")
		}
		last = m.At
		if m.Fixes > 1 {
			backlogs++
		}
		for _, s := range decode(t, m) {
			k := key{m.Device, s.Seq}
			if had, ok := times[k]; ok {
				twice++
				if had != s.TS {
					t.Fatalf("fix %v came with two times", k)
				}
				continue
			}
			times[k] = s.TS
			payloads[k]++
			if s.TS > m.At.UnixMilli() {
				t.Fatalf("fix of %v sent at %v, before it was made", s.TS, m.At.UnixMilli())
			}
			if s.TS < newest[m.Device] {
				late++
			}
			newest[m.Device] = max(newest[m.Device], s.TS)
			unit := m.Device[len("sim-"):]
			p, ok := f.Position(unit, time.UnixMilli(s.TS))
			if !ok {
				t.Fatal(unit)
			}
			errs = append(errs, geo.Distance(p, orb.Point{s.Lon, s.Lat}))
			if s.Speed < 0 || s.Speed > 60 || (s.Speed > 0) != (s.Course != nil) || s.Acc <= 0 || s.Batt < 5 || s.Batt > 100 {
				t.Fatalf("%+v", s)
			}
		}
	}
	if len(times) != f.Fixes() {
		t.Errorf("%d fixes arrived of %d", len(times), f.Fixes())
	}
	for k := range times { // numbers have no gaps
		if k.seq > 1 {
			if _, ok := times[key{k.device, k.seq - 1}]; !ok {
				t.Fatalf("fix %v is there and the one before is not", k)
			}
		}
	}
	if backlogs == 0 || late == 0 || twice == 0 {
		t.Errorf("%d backlogs, %d late, %d twice: each should happen", backlogs, late, twice)
	}
	sum := 0.0
	for _, e := range errs {
		sum += e * e
	}
	if rms := math.Sqrt(sum / float64(len(errs))); math.Abs(rms-5*math.Sqrt2) > 1 {
		t.Errorf("error of %.2f m, want about %.2f m", rms, 5*math.Sqrt2)
	}
}

func TestNoFaultsWhenSwitchedOff(t *testing.T) {
	f := newFleet(t, Config{Plan: squarePlan(2, 5), Noise: -1, DropoutsPerHour: -1, DuplicateShare: -1, LateShare: -1})
	if len(f.Messages()) != f.Fixes() {
		t.Fatalf("%d messages for %d fixes", len(f.Messages()), f.Fixes())
	}
	for _, m := range f.Messages() {
		s := decode(t, m)[0]
		p, _ := f.Position("C"+m.Device[len(m.Device)-2:], m.At)
		if d := geo.Distance(p, orb.Point{s.Lon, s.Lat}); d > 0.05 || s.TS != m.At.UnixMilli() {
			t.Fatalf("%.2f m off", d)
		}
	}
}

// GPS errors of neighbouring fixes are alike, and fade with the memory.
func TestNoiseWanders(t *testing.T) {
	g := &receiver{rng: rand.New(rand.NewPCG(1, 1)), sigma: 5, memory: 30 * time.Second}
	const n = 20000
	xs := make([]float64, n)
	for i := range xs {
		g.measure(orb.Point{-79, -8}, evening.Add(time.Duration(i)*5*time.Second))
		xs[i] = g.dx
	}
	at := func(lag int) float64 {
		s := 0.0
		for i := lag; i < n; i++ {
			s += xs[i] * xs[i-lag]
		}
		return s / float64(n-lag) / 25
	}
	for lag, want := range map[int]float64{0: 1, 1: math.Exp(-5.0 / 30), 6: math.Exp(-1), 60: 0} {
		if got := at(lag); math.Abs(got-want) > 0.08 {
			t.Errorf("correlation after %d s is %.3f, want %.3f", 5*lag, got, want)
		}
	}
}

// However legs are, a unit is at each leg's ends when the plan says so, never
// goes back on its way, and its speed does not jump.
func TestDriveKeepsThePlansTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := patrol.Round{Unit: "C01"}
		p, now := orb.Point{-79, -8}, evening
		for range rapid.IntRange(1, 12).Draw(t, "legs") {
			leg := patrol.Leg{Seq: len(r.Legs) + 1, Start: now, Point: p}
			if rapid.Bool().Draw(t, "moves") {
				metres := rapid.Float64Range(1, 400).Draw(t, "metres")
				leg.Line = orb.LineString{p, geo.PointAtBearingAndDistance(p, rapid.Float64Range(0, 360).Draw(t, "bearing"), metres)}
				leg.Line = append(leg.Line, geo.PointAtBearingAndDistance(leg.Line[1], rapid.Float64Range(0, 360).Draw(t, "bend"), metres/2))
				leg.End = now.Add(time.Duration(1.5 * metres / rapid.Float64Range(1, 12).Draw(t, "speed") * float64(time.Second)))
				p = leg.Line[2]
			} else {
				leg.End = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
			}
			now = leg.End
			r.Legs = append(r.Legs, leg)
		}
		d, err := newDrive(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, leg := range r.Legs {
			if len(leg.Line) == 0 {
				continue
			}
			for _, e := range []struct {
				at time.Time
				p  orb.Point
			}{{leg.Start, leg.Line[0]}, {leg.End, leg.Line[2]}} {
				if gap := geo.Distance(d.at(e.at).point, e.p); gap > 0.1 {
					t.Fatalf("leg %d: %.2f m off its end", leg.Seq, gap)
				}
			}
		}
		for i := 1; i < len(d.moves); i++ {
			a, b := &d.moves[i-1], &d.moves[i]
			if va, vb := a.last*a.mean(), b.first*b.mean(); math.Abs(va-vb) > 1e-6 && a.length() > 0 && b.length() > 0 {
				t.Fatalf("speed jumps from %v to %v m/s", va, vb)
			}
		}
		for i := range d.moves {
			before := 0.0
			for k := range 101 {
				part, rate := easeBetween(float64(k)/100, d.moves[i].first, d.moves[i].last)
				if part < before-1e-12 || rate < 0 || part > 1+1e-12 {
					t.Fatalf("the way goes from %v to %v", before, part)
				}
				before = part
			}
		}
	})
}

func TestTruth(t *testing.T) {
	f := newFleet(t, Config{Plan: squarePlan(2, 3)})
	all := f.Truth(evening.Add(-time.Hour), evening.Add(24*time.Hour))
	if len(all) != 2*3*4 {
		t.Fatalf("%d legs driven, want 24", len(all))
	}
	for _, d := range all {
		if d.From != 0 || d.To != 1 || d.Leg.Segment == "" || d.Device != "sim-"+d.Unit {
			t.Fatalf("%+v", d)
		}
	}
	mid := evening.Add(30 * time.Second) // half of the second side
	part := f.Truth(evening, mid)
	if len(part) != 4 || part[1].To <= 0.3 || part[1].To >= 0.7 || !part[1].End.Equal(mid) {
		t.Fatalf("%+v", part)
	}
	rest := f.Truth(mid, evening.Add(24*time.Hour))
	if math.Abs(rest[0].From-part[1].To) > 1e-9 || len(part)+len(rest) != len(all)+2 {
		t.Fatalf("%d and %d", len(part), len(rest))
	}
}

func TestNewRefuses(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"no rounds":      func(c *Config) { c.Plan.Rounds = nil },
		"no legs":        func(c *Config) { c.Plan.Rounds[0].Legs, c.Plan.Rounds[1].Legs = nil, nil },
		"a unit twice":   func(c *Config) { c.Plan.Rounds[1].Unit = c.Plan.Rounds[0].Unit },
		"a device twice": func(c *Config) { c.Devices = map[string]string{"C01": "d", "C02": "d"} },
		"a bad device":   func(c *Config) { c.Devices = map[string]string{"C01": "a/b"} },
		"a leg that jumps": func(c *Config) {
			c.Plan.Rounds[0].Legs = append(c.Plan.Rounds[0].Legs[:1], c.Plan.Rounds[0].Legs[2:]...)
			c.Plan.Rounds[0].Legs[1].Line[0][0] += 0.1
		},
		"legs that overlap": func(c *Config) { c.Plan.Rounds[0].Legs[1].Start = evening.Add(-time.Hour) },
		"a leg backwards":   func(c *Config) { c.Plan.Rounds[0].Legs[0].End = evening.Add(-time.Hour) },
		"no interval":       func(c *Config) { c.Interval = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := Config{Plan: squarePlan(2, 1)}
			change(&cfg)
			if _, err := New(cfg); !errors.Is(err, fleet.ErrInvalid) {
				t.Fatal(err)
			}
		})
	}
}

func TestClock(t *testing.T) {
	c := Clock{Start: evening, Began: evening.Add(time.Hour), Speedup: 20}
	if got := c.Now(c.Began.Add(time.Minute)); !got.Equal(evening.Add(20 * time.Minute)) {
		t.Fatal(got)
	}
	if got := c.Real(evening.Add(20 * time.Minute)); !got.Equal(c.Began.Add(time.Minute)) {
		t.Fatal(got)
	}
}

// Ten minutes of the plan take half a minute at speed 20, and messages come
// when the shared clock shows their time.
func TestRunKeepsTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Config{Plan: squarePlan(2, 5), Seed: 1})
		_, end := f.Span()
		clock := Clock{Start: evening.Add(5 * time.Minute), Began: time.Now(), Speedup: 20}
		n := 0
		err := f.Run(t.Context(), clock, func(_ context.Context, device string, payload []byte, at time.Time) error {
			n++
			if off := clock.Now(time.Now()).Sub(at); off < -time.Millisecond || off > time.Second {
				t.Errorf("sent %v after its time", off)
			}
			if at.Before(clock.Start) || len(payload) == 0 || device == "" {
				t.Errorf("%s at %v", device, at)
			}
			return nil
		})
		if err != nil || n == 0 || n >= len(f.Messages()) {
			t.Fatalf("%d of %d messages, %v", n, len(f.Messages()), err)
		}
		if took, want := time.Since(clock.Began), end.Sub(clock.Start)/20; took < want || took > want+time.Second {
			t.Fatalf("took %v, want %v", took, want)
		}
	})
}

func TestRunStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Config{Plan: squarePlan(1, 5)})
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		err := f.Run(ctx, Clock{Start: evening, Began: time.Now()}, func(context.Context, string, []byte, time.Time) error {
			if n++; n == 3 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || n != 3 {
			t.Fatalf("%d messages, %v", n, err)
		}
		broken := errors.New("broken")
		if err := f.Run(t.Context(), Clock{Start: evening, Began: time.Now()}, func(context.Context, string, []byte, time.Time) error { return broken }); !errors.Is(err, broken) {
			t.Fatal(err)
		}
	})
}

func TestPayloadOfBacklogIsAnArray(t *testing.T) {
	f := newFleet(t, Config{Plan: squarePlan(1, 40), DropoutsPerHour: 6, DropoutMean: 30 * time.Minute, Seed: 2})
	seen := false
	for _, m := range f.Messages() {
		if m.Fixes > maxBacklog {
			t.Fatalf("%d fixes in one message", m.Fixes)
		}
		if m.Fixes > 1 {
			seen = true
			if !bytes.HasPrefix(m.Payload, []byte("[{")) {
				t.Fatalf("%s", m.Payload)
			}
		}
	}
	if !seen {
		t.Fatal("no backlog")
	}
}

// A receiver without satellites makes no fixes, and none come later.
func TestBlindReceiver(t *testing.T) {
	cfg := Config{Plan: squarePlan(2, 40), Seed: 5, DropoutsPerHour: -1, LateShare: -1, DuplicateShare: -1}
	whole := newFleet(t, cfg)
	cfg.BlindPerHour, cfg.BlindMean = 6, 2*time.Minute
	blind := newFleet(t, cfg)
	if blind.Fixes() >= whole.Fixes()*95/100 {
		t.Errorf("%d fixes of %d are left", blind.Fixes(), whole.Fixes())
	}
	longest, last := time.Duration(0), map[string]time.Time{}
	for _, m := range blind.Messages() {
		if before, ok := last[m.Device]; ok {
			longest = max(longest, m.At.Sub(before))
		}
		last[m.Device] = m.At
	}
	if longest < time.Minute {
		t.Errorf("the longest silence is %v", longest)
	}
}
