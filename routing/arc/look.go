package arc

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
