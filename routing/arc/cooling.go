package arc

import "math"

// cooling divides a search into rounds that each cool down from hot to cold: as
// many as give each enough steps for the size of the problem: beyond that a further
// round finds as much as a longer one. Where no budget is known, rounds of that
// length follow each other.
type cooling struct {
	enough float64 // steps of a round
	rounds float64 // 0: not known yet
}

// enoughSteps is how many steps a round has for each task.
const enoughSteps = 3000

func newCooling(tasks int) *cooling { return &cooling{enough: enoughSteps * float64(max(tasks, 10))} }

// share gives how far the present round has come, 0 to 1.
func (c *cooling) share(steps int64, spent float64, iterations int64) float64 {
	if spent <= 0 {
		_, f := math.Modf(float64(steps) / c.enough)
		return f
	}
	if c.rounds == 0 {
		if iterations == 0 && spent < 0.01 {
			return 0
		}
		all := float64(steps) / spent
		if iterations > 0 {
			all = min(all, float64(iterations))
		}
		c.rounds = math.Max(1, math.Round(all/c.enough))
	}
	_, f := math.Modf(spent * c.rounds)
	return f
}
