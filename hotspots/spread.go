package hotspots

import "math"

// Spread says how sure the forecast is, for the 28 days from the window on: in
// one shift most cells have none or one, which tells nothing.
type Spread struct {
	Days       int
	Dispersion Dispersion
	Periods    int       // past runs of 28 days that the dispersion was fitted on; 0: it is assumed to be wide
	Mean       []float64 // incidents to expect, by cell
	Low, High  []int     // hold at least 80 % of the probability
	K          int       // the first K cells are meant by Top: 5 % of all
	Top        []float64 // probability that the cell truly is one of the K most loaded
	Few        []bool    // too few incidents in and next to the cell to tell it from others
	Hot        []HotSpot
}

// Limits of the statements about single cells.
const (
	spreadPeriods = 3    // fewer past periods do not give a dispersion
	topPart       = 0.05 // of the cells
	fewAround     = 5    // incidents of a year in a cell and its neighbours; fewer say nothing
	falseShare    = 0.05 // of the cells called hot that are none
)

// assumedDispersion is taken where there is too little past to fit one: a cell's
// true rate is then as likely half as twice what is expected.
var assumedDispersion = Dispersion{Common: 0.1, Cell: 0.5}

// spreading is what of a Spread does not change as incidents are added.
type spreading struct {
	dispersion Dispersion
	periods    int
}

// Spread tells how sure the surface is. It costs a walk through the last year.
func (s *Surface) Spread() *Spread {
	f := s.fit
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.spread == nil {
		f.spread = f.fitSpread()
	}
	n := f.grid.Len()
	out := &Spread{Days: periodDays, Dispersion: f.spread.dispersion, Periods: f.spread.periods, Mean: make([]float64, n), Low: make([]int, n), High: make([]int, n),
		K: topCells(topPart, n), Few: make([]bool, n)}
	for _, c := range f.slots.classes(f.slot, f.slot+periodDays*f.slots.perDay()) {
		v := float64(c.slots) * f.volume(f.events, c.first)
		for i, share := range f.share(c.first) {
			out.Mean[i] += v * share
		}
	}
	d := out.Dispersion.Common + out.Dispersion.Cell
	year := make([]float64, n)
	for i, c := range s.Count365 {
		year[i] = float64(c)
	}
	for i, m := range out.Mean {
		out.Low[i], out.High[i] = negativeBinomial{m, d}.interval(intervalShare)
		around := 0.0
		f.grid.Disk(i, 1, func(j, _ int) { around += year[j] })
		out.Few[i] = around < fewAround
	}
	out.Top = topProbabilities(out.Mean, out.Dispersion.Cell, out.K)
	out.Hot = hotSpots(f.grid, year, falseShare)
	return out
}

// fitSpread finds how much past counts spread about what would have been
// expected of them.
func (f *Fit) fitSpread() *spreading {
	out := &spreading{assumedDispersion, 0}
	if f.mix == nil || f.sample < fewIncidents {
		return out
	}
	from, to := f.fitSpan()
	from -= f.slots.kind(from)
	past := f.mix.periods(f.history(), from, to)
	if len(past) < spreadPeriods {
		return out
	}
	return &spreading{fitDispersion(f.grid, past), len(past)}
}

// topProbabilities gives the probability of each cell to be among the k greatest
// if the true rate of each is its mean times a gamma variable with mean 1 and
// variance d, independently. Over many cells the k-th greatest rate hardly
// varies, so it is taken to be the threshold that k cells are expected to pass.
func topProbabilities(means []float64, d float64, k int) []float64 {
	n := len(means)
	out := make([]float64, n)
	if k >= n {
		for i := range out {
			out[i] = 1
		}
		return out
	}
	most := 0.0
	for _, m := range means {
		most = max(most, m)
	}
	if most <= 0 {
		for i := range out {
			out[i] = float64(k) / float64(n)
		}
		return out
	}
	d = max(d, 1e-4) // less cannot be told from none
	passing := func(t float64) float64 {
		sum := 0.0
		for i, m := range means {
			out[i] = 0
			if m > 0 {
				out[i] = gammaAbove(1/d, t/(m*d))
			}
			sum += out[i]
		}
		return sum
	}
	lo, hi := 0.0, most*(1+40*d+10*math.Sqrt(d))
	for range 50 {
		t := (lo + hi) / 2
		switch sum := passing(t); {
		case math.Abs(sum-float64(k)) < 1e-3:
			return out
		case sum > float64(k):
			lo = t
		default:
			hi = t
		}
	}
	return out
}

// gammaAbove gives the probability that a gamma variable of shape a and scale 1
// is above x: the regularised upper incomplete gamma function, by its series
// below a+1 and by its continued fraction above (Abramowitz & Stegun 6.5.29 and
// 6.5.31, the latter by Lentz's method).
func gammaAbove(a, x float64) float64 {
	if x <= 0 {
		return 1
	}
	lg, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - lg)
	if x < a+1 {
		term := 1 / a
		sum := term
		for n := 1; n < 10000 && term > sum*1e-12; n++ {
			term *= x / (a + float64(n))
			sum += term
		}
		return max(0, 1-front*sum)
	}
	const tiny = 1e-300
	b := x + 1 - a
	c, d := 1/tiny, 1/b
	h := d
	for n := 1; n < 10000; n++ {
		an := -float64(n) * (float64(n) - a)
		b += 2
		d = an*d + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + an/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		step := d * c
		h *= step
		if math.Abs(step-1) < 1e-12 {
			break
		}
	}
	return min(1, front*h)
}
