package hotspots

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// TestSmoother holds running means along three axes against counting, for every
// cell, the ways of three steps that lead to it within the grid's rectangle.
func TestSmoother(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-77.05, -12.05, 0.012)}, 10)
	s := newSmoother(g, 200)
	if s == nil || s.radius < 2 {
		t.Fatalf("%+v", s)
	}
	r := rand.New(rand.NewPCG(4, 4))
	x, got := make([]float64, g.Len()), make([]float64, g.Len())
	for range 12 {
		x[r.IntN(len(x))] = 1 + r.Float64()
	}
	s.spread(x, 3, got)
	w, h := s.w, s.h
	in := func(i, j int) bool { return i >= 0 && j >= 0 && i < h && j < w }
	sum := make([]float64, w*h)
	for c, v := range x {
		at := int(s.inner[c])
		for a := -s.radius; a <= s.radius; a++ {
			for b := -s.radius; b <= s.radius; b++ {
				for d := -s.radius; d <= s.radius; d++ {
					i, j := at/w, at%w
					if j += a; !in(i, j) {
						continue
					}
					if i += b; !in(i, j) {
						continue
					}
					if i, j = i+d, j+d; in(i, j) {
						sum[i*w+j] += v
					}
				}
			}
		}
	}
	side := float64(2*s.radius + 1)
	for c, v := range got {
		if want := 3 * sum[s.inner[c]] / (side * side * side); math.Abs(v-want) > 1e-9 {
			t.Fatalf("cell %d: %v, want %v", c, v, want)
		}
	}
}

// TestTiltFit: of two densities of which one is the other times exp(b·x), drawing
// from the one and fitting against the other finds b, as far as the penalty lets it.
func TestTiltFit(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	truth := []float64{0.5, -0.3}
	var s tiltSample
	for len(s.came) < 60_000 {
		x := []float64{r.NormFloat64() + 1, r.NormFloat64()}
		s.drawn, s.weight = append(s.drawn, x), append(s.weight, 1)
		// With x normal, tilting moves its mean by b.
		s.came, s.counts = append(s.came, []float64{r.NormFloat64() + 1 + truth[0], r.NormFloat64() + truth[1]}), append(s.counts, 1)
	}
	tl := &tilt{mean: make([]float64, 2), weight: make([]float64, 2)}
	tl.fit(s)
	for i, want := range truth {
		shrunk := want * 60_000 / (60_000 + tiltPrior)
		if math.Abs(tl.weight[i]-shrunk) > 0.02 {
			t.Errorf("weight %d is %.3f, want about %.3f", i, tl.weight[i], shrunk)
		}
	}
	same := tiltSample{came: s.drawn, counts: s.weight, drawn: s.drawn, weight: s.weight}
	tl = &tilt{mean: make([]float64, 2), weight: make([]float64, 2)}
	tl.fit(same)
	if math.Abs(tl.weight[0])+math.Abs(tl.weight[1]) > 1e-6 {
		t.Errorf("nothing to find, found %v", tl.weight)
	}
}

// TestContextForetells: where a part of the district has more in a shift, all
// cells of it have, and the tilt knows; the density still adds up to 1.
func TestContextForetells(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-77.05, -12.05, 0.012)}, 10)
	r := rand.New(rand.NewPCG(3, 9))
	end := time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)
	middle := g.Centre(g.Len() / 2)
	busy := make([]float64, g.Len())
	for i := range busy {
		busy[i] = r.ExpFloat64() * r.ExpFloat64()
	}
	var ins []Incident
	for len(ins) < 9000 {
		days := 400 * r.Float64()
		i := r.IntN(g.Len())
		p := busy[i] / 8
		// East is busy by day and west by night.
		if east := g.Centre(i)[0] > middle[0]; east == (days-math.Floor(days) > 1.0/3) {
			p *= 6
		}
		if r.Float64() < p {
			ins = append(ins, Incident{At: end.Add(-time.Duration(days * 24 * float64(time.Hour))), Point: g.Centre(i)})
		}
	}
	b := Backtest{Grid: g, Incidents: ins, Fit: DayRange{end.AddDate(0, 0, -240), end.AddDate(0, 0, -60)}, Test: DayRange{end.AddDate(0, 0, -60), end},
		Models: []string{mixShift, mixContext}}
	res, err := b.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	gain := map[string]float64{}
	for _, s := range res.Scores {
		if s.Horizon == HorizonShift {
			gain[s.Model] = s.Gain
		}
	}
	t.Logf("%v", gain)
	if gain[mixContext] < gain[mixShift]+0.002 || res.Chosen != mixContext {
		t.Errorf("gains %v, chosen %s", gain, res.Chosen)
	}
	s, err := Forecast(g, ins, Target{Start: end, End: end.Add(8 * time.Hour), Loc: time.UTC, Model: mixContext})
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, v := range s.Share {
		sum += v
	}
	if math.Abs(sum-1) > 1e-9 || s.fit.mix.tilt == nil {
		t.Errorf("the density adds up to %v", sum)
	}
}
