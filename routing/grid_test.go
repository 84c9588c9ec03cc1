package routing

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// TestGridFindsWhatLookingAtAllFinds holds the grid against every side, in towns,
// with a street far from all others, and with one that crosses everything.
func TestGridFindsWhatLookingAtAllFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := func(label string, most float64) orb.Point {
			return orb.Point{-79 + rapid.Float64Range(-most, most).Draw(t, label+" east"), -8 + rapid.Float64Range(-most, most).Draw(t, label+" north")}
		}
		var all []side
		add := func(a, b orb.Point) { all = append(all, side{a, b, SegmentID(len(all)), 0}) }
		for range rapid.IntRange(0, 60).Draw(t, "sides") {
			a := point("from", 0.01)
			add(a, orb.Point{a[0] + rapid.Float64Range(-0.001, 0.001).Draw(t, "dx"), a[1] + rapid.Float64Range(-0.001, 0.001).Draw(t, "dy")})
		}
		if rapid.Bool().Draw(t, "far") {
			add(orb.Point{-69, -12}, orb.Point{-69.001, -12})
		}
		if rapid.Bool().Draw(t, "long") {
			add(orb.Point{-79.5, -8.5}, orb.Point{-78.5, -7.5})
		}
		g := newSideGrid(all)
		lo, hi := box(point("corner", 0.02), point("corner", 0.02))
		found := map[SegmentID]bool{}
		for s := range g.search(lo, hi) {
			found[s.segment] = true
		}
		for i := range all {
			l, h := box(all[i].a, all[i].b)
			if touches := l[0] <= hi[0] && h[0] >= lo[0] && l[1] <= hi[1] && h[1] >= lo[1]; touches != found[all[i].segment] {
				t.Fatalf("side %v: touches the box %v, found %v", all[i], touches, found[all[i].segment])
			}
		}
	})
}

// TestGridStaysSmall asks for few squares however far apart streets lie, and for
// an answer where there is no place.
func TestGridStaysSmall(t *testing.T) {
	all := []side{{orb.Point{-79, -8}, orb.Point{-79.001, -8}, 0, 0}, {orb.Point{79, 8}, orb.Point{-60, -50}, 1, 0}}
	g := newSideGrid(all)
	if most := squaresPerSide * (len(all) + 128); len(g.starts) > most+1 || len(g.sides) > most {
		t.Errorf("%d squares and %d entries, at most %d", len(g.starts), len(g.sides), most)
	}
	nan := math.NaN()
	for range g.search([2]float64{nan, nan}, [2]float64{nan, nan}) {
		break // whatever it finds, it does not fail
	}
	empty := newSideGrid(nil)
	for range empty.search([2]float64{-79, -8}, [2]float64{-78, -7}) {
		t.Error("found a side of none")
	}
}
