package arc

import "math"

// Steps of a round of cooling for each task: of the founding rounds, of those
// that begin from two crossed plans, and of the ones that follow each other where
// nothing is crossed. Of the first two as many as there are steps for, if there
// are fewer than foundingShare and crossedShare of all.
const (
	foundingSteps, foundingShare = 500, 0.1
	crossedSteps, crossedShare   = 250, 0.05
	plainSteps                   = 3000
)

// founders is how many rounds begin afresh; enoughToCross is how many steps there
// must be for each task to cross at all: with fewer one long cooling finds more.
const (
	founders      = 4
	enoughToCross = 4000
)

// cooling divides a search into rounds that each cool down from hot to cold. The
// first ones begin afresh, and each of the others from two plans crossed.
type cooling struct {
	tasks   float64
	crosses bool
	all     float64 // steps the search will have; 0: not known yet
}

func newCooling(tasks int, crosses bool) *cooling {
	return &cooling{tasks: float64(max(tasks, 10)), crosses: crosses}
}

// at gives the number of the present round and how far it has come, 0 to 1.
func (c *cooling) at(steps int64, spent float64, iterations int64) (round int, share float64) {
	if c.all == 0 && (iterations > 0 || spent >= 0.01) {
		c.all = float64(steps) / spent
		if iterations > 0 {
			c.all = float64(iterations)
		}
	}
	switch {
	case spent == 0:
		return c.sequence(float64(steps)/c.tasks, math.Inf(1))
	case c.all == 0:
		return 0, 0
	}
	return c.sequence(spent*c.all/c.tasks, c.all/c.tasks)
}

// sequence tells the round after so many steps a task out of all there will be.
func (c *cooling) sequence(done, all float64) (round int, share float64) {
	if !c.crosses || all < enoughToCross {
		return within(done, evenly(plainSteps, all))
	}
	founding := math.Min(foundingSteps, foundingShare*all)
	first := founders * founding
	if done < first {
		return within(done, founding)
	}
	round, share = within(done-first, evenly(math.Min(crossedSteps, crossedShare*all), all-first))
	return founders + round, share
}

// evenly makes a length such that whole rounds fill all there is.
func evenly(length, all float64) float64 {
	if math.IsInf(all, 1) {
		return length
	}
	return all / math.Max(1, math.Round(all/length))
}

// within tells in which of rounds of a length something is, and how far in it.
func within(done, length float64) (round int, share float64) {
	r, f := math.Modf(done / length)
	return int(r), f
}

// crossed tells whether a round begins from two plans crossed.
func (c *cooling) crossed(round int) bool { return c.crosses && round >= founders }
