package arc

// rows are what a task needs to look up its distances: to its begins and from
// its ends, in either way.
type rows struct {
	ends
	toFrom [2][]int32 // [w][x]: from place x to the begin of way w
	byTo   [2][]int32 // [w][x]: from the end of way w to place x
}

// rowsOf reads the rows of a task; only where distances are a matrix.
func (p *plan) rowsOf(task int32) rows {
	e := p.ends[task]
	r := rows{ends: e}
	n := p.d.n
	for w := range 2 {
		r.toFrom[w] = p.d.back[int(e.from[w])*n:][:n]
		r.byTo[w] = p.d.there[int(e.to[w])*n:][:n]
	}
	return r
}

// with gives the raw cost of a route with the task put between two stops that
// follow each other, every direction chosen anew.
func (q *rows) with(a, z *stop) int64 {
	r0, r1 := q.toFrom[0], q.toFrom[1]
	x0 := min(a.f[0]+int64(r0[a.to[0]]), a.f[1]+int64(r0[a.to[1]]))
	x1 := min(a.f[0]+int64(r1[a.to[0]]), a.f[1]+int64(r1[a.to[1]]))
	r0, r1 = q.byTo[0], q.byTo[1]
	y0 := min(int64(r0[z.from[0]])+z.b[0], int64(r0[z.from[1]])+z.b[1])
	y1 := min(int64(r1[z.from[0]])+z.b[0], int64(r1[z.from[1]])+z.b[1])
	return min(x0+int64(q.cost[0])+y0, x1+int64(q.cost[1])+y1)
}

// withSparse is the same where distances are not a matrix.
func (p *plan) withSparse(e *ends, a, z *stop) int64 {
	d := p.d
	best := int64(1) << 60
	for w := range 2 {
		if e.cost[w] >= Never {
			continue
		}
		x := min(a.f[0]+int64(d.At(a.to[0], e.from[w])), a.f[1]+int64(d.At(a.to[1], e.from[w])))
		y := min(int64(d.At(e.to[w], z.from[0]))+z.b[0], int64(d.At(e.to[w], z.from[1]))+z.b[1])
		best = min(best, x+int64(e.cost[w])+y)
	}
	return best
}
