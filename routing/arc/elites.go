package arc

import "slices"

// elite is the best plan of a round of cooling.
type elite struct {
	routes []Route // Unit and Tasks
	price  float64
}

// eliteOf copies a plan.
func eliteOf(p *plan) elite {
	e := elite{price: p.price}
	for _, r := range p.routes {
		if r.empty() {
			continue
		}
		v := Route{Unit: int(r.unit), Tasks: make([]int32, 0, r.tasks())}
		for _, s := range r.stops[1 : len(r.stops)-1] {
			v.Tasks = append(v.Tasks, s.task)
		}
		e.routes = append(e.routes, v)
	}
	return e
}

// mostElites is how many plans are kept to breed from.
const mostElites = 6

// elites are the best plans of past rounds, no two of the same price.
type elites []elite

// add takes a plan in, unless one of its price is there; the dearest leaves
// where there are too many.
func (l *elites) add(e elite) {
	if slices.ContainsFunc(*l, func(o elite) bool { return o.price == e.price }) {
		return
	}
	*l = append(*l, e)
	if len(*l) <= mostElites {
		return
	}
	worst := 0
	for i, o := range *l {
		if o.price > (*l)[worst].price {
			worst = i
		}
	}
	*l = slices.Delete(*l, worst, worst+1)
}

// pair draws two different plans; there must be two.
func (l elites) pair(d *dice) (a, b elite) {
	i := d.below(len(l))
	return l[i], l[(i+1+d.below(len(l)-1))%len(l)]
}
