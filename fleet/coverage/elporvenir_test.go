package coverage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// elPorvenir loads the real streets, or skips.
func elPorvenir(t testing.TB) *routing.Graph {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
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

// fourteen gives the roster and fixes of 14 units for some hours, and how they
// left each segment: driven end to end at patrol speed, or touched at all.
func fourteen(g *routing.Graph, shift fleet.Shift, noise float64, fixes int) (units []Unit, out []fleet.Fix, whole, touched map[routing.SegmentID]bool) {
	whole, touched = map[routing.SegmentID]bool{}, map[routing.SegmentID]bool{}
	r := rand.New(rand.NewPCG(14, 4))
	for i := range 14 {
		u := Unit{ID: fmt.Sprintf("C%02d", i+1), Mode: routing.Car, Duty: Window{shift.Start, shift.End}}
		units = append(units, u)
		// Secondary and larger streets are driven in transit.
		speed := func(a routing.Arc) float64 {
			if g.Segment(a).Class <= routing.Secondary {
				return 50 / 3.6
			}
			return 18 / 3.6
		}
		out = append(out, trip{g: g, unit: u.ID, start: shift.Start, noise: noise, speed: speed, done: func(a routing.Arc, end bool) {
			if g.Segment(a).Class > routing.Secondary {
				touched[a.Segment()] = true
				whole[a.Segment()] = whole[a.Segment()] || end
			}
		}}.drive(fixes, r)...)
	}
	return units, out, whole, touched
}

// Covered streets are those that were driven, by length, on real streets.
func TestCoverageOfElPorvenir(t *testing.T) {
	g := elPorvenir(t)
	shift := night(t)
	for _, tt := range []struct {
		noise                       float64
		recall, precision, estimate float64
	}{
		{5, 0.98, 0.99, 0.03}, {10, 0.94, 0.98, 0.06}, {15, 0.83, 0.97, 0.16},
	} {
		t.Run(fmt.Sprintf("noise %v m", tt.noise), func(t *testing.T) {
			units, fixes, whole, touched := fourteen(g, shift, tt.noise, 500)
			cov, counts, err := Recompute(Setup{Graph: g, Shift: shift, Units: units, Config: DefaultConfig()}, fixes)
			if err != nil {
				t.Fatal(err)
			}
			s := cov.Snapshot(shift.End)
			var driven, found, covered, right float64
			for i := range g.Segments {
				id, l := routing.SegmentID(i), g.Segments[i].Length
				if s.States[i] == Outside {
					continue
				}
				if whole[id] {
					driven += l
				}
				if s.States[i] == ByMunicipal {
					covered += l
					if whole[id] {
						found += l
					}
					if touched[id] {
						right += l
					}
				}
			}
			recall, precision := found/driven, right/covered
			t.Logf("driven %.1f km, covered %.1f km: recall %.4f, precision %.4f; best estimate %.1f km; %+v",
				driven/1000, covered/1000, recall, precision, s.Totals.Estimate.Km, counts)
			if recall < tt.recall || precision < tt.precision {
				t.Errorf("want recall ≥ %v, precision ≥ %v", tt.recall, tt.precision)
			}
			if off := s.Totals.Estimate.Km/(driven/1000) - 1; off < -tt.estimate || off > tt.estimate {
				t.Errorf("the best estimate is off by %.1f %%", 100*off)
			}
		})
	}
}

func BenchmarkLive(b *testing.B) {
	g := elPorvenir(b)
	shift := night(b)
	units, fixes, _, _ := fourteen(g, shift, 8, 360)
	set := Setup{Graph: g, Shift: shift, Units: units, Config: DefaultConfig()}
	sortFixes(fixes)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			if _, err := NewLive(set, nil); err != nil {
				b.Fatal(err)
			}
		}
	})
	var live *Live
	b.Run("fixes", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			var err error
			if live, err = NewLive(set, nil); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			for i := range fixes {
				if err := live.OnFresh(fixes[i : i+1]); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(len(fixes)*b.N)/b.Elapsed().Seconds(), "fixes/s")
	})
	now := shift.Start.Add(30 * time.Minute)
	b.Run("snapshot", func(b *testing.B) {
		for b.Loop() {
			live.Snapshot(now)
		}
	})
	b.Run("changed", func(b *testing.B) {
		v := live.Snapshot(now).Version
		for b.Loop() {
			live.Changed(v, now)
		}
	})
}
