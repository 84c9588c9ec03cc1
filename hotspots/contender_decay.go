package hotspots

import (
	"fmt"
	"math"
)

// The single decayed densities that are tried: half-lives in days and sigmas
// in metres.
var (
	decayHalfLives = []float64{1, 3, 7, 14, 30, 60, 120, 365, 1000, math.Inf(1)}
	decaySigmas    = []float64{0, 150, 300, 600}
)

// decays keeps every single decayed, smoothed density and scores each over the
// fit period, once a day.
type decays struct {
	banks   []*bank // one a sigma, with a memory for each half-life
	kernels []*kernel
	tallies [][]tally // by sigma and half-life
	seen    int       // slots up to this one are known
}

func (d *decays) begin(h *history, slot int) {
	var memories []memory
	for _, half := range decayHalfLives {
		memories = append(memories, memory{scope: everyEvent, halfLife: half})
	}
	for _, sigma := range decaySigmas {
		d.banks = append(d.banks, newBank(h.grid.Len(), h.slots, memories))
		d.kernels = append(d.kernels, newKernel(h.grid, sigma))
		d.tallies = append(d.tallies, make([]tally, len(memories)))
	}
	d.seen = slot - 1
}

// learn may be told of a slot more than once: by each model that shares it.
func (d *decays) learn(h *history, slot int, _, known []event, fitting bool) {
	if d.banks == nil {
		d.begin(h, slot)
	}
	if slot <= d.seen {
		return
	}
	d.seen = slot
	if fitting && h.slots.kind(slot) == 0 {
		if day := h.between(slot, slot+h.slots.perDay()); len(day) > 0 {
			for s, b := range d.banks {
				for m, row := range b.rows {
					d.tallies[s][m].add(row, nil, day)
				}
			}
		}
	}
	for s, b := range d.banks {
		for _, e := range known {
			b.addSpread(e.slot, e.cell, d.kernels[s])
		}
	}
}

// best gives the sigma and half-life, of those that count, that hit most in the
// fit period, over the first 2, 5 and 10 % of the cells.
func (d *decays) best(counts func(sigma, halfLife float64) bool) (sigma, half int) {
	most := -1.0
	for s := range d.banks {
		for m := range d.tallies[s] {
			if !counts(decaySigmas[s], decayHalfLives[m]) {
				continue
			}
			h := d.tallies[s][m].hits
			if v := h[1] + h[2] + h[3]; v > most {
				most, sigma, half = v, s, m
			}
		}
	}
	return sigma, half
}

// bestDecay is the single density, of those that count, that did best in the
// fit period.
type bestDecay struct {
	*decays
	counts      func(sigma, halfLife float64) bool
	sigma, half int
}

// Kinds of single densities: decay alone, a kernel that forgets nothing, and
// any of both.
func decayAlone(sigma, _ float64) bool     { return sigma == 0 }
func kernelAlone(_, halfLife float64) bool { return math.IsInf(halfLife, 1) }
func anyDecay(_, _ float64) bool           { return true }

func (d *bestDecay) settle(*history) { d.sigma, d.half = d.best(d.counts) }

func (d *bestDecay) foretell(*history, int, int) (rank, density []float64) {
	row := d.banks[d.sigma].rows[d.half]
	return row, normalised(row, 0.02)
}

// String says what was chosen.
func (d *bestDecay) String() string {
	return fmt.Sprintf("half-life %g days, sigma %g m", decayHalfLives[d.half], decaySigmas[d.sigma])
}
