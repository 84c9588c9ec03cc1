package arc

// link reads the distances from stop i-1 to stop i.
func (p *plan) link(r *route, i int) {
	a, s := &r.stops[i-1], &r.stops[i]
	s.d[0], s.d[1] = p.d.At(a.to[0], s.from[0]), p.d.At(a.to[0], s.from[1])
	s.d[2], s.d[3] = p.d.At(a.to[1], s.from[0]), p.d.At(a.to[1], s.from[1])
}

// refresh brings a route up to date whose stops i to j-1 are new or have new
// neighbours: distances must be linked already.
//
// This is the move that turns streets round: it is never tried on its own, since
// f and b hold the least cost over all choices of directions at once.
func (p *plan) refresh(r *route, i, j int) {
	stops := r.stops
	for k := max(i, 1); k < len(stops); k++ {
		a, s := &stops[k-1], &stops[k]
		f0 := min(a.f[0]+int64(s.d[0]), a.f[1]+int64(s.d[2])) + int64(s.cost[0])
		f1 := min(a.f[0]+int64(s.d[1]), a.f[1]+int64(s.d[3])) + int64(s.cost[1])
		if s.task >= 0 {
			p.where[s.task] = place{r.slot, int32(k)}
		}
		s.f[0], s.f[1] = f0, f1
	}
	for k := min(j, len(stops)-1) - 1; k >= 0; k-- {
		s, z := &stops[k], &stops[k+1]
		s.b[0] = min(int64(z.d[0])+z.b[0], int64(z.d[1])+z.b[1]) + int64(s.cost[0])
		s.b[1] = min(int64(z.d[2])+z.b[0], int64(z.d[3])+z.b[1]) + int64(s.cost[1])
	}
	r.raw = min(stops[0].b[0], stops[0].b[1])
	p.stamp++
	r.stamp = p.stamp
	p.rate(r)
}
