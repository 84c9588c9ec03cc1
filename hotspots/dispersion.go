package hotspots

import "math"

// Dispersion is how much counts spread about what is expected of them, beyond
// chance. A count with mean μ is negative binomial with variance μ + d·μ². Of a
// cell d = Common + Cell; of a sum over cells Common + Cell·Σμ²/(Σμ)²: what
// moves all cells alike does not average out.
type Dispersion struct {
	Common float64 // of what cells near each other share, such as the volume
	Cell   float64 // of each cell for itself
}

// of gives d of a sum over cells with the means μ.
func (d Dispersion) of(means []float64) float64 {
	sum, squares := 0.0, 0.0
	for _, m := range means {
		sum, squares = sum+m, squares+m*m
	}
	if sum == 0 {
		return d.Common + d.Cell
	}
	return d.Common + d.Cell*squares/(sum*sum)
}

// negativeBinomial is the distribution of a count with mean m and variance
// m + d·m²; d = 0 is Poisson's.
type negativeBinomial struct{ m, d float64 }

// poissonBelow is the d under which the closed form loses more to rounding than
// Poisson's differs.
const poissonBelow = 1e-6

// each calls yield with n = 0, 1, 2 … and its probability until yield says no.
func (nb negativeBinomial) each(yield func(n int, p float64) bool) {
	p := math.Exp(-nb.m)
	if nb.d > poissonBelow {
		p = math.Exp(-math.Log1p(nb.d*nb.m) / nb.d)
	}
	for n := 0; yield(n, p); n++ {
		d := nb.d
		if d <= poissonBelow {
			d = 0
		}
		p *= nb.m * (1 + d*float64(n)) / ((1 + d*nb.m) * float64(n+1))
	}
}

// logProb gives the logarithm of the probability of n.
func (nb negativeBinomial) logProb(n int) float64 {
	if nb.m <= 0 {
		if n == 0 {
			return 0
		}
		return math.Inf(-1)
	}
	k := float64(n)
	fact, _ := math.Lgamma(k + 1)
	if nb.d <= poissonBelow {
		return k*math.Log(nb.m) - nb.m - fact
	}
	r := 1 / nb.d
	a, _ := math.Lgamma(k + r)
	b, _ := math.Lgamma(r)
	return a - b - fact - r*math.Log1p(nb.d*nb.m) + k*(math.Log(nb.d*nb.m)-math.Log1p(nb.d*nb.m))
}

// below gives the probability of fewer than n, and of n itself.
func (nb negativeBinomial) below(n int) (less, just float64) {
	nb.each(func(k int, p float64) bool {
		if k == n {
			just = p
			return false
		}
		less += p
		return true
	})
	return less, just
}

// interval gives the counts lo..hi that hold at least the share of the
// probability, as much left out below as above or less.
func (nb negativeBinomial) interval(share float64) (lo, hi int) {
	tail, sum := (1-share)/2, 0.0
	lo = -1
	nb.each(func(n int, p float64) bool {
		sum += p
		if lo < 0 && sum >= tail {
			lo = n
		}
		hi = n
		// The second condition ends it where rounding never lets the sum arrive.
		return sum < 1-tail && !(float64(n) > nb.m && p < 1e-18)
	})
	return max(lo, 0), hi
}

// likeliest gives the x in [0, 10] that makes f largest, to a thousandth; f
// rises to one peak and falls.
func likeliest(f func(x float64) float64) float64 {
	golden := (math.Sqrt(5) - 1) / 2
	at := func(u float64) float64 { return math.Expm1(u) }
	lo, hi := 0.0, math.Log1p(10)
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	fa, fb := f(at(a)), f(at(b))
	for hi-lo > 1e-4 {
		if fa >= fb {
			hi, b, fb = b, a, fa
			a = hi - golden*(hi-lo)
			fa = f(at(a))
		} else {
			lo, a, fa = a, b, fb
			b = lo + golden*(hi-lo)
			fb = f(at(b))
		}
	}
	if x := at((lo + hi) / 2); f(x) > f(0) {
		return x
	}
	return 0
}
