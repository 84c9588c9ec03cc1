package hotspots

import (
	"math"
	"slices"
)

// Shares of the cells of a grid, most expected first, at which a ranking is
// judged.
var Shares = [5]float64{0.01, 0.02, 0.05, 0.10, 0.20}

// Score says how well a model foretold events: what part of them fell into the
// cells it ranked first, and how much likelier it made them than chance.
type Score struct {
	Model   string
	Horizon Horizon
	Events  int
	// HR is the hit rate: events in the first k cells / all events, with k =
	// max(1, ⌊share·cells⌋) for each of Shares.
	HR [5]float64
	// PAI is the predictive accuracy index (Chainey et al. 2008): HR / (k/cells).
	PAI [5]float64
	// PEI is the predictive efficiency index (Hunt 2016): hits / the most that
	// any choice of k cells would have hit, summed over forecasts.
	PEI [5]float64
	// Gain is the mean of ln(density·cells) over the events, in nats: 0 is no
	// better than every cell alike. NaN if the model only ranks.
	Gain float64
}

// tally gathers the score of one model at one horizon.
type tally struct {
	events     int
	hits, best [5]float64
	gain       float64
	ranksOnly  bool
}

// add judges one forecast by the events that came: rank orders the cells, and
// density, if any, adds up to 1. Of cells of equal rank each is as likely to
// come first, and the hits to be expected count: what breaking ties by lot
// gives on average.
func (t *tally) add(rank, density []float64, events []event) {
	if len(events) == 0 {
		return
	}
	n := len(rank)
	t.events += len(events)
	hit := map[int]float64{}
	var cells []int
	for _, e := range events {
		if hit[e.cell] == 0 {
			cells = append(cells, e.cell)
		}
		hit[e.cell]++
		if density != nil {
			t.gain += math.Log(density[e.cell] * float64(n))
		}
	}
	t.ranksOnly = t.ranksOnly || density == nil
	var counts []float64
	for _, cell := range cells {
		counts = append(counts, hit[cell])
		above, equal := placeOf(rank, cell)
		for i, share := range Shares {
			left := topCells(share, n) - above
			t.hits[i] += hit[cell] * min(1, max(0, float64(left)/float64(equal)))
		}
	}
	slices.SortFunc(counts, func(a, b float64) int { return int(b - a) })
	for i, share := range Shares {
		for _, c := range counts[:min(len(counts), topCells(share, n))] {
			t.best[i] += c
		}
	}
}

// topCells is the number of cells that a share of n is.
func topCells(share float64, n int) int { return max(1, int(share*float64(n))) }

// placeOf gives how many cells rank before a cell, and how many are its equals,
// itself among them.
func placeOf(rank []float64, cell int) (above, equal int) {
	v := rank[cell]
	for _, x := range rank {
		if x > v {
			above++
		} else if x == v {
			equal++
		}
	}
	return above, equal
}

func (t *tally) score(model string, horizon Horizon, cells int) Score {
	s := Score{Model: model, Horizon: horizon, Events: t.events, Gain: math.NaN()}
	if t.events == 0 {
		return s
	}
	for i, share := range Shares {
		s.HR[i] = t.hits[i] / float64(t.events)
		s.PAI[i] = s.HR[i] * float64(cells) / float64(topCells(share, cells))
		s.PEI[i] = t.hits[i] / t.best[i]
	}
	if !t.ranksOnly {
		s.Gain = t.gain / float64(t.events)
	}
	return s
}
