package hotspots

import (
	"math"
	"slices"
)

// mixture is a weighted sum of decayed, smoothed densities of past events and
// a uniform one (the "mix_shift" model): every memory smoothed by every sigma.
// Weights are non-negative and add up to 1, so the mixture is a probability
// over the cells; they are fitted by expectation–maximisation on how well each
// density foretold events that came after it.
type mixture struct {
	bank    *bank
	kernels []*kernel
	weights []float64 // of memory m and kernel k at m*len(kernels)+k; last: uniform
	tilt    *tilt     // multiplies what they give; nil: nothing
}

// The densities of the full mixture: half-lives in days, sigmas in metres.
func mixtureMemories() []memory {
	inf := math.Inf(1)
	var out []memory
	for _, h := range []float64{1, 3, 7, 30, 120, 365, inf} {
		out = append(out, memory{scope: everyEvent, halfLife: h})
	}
	for _, h := range []float64{30, 120, 365, inf} {
		out = append(out, memory{scope: sameSlot, halfLife: h})
	}
	for _, h := range []float64{365, inf} {
		out = append(out, memory{scope: sameSlotAndWeekend, halfLife: h})
	}
	return out
}

var mixtureSigmas = []float64{0, 150, 300, 600}

func newMixture(g *Grid, slots slotting, memories []memory, sigmas []float64) *mixture {
	m := &mixture{bank: newBank(g.Len(), slots, memories)}
	for _, s := range sigmas {
		m.kernels = append(m.kernels, newKernel(g, s))
	}
	n := len(memories)*len(sigmas) + 1
	m.weights = make([]float64, n)
	for i := range m.weights {
		m.weights[i] = 1 / float64(n)
	}
	return m
}

// densitiesAt fills p with each density at a cell for a slot, as the bank
// stands, times the number of cells (1 = no better than uniform). A density
// without events gives 0.
func (m *mixture) densitiesAt(slot, cell int, p []float64) {
	g := m.kernels[0].grid
	n := float64(g.Len())
	clear(p)
	p[len(p)-1] = 1
	nk := len(m.kernels)
	rings := 0
	for _, k := range m.kernels {
		rings = max(rings, k.rings)
	}
	rows := make([][]float64, len(m.bank.memories))
	scale := make([]float64, len(rows))
	for i := range rows {
		r := m.bank.row(i, slot)
		rows[i] = m.bank.rows[r]
		if t := m.bank.total[r]; t > 0 {
			scale[i] = n / t
		}
	}
	g.Disk(cell, rings, func(j, ring int) {
		for ki, k := range m.kernels {
			if ring > k.rings {
				continue
			}
			w := k.from(j, ring)
			for i, row := range rows {
				p[i*nk+ki] += w * row[j]
			}
		}
	})
	for i, s := range scale {
		for ki := range nk {
			p[i*nk+ki] *= s
		}
	}
}

// foretold gives each density at a cell for a slot as a row of its own; spare
// is memory for the next rows.
func (m *mixture) foretold(slot, cell int, spare *[]float64) []float64 {
	n := len(m.weights)
	if len(*spare) < n {
		*spare = make([]float64, 256*n)
	}
	row := (*spare)[:n:n]
	*spare = (*spare)[n:]
	m.densitiesAt(slot, cell, row)
	return row
}

// density gives the mixture over all cells for a slot; it adds up to 1.
func (m *mixture) density(slot int) []float64 {
	nk, cells := len(m.kernels), m.kernels[0].grid.Len()
	out := make([]float64, cells)
	spare := m.weights[len(m.weights)-1] // uniform, and densities without events
	for ki, k := range m.kernels {
		mixed := make([]float64, cells)
		any := false
		for i := range m.bank.memories {
			w := m.weights[i*nk+ki]
			if w == 0 {
				continue
			}
			r := m.bank.row(i, slot)
			t := m.bank.total[r]
			if t <= 0 {
				spare += w
				continue
			}
			any = true
			for c, v := range m.bank.rows[r] {
				mixed[c] += w / t * v
			}
		}
		if any {
			for c, v := range k.spread(mixed) {
				out[c] += v
			}
		}
	}
	for c := range out {
		out[c] += spare / float64(cells)
	}
	if m.tilt != nil {
		m.tilt.apply(m.bank, slot, out)
	}
	return out
}

// emRounds is how many steps of expectation–maximisation fit the weights. The
// last hundreds gain next to nothing on the fit period, but let the weights
// that are not needed die out.
const emRounds = 300

// fitWeights finds the weights under which the foretold densities p of past
// events (one row an event) were likeliest, each event counting as much as
// counts says.
func (m *mixture) fitWeights(p [][]float64, counts []float64) {
	likeliestWeights(m.weights, p, counts, nil)
}

// likeliestWeights finds, from w on and in its place, the weights of densities
// under which the events were likeliest whose rows p are, by
// expectation–maximisation. prior, if not nil, is so many events of each density
// that are believed to have been (a Dirichlet prior): the fewer the events, the
// more the weights are pulled towards it. Most weights without a prior go to 0;
// those under 1e-6 are left there, but for the last one.
func likeliestWeights(w []float64, p [][]float64, counts, prior []float64) {
	total := 0.0
	for _, c := range counts {
		total += c
	}
	for _, c := range prior {
		total += c
	}
	if total == 0 {
		return
	}
	next := make([]float64, len(w))
	var live []int
	for i := range w {
		live = append(live, i)
	}
	for round := range emRounds {
		clear(next)
		for e, row := range p {
			z := 0.0
			for _, i := range live {
				z += w[i] * row[i]
			}
			inv := counts[e] / z
			for _, i := range live {
				next[i] += row[i] * inv
			}
		}
		for _, i := range live {
			w[i] *= next[i]
			if prior != nil {
				w[i] += prior[i]
			}
			w[i] /= total
		}
		if round%10 == 9 {
			live = slices.DeleteFunc(live, func(i int) bool {
				dead := w[i] < 1e-6 && i < len(w)-1 // the last one stays: it makes every event possible
				if dead {
					w[i] = 0
				}
				return dead
			})
		}
	}
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	for i := range w {
		w[i] /= sum
	}
}

// floor gives the uniform density at least the share u, at the cost of all
// others, so that no quiet cell is ever given up.
func (m *mixture) floor(u float64) {
	last := len(m.weights) - 1
	if have := m.weights[last]; have < u {
		f := (1 - u) / (1 - have)
		for i := range last {
			m.weights[i] *= f
		}
		m.weights[last] = u
	}
}
