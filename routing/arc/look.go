package arc

import "math"

// everywhere looks at every place in every route.
func (c *recreate) everywhere(t int32, best *choice) {
	q := c.rowsOf(t)
	for _, r := range c.routes {
		if !c.takes(r, t, best) {
			continue
		}
		at, least := 0, int64(math.MaxInt64)
		for k := 1; k < len(r.stops); k++ {
			if c.left--; c.left < 0 {
				c.left = c.dice.until(blink)
				continue
			}
			if raw := q.with(&r.stops[k-1], &r.stops[k]); raw < least {
				at, least = k, raw
			}
		}
		if at > 0 {
			c.offer(best, r, t, at, least)
		}
	}
}

// everywhereMirror is everywhere for tasks of which the second way is the first
// one backwards, and distances that do not depend on direction: what is read at
// a stop then serves the place before it and the one behind it.
func (c *recreate) everywhereMirror(t int32, best *choice) {
	e := &c.ends[t]
	n := c.d.n
	begin, end := c.d.there[int(e.from[0])*n:][:n], c.d.there[int(e.to[0])*n:][:n]
	c0, c1 := int64(e.cost[0]), int64(e.cost[1])
	for _, r := range c.routes {
		if !c.takes(r, t, best) {
			continue
		}
		at, least := 0, int64(math.MaxInt64)
		s := &r.stops[0]
		x := s.from[0]
		x0, x1 := int64(begin[x])+c0, int64(end[x])+c1
		for k := 1; k < len(r.stops); k++ {
			s = &r.stops[k]
			u, v := s.from[0], s.from[1]
			bu, bv, eu, ev := int64(begin[u]), int64(begin[v]), int64(end[u]), int64(end[v])
			raw := min(x0+min(eu+s.b[0], ev+s.b[1]), x1+min(bu+s.b[0], bv+s.b[1]))
			x0 = min(s.f[0]+bv, s.f[1]+bu) + c0
			x1 = min(s.f[0]+ev, s.f[1]+eu) + c1
			if c.left--; c.left < 0 {
				c.left = c.dice.until(blink)
			} else if raw < least {
				at, least = k, raw
			}
		}
		if at > 0 {
			c.offer(best, r, t, at, least)
		}
	}
}

// around looks next to the nearest tasks, and at routes that are not in use.
func (c *recreate) around(t int32, best *choice) {
	var q rows
	dense := c.d.sparse == nil
	if dense {
		q = c.rowsOf(t)
	} else {
		q.ends = c.ends[t]
	}
	try := func(r *route, k int) {
		if c.left--; c.left < 0 {
			c.left = c.dice.until(blink)
			return
		}
		a, z := &r.stops[k-1], &r.stops[k]
		if dense {
			c.offer(best, r, t, k, q.with(a, z))
		} else {
			c.offer(best, r, t, k, c.withSparse(&q.ends, a, z))
		}
	}
	found := 0
	for _, u := range c.near[t] {
		w := c.where[u]
		if w.slot == none {
			continue
		}
		r := c.routes[w.slot]
		if !c.takes(r, t, best) {
			continue
		}
		try(r, int(w.stop))
		try(r, int(w.stop)+1)
		if found++; found == lookAround {
			break
		}
	}
	for _, r := range c.routes {
		if r.empty() && c.takes(r, t, best) || found == 0 && c.takes(r, t, best) {
			try(r, 1)
		}
	}
}
