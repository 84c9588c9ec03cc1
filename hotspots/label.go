package hotspots

import (
	"math"
	"slices"
)

// HotSpot is the statistical label of a cell: whether more happened in and next
// to it in a year than if the district's incidents fell anywhere. It is a
// statement about the past and ranks nothing.
type HotSpot struct {
	Z   float64 // Getis–Ord Gi* of the year's counts over the cell and its neighbours
	Q   float64 // least share of false ones among all cells called hot with this one
	Hot bool    // Q is at most the share that is put up with
}

// hotSpots labels every cell: one-sided p of each z, and the step-up procedure
// of Benjamini & Hochberg (1995), so that at most the share limit of the cells
// called hot is expected to be none.
func hotSpots(g *Grid, counts []float64, limit float64) []HotSpot {
	out := make([]HotSpot, len(counts))
	p := make([]float64, len(counts))
	for i, z := range giStars(g, counts) {
		out[i].Z, p[i] = z, 0.5*math.Erfc(z/math.Sqrt2)
	}
	for i, q := range falseShares(p) {
		out[i].Q, out[i].Hot = q, q <= limit
	}
	return out
}

// falseShares gives the Benjamini–Hochberg adjusted p of each p.
func falseShares(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	out := make([]float64, len(p))
	least := 1.0
	for r := len(order) - 1; r >= 0; r-- {
		least = min(least, p[order[r]]*float64(len(p))/float64(r+1))
		out[order[r]] = least
	}
	return out
}
