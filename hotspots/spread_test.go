package hotspots

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGammaAbove: against the closed form of whole shapes, a Poisson sum.
func TestGammaAbove(t *testing.T) {
	for _, a := range []int{1, 2, 5, 40} {
		for _, x := range []float64{0, 0.01, 0.5, 1, 3, 7, 41, 90} {
			want, term := 0.0, math.Exp(-x)
			for k := range a {
				want += term
				term *= x / float64(k+1)
			}
			if got := gammaAbove(float64(a), x); math.Abs(got-want) > 1e-10 {
				t.Errorf("shape %d above %g: %v, want %v", a, x, got, want)
			}
		}
	}
	if got := gammaAbove(0.5, 1); math.Abs(got-math.Erfc(1)) > 1e-12 {
		t.Errorf("shape ½ above 1: %v, want erfc(1)", got)
	}
}

// TestTopProbabilities: against drawing the true rates many times.
func TestTopProbabilities(t *testing.T) {
	const n, k, draws = 300, 15, 4000
	r := rand.New(rand.NewPCG(3, 4))
	means := make([]float64, n)
	for i := range means {
		means[i] = math.Exp(3 * r.Float64())
	}
	const d = 0.25 // a gamma variable of shape 4: a sum of four exponentials
	got := topProbabilities(means, d, k)
	hits := make([]int, n)
	rates := make([]float64, n)
	for range draws {
		for i, m := range means {
			rates[i] = m * d * (r.ExpFloat64() + r.ExpFloat64() + r.ExpFloat64() + r.ExpFloat64())
		}
		sorted := slices.Sorted(slices.Values(rates))
		for i, v := range rates {
			if v >= sorted[n-k] {
				hits[i]++
			}
		}
	}
	sum := 0.0
	for i, p := range got {
		sum += p
		if want := float64(hits[i]) / draws; math.Abs(p-want) > 0.05 {
			t.Errorf("cell of mean %.2f: %.3f, drawn %.3f", means[i], p, want)
		}
	}
	if math.Abs(sum-k) > 0.01 {
		t.Errorf("probabilities add up to %v, want %d", sum, k)
	}
	for name, p := range map[string][]float64{"all": topProbabilities(means[:3], d, 3), "nothing": topProbabilities(make([]float64, 4), d, 1)} {
		if want := map[string]float64{"all": 1, "nothing": 0.25}[name]; p[0] != want {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// TestFalseShares: the worked example of the procedure, and ties.
func TestFalseShares(t *testing.T) {
	got := falseShares([]float64{0.01, 0.04, 0.03, 0.005, 0.9})
	for i, want := range []float64{0.025, 0.05, 0.05, 0.025, 0.9} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("q of p %d is %v, want %v", i, got[i], want)
		}
	}
}

// TestRatioInterval: each end is where the count becomes a tail of 10 %.
func TestRatioInterval(t *testing.T) {
	for _, c := range [][2]int{{0, 4}, {3, 0}, {7, 5}, {10, 30}, {100, 300}} {
		lo, hi := ratioInterval(c[0], c[1])
		n := c[0] + c[1]
		share := func(ratio float64) float64 { return ratio / (ratio + float64(trendBefore)/trendDays) }
		if c[0] > 0 {
			if p := 1 - binomialUpTo(c[0]-1, n, share(lo)); math.Abs(p-0.1) > 1e-9 {
				t.Errorf("%v: %v at the low end", c, p)
			}
		} else if lo != 0 {
			t.Errorf("%v: low end %v", c, lo)
		}
		if c[1] > 0 {
			if p := binomialUpTo(c[0], n, share(hi)); math.Abs(p-0.1) > 1e-9 {
				t.Errorf("%v: %v at the high end", c, p)
			}
		} else if !math.IsInf(hi, 1) {
			t.Errorf("%v: high end %v", c, hi)
		}
	}
}

// TestSpread: what it says of single cells hangs together.
func TestSpread(t *testing.T) {
	g, ins, target := someTown(t, 3000)
	s, err := Forecast(g, ins, target)
	if err != nil {
		t.Fatal(err)
	}
	sp := s.Spread()
	if sp.Periods < spreadPeriods {
		t.Fatalf("%d periods", sp.Periods)
	}
	top, hot := 0.0, 0
	for i := range sp.Mean {
		if float64(sp.Low[i]) > sp.Mean[i] || float64(sp.High[i]) < math.Floor(sp.Mean[i]) {
			t.Errorf("cell %d: %v expected, %d to %d", i, sp.Mean[i], sp.Low[i], sp.High[i])
		}
		top += sp.Top[i]
		if sp.Hot[i].Hot {
			hot++
		}
	}
	if math.Abs(top-float64(sp.K)) > 0.1 || hot == 0 || hot > g.Len()/2 {
		t.Errorf("%v in the first %d cells, %d of %d hot", top, sp.K, hot, g.Len())
	}
	few, err := Forecast(g, ins[:50], target)
	if err != nil {
		t.Fatal(err)
	}
	if sp := few.Spread(); sp.Periods != 0 || sp.Dispersion != assumedDispersion {
		t.Errorf("50 incidents: %+v", sp.Dispersion)
	}
}
