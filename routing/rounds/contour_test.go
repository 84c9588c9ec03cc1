package rounds

import (
	"math"
	"testing"

	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// The cut found is as cheap as the cheapest of all cuts.
func TestCutBeadsIsCheapest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Problem{}
		s := &solver{p: p}
		units := make([]int, rapid.IntRange(1, 3).Draw(t, "units"))
		for u := range units {
			units[u] = u
			p.Units = append(p.Units, Unit{Speed: rapid.Float64Range(2, 6).Draw(t, "speed"), End: 4000})
		}
		s.duties = make([][]duty, len(units))
		n := rapid.IntRange(1, 8).Draw(t, "loops")
		beads, sum := make([]bead, n), make([]float64, n+1)
		for i := range beads {
			beads[i] = bead{i, rapid.Float64Range(0, 3000).Draw(t, "away")}
			s.loops = append(s.loops, loop{length: rapid.Float64Range(100, 3000).Draw(t, "length")})
			sum[i+1] = sum[i] + s.loops[i].length
		}
		goal := rapid.Float64Range(200, 3000).Draw(t, "goal")
		price := func(k, i, j int) float64 {
			if i == j {
				return stretchPrice(0, 0, goal, 4000)
			}
			v := p.Units[k].Speed
			way := 2 * beads[i].away / v
			time := way + (sum[j]-sum[i])/v
			if j > i+1 && time > max(longPart*goal, 4000) || time < shortPart*goal {
				return math.Inf(1)
			}
			return stretchPrice(way, time, goal, 4000)
		}
		var least func(k, i int) float64
		least = func(k, i int) float64 {
			if k == len(units) {
				if i == n {
					return 0
				}
				return math.Inf(1)
			}
			best := math.Inf(1)
			for j := i; j <= n; j++ {
				best = min(best, price(k, i, j)+least(k+1, j))
			}
			return best
		}
		want := least(0, 0)
		ends, _ := (&dealt{s: s}).cutBeads(units, beads, sum, goal)
		if math.IsInf(want, 1) {
			return // no cut takes all: as much as can be
		}
		got, at := 0.0, 0
		for k, to := range ends {
			got += price(k, at, to)
			at = to
		}
		if at != n || math.Abs(got-want) > 1e-6*(1+want) {
			t.Fatalf("cut %v costs %g, the cheapest %g", ends, got, want)
		}
	})
}

// Every loop that fits is dealt, and the contour comes by each once, a junction
// never before those on the way to it.
func TestContourComesByEverything(t *testing.T) {
	g := routingtest.City(routingtest.Usual(7, 14, 12))
	s := &solver{p: &Problem{Graph: g, Units: []Unit{{Speed: 5, End: 1e6}, {Speed: 5, End: 1e6}}}, ctl: Control{Progress: func(Progress) {}}}
	s.prepare()
	s.assignPosts()
	if err := s.makeLoops(); err != nil {
		t.Fatal(err)
	}
	dist, up := s.shortestTree(0)
	for n, d := range dist {
		if p := up[n]; p >= 0 && dist[p] >= d {
			t.Fatalf("junction %d at %g m comes after one at %g m", n, d, dist[p])
		}
	}
	times := make([]int, len(s.loops))
	for _, b := range s.contour(0, func(int) bool { return true }) {
		times[b.loop]++
	}
	for i, n := range times {
		if n != 1 {
			t.Errorf("the contour comes by loop %d %d times", i, n)
		}
	}
	if !s.dealContour() {
		t.Fatal("units that may drive all streets are not dealt any")
	}
	total := 0
	for _, u := range s.tours {
		total += len(u.loops)
	}
	if total != len(s.loops) {
		t.Errorf("%d of %d loops are dealt", total, len(s.loops))
	}
}
