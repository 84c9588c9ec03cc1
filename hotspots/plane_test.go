package hotspots

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestCellAtAgainstH3 holds arithmetic against H3 itself, within, about and far
// from grids in several places, on the corners of cells too.
func TestCellAtAgainstH3(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 3))
	for _, tc := range []struct {
		name     string
		lon, lat float64
		half     float64
		res      int
		plane    bool // arithmetic serves there
	}{
		{"Lima, a district", -77.05, -12.05, 0.03, 10, true},
		{"Lima, all of it", -77.0, -12.0, 0.2, 9, true},
		{"Tacna", -70.25, -18.01, 0.05, 10, true},
		{"Iquitos", -73.25, -3.75, 0.04, 11, true},
		{"Chicago", -87.7, 41.85, 0.15, 9, true},
		{"coarse", -76, -9, 2, 6, true},
		{"few cells", -77.05, -12.05, 0.004, 9, false},
		{"over the edge of a face", -87.6, -27, 3, 5, false},
		{"over the date line", 179.9, -16.5, 0.05, 9, true},
		{"near the pole", 10, 84, 0.3, 8, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := mustGrid(t, orb.MultiPolygon{box(tc.lon, tc.lat, tc.half)}, tc.res)
			if has := g.lattice.plane != nil; tc.plane && !has {
				t.Errorf("%d cells: left to H3", g.Len())
			} else if !tc.plane && has {
				t.Logf("%d cells: by arithmetic", g.Len())
			}
			check := func(p orb.Point) {
				got, ok := g.CellAt(p)
				c, err := CellOf(p, tc.res)
				if err != nil {
					if ok {
						t.Fatalf("%v: cell %d, H3: %v", p, got, err)
					}
					return
				}
				if want, in := g.Index(c); ok != in || ok && got != want {
					t.Fatalf("%v: %d %v, H3: %d %v", p, got, ok, want, in)
				}
			}
			for range 20_000 {
				check(orb.Point{tc.lon + (3*r.Float64()-1.5)*tc.half, tc.lat + (3*r.Float64()-1.5)*tc.half})
			}
			for range 2000 {
				check(orb.Point{360*r.Float64() - 180, 180*r.Float64() - 90})
				i := r.IntN(g.Len())
				check(g.Centre(i))
				for _, corner := range g.Polygon(i)[0] {
					check(corner)
				}
			}
			for _, p := range []orb.Point{{200, 0}, {0, 91}, {tc.lon + 180, -tc.lat}} {
				check(p)
			}
		})
	}
}

func BenchmarkCellAt(b *testing.B) {
	g := mustGrid(b, orb.MultiPolygon{box(-77.05, -12.05, 0.05)}, 10)
	r := rand.New(rand.NewPCG(1, 2))
	ps := make([]orb.Point, 1024)
	for i := range ps {
		ps[i] = orb.Point{-77.1 + 0.1*r.Float64(), -12.1 + 0.1*r.Float64()}
	}
	for n := 0; b.Loop(); n++ {
		g.CellAt(ps[n%len(ps)])
	}
}
