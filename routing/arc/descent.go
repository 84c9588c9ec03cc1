package arc

// granular is next to how many of its nearest tasks the moves put a task; farther
// ones hardly ever pay (granular neighbourhoods, Toth & Vigo 2003).
const granular = 12

// moves are the ways a plan is changed by descent, each in a file of its own. A
// move tries to make task t a neighbour of task u and tells whether that paid, in
// which case it is done. None of them turns a street round: every route is driven
// in the best directions for its order all the time (orientation.go).
var moves = []func(l *descent, t, u place) bool{
	relocate, swap, orOpt, twoOptStar, twoOpt, cross,
}

// descent makes moves that pay until there is none left. Routes over their
// capacity may get lighter, never heavier.
type descent struct {
	*plan
	views  []*view // of the routes, by slot
	queue  []int32 // tasks to look at
	queued []bool
	now    [2]drive
	loads  [2]int64 // of them
}

func newDescent(p *plan) *descent { return &descent{plan: p, queued: make([]bool, len(p.where))} }

// look puts a task on the list of those to look at.
func (l *descent) look(t int32) {
	if t >= 0 && !l.queued[t] {
		l.queued[t] = true
		l.queue = append(l.queue, t)
	}
}

// run goes downhill from the tasks to look at until no move pays or stop says so.
func (l *descent) run(stop func() bool) {
	for n := 0; len(l.queue) > 0; n++ {
		if n%64 == 63 && stop != nil && stop() {
			return
		}
		t := l.queue[0]
		l.queue = l.queue[1:]
		l.queued[t] = false
		for l.improve(t) {
		}
	}
}

// improve makes the first move of a task that pays.
func (l *descent) improve(t int32) bool {
	near := l.near[t]
	for _, u := range near[:min(granular, len(near))] {
		at, to := l.where[t], l.where[u]
		if at.slot == none || to.slot == none || !l.promising(at, to) {
			continue
		}
		for _, m := range moves {
			if m(l, at, to) {
				return true
			}
		}
	}
	return false
}

// promising tells whether cutting links around two tasks can save what it costs
// to join them. It does not count what turning streets round may save besides,
// which is little where they cost the same both ways.
func (l *descent) promising(t, u place) bool {
	a, b := l.routes[t.slot], l.routes[u.slot]
	if a.unit != b.unit || l.tall(a) || l.tall(b) {
		return true
	}
	x, y := &a.stops[t.stop], &b.stops[u.stop]
	least := int32(Never)
	for v := range 2 {
		for w := range 2 {
			least = min(least, l.d.At(x.to[v], y.from[w]), l.d.At(y.to[v], x.from[w]))
		}
	}
	cut := l.view(a).most[t.stop] + l.view(b).most[u.stop] - int64(least)
	unit := &l.units[a.unit]
	save := l.weight*unit.rate*float64(cut) + l.toll*float64(a.over+b.over)
	if min(a.tasks(), b.tasks()) <= longestString {
		save += unit.fixed // a route may get empty
	}
	return save > 0
}

// tall tells whether a route costs more than the target.
func (l *descent) tall(r *route) bool {
	u := &l.units[r.unit]
	return float64(r.raw)*u.rate+u.fixed > l.target
}

// become begins what a route would be.
func (l *descent) become(i int, slot int32) *drive {
	d := &l.now[i]
	d.r, d.n = l.routes[slot], 0
	return d
}

// pays does what the first n drives say if the plan gets cheaper by it.
func (l *descent) pays(n int) bool { return l.might(n) && l.does(n) }

// might tells whether the loads of the first n drives are possible and the links
// they cut dear enough.
func (l *descent) might(n int) bool {
	gain, saved, sure := 0.0, int64(0), false
	for i := range n {
		d := &l.now[i]
		load := l.load(d)
		u := &l.units[d.r.unit]
		if load > u.capacity+l.slack && load > d.r.load || !l.allowed(d) {
			return false
		}
		l.loads[i] = load
		gain += float64(d.r.over)*l.toll - l.overload(d.r.unit, load)
		if d.n == 0 {
			gain += u.fixed
		}
		sure = sure || d.r.unit != l.now[0].r.unit || l.tall(d.r)
		for k := range d.pieces[:d.n] {
			x := &d.pieces[k]
			cut := l.view(x.r).cut
			if k > 0 || x.from > 1 || x.back {
				saved += cut[x.from-1]
			}
			if k < d.n-1 || x.to < len(x.r.stops)-1 || x.back {
				saved += cut[x.to-1]
			}
		}
	}
	return sure || gain+l.weight*l.units[l.now[0].r.unit].rate*float64(saved) > 0
}

// does does what the first n drives say if the plan gets cheaper by it, whose
// loads are known to be possible.
func (l *descent) does(n int) bool {
	gain := 0.0
	for i := range n {
		gain += l.now[i].r.price
	}
	for i := range n {
		d := &l.now[i]
		if d.n == 0 {
			continue
		}
		raw := l.raw(d)
		if raw > l.units[d.r.unit].limit {
			return false
		}
		if gain -= l.worth(d.r.unit, raw) + l.overload(d.r.unit, l.loads[i]); gain <= 1e-6 {
			return false
		}
	}
	l.make(n)
	return true
}

// load adds up what a drive would carry.
func (l *descent) load(d *drive) int64 {
	sum := int64(0)
	for i := range d.pieces[:d.n] {
		x := &d.pieces[i]
		of := l.view(x.r).load
		sum += of[x.to-1] - of[x.from-1]
	}
	return sum
}

// view is what moves look up about a route, by stop.
type view struct {
	stamp uint64  // of the state of the route it is of
	load  []int64 // up to this stop
	cut   []int64 // what the link from this stop to the next one costs at most
	most  []int64 // what cuts around this stop can save
}

// view brings what is known about a route up to date.
func (l *descent) view(r *route) *view {
	for len(l.views) < len(l.routes) {
		l.views = append(l.views, &view{})
	}
	v := l.views[r.slot]
	if v.stamp == r.stamp {
		return v
	}
	v.stamp, v.load, v.cut, v.most = r.stamp, v.load[:0], v.cut[:0], v.most[:0]
	sum := int64(0)
	for i := range r.stops[:len(r.stops)-1] {
		s, z := &r.stops[i], &r.stops[i+1]
		if s.task >= 0 {
			sum += l.p.Tasks[s.task].Demand
		}
		v.load = append(v.load, sum)
		v.cut = append(v.cut, r.raw-min(s.f[0], s.f[1])-min(z.b[0], z.b[1]))
	}
	for i := range r.stops[:len(r.stops)-1] {
		most := int64(0)
		for k := max(0, i-1-longestString); k <= min(len(v.cut)-1, i+longestString); k++ {
			most += v.cut[k]
		}
		v.most = append(v.most, most)
	}
	return v
}

// allowed tells whether the unit of a drive may do what comes from other routes.
func (l *descent) allowed(d *drive) bool {
	if len(l.units) == 1 {
		return true
	}
	for _, x := range d.pieces[:d.n] {
		if x.r.unit == d.r.unit {
			continue
		}
		for i := range x.r.stops[x.from:x.to] {
			if !l.may(d.r.unit, x.r.stops[x.from+i].task) {
				return false
			}
		}
	}
	return true
}

// make makes the first n drives the routes they are of.
func (l *descent) make(n int) {
	var made [2][]stop
	for i := range n {
		d := &l.now[i]
		for _, x := range d.pieces[:d.n] {
			of := x.r.stops
			l.look(of[x.from-1].task)
			l.look(of[x.to].task)
			l.look(of[x.from].task)
			l.look(of[x.to-1].task)
			if !x.back {
				made[i] = append(made[i], of[x.from:x.to]...)
				continue
			}
			for k := x.to - 1; k >= x.from; k-- {
				made[i] = append(made[i], of[k])
			}
		}
	}
	for i := range n {
		r := l.now[i].r
		l.touch(r)
		z := r.stops[len(r.stops)-1]
		r.stops = append(append(r.stops[:1], made[i]...), z)
		r.load = l.loads[i]
		for k := 1; k < len(r.stops); k++ {
			l.link(r, k)
		}
		l.refresh(r, 1, len(r.stops))
	}
}
