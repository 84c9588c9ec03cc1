package patrol

import (
	"math"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// trim has a unit roam less until it is back in time: of the stretches of fill
// between two things that it must do, those after step from go first, so that
// what comes after them keeps its time. It tells whether that was enough.
func (c *course) trim(w *ways, from int) bool {
	for _, first := range [...]int{max(from, c.frozen), c.frozen} {
		for i := first; i < len(c.steps) && c.excess() > 0; i++ {
			if c.steps[i].kind != Fill || c.steps[i].reason != "" {
				continue
			}
			j := i
			for j < len(c.steps) && c.steps[j].kind == Fill && c.steps[j].reason == "" {
				j++
			}
			i = c.shorten(w, i, j, c.excess())
		}
	}
	return c.excess() <= 0
}

// shorten leaves so much out of the fill from step i up to j that the unit
// gains time, or all that can be. It gives the step at which to go on.
func (c *course) shorten(w *ways, i, j int, gain time.Duration) int {
	g := c.d.g
	whole := c.lengthOf(c.steps[i:j])
	last, from := c.lastArc(i-1), c.nodeAfter(i-1)
	// The least stretch from the beginning of the fill that brings the gain.
	c.search(w.out, last, from, whole, nil) // a longer way saves nothing
	driven, best := 0.0, -1
	least := math.Inf(1)
	need := gain.Seconds() * c.speed
	for k := i; k <= j; k++ { // leave out steps i up to k
		way := math.Inf(1)
		if k < j {
			if m, ok := w.out.CostBefore(c.steps[k].arc); ok {
				way = m
			}
			if k > i && g.Head(c.steps[k-1].arc) == from && (last == routing.NoArc || g.TurnAllowed(last, c.steps[k].arc, c.round.Mode)) {
				way = 0
			}
		} else if m, _, ok := w.out.CostToNode(c.nodeBefore(j)); from == c.nodeBefore(j) {
			way = 0
		} else if ok {
			way = m
		}
		if saved := driven - way; saved >= need && saved < least {
			best, least = k, saved
		}
		if k < j {
			driven += g.Segment(c.steps[k].arc).Length
		}
	}
	if best < 0 {
		best = j // all of it
	}
	arcs, ok := c.join(w, i-1, best)
	if !ok {
		return j
	}
	with := c.way(arcs, Fill, "")
	if c.lengthOf(with) >= c.length(i, best) || whole == 0 {
		return j
	}
	after := j - best
	c.replace(i, best, with)
	return i + len(with) + after
}
