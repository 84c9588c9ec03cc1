package arc

import "math"

// memo remembers where in a route a task costs least. Most routes stay as they
// are from step to step, and the answer with them.
type memo struct {
	stamp uint64 // of the route when it was looked at
	raw   int32  // cost of the route with the task, before Rate
	at    int32  // before which stop
}

// memos gives what is remembered about a task, by slot of the routes.
func (c *recreate) memos(t int32) []memo {
	if n := len(c.routes); n > c.slots {
		c.slots = n + n/4 + 4
		c.known = make([]memo, c.slots*len(c.where))
	}
	return c.known[int(t)*c.slots:][:c.slots]
}

// everywhere looks at every place in every route.
func (c *recreate) everywhere(t int32, best *choice) {
	demand := c.p.Tasks[t].Demand
	known := c.memos(t)
	for _, r := range c.routes {
		u := &c.units[r.unit]
		toll := 0.0
		if over := r.load + demand - u.capacity; over > 0 {
			if over > c.slack || float64(over-r.over)*c.toll >= best.price {
				continue
			}
			toll = float64(over) * c.toll
		}
		if !c.may(r.unit, t) {
			continue
		}
		m := &known[r.slot]
		if m.stamp != r.stamp {
			at, raw := c.scan(t, r, 0)
			*m = memo{r.stamp, int32(min(raw, math.MaxInt32)), int32(at)}
		}
		raw, at := int64(m.raw), int(m.at)
		for raw <= u.limit {
			d := c.worth(r.unit, raw) + toll - r.price
			if d >= best.price {
				break
			}
			if c.left--; c.left >= 0 {
				*best = choice{r, at, d}
				break
			}
			c.left = c.dice.until(blink)
			at, raw = c.scan(t, r, at)
		}
	}
}

// scan finds the place in a route where a task costs least, but for one place
// that is not to be seen.
func (c *recreate) scan(t int32, r *route, unseen int) (at int, raw int64) {
	if c.mirror {
		return c.scanMirror(t, r, unseen)
	}
	q := c.rowsOf(t)
	raw = math.MaxInt64
	for k := 1; k < len(r.stops); k++ {
		if x := q.with(&r.stops[k-1], &r.stops[k]); x < raw && k != unseen {
			at, raw = k, x
		}
	}
	return at, raw
}

// scanMirror is scan for tasks of which the second way is the first one
// backwards, and distances that do not depend on direction: what is read at a
// stop then serves the place before it and the one behind it.
func (c *recreate) scanMirror(t int32, r *route, unseen int) (at int, raw int64) {
	e := &c.ends[t]
	n := c.d.n
	begin, end := c.d.there[int(e.from[0])*n:][:n], c.d.there[int(e.to[0])*n:][:n]
	c0, c1 := int64(e.cost[0]), int64(e.cost[1])
	raw = math.MaxInt64
	s := &r.stops[0]
	x := s.from[0]
	x0, x1 := int64(begin[x])+c0, int64(end[x])+c1
	for k := 1; k < len(r.stops); k++ {
		s = &r.stops[k]
		u, v := s.from[0], s.from[1]
		bu, bv, eu, ev := int64(begin[u]), int64(begin[v]), int64(end[u]), int64(end[v])
		x := min(x0+min(eu+s.b[0], ev+s.b[1]), x1+min(bu+s.b[0], bv+s.b[1]))
		x0 = min(s.f[0]+bv, s.f[1]+bu) + c0
		x1 = min(s.f[0]+ev, s.f[1]+eu) + c1
		if x < raw && k != unseen {
			at, raw = k, x
		}
	}
	return at, raw
}
