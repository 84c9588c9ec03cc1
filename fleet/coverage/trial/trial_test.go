package trial_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/coverage/trial"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

var evening = time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)

// elPorvenir loads the real streets, or skips.
func elPorvenir(t testing.TB) *routing.Graph {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	file, boundary := filepath.Join(dir, "streets", "el-porvenir.osm.pbf"), filepath.Join(dir, "boundaries", "el-porvenir-130102-osm.geojson")
	for _, f := range []string{file, boundary} {
		if _, err := os.Stat(f); err != nil {
			t.Skipf("no data file %s: set SERENAZGO_DATA to the folder that holds streets and boundaries", filepath.Base(f))
		}
	}
	x, err := osm.Load(context.Background(), osm.Source{File: file, BoundaryFile: boundary})
	if err != nil {
		t.Fatal(err)
	}
	return x.Graph
}

// walks gives a plan of units that each go on to the street next to them that
// was driven least, for so long, at a speed in m/s.
func walks(g *routing.Graph, units int, long time.Duration, speed float64) patrol.Plan {
	plan := patrol.Plan{Ubigeo: "130102", Shift: "2026-11-21/noche"}
	driven := make([]int, len(g.Segments))
	for n := range units {
		at := routing.Arc(2 * (n * len(g.Segments) / units))
		for !g.Allowed(at, routing.Car) || !g.Segment(at).Belongs {
			at += 2
		}
		r := patrol.Round{Number: n + 1, Unit: fmt.Sprintf("C%02d", n+1), Mode: routing.Car}
		for now := evening; now.Before(evening.Add(long)); {
			s := g.Segment(at)
			driven[at.Segment()]++
			end := now.Add(time.Duration(s.Length / speed * float64(time.Second)))
			r.Legs = append(r.Legs, patrol.Leg{Seq: len(r.Legs) + 1, Kind: patrol.Service, Start: now, End: end, Segment: s.ID, Line: g.Line(at)})
			now = end
			best, least := at.Opposite(), math.MaxInt
			for _, o := range g.Out(g.Head(at)) {
				if d := driven[o.Segment()]; o != at.Opposite() && d < least && g.Allowed(o, routing.Car) && g.TurnAllowed(at, o, routing.Car) {
					best, least = o, d
				}
			}
			if at = best; !g.Allowed(at, routing.Car) {
				break // the end of a one-way street
			}
		}
		plan.Rounds = append(plan.Rounds, r)
	}
	return plan
}

// drive lets a simulated fleet drive a plan.
func drive(t testing.TB, g *routing.Graph, cfg sim.Config) (coverage.Setup, []fleet.Fix, []bool) {
	t.Helper()
	f, err := sim.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	start, end := f.Span()
	set := coverage.Setup{Graph: g, Shift: fleet.Shift{ID: cfg.Plan.Shift, Start: start, End: end.Add(time.Second)}, Config: coverage.DefaultConfig()}
	unitOf := map[string]string{}
	for _, u := range f.Units() {
		set.Units = append(set.Units, coverage.Unit{ID: u, Mode: routing.Car, Duty: coverage.Window{Start: start, End: end}})
		unitOf[f.Device(u)] = u
	}
	var fixes []fleet.Fix
	for _, m := range f.Messages() {
		for _, x := range (mqtt.Native{}).Decode(m.Payload).Fixes {
			x.Device, x.Unit, x.Received = m.Device, unitOf[m.Device], m.At
			fixes = append(fixes, x)
		}
	}
	truth, err := trial.Truth(g, f.Truth(start, end), set.Config)
	if err != nil {
		t.Fatal(err)
	}
	return set, fixes, truth
}

// Ten cars on real streets, with noise, losses of the network and late and
// repeated fixes: what is found is what was driven.
func TestCoverageIsTheTruth(t *testing.T) {
	g := elPorvenir(t)
	set, fixes, truth := drive(t, g, sim.Config{Plan: walks(g, 10, 50*time.Minute, 5), Seed: 4, Noise: 6.6, DropoutsPerHour: 2})
	s, counts, err := trial.Compare(set, fixes, truth)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v; %+v", s, counts)
	if s.TruePct < 15 {
		t.Errorf("the cars truly drove %.1f %% only: too little to tell", s.TruePct)
	}
	if math.Abs(s.EstimateErr) > 0.5 || s.CertainErr > 0.2 {
		t.Errorf("estimate off by %+.2f points, certain by %+.2f: want within 0.5, and at most 0.2 above", s.EstimateErr, s.CertainErr)
	}
	lag, err := coverage.Replaced(set, fixes)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", lag)
	if lag.DifferPct > 1 {
		t.Errorf("as fixes came %.2f %% were matched otherwise than at the end", lag.DifferPct)
	}
}

// The truth counts what was driven slowly enough, whatever the direction and in
// how many pieces.
func TestTruth(t *testing.T) {
	m := routingtest.Draw("a---b---c")
	g := m.Graph
	cfg := coverage.DefaultConfig()
	forth := m.Arc("ab")
	l := m.Segment("ab").Length
	leg := func(a routing.Arc, from, to, speed float64) sim.Drive {
		return sim.Drive{Leg: patrol.Leg{Line: g.Line(a)}, Start: evening, End: evening.Add(time.Duration((to - from) * l / speed * float64(time.Second))), From: from, To: to}
	}
	for _, tt := range []struct {
		name   string
		drives []sim.Drive
		want   bool
	}{
		{"whole", []sim.Drive{leg(forth, 0, 1, 5)}, true},
		{"too fast", []sim.Drive{leg(forth, 0, 1, 9)}, false},
		{"four fifths", []sim.Drive{leg(forth, 0, 0.8, 5)}, true},
		{"less", []sim.Drive{leg(forth, 0.25, 1, 5)}, false},
		{"from either end", []sim.Drive{leg(forth, 0, 0.5, 5), leg(forth.Opposite(), 0, 0.5, 5)}, true},
		{"twice the same half", []sim.Drive{leg(forth, 0, 0.5, 5), leg(forth.Opposite(), 0.5, 1, 5)}, false},
		{"nothing", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := trial.Truth(g, tt.drives, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if got[forth.Segment()] != tt.want || got[m.Arc("bc").Segment()] {
				t.Errorf("patrolled %v; want %v for the first street and not the second", got, tt.want)
			}
		})
	}
	away := patrol.Leg{Line: orb.LineString{{-70, -10}, {-70.001, -10}}}
	if _, err := trial.Truth(g, []sim.Drive{{Leg: away, Start: evening, End: evening.Add(time.Minute), To: 1}}, cfg); err == nil {
		t.Error("a drive in another town was not refused")
	}
}
