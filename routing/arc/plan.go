package arc

import (
	"math"
	"slices"
)

// place is where a task is: the slot of its route and its stop.
type place struct{ slot, stop int32 }

var nowhere = place{none, none}

// plan is a solution being worked on: a route for every unit in use and an empty
// one for every kind of which there are more. Changes are kept until keep or
// undone by undo.
type plan struct {
	*model
	routes []*route
	where  []place // of each task
	out    []int32 // tasks without a route

	target  float64 // what no route should exceed, for Longest
	toll    float64 // price of a unit of load above capacity
	slack   int64   // most load above capacity a route may have
	price   float64 // of all routes
	over    int64   // load above capacities
	stamp   uint64  // of the last change of a route
	touched []*route
	before  []*route // what the touched ones were
	spare   []*route
	outWas  []int32
	was     float64
}

func newPlan(m *model) *plan {
	p := &plan{model: m, where: make([]place, len(m.p.Tasks)), target: math.Inf(1)}
	for i := range p.where {
		p.where[i] = nowhere
		p.out = append(p.out, int32(i))
	}
	p.open()
	p.keep()
	return p
}

// worth is what a route of raw cost counts, by the objective.
func (p *plan) worth(unit int32, raw int64) float64 {
	u := &p.units[unit]
	t := float64(raw)*u.rate + u.fixed
	if t <= p.target {
		return t * p.weight
	}
	over := t - p.target
	return t*p.weight + over + over*over*p.steep
}

// overload is the price of a load above the capacity of a unit.
func (p *plan) overload(unit int32, load int64) float64 {
	return float64(max(0, load-p.units[unit].capacity)) * p.toll
}

// rate brings the price of a route up to date.
func (p *plan) rate(r *route) {
	r.price, r.over = 0, max(0, r.load-p.units[r.unit].capacity)
	if !r.empty() {
		r.price = p.worth(r.unit, r.raw) + p.overload(r.unit, r.load)
	}
}

// reprice counts all routes anew, after the target or the toll has changed.
func (p *plan) reprice() {
	p.price = 0
	for _, r := range p.routes {
		p.rate(r)
		p.price += r.price
	}
	for _, t := range p.out {
		p.price += p.skip[t]
	}
	p.was = p.price
}

// open makes sure that there is an empty route of every kind with units left.
func (p *plan) open() {
	for u := range p.units {
		used, free := 0, false
		for _, r := range p.routes {
			if int(r.unit) == u {
				used++
				free = free || r.empty()
			}
		}
		if c := p.p.Units[u].Count; free || c > 0 && used >= c {
			continue
		}
		r := &route{unit: int32(u), slot: int32(len(p.routes))}
		s, z := p.units[u].start, p.units[u].end
		r.stops = []stop{{task: none, ends: s}, {task: none, ends: z}}
		p.routes = append(p.routes, r)
		p.link(r, 1)
		r.stops[1].b = [2]int64{}
		p.refresh(r, 1, 1)
	}
}

// touch remembers a route before its first change since keep.
func (p *plan) touch(r *route) {
	if slices.Contains(p.touched, r) {
		return
	}
	var old *route
	if n := len(p.spare); n > 0 {
		old, p.spare = p.spare[n-1], p.spare[:n-1]
	} else {
		old = &route{}
	}
	stops := old.stops
	*old = *r
	old.stops = append(stops[:0], r.stops...)
	p.touched = append(p.touched, r)
	p.before = append(p.before, old)
}

// total counts the price after changes.
func (p *plan) total() float64 {
	price := p.was
	for i, r := range p.touched {
		price += r.price - p.before[i].price
	}
	for _, t := range p.outWas {
		price -= p.skip[t]
	}
	for _, t := range p.out {
		price += p.skip[t]
	}
	return price
}

// excess counts the load above capacities after changes.
func (p *plan) excess() int64 {
	over := p.over
	for i, r := range p.touched {
		over += r.over - p.before[i].over
	}
	return over
}

// same tells whether the changes came out at what was before.
func (p *plan) same() bool {
	if len(p.out) != len(p.outWas) {
		return false
	}
	for i, r := range p.touched {
		if !slices.EqualFunc(r.stops, p.before[i].stops, func(a, b stop) bool { return a.task == b.task }) {
			return false
		}
	}
	return true
}

// keep makes the changes final.
func (p *plan) keep() {
	p.price = p.total()
	p.was = p.price
	p.over = p.excess()
	p.outWas = append(p.outWas[:0], p.out...)
	opened := false
	for _, r := range p.touched {
		opened = opened || !r.empty()
	}
	p.spare = append(p.spare, p.before...)
	p.touched, p.before = p.touched[:0], p.before[:0]
	if opened {
		p.open()
	}
}

// undo takes the changes back.
func (p *plan) undo() {
	for _, r := range p.touched {
		for _, s := range r.stops[1 : len(r.stops)-1] {
			p.where[s.task] = nowhere
		}
	}
	for i, r := range p.touched {
		old := p.before[i]
		stops := r.stops
		*r = *old
		old.stops = stops
		for k, s := range r.stops {
			if s.task >= 0 {
				p.where[s.task] = place{r.slot, int32(k)}
			}
		}
	}
	p.out = append(p.out[:0], p.outWas...)
	p.spare = append(p.spare, p.before...)
	p.touched, p.before = p.touched[:0], p.before[:0]
	p.price = p.was
}
