package routing_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/routing"
)

func square(x, y, half float64) orb.Ring {
	return orb.Ring{{x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}, {x - half, y - half}}
}

func TestRegionAgreesWithSampling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		m := orb.MultiPolygon{
			{square(draw("x", 0, 1), draw("y", 0, 1), draw("half", 0.1, 0.6))},
			{square(0.5, 0.5, 0.4), square(0.5, 0.5, draw("hole", 0.05, 0.3))},
		}
		r := routing.NewRegion(m)
		in := func(p orb.Point) bool { return planar.MultiPolygonContains(m, p) }
		p := orb.Point{draw("px", -0.5, 1.5), draw("py", -0.5, 1.5)}
		if r.Contains(p) != in(p) {
			t.Fatalf("%v: %v, want %v", p, r.Contains(p), in(p))
		}
		l := orb.LineString{p, {draw("qx", -0.5, 1.5), draw("qy", -0.5, 1.5)}, {draw("rx", -0.5, 1.5), draw("ry", -0.5, 1.5)}}
		want := 0.0
		const n = 2000
		for i := 0; i+1 < len(l); i++ {
			hits := 0
			for k := range n {
				f := (float64(k) + 0.5) / n
				if in(orb.Point{l[i][0] + f*(l[i+1][0]-l[i][0]), l[i][1] + f*(l[i+1][1]-l[i][1])}) {
					hits++
				}
			}
			want += geo.Distance(l[i], l[i+1]) * float64(hits) / n
		}
		if got := r.LengthInside(l); math.Abs(got-want) > 0.005*geo.Length(l)+1 {
			t.Fatalf("%.1f m inside, want %.1f", got, want)
		}
	})
}

func TestRegionWithoutBoundaryHoldsEverything(t *testing.T) {
	r := routing.NewRegion(nil)
	if !r.Contains(orb.Point{1, 2}) || r.LengthInside(orb.LineString{{0, 0}, {0, 1}}) == 0 {
		t.Error("something lies outside of nothing")
	}
}
