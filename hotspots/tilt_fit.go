package hotspots

import "math"

// tiltSample is what the weights of a tilt are fitted on: the features of where
// events came, and of cells drawn by the mixture for the same slots.
type tiltSample struct {
	came, drawn    [][]float64
	counts, weight []float64 // of each
}

// enoughForTilt tells whether so many events are worth the walk: fewer than the
// penalty stands for hardly move the weights.
func enoughForTilt(counts []float64) bool {
	n := 0.0
	for _, c := range counts {
		n += c
	}
	return n >= tiltPrior
}

// fitTilt fits a tilt on the events of the slots from one up to another, given all
// events in time order; the mixture's weights must be fitted before. It walks
// through the events with a bank of its own.
func (m *mixture) fitTilt(events []event, from, to int) {
	g := m.kernels[0].grid
	t := newTilt(g, m.bank.memories)
	if t == nil {
		return
	}
	w := &mixture{bank: newBank(g.Len(), m.bank.slots, m.bank.memories), kernels: m.kernels, weights: m.weights}
	var s tiltSample
	last := from - 1
	w.walk(events, func(first int, e event) {
		if e.slot < from || e.slot >= to || first == 0 {
			return
		}
		if e.slot != last {
			last = e.slot
			density := w.density(e.slot)
			t.see(w.bank, e.slot, density)
			s.draw(t, density)
		}
		s.came, s.counts = append(s.came, t.seen(e.cell)), append(s.counts, e.weight)
		for i := len(s.weight) - tiltDraws; i < len(s.weight); i++ {
			s.weight[i] += e.weight / tiltDraws
		}
	})
	if len(s.came) == 0 {
		return
	}
	t.fit(s)
	m.tilt = t
}

// seen gives the features of a cell as last seen.
func (t *tilt) seen(cell int) []float64 {
	x := make([]float64, len(t.weight))
	t.at(cell, x)
	return x
}

// draw takes cells at even steps of the density added up in the grid's order,
// which goes from neighbour to neighbour: so they are spread as the density is.
func (s *tiltSample) draw(t *tilt, density []float64) {
	sum, next := 0.0, 0
	for c, v := range density {
		sum += v
		for next < tiltDraws && sum*tiltDraws >= float64(next)+0.5 {
			s.drawn, s.weight = append(s.drawn, t.seen(c)), append(s.weight, 0)
			next++
		}
	}
	for ; next < tiltDraws; next++ { // what rounding leaves
		s.drawn, s.weight = append(s.drawn, t.seen(len(density)-1)), append(s.weight, 0)
	}
}

// fit finds the weights b that make Σ b·x over the events less n times the
// logarithm of the mean of exp(b·x) over the cells drawn largest, less
// tiltPrior/2·Σ(b·size)², by Newton's method; it has one peak.
func (t *tilt) fit(s tiltSample) {
	n := 0.0
	for _, c := range s.counts {
		n += c
	}
	size := make([]float64, len(t.weight))
	for i := range size {
		sum, squares := 0.0, 0.0
		for k, x := range s.drawn {
			sum, squares = sum+s.weight[k]*x[i], squares+s.weight[k]*x[i]*x[i]
		}
		t.mean[i] = sum / n
		size[i] = math.Sqrt(max(0, squares/n-t.mean[i]*t.mean[i]))
	}
	came := make([]float64, len(size))
	for k, x := range s.came {
		for i, v := range x {
			came[i] += s.counts[k] * (v - t.mean[i])
		}
	}
	for range tiltSteps {
		step, ok := t.newton(s, came, size, n)
		if !ok {
			clear(t.weight)
			return
		}
		most := 0.0
		for i, d := range step {
			most = max(most, math.Abs(d*size[i]))
		}
		for i, d := range step {
			t.weight[i] += d * min(1, 0.5/max(most, 1e-300))
		}
		if most < 1e-9 {
			return
		}
	}
}

// tiltSteps is how many steps of Newton's method are made at most.
const tiltSteps = 50

// newton gives the next step.
func (t *tilt) newton(s tiltSample, came, size []float64, n float64) ([]float64, bool) {
	p := len(size)
	mean := make([]float64, p)
	a := make([][]float64, p)
	for i := range a {
		a[i] = make([]float64, p+1)
	}
	total := 0.0
	x := make([]float64, p)
	for k, row := range s.drawn {
		dot := 0.0
		for i := range x {
			x[i] = row[i] - t.mean[i]
			dot += t.weight[i] * x[i]
		}
		v := s.weight[k] * math.Exp(dot)
		total += v
		for i := range x {
			mean[i] += v * x[i]
			for j := range i + 1 {
				a[i][j] += v * x[i] * x[j]
			}
		}
	}
	for i := range a {
		mean[i] /= total
	}
	for i := range a {
		for j := range i + 1 {
			a[i][j] = n * (a[i][j]/total - mean[i]*mean[j])
			a[j][i] = a[i][j]
		}
		prior := tiltPrior * max(size[i]*size[i], 1e-12)
		a[i][i] += prior
		a[i][p] = came[i] - n*mean[i] - prior*t.weight[i]
	}
	return solved(a)
}
