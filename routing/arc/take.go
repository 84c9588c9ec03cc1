package arc

import "fmt"

// take makes the routes of a given plan its own, in their order; directions are
// chosen anew. Tasks it does not name stay out.
func (p *plan) take(start Plan) error {
	for i, r := range start.Routes {
		if r.Unit < 0 || r.Unit >= len(p.units) {
			return fmt.Errorf("route %d of the start: unit %d; there are %d kinds", i, r.Unit, len(p.units))
		}
		var to *route
		for _, v := range p.routes {
			if v.empty() && int(v.unit) == r.Unit {
				to = v
			}
		}
		if to == nil {
			return fmt.Errorf("route %d of the start: more than the %d units of kind %d", i, p.p.Units[r.Unit].Count, r.Unit)
		}
		p.touch(to)
		var stops []stop
		for _, t := range r.Tasks {
			if t < 0 || int(t) >= len(p.where) || p.where[t] != nowhere || !p.may(to.unit, t) {
				return fmt.Errorf("route %d of the start: task %d is unknown, named twice or not for unit %d", i, t, r.Unit)
			}
			p.where[t] = place{to.slot, none}
			stops = append(stops, stop{task: t, ends: p.ends[t]})
			to.load += p.p.Tasks[t].Demand
		}
		to.stops = append(append(to.stops[:1:1], stops...), to.stops[len(to.stops)-1])
		for k := 1; k < len(to.stops); k++ {
			p.link(to, k)
		}
		p.refresh(to, 1, len(to.stops))
		u := &p.units[to.unit]
		if to.load > u.capacity || to.raw > u.limit {
			return fmt.Errorf("route %d of the start: load %d, cost %d; its unit may not take so much", i, to.load, p.cost(to))
		}
		p.open()
	}
	left := p.out[:0]
	for _, t := range p.out {
		if p.where[t] == nowhere {
			left = append(left, t)
		}
	}
	p.out = left
	p.keep()
	return nil
}
