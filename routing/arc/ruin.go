package arc

import "math"

// How much a step takes out: on average about removed tasks in all, at most
// longest in one string (Christiaens & Vanden Berghe 2020, with their values).
const (
	removed  = 10
	longest  = 10
	keepMore = 0.01 // chance to keep one task more in the middle of a string
)

// ruin takes strings of tasks out of routes that lie near each other.
type ruin struct {
	*plan
	dice *dice
	hit  []int32 // step in which a route was last ruined, by slot
	step int32
}

func newRuin(p *plan, d *dice) *ruin { return &ruin{plan: p, dice: d} }

// run takes a few strings out around a drawn task.
func (c *ruin) run() {
	n := len(c.where)
	served, routes := n-len(c.out), 0
	for _, r := range c.routes {
		if !r.empty() {
			routes++
		}
	}
	if served == 0 {
		return
	}
	c.step++
	most := math.Min(longest, float64(served)/float64(routes))
	strings := int(c.dice.unit()*(4*removed/(1+most)-1)) + 1
	seed := int32(c.dice.below(n))
	c.string(seed, most)
	done := 1
	for _, t := range c.near[seed] {
		if done >= strings {
			return
		}
		if c.string(t, most) {
			done++
		}
	}
}

// string takes a string with the task out of its route, unless the route was
// hit before in this step.
func (c *ruin) string(t int32, most float64) bool {
	w := c.where[t]
	if w.slot == none {
		return false
	}
	for len(c.hit) < len(c.routes) {
		c.hit = append(c.hit, 0)
	}
	if c.hit[w.slot] == c.step {
		return false
	}
	c.hit[w.slot] = c.step
	r := c.routes[w.slot]
	size := r.tasks()
	length := int(c.dice.unit()*math.Min(float64(size), most)) + 1
	gap := 0
	if length > 1 && length < size && c.dice.below(2) == 0 {
		for gap = 1; length+gap < size && c.dice.unit() < keepMore; gap++ {
		}
	}
	c.remove(r, int(w.stop), min(length, size), gap)
	return true
}

// remove takes length tasks in a row out, among them the one at stop at, but
// keeps gap tasks in the middle of them.
func (c *ruin) remove(r *route, at, length, gap int) {
	size := r.tasks()
	span := length + gap
	low, high := max(1, at-span+1), min(at, size-span+1)
	from := low + c.dice.below(high-low+1)
	if gap == 0 {
		c.take(r, from, from+span)
		return
	}
	first := 1 + c.dice.below(length-1) // tasks before the ones kept
	c.take(r, from+first+gap, from+span)
	c.take(r, from, from+first)
}

func (c *ruin) take(r *route, i, j int) {
	for _, s := range r.stops[i:j] {
		c.out = append(c.out, s.task)
	}
	c.cut(r, i, j)
}
