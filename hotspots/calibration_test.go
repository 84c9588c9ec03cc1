package hotspots

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// The distribution against its definition: probabilities that add up, with the
// mean and variance that were asked for, and an interval that holds its share.
func TestNegativeBinomial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nb := negativeBinomial{rapid.Float64Range(0, 60).Draw(t, "mean"), rapid.Float64Range(0, 3).Draw(t, "d")}
		var sum, mean, squares float64
		var probs []float64
		nb.each(func(n int, p float64) bool {
			probs = append(probs, p)
			sum, mean, squares = sum+p, mean+float64(n)*p, squares+float64(n*n)*p
			if l := math.Exp(nb.logProb(n)); math.Abs(l-p) > 1e-5*p+1e-300 {
				t.Fatalf("probability of %d: %v by steps, %v in closed form", n, p, l)
			}
			return n < 20000 && (float64(n) <= nb.m || p > 1e-13)
		})
		variance := squares - mean*mean
		if math.Abs(sum-1) > 1e-6 || math.Abs(mean-nb.m) > 1e-4*(1+nb.m) || math.Abs(variance-(nb.m+nb.d*nb.m*nb.m)) > 1e-2*(1+variance) {
			t.Fatalf("sum %v, mean %v of %v, variance %v", sum, mean, nb.m, variance)
		}
		lo, hi := nb.interval(0.8)
		inside := 0.0
		for n := lo; n <= hi; n++ {
			inside += probs[n]
		}
		below, _ := nb.below(lo)
		upTo, _ := nb.below(hi)
		if inside < 0.8-1e-9 || below > 0.1+1e-9 || upTo > 0.9+1e-9 {
			t.Fatalf("%d..%d holds %v, with %v below", lo, hi, inside, below)
		}
		if less, just := nb.below(hi); math.Abs(less+just-(below+inside)) > 1e-9 {
			t.Fatalf("below %d: %v and %v", hi, less, just)
		}
	})
}

// gamma draws from a gamma distribution with mean 1 and variance d, as the mean
// of so many exponentials.
func gamma(r *rand.Rand, d float64) float64 {
	k := int(math.Round(1 / d))
	sum := 0.0
	for range k {
		sum += r.ExpFloat64()
	}
	return sum / float64(k)
}

func poisson(r *rand.Rand, m float64) int {
	n, p := 0, math.Exp(-m)
	for u := r.Float64(); u > p && n < 10000; n++ {
		u -= p
		p *= m / float64(n+1)
	}
	return n
}

// Counts made with a known dispersion give it back, and their intervals hold.
func TestCalibration(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8.07, 0.06)}, 9)
	r := rand.New(rand.NewPCG(3, 9))
	sectors := sectorsOf(g)
	if n := len(sectors); n < 5 || n > g.Len()/10 {
		t.Fatalf("%d sectors of %d cells", n, g.Len())
	}
	const common, cell = 0.1, 0.5
	periods := func(n int) []period {
		var out []period
		for range n {
			p := period{make([]float64, g.Len()), make([]int, g.Len())}
			for _, s := range sectors {
				all := gamma(r, common)
				for _, i := range s {
					p.means[i] = 0.2 + 2*r.Float64()
					p.counts[i] = poisson(r, p.means[i]*all*gamma(r, cell))
				}
			}
			out = append(out, p)
		}
		return out
	}
	d := fitDispersion(g, periods(30))
	if math.Abs(d.Common-common) > 0.05 || math.Abs(d.Cell-cell) > 0.15 {
		t.Errorf("fitted %+v of %v and %v", d, common, cell)
	}
	c := calibrate(g, d, periods(60), 1)
	if math.Abs(c.PIT-0.8) > 0.02 || math.Abs(c.SectorPIT-0.8) > 0.06 || c.Inside < 0.8 || c.SectorInside < 0.77 {
		t.Errorf("%+v", c)
	}
	if again := calibrate(g, Dispersion{}, periods(20), 1); again.SectorPIT > 0.7 {
		t.Errorf("counts that spread pass for Poisson's: %+v", again)
	}
}
