package hotspots

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Calibration says whether counts of the long horizon came as often within the
// intervals given for them as they should.
type Calibration struct {
	Dispersion Dispersion // fitted on the fit period
	Counts     int        // cells × periods
	// PIT is the share of the counts whose randomised probability integral
	// transform (Czado, Gneiting & Held 2009) lies in [0.1, 0.9]: 0.8 if the
	// distributions are right.
	PIT float64
	// Inside is the share of the counts within their 80 % interval; counts are
	// whole, so right intervals hold more than 80 %.
	Inside float64
	// The same for sums over sectors of which at least sectorMean are expected.
	Sectors      int
	SectorPIT    float64
	SectorInside float64
	// PITs counts the transforms of cells by tenths: flat if the distributions
	// are right.
	PITs [10]int
	// Bins compare what was expected with what came, cells of like expectation
	// together, from the least to the most.
	Bins []CalibrationBin
}

// CalibrationBin is a tenth of the cells and periods, by what was expected.
type CalibrationBin struct {
	Counts   int
	Expected float64 // mean of a cell in 28 days
	Observed float64 // likewise
}

const (
	intervalShare = 0.8
	// sectorSteps: a sector is an H3 cell so many resolutions coarser (49 cells).
	sectorSteps = 2
	sectorMean  = 10
)

// period is what was expected and what came in 28 days.
type period struct {
	means  []float64
	counts []int
}

// periods walks through the history with the mixture's weights and gives the
// whole 28-day periods from slot a up to b.
func (m *mixture) periods(h *history, a, b int) []period {
	w := &mixture{bank: newBank(h.grid.Len(), h.slots, m.bank.memories), kernels: m.kernels, weights: m.weights, tilt: m.tilt}
	long := periodDays * h.slots.perDay()
	var out []period
	next := 0 // of the registered events
	for from := a; from+long <= b; from += long {
		var past []event
		for ; next < len(h.registered) && h.known[h.registered[next]] < from; next++ {
			e := h.events[h.registered[next]]
			w.bank.add(e)
		}
		for _, i := range h.registered[:next] {
			past = append(past, h.events[i])
		}
		p := period{means: make([]float64, h.grid.Len()), counts: make([]int, h.grid.Len())}
		for _, c := range h.slots.classes(from, from+long) {
			n := float64(c.slots) * volume(h.slots, past, c.first)
			for i, share := range w.density(c.first) {
				p.means[i] += n * share
			}
		}
		for _, e := range h.between(from, from+long) {
			p.counts[e.cell]++
		}
		out = append(out, p)
	}
	return out
}

// fitDispersion finds the likeliest dispersion of past periods.
func fitDispersion(g *Grid, past []period) Dispersion {
	cell := likeliest(func(x float64) float64 {
		sum := 0.0
		for _, p := range past {
			for i, m := range p.means {
				sum += negativeBinomial{m, x}.logProb(p.counts[i])
			}
		}
		return sum
	})
	sectors := sectorsOf(g)
	common := likeliest(func(x float64) float64 {
		sum := 0.0
		d := Dispersion{Common: x, Cell: max(0, cell-x)}
		for _, p := range past {
			for _, cells := range sectors {
				means, mean, count := p.over(cells)
				if mean > 0 {
					sum += negativeBinomial{mean, d.of(means)}.logProb(count)
				}
			}
		}
		return sum
	})
	return Dispersion{Common: common, Cell: max(0, cell-common)}
}

// over gives what was expected of each of the cells and of all, and what came.
func (p period) over(cells []int) (means []float64, mean float64, count int) {
	for _, i := range cells {
		means = append(means, p.means[i])
		mean += p.means[i]
		count += p.counts[i]
	}
	return means, mean, count
}

// sectorsOf groups the cells by their coarser parent, in the grid's order.
func sectorsOf(g *Grid) [][]int {
	at := map[Cell]int{}
	var out [][]int
	for i := range g.Len() {
		parent, err := g.Parent(i, max(0, g.Res()-sectorSteps))
		if err != nil {
			continue // a valid cell has one
		}
		k, ok := at[parent]
		if !ok {
			k = len(out)
			at[parent] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}

// calibrate judges the intervals of test periods.
func calibrate(g *Grid, d Dispersion, test []period, seed uint64) Calibration {
	c := Calibration{Dispersion: d}
	r := rand.New(rand.NewPCG(seed, 28))
	var cells, sectors hits
	all := sectorsOf(g)
	for _, p := range test {
		for i, m := range p.means {
			cells.add(negativeBinomial{m, d.Common + d.Cell}, p.counts[i], r)
		}
		for _, s := range all {
			if means, mean, count := p.over(s); mean >= sectorMean {
				sectors.add(negativeBinomial{mean, d.of(means)}, count, r)
			}
		}
	}
	c.Counts, c.PIT, c.Inside = cells.shares()
	c.PITs, c.Bins = cells.tenths, calibrationBins(test)
	c.Sectors, c.SectorPIT, c.SectorInside = sectors.shares()
	return c
}

// hits counts how many of n counts lay where they should.
type hits struct {
	n, pit, inside int
	tenths         [10]int
}

func (h *hits) add(nb negativeBinomial, count int, r *rand.Rand) {
	h.n++
	less, just := nb.below(count)
	u := less + r.Float64()*just
	if u >= 0.1 && u <= 0.9 {
		h.pit++
	}
	h.tenths[min(9, max(0, int(10*u)))]++
	if lo, hi := nb.interval(intervalShare); count >= lo && count <= hi {
		h.inside++
	}
}

func (h hits) shares() (n int, pit, inside float64) {
	if h.n == 0 {
		return 0, 0, 0
	}
	return h.n, float64(h.pit) / float64(h.n), float64(h.inside) / float64(h.n)
}

// calibrationBins sorts the cells of all periods by what was expected of them
// and averages each tenth.
func calibrationBins(test []period) []CalibrationBin {
	type pair struct {
		mean  float64
		count int
	}
	var all []pair
	for _, p := range test {
		for i, m := range p.means {
			all = append(all, pair{m, p.counts[i]})
		}
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.mean, b.mean) })
	const bins = 10
	var out []CalibrationBin
	for k := range bins {
		part := all[k*len(all)/bins : (k+1)*len(all)/bins]
		if len(part) == 0 {
			continue
		}
		b := CalibrationBin{Counts: len(part)}
		for _, x := range part {
			b.Expected += x.mean / float64(len(part))
			b.Observed += float64(x.count) / float64(len(part))
		}
		out = append(out, b)
	}
	return out
}
