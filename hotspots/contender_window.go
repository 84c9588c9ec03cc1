package hotspots

import "math"

// counter ranks cells by the events of the last days: the map that most
// municipalities pin on the wall.
type counter struct {
	windowed
	days int
}

func (c counter) foretell(h *history, a, _ int) (rank, density []float64) {
	n := h.counts(c.days, a)
	return n, normalised(n, 0.05)
}

// giStar ranks cells by the Getis–Ord statistic Gi* of the last year's counts
// over a cell and its neighbours (Getis & Ord 1992; Ord & Getis 1995): a label
// of significance that is often mistaken for a forecast.
type giStar struct{ windowed }

func (giStar) foretell(h *history, a, _ int) (rank, density []float64) {
	return giStars(h.grid, h.counts(365, a)), nil
}

// giStars gives Gi* of each cell for the values x; binary weights over the cell
// and its neighbours.
func giStars(g *Grid, x []float64) []float64 {
	n := float64(len(x))
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum, squares = sum+v, squares+v*v
	}
	mean := sum / n
	sd := math.Sqrt(max(0, squares/n-mean*mean))
	out := make([]float64, len(x))
	for i := range out {
		near, w := 0.0, 0.0
		g.Disk(i, 1, func(j, _ int) { near, w = near+x[j], w+1 })
		out[i] = (near - mean*w) / (sd*math.Sqrt((n*w-w*w)/max(1, n-1)) + 1e-12)
	}
	return out
}

// prospective is the map of Bowers, Johnson & Pease (2004): events of the last
// eight weeks within 400 m, each by 1/(1+its age in whole weeks) and 1/(1+its
// distance in steps of 50 m).
type prospective struct{ windowed }

const (
	prospectiveWeeks = 8
	prospectiveReach = 400.0
	prospectiveStep  = 50.0
)

func (prospective) foretell(h *history, a, _ int) (rank, density []float64) {
	g := h.grid
	rings := int(prospectiveReach / g.Spacing())
	week := 7 * h.slots.perDay()
	recent := make([]float64, g.Len())
	for w := range prospectiveWeeks {
		h.past(a-(w+1)*week, a-w*week, a, func(e event, _ float64) { recent[e.cell] += 1 / float64(1+w) })
	}
	rank = make([]float64, g.Len())
	for j, v := range recent {
		if v > 0 {
			g.Disk(j, rings, func(i, ring int) { rank[i] += v / (1 + float64(ring)*g.Spacing()/prospectiveStep) })
		}
	}
	return rank, nil
}
