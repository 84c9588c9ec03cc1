package arc

import "slices"

// cross joins two plans: the routes of one around a drawn task, then those of
// the other, first the ones of which most is left. It has no more routes than
// the larger of the two; tasks that find no place in them stay out.
func (m *model) cross(a, b elite, d *dice) []Route {
	seed := &m.ends[d.below(len(m.ends))]
	x := crossing{taken: make([]bool, len(m.ends))}
	count := max(len(a.routes), len(b.routes))
	x.choose(1+d.below(len(a.routes)), a.routes, func(r Route) float64 {
		far := 0.0
		for _, t := range r.Tasks {
			far += float64(m.d.At(seed.to[0], m.ends[t].from[0]))
		}
		return far / float64(len(r.Tasks))
	})
	x.choose(count-len(x.routes), b.routes, func(r Route) float64 {
		all, gone := 0.0, 0.0
		for _, t := range r.Tasks {
			w := 1 + m.weighs(t)
			if all += w; x.taken[t] {
				gone += w
			}
		}
		return gone / all
	})
	return x.routes
}

// crossing is a plan being put together from the routes of others.
type crossing struct {
	taken  []bool // tasks that have a route
	routes []Route
}

// choose takes routes over, without tasks that have one already: as many as
// count says, each time the one of the least key.
func (x *crossing) choose(count int, from []Route, key func(Route) float64) {
	from = slices.Clone(from)
	for range count {
		best, least := -1, 0.0
		for i, r := range from {
			if k := key(r); best < 0 || k < least {
				best, least = i, k
			}
		}
		if best < 0 {
			return
		}
		v := Route{Unit: from[best].Unit}
		for _, t := range from[best].Tasks {
			if !x.taken[t] {
				x.taken[t] = true
				v.Tasks = append(v.Tasks, t)
			}
		}
		from = slices.Delete(from, best, best+1)
		if len(v.Tasks) > 0 {
			x.routes = append(x.routes, v)
		}
	}
}

// restart makes the routes the plan, as far as there are units for them and
// limits allow, and puts the other tasks where they cost least.
func (a *anneal) restart(routes []Route) {
	for _, r := range a.routes {
		for _, s := range r.stops[1 : len(r.stops)-1] {
			a.out = append(a.out, s.task)
		}
		if !r.empty() {
			a.cutAll(r)
		}
	}
	for _, v := range routes {
		i := slices.IndexFunc(a.routes, func(r *route) bool { return r.empty() && int(r.unit) == v.Unit })
		if i < 0 {
			continue
		}
		r := a.routes[i]
		a.fill(r, v.Tasks)
		if r.raw > a.units[r.unit].limit || r.over > a.slack {
			a.cutAll(r)
		}
		a.open()
	}
	a.out = slices.DeleteFunc(a.out, func(t int32) bool { return a.where[t] != nowhere })
	a.recreate.run()
	a.keep()
	a.reprice() // exactly, after so much has come and gone
}

// fill gives an empty route its tasks.
func (p *plan) fill(r *route, tasks []int32) {
	p.touch(r)
	z := r.stops[len(r.stops)-1]
	r.stops = r.stops[:1]
	for _, t := range tasks {
		r.stops = append(r.stops, stop{task: t, ends: p.ends[t]})
		r.load += p.p.Tasks[t].Demand
	}
	r.stops = append(r.stops, z)
	for k := 1; k < len(r.stops); k++ {
		p.link(r, k)
	}
	p.refresh(r, 1, len(r.stops))
}
