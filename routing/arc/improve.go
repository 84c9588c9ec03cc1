package arc

import (
	"context"
	"math"
	"slices"
)

// Config says how long and how to search.
type Config struct {
	Seed uint64
	// Iterations ends the search after so many steps; 0: no limit. The same seed
	// and limit give the same plan, if nothing else ends the search.
	Iterations int64
	// Spent gives the share of the budget that is used up, from 0; the search
	// ends at 1 and becomes choosier towards it. nil: by Iterations, or by the
	// context alone.
	Spent func() float64
	// Progress is called now and then with the best plan's figures.
	Progress func(Progress)
}

// Progress is how far a search has come.
type Progress struct {
	Steps   int64
	Spent   float64
	Total   int64
	Longest int64
}

// Improve searches for a better plan than start, which may lack tasks or be
// empty, until the budget is used up or the context is done: it then gives the
// best plan found so far, not an error.
func Improve(ctx context.Context, p *Problem, start Plan, cfg Config) (Plan, error) {
	if err := p.check(); err != nil {
		return Plan{}, err
	}
	m := newModel(p)
	w := newPlan(m)
	if err := w.take(start); err != nil {
		return Plan{}, err
	}
	a := newAnneal(w, cfg.Seed)
	a.run(ctx, cfg)
	return a.best.plan(), nil
}

// every is how many steps pass between two looks at clock and context.
const every = 32

func (a *anneal) run(ctx context.Context, cfg Config) {
	a.recreate.run()
	a.keep()
	a.remember()
	a.heat()
	for spent := a.spent(ctx, cfg); spent < 1; spent = a.spent(ctx, cfg) {
		t := a.hot * math.Pow(a.cold/a.hot, spent)
		for range every {
			if a.step(t) && a.price < a.best.price {
				a.remember()
			}
			if a.steps == cfg.Iterations {
				break
			}
		}
		if cfg.Progress != nil {
			total, longest := a.best.figures()
			cfg.Progress(Progress{a.steps, spent, total, longest})
		}
	}
}

func (a *anneal) spent(ctx context.Context, cfg Config) float64 {
	if ctx.Err() != nil {
		return 1
	}
	spent := 0.0
	if cfg.Iterations > 0 {
		spent = float64(a.steps) / float64(cfg.Iterations)
	}
	if cfg.Spent != nil {
		spent = max(spent, cfg.Spent())
	}
	return spent
}

// heat sets the temperatures by what tasks cost.
func (a *anneal) heat() {
	n := float64(max(1, len(a.where)))
	mean := a.price / n
	a.hot, a.cold = hotShare*mean, coldShare*mean
}

var hotShare, coldShare = 0.3, 0.01

// remember copies the plan as the best one.
func (a *anneal) remember() {
	b := a.best
	if b == nil {
		b = &plan{model: a.model}
		a.best = b
	}
	b.price, b.target = a.price, a.target
	for len(b.routes) < len(a.routes) {
		b.routes = append(b.routes, &route{})
	}
	b.routes = b.routes[:len(a.routes)]
	for i, r := range a.routes {
		stops := append(b.routes[i].stops[:0], r.stops...)
		*b.routes[i] = *r
		b.routes[i].stops = stops
	}
	b.out = append(b.out[:0], a.out...)
}

// figures gives the cost of all routes, with what was left out, and of the
// longest one.
func (p *plan) figures() (total, longest int64) {
	for _, r := range p.routes {
		if r.empty() {
			continue
		}
		c := p.cost(r)
		total += c
		longest = max(longest, c)
	}
	for _, t := range p.out {
		total += p.p.Tasks[t].Skip
	}
	return total, longest
}

// cost is what a route costs its unit.
func (p *plan) cost(r *route) int64 {
	u := &p.units[r.unit]
	return int64(math.Round(float64(r.raw)*u.rate + u.fixed))
}

// plan gives the routes as values, with directions.
func (p *plan) plan() Plan {
	var out Plan
	out.Total, out.Longest = p.figures()
	out.Skipped = slices.Sorted(slices.Values(p.out))
	for _, r := range p.routes {
		if r.empty() {
			continue
		}
		v := Route{Unit: int(r.unit), Cost: p.cost(r), Load: r.load}
		way, least := 0, r.stops[0].b[0]
		for k := 1; k < len(r.stops)-1; k++ {
			s := &r.stops[k]
			least -= int64(r.stops[k-1].cost[way])
			for w := range 2 {
				if int64(s.d[2*way+w])+s.b[w] == least {
					way, least = w, s.b[w]
					break
				}
			}
			v.Tasks = append(v.Tasks, s.task)
			v.Ways = append(v.Ways, uint8(way))
		}
		out.Routes = append(out.Routes, v)
	}
	return out
}
