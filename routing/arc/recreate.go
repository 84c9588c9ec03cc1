package arc

import (
	"math"
	"slices"
)

// blink is the chance that recreate does not see a place that would be best, so
// that it does not always take the same one (Christiaens & Vanden Berghe 2020).
const blink = 0.01

// lookAround is how many neighbours of a task recreate looks for a place next
// to, where there are more tasks than scanAll.
const (
	lookAround = 50
	scanAll    = 500
)

// recreate puts tasks that are out back where they cost least, one after the
// other in a drawn order.
type recreate struct {
	*plan
	dice *dice
	left int // places that would be best to see until the next blink
	keys []float64

	known []memo // of each task for each slot of a route
	slots int
}

func newRecreate(p *plan, d *dice) *recreate {
	return &recreate{plan: p, dice: d, left: d.until(blink), keys: make([]float64, len(p.where))}
}

// run gives the tasks that are out a place as far as it can.
func (c *recreate) run() {
	c.order()
	left := c.out[:0]
	for _, t := range c.out {
		r, at := c.best(t)
		if r == nil {
			left = append(left, t)
			continue
		}
		opens := r.empty()
		c.insert(r, at, t)
		if opens {
			c.open()
		}
	}
	c.out = left
}

// order draws in which order tasks are put back: any, the ones that carry most
// first, the farthest from the base first, or the nearest.
func (c *recreate) order() {
	c.dice.shuffle(c.out)
	k := c.dice.below(11)
	if k < 4 {
		return
	}
	for _, t := range c.out {
		switch {
		case k < 8:
			c.keys[t] = -c.weighs(t)
		case k < 10:
			c.keys[t] = -c.fromBase[t]
		default:
			c.keys[t] = c.fromBase[t]
		}
	}
	slices.SortStableFunc(c.out, func(a, b int32) int {
		switch {
		case c.keys[a] < c.keys[b]:
			return -1
		case c.keys[a] > c.keys[b]:
			return 1
		}
		return 0
	})
}

// weighs is how much of a unit a task takes: its demand, or its cost where
// nothing has a demand.
func (c *recreate) weighs(t int32) float64 {
	if d := c.p.Tasks[t].Demand; d > 0 {
		return float64(d)
	}
	return float64(min(c.ends[t].cost[0], c.ends[t].cost[1]))
}

// choice is the best place seen so far for one task.
type choice struct {
	route *route
	at    int
	price float64 // by which the plan rises
}

// best finds the place where a task costs least; nil where leaving it out costs
// less or no route may take it.
func (c *recreate) best(t int32) (*route, int) {
	best := c.look(t)
	if best.route == nil && c.skip[t] >= must {
		left := c.left
		c.left = math.MaxInt // the only place may have been the one not seen
		best = c.look(t)
		c.left = left
	}
	return best.route, best.at
}

func (c *recreate) look(t int32) choice {
	best := choice{price: c.skip[t]}
	if c.d.sparse != nil || len(c.where) > scanAll {
		c.around(t, &best)
	} else {
		c.everywhere(t, &best)
	}
	return best
}

// takes tells whether a route may do a task, at an overload that alone costs
// less than the best place so far.
func (c *recreate) takes(r *route, t int32, best *choice) bool {
	load := r.load + c.p.Tasks[t].Demand
	if room := c.units[r.unit].capacity; load > room && (float64(load-max(room, r.load))*c.toll >= best.price || load-room > c.slack) {
		return false
	}
	return c.may(r.unit, t)
}

// offer compares a route of raw cost with the task to the best so far.
func (c *recreate) offer(best *choice, r *route, t int32, at int, raw int64) {
	if raw > c.units[r.unit].limit {
		return
	}
	if d := c.worth(r.unit, raw) + c.overload(r.unit, r.load+c.p.Tasks[t].Demand) - r.price; d < best.price {
		*best = choice{r, at, d}
	}
}
