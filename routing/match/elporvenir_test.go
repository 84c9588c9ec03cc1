package match_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
	"github.com/serenazgo/serenazgo/routing/osm"
)

// data finds a file of the shared data, or skips.
func data(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	name := filepath.Join(append([]string{dir}, parts...)...)
	if _, err := os.Stat(name); err != nil {
		t.Skipf("no data file %s: set SERENAZGO_DATA to the folder that holds it", filepath.Join(parts...))
	}
	return name
}

func elPorvenir(t testing.TB) *routing.Graph {
	t.Helper()
	x, err := osm.Load(context.Background(), osm.Source{
		File:         data(t, "streets", "el-porvenir.osm.pbf"),
		BoundaryFile: data(t, "boundaries", "el-porvenir-130102-osm.geojson"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return x.Graph
}

func TestQualityInElPorvenir(t *testing.T) {
	g := elPorvenir(t)
	for _, s := range settings {
		t.Run(s.name, func(t *testing.T) { s.assert(t, measure(t, g, s, 10, 80)) })
	}
}

func (s setting) assert(t *testing.T, got score) {
	t.Helper()
	precision := got.correct / got.matched
	t.Logf("%.1f km: recall %.4f, precision %.4f; certain %.4f of the length, precision of it %.4f",
		got.truth/1000, got.recall(), precision, got.certain/got.matched, got.certainPrecision())
	if got.recall() < s.recall || got.certainPrecision() < s.precision || precision < s.matching {
		t.Errorf("want recall ≥ %v, precision ≥ %v, precision of what is certain ≥ %v", s.recall, s.matching, s.precision)
	}
}

func BenchmarkMatch(b *testing.B) {
	g := elPorvenir(b)
	for _, every := range []time.Duration{time.Second, 5 * time.Second, 15 * time.Second} {
		b.Run(fmt.Sprintf("every %v", every), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			d := drive{speed: 5, interval: every, noise: 8, memory: 0.5, report: true, stops: 0.01}
			fixes, _ := d.fixes(g, wander(g, routing.Car, r, 300), r)
			g.Snap(fixes[0].Point, 1)
			b.ResetTimer()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := match.Match(g, match.DefaultConfig(routing.Car), fixes); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(fixes)*b.N)/b.Elapsed().Seconds(), "fixes/s")
		})
	}
}
