package arc

import (
	"context"
	"math"
	"slices"
	"sync"
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
	// Threads is how many searches run side by side, each on a core of its own; 0
	// is 1. Spent must then be safe to call from several goroutines.
	Threads int
	// Bound is a value of the objective that nothing can be below; the search ends
	// when it is reached. 0: none known.
	Bound int64
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
	if len(start.Routes) == 0 {
		start = construct(m, &dice{cfg.Seed})
	}
	w := newPlan(m)
	if err := w.take(start); err != nil {
		return Plan{}, err
	}
	threads := max(1, cfg.Threads)
	if len(p.Tasks) > wholeTasks {
		x := &windows{plan: w, dice: dice{cfg.Seed}}
		fill := newRecreate(w, &x.dice)
		fill.run()
		w.keep()
		if p.Objective == Total {
			until := min(1, cfg.spent(ctx, 0)+polishShare)
			w.polish(func() bool { return cfg.spent(ctx, 0) >= until })
		}
		x.run(ctx, cfg, threads)
		return w.plan(), nil
	}
	return search(ctx, m, w.plan(), cfg, threads), nil
}

// search anneals from the same plan in every thread and gives the best outcome;
// of equal ones the first, so that the number of cores does not decide.
func search(ctx context.Context, m *model, start Plan, cfg Config, threads int) Plan {
	all := make([]*anneal, threads)
	var wait sync.WaitGroup
	for i := range all {
		own, mine := cfg, *m
		if i > 0 {
			own.Progress = nil
		}
		p := newPlan(&mine)
		if err := p.take(start); err != nil {
			panic(err) // it has been taken before
		}
		d := dice{cfg.Seed + uint64(i)<<32}
		all[i] = newAnneal(p, d.next())
		wait.Go(func() { all[i].run(ctx, own) })
	}
	wait.Wait()
	best := all[0]
	for _, a := range all[1:] {
		if a.record.before(best.record) {
			best = a
		}
	}
	return best.best.plan()
}

// every is how many steps pass between two looks at clock and context.
const every = 32

func (a *anneal) run(ctx context.Context, cfg Config) {
	a.toll, a.slack = 1, 0
	a.recreate.run()
	a.keep()
	a.remember()
	if a.proven(cfg.Bound) {
		return
	}
	a.heat()
	c := newCooling(len(a.where))
	for spent := cfg.spent(ctx, a.steps); spent < 1; spent = cfg.spent(ctx, a.steps) {
		t := a.hot * math.Pow(a.cold/a.hot, c.share(a.steps, spent, cfg.Iterations))
		for range every {
			if a.step(t) && a.over == 0 && a.better() {
				a.remember()
				if a.proven(cfg.Bound) {
					return
				}
			}
			if a.steps == cfg.Iterations {
				break
			}
		}
		a.adapt()
		if cfg.Progress != nil {
			total, longest := a.best.figures()
			cfg.Progress(Progress{a.steps, spent, total, longest})
		}
	}
}

// spent is the share of the budget used up after so many steps.
func (cfg *Config) spent(ctx context.Context, steps int64) float64 {
	if ctx.Err() != nil {
		return 1
	}
	spent := 0.0
	if cfg.Iterations > 0 {
		spent = float64(steps) / float64(cfg.Iterations)
	}
	if cfg.Spent != nil {
		spent = max(spent, cfg.Spent())
	}
	return spent
}

// heat sets the temperatures by what tasks cost.
func (a *anneal) heat() {
	total, _ := a.figures()
	mean := float64(total) / float64(max(1, len(a.where)))
	a.slack, a.toll = 0, 0
	demand := int64(0)
	for _, t := range a.p.Tasks {
		a.slack = max(a.slack, t.Demand)
		demand += t.Demand
	}
	if demand > 0 {
		a.toll = float64(total) / float64(demand)
	}
	a.reprice()
	a.hot, a.cold = a.warm*mean, coldShare*mean
}

// The first and the last temperature of a search, as shares of what a task costs on average.
const hotShare, coldShare = 0.3, 0.01

// remember copies the plan as the best one.
func (a *anneal) remember() {
	b := a.best
	if b == nil {
		b = &plan{model: a.model}
		a.best = b
	}
	b.price, b.target = a.price, a.target
	a.record = a.score()
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
	if a.p.Objective == Longest {
		a.aim(a.record.longest)
	}
}

// aim sets the target below the longest route there is: the price knows routes
// only by how far they are above it.
func (p *plan) aim(longest float64) {
	p.target = math.Min(longest-1, longest*shrink)
	p.weight, p.steep = lightWeight, steepness/math.Max(1, p.target)
	p.reprice()
}

// proven tells whether the best plan is at a bound.
func (a *anneal) proven(bound int64) bool {
	value := a.record.total
	if a.p.Objective == Longest {
		value = a.record.longest
	}
	return a.record.skipped == 0 && value <= float64(bound)
}

// score is what makes a plan better: what it leaves out first.
type score struct{ skipped, longest, total float64 }

func (p *plan) score() (s score) {
	for _, t := range p.out {
		s.skipped += p.skip[t]
	}
	for _, r := range p.routes {
		if r.empty() {
			continue
		}
		u := &p.units[r.unit]
		t := float64(r.raw)*u.rate + u.fixed
		s.total += t
		s.longest = max(s.longest, t)
	}
	if p.p.Objective == Total {
		s.total += s.skipped
		s.skipped, s.longest = 0, 0
	}
	return s
}

// better tells whether the plan is better than the best one so far.
func (a *anneal) better() bool {
	if a.p.Objective == Total {
		return a.price < a.best.price-1e-6
	}
	return a.score().before(a.record)
}

func (s score) before(r score) bool {
	if s.skipped != r.skipped {
		return s.skipped < r.skipped
	}
	if s.longest != r.longest {
		return s.longest < r.longest
	}
	return s.total < r.total-1e-6
}

// How the price sees routes with Longest: the target is a little below the best
// plan's longest route; what is above it counts in full and steeper with the
// square, the rest lightly, so that short plans are preferred.
const lightWeight, steepness, shrink = 0.1, 20.0, 0.999

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
