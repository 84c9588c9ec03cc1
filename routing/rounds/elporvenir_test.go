package rounds

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// elPorvenir is a real district with n cars at its default base.
func elPorvenir(t testing.TB, n int) *Problem {
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	src := osm.Source{File: filepath.Join(dir, "streets/el-porvenir.osm.pbf"), Modes: routing.SetOf(routing.Car),
		BoundaryFile: filepath.Join(dir, "boundaries/el-porvenir-130102-osm.geojson")}
	if _, err := os.Stat(src.File); err != nil {
		t.Skip("no street extract of El Porvenir: set SERENAZGO_DATA to the folder of the shared data")
	}
	im, err := osm.Load(context.Background(), src)
	if err != nil {
		t.Fatal(err)
	}
	base, ok := im.Graph.DefaultBase(routing.Car)
	if !ok {
		t.Fatal("no base")
	}
	p := &Problem{Graph: im.Graph, Seed: 1, StopMin: 600, StopMax: 960, GapGoal: 5160}
	for range n {
		p.Units = append(p.Units, Unit{Mode: routing.Car, Base: base, Speed: 5, End: 8 * 3600, Break: 2700})
	}
	return p
}

func BenchmarkLoops(b *testing.B) {
	p := elPorvenir(b, 10)
	for b.Loop() {
		s := &solver{p: p, ctl: Control{Progress: func(Progress) {}}}
		s.prepare()
		if err := s.makeLoops(); err != nil {
			b.Fatal(err)
		}
		all, long := 0.0, 0.0
		for _, l := range s.loops {
			all += l.length
			if l.length > 1500 {
				long += l.length
			}
		}
		hist := map[int]float64{}
		for _, l := range s.loops {
			hist[int(math.Log2(l.length/100+1))] += l.length / 1000
		}
		b.Logf("km by octave of 100 m: %v", hist)
		b.ReportMetric(all/1000, "km")
		b.ReportMetric(long/1000, "km_in_long_loops")
		b.ReportMetric(float64(len(s.loops)), "loops")
	}
}

func BenchmarkBounds(b *testing.B) {
	p := elPorvenir(b, 10)
	for b.Loop() {
		x, err := LowerBounds(p.Graph, p.Units)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric((x.Street+x.Floor)/1000, "km")
	}
}

func BenchmarkSolve(b *testing.B) {
	p := elPorvenir(b, 10)
	for b.Loop() {
		if _, err := Solve(context.Background(), p, Control{Workers: 2}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDeal(b *testing.B) {
	p := elPorvenir(b, 10)
	s := &solver{p: p, ctl: Control{Progress: func(Progress) {}}, rng: rand.New(rand.NewPCG(1, 2))}
	s.prepare()
	if err := s.makeLoops(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.deal().hand()
		if err := s.makeTours(); err != nil {
			b.Fatal(err)
		}
		km := 0.0
		for _, t := range s.tours {
			m := 0.0
			for _, a := range t.arcs {
				m += p.Graph.Segment(a).Length
			}
			km += m / 1000
			b.Logf("unit %d: %.1f km", t.unit, m/1000)
		}
		b.ReportMetric(km, "km")
	}
}
