package arc

// piece is a string of stops of a route, from..to-1, in order or backwards.
type piece struct {
	r        *route
	from, to int
	back     bool
}

// drive is a route as a move would make it: pieces of present routes between the
// start and the end of the unit that gets them. A piece that begins a route or
// ends one counts by what is known at its cut; what lies between is walked along,
// every direction chosen anew.
type drive struct {
	r      *route
	pieces [5]piece
	n      int
}

// through adds a piece; an empty one is left away.
func (d *drive) through(r *route, from, to int, back bool) *drive {
	if from < to {
		d.pieces[d.n] = piece{r, from, to, back}
		d.n++
	}
	return d
}

// head adds the stops of a route before one of them, tail those from it on.
func (d *drive) head(r *route, until int) *drive { return d.through(r, 1, until, false) }
func (d *drive) tail(r *route, from int) *drive {
	return d.through(r, from, len(r.stops)-1, false)
}

// raw counts what the drive costs before Rate.
func (p *plan) raw(d *drive) int64 {
	stops := d.r.stops
	at, k := &stops[0], 0
	if x := &d.pieces[0]; d.n > 0 && !x.back && x.from == 1 && x.r.unit == d.r.unit {
		at, k = &x.r.stops[x.to-1], 1
	}
	f := at.f
	for ; k < d.n; k++ {
		x := &d.pieces[k]
		of := x.r.stops
		if x.back {
			for i := x.to - 1; i >= x.from; i-- {
				f = p.pass(f, at, &of[i])
				at = &of[i]
			}
			continue
		}
		if k == d.n-1 && x.to == len(of)-1 && x.r.unit == d.r.unit {
			return p.meet(f, at, &of[x.from])
		}
		f = p.pass(f, at, &of[x.from])
		for i := x.from + 1; i < x.to; i++ {
			s := &of[i]
			f = [2]int64{
				min(f[0]+int64(s.d[0]), f[1]+int64(s.d[2])) + int64(s.cost[0]),
				min(f[0]+int64(s.d[1]), f[1]+int64(s.d[3])) + int64(s.cost[1]),
			}
		}
		at = &of[x.to-1]
	}
	return p.meet(f, at, &stops[len(stops)-1])
}

// pass goes on from a stop to the next one and does it, in either way.
func (p *plan) pass(f [2]int64, at, s *stop) [2]int64 {
	d := p.d
	return [2]int64{
		min(f[0]+int64(d.At(at.to[0], s.from[0])), f[1]+int64(d.At(at.to[1], s.from[0]))) + int64(s.cost[0]),
		min(f[0]+int64(d.At(at.to[0], s.from[1])), f[1]+int64(d.At(at.to[1], s.from[1]))) + int64(s.cost[1]),
	}
}

// meet goes on from a stop to one from which the rest is known.
func (p *plan) meet(f [2]int64, at, z *stop) int64 {
	d := p.d
	return min(
		min(f[0]+int64(d.At(at.to[0], z.from[0])), f[1]+int64(d.At(at.to[1], z.from[0])))+z.b[0],
		min(f[0]+int64(d.At(at.to[0], z.from[1])), f[1]+int64(d.At(at.to[1], z.from[1])))+z.b[1],
	)
}
