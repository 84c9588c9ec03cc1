package hotspots

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"
)

// box is a rectangle around a centre, in degrees.
func box(lon, lat, half float64) orb.Polygon {
	return orb.Polygon{{{lon - half, lat - half}, {lon + half, lat - half}, {lon + half, lat + half}, {lon - half, lat + half}, {lon - half, lat - half}}}
}

func mustGrid(t testing.TB, b orb.MultiPolygon, res int) *Grid {
	t.Helper()
	g, err := NewGrid(b, res)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCellOfRefusesBadPlaces(t *testing.T) {
	for name, p := range map[string]orb.Point{
		"latitude 512": {-77, 512}, "latitude NaN": {-77, math.NaN()}, "longitude Inf": {math.Inf(1), -12}, "longitude 181": {181, 0}} {
		t.Run(name, func(t *testing.T) {
			if _, err := CellOf(p, 9); !errors.Is(err, ErrPoint) {
				t.Fatalf("CellOf(%v) = %v, want ErrPoint", p, err)
			}
		})
	}
	for _, res := range []int{-1, 16} {
		if _, err := CellOf(orb.Point{-77, -12}, res); !errors.Is(err, ErrResolution) {
			t.Fatalf("resolution %d: %v", res, err)
		}
	}
	if _, err := CellOf(orb.Point{0, 0}, 9); err != nil {
		t.Fatalf("0,0 is a place: %v", err)
	}
}

func TestParseCell(t *testing.T) {
	c, err := CellOf(orb.Point{-79.0, -8.07}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParseCell(c.String()); err != nil || back != c {
		t.Fatalf("ParseCell(%s) = %v, %v", c, back, err)
	}
	for _, s := range []string{"", "zzz", "0", "ffffffffffffffff", "8a8e6e2a5b57fffff", "-1", "0x8a"} {
		if v, err := ParseCell(s); !errors.Is(err, ErrCell) {
			t.Errorf("ParseCell(%q) = %v, %v; want ErrCell", s, v, err)
		}
	}
}

// A cell is in the grid exactly if its centre is inside the boundary.
func TestGridIsCentreContainment(t *testing.T) {
	outer, hole := box(-79.0, -8.07, 0.02), box(-79.005, -8.065, 0.006)
	withHole := orb.Polygon{outer[0], hole[0]}
	second := box(-78.985, -8.055, 0.01) // overlaps the first
	b := orb.MultiPolygon{withHole, second}
	g := mustGrid(t, b, 10)
	seen := map[Cell]bool{}
	for i := range g.Len() {
		if !planar.MultiPolygonContains(b, g.Centre(i)) {
			t.Fatalf("cell %s: centre %v outside", g.Cell(i), g.Centre(i))
		}
		if seen[g.Cell(i)] {
			t.Fatalf("cell %s twice", g.Cell(i))
		}
		seen[g.Cell(i)] = true
		if i > 0 && g.Cell(i) <= g.Cell(i-1) {
			t.Fatal("cells out of order")
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		p := orb.Point{-79.03 + 0.06*rng.Float64(), -8.10 + 0.06*rng.Float64()}
		c, err := CellOf(p, 10)
		if err != nil {
			t.Fatal(err)
		}
		ctr, _ := c.Centre()
		if want := planar.MultiPolygonContains(b, ctr); want != seen[c] {
			t.Fatalf("cell %s with centre %v: in grid %v, want %v", c, ctr, seen[c], want)
		}
		if i, ok := g.CellAt(p); ok != seen[c] || ok && g.Cell(i) != c {
			t.Fatalf("CellAt(%v) = %d, %v", p, i, ok)
		}
		i, ok := g.Nearest(p)
		if planar.MultiPolygonContains(b, p) && !ok || ok && geo.Distance(p, g.Centre(i)) > 2*g.Spacing() {
			t.Fatalf("Nearest(%v) = %d, %v", p, i, ok)
		}
	}
}

func TestGridAreaAndSpacing(t *testing.T) {
	b := orb.MultiPolygon{box(-77.03, -12.05, 0.02)} // Lima
	for _, tc := range []struct {
		res           int
		area, spacing float64
	}{{9, 0.124e6, 378}, {10, 0.0178e6, 143}} {
		g := mustGrid(t, b, tc.res)
		if a := g.AreaM2(g.Len() / 2); math.Abs(a/tc.area-1) > 0.02 {
			t.Errorf("res %d: area %.0f m², want about %.0f", tc.res, a, tc.area)
		}
		if s := g.Spacing(); math.Abs(s/tc.spacing-1) > 0.02 {
			t.Errorf("res %d: spacing %.1f m, want about %.0f", tc.res, s, tc.spacing)
		}
		sum := 0.0
		for i := range g.Len() {
			sum += g.AreaM2(i)
			if a := geo.Area(g.Polygon(i)); math.Abs(a/g.AreaM2(i)-1) > 0.01 {
				t.Fatalf("cell %d: outline of %.0f m², area %.0f m²", i, a, g.AreaM2(i))
			}
		}
		if whole := geo.Area(b); math.Abs(sum/whole-1) > 0.05 {
			t.Errorf("res %d: cells add up to %.0f m² of %.0f m²", tc.res, sum, whole)
		}
	}
}

// The lattice must give the rings that H3 gives, wherever on Earth.
func TestDiskAgainstH3(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(-170, 170).Draw(t, "lon"), rapid.Float64Range(-60, 60).Draw(t, "lat")
		res := rapid.IntRange(7, 11).Draw(t, "res")
		half := 100 * math.Pow(7, -float64(res)/2)
		g, err := NewGrid(orb.MultiPolygon{box(lon, lat, half)}, res)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, g.Len()-1).Draw(t, "cell")
		k := rapid.IntRange(0, 6).Draw(t, "k")
		want := map[int]int{}
		for r := 0; r <= k; r++ {
			disk, err := g.Cell(i).Disk(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range disk {
				if j, ok := g.Index(c); ok {
					if _, known := want[j]; !known {
						want[j] = r
					}
				}
			}
		}
		last := 0
		g.Disk(i, k, func(j, ring int) {
			if want[j] != ring || ring < last {
				t.Fatalf("cell %d is at ring %d, want %d", j, ring, want[j])
			}
			last = ring
			delete(want, j)
		})
		if len(want) != 0 {
			t.Fatalf("%d cells missed", len(want))
		}
	})
}

func TestNewGridRefuses(t *testing.T) {
	bad := box(-79, -8, 0.01)
	bad[0][2] = orb.Point{-79, 512}
	open := orb.Polygon{box(-79, -8, 0.01)[0][:4]}
	for name, tc := range map[string]struct {
		b   orb.MultiPolygon
		res int
		err error
	}{
		"no polygon":      {nil, 10, ErrBoundary},
		"empty polygon":   {orb.MultiPolygon{{}}, 10, ErrBoundary},
		"bad latitude":    {orb.MultiPolygon{bad}, 10, ErrPoint},
		"ring not closed": {orb.MultiPolygon{open}, 10, ErrBoundary},
		"resolution 16":   {orb.MultiPolygon{box(-79, -8, 0.01)}, 16, ErrResolution},
		"too fine":        {orb.MultiPolygon{box(-79, -8, 2)}, 12, ErrBoundary},
		"too coarse":      {orb.MultiPolygon{box(-79, -8, 0.0001)}, 5, ErrBoundary},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := NewGrid(tc.b, tc.res); !errors.Is(err, tc.err) {
				t.Fatalf("got %v, want %v", err, tc.err)
			}
		})
	}
}

func FuzzParseCell(f *testing.F) {
	f.Add("8a8e6e2a5b57fff")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCell(s)
		if err == nil && !c.Valid() {
			t.Fatalf("%q gave the invalid cell %x", s, uint64(c))
		}
	})
}
