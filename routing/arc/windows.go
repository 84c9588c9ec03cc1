package arc

import (
	"context"
	"slices"
	"sync"
)

// A problem of more than wholeTasks tasks is searched window by window: a few
// routes that lie near each other are a problem of their own, with a matrix of
// their own, and the next window draws the borders anew.
const (
	wholeTasks  = 1000
	windowTasks = 350
	windowSteps = 80 // steps in a window for each of its tasks
	warmShare   = 0.1
)

// windows improves the plan of a large problem.
type windows struct {
	*plan
	dice  dice
	steps int64
	used  []int // windows each route was in, by slot
}

// run improves windows until the budget is used up, as many at once as there
// are threads.
func (w *windows) run(ctx context.Context, cfg Config, threads int) {
	for {
		spent := cfg.spent(ctx, w.steps)
		if spent >= 1 {
			return
		}
		if cfg.Progress != nil {
			total, longest := w.figures()
			cfg.Progress(Progress{w.steps, spent, total, longest})
		}
		var all []*window
		in, taken := make([]bool, len(w.routes)), map[int32]bool{}
		for i := range threads {
			routes := w.draw(in)
			if len(routes) == 0 {
				break
			}
			all = append(all, w.part(routes, taken, i == 0))
		}
		if len(all) == 0 {
			return
		}
		var wait sync.WaitGroup
		for _, x := range all {
			own := Config{Iterations: int64(windowSteps * len(x.tasks)), Spent: func() float64 {
				if cfg.Spent != nil && cfg.Spent() >= 1 {
					return 1
				}
				return 0
			}}
			if cfg.Iterations > 0 {
				own.Iterations = min(own.Iterations, cfg.Iterations-w.steps)
			}
			wait.Go(func() { x.solve(ctx, own) })
		}
		wait.Wait()
		for _, x := range all {
			w.steps += x.search.steps
			w.put(x)
		}
	}
}

// window is a part of a large problem, with its own numbers.
type window struct {
	problem *Problem
	routes  []*route // of the whole plan
	start   Plan
	tasks   []int32 // what its tasks are called in the whole
	seed    uint64
	search  *anneal
}

func (x *window) solve(ctx context.Context, cfg Config) {
	p := newPlan(newModel(x.problem))
	if err := p.take(x.start); err != nil {
		panic(err) // routes of a plan that held
	}
	x.search = newAnneal(p, x.seed)
	x.search.warm = warmShare
	x.search.run(ctx, cfg)
}

// draw picks the route that was in the fewest windows and those around it, none
// that is in another window already; nil if there is none left.
func (w *windows) draw(in []bool) []*route {
	for len(w.used) < len(w.routes) {
		w.used = append(w.used, 0)
	}
	var first *route
	ties := 0
	// Every other time the longest route, where that is what counts.
	if w.p.Objective == Longest && w.dice.below(2) == 0 {
		for _, r := range w.routes {
			if !r.empty() && !in[r.slot] && (first == nil || w.cost(r) > w.cost(first)) {
				first = r
			}
		}
	}
	picked := first != nil
	for _, r := range w.routes {
		if picked || r.empty() || in[r.slot] || first != nil && w.used[r.slot] > w.used[first.slot] {
			continue
		}
		if first == nil || w.used[r.slot] < w.used[first.slot] {
			first, ties = r, 0
		}
		if ties++; w.dice.below(ties) == 0 {
			first = r
		}
	}
	if first == nil {
		return nil
	}
	routes := []*route{first}
	size := first.tasks()
	close := make([]float64, len(w.routes)) // how much of a route lies around those picked
	for r := first; ; {
		in[r.slot] = true
		for _, s := range r.stops[1 : len(r.stops)-1] {
			for rank, u := range w.near[s.task][:min(16, len(w.near[s.task]))] {
				if at := w.where[u]; at.slot != none {
					close[at.slot] += 1 / float64(8+rank) / float64(w.routes[at.slot].tasks())
				}
			}
		}
		var next *route
		most := 0.0
		for _, x := range w.routes {
			if c := close[x.slot] * (0.5 + w.dice.unit()); !in[x.slot] && c > most {
				next, most = x, c
			}
		}
		if next == nil || len(routes) > 1 && size+next.tasks() > windowTasks {
			break
		}
		r = next
		routes, size = append(routes, r), size+r.tasks()
	}
	for _, r := range routes {
		w.used[r.slot]++
	}
	return routes
}

// part makes a problem of some routes and the tasks near them that are left out,
// unless taken by another window. Only one window at a time may use units that
// have no route yet.
func (w *windows) part(routes []*route, taken map[int32]bool, spare bool) *window {
	var tasks []int32
	var start Plan
	for _, r := range routes {
		v := Route{Unit: int(r.unit)}
		for _, s := range r.stops[1 : len(r.stops)-1] {
			v.Tasks = append(v.Tasks, int32(len(tasks)))
			tasks = append(tasks, s.task)
		}
		start.Routes = append(start.Routes, v)
	}
	for _, t := range w.out {
		if !taken[t] && w.besides(t, routes) {
			taken[t] = true
			tasks = append(tasks, t)
		}
	}
	places := map[int32]int32{}
	var known []int32
	at := func(x int32) int32 {
		i, ok := places[x]
		if !ok {
			i = int32(len(known))
			places[x] = i
			known = append(known, x)
		}
		return i
	}
	sub := &Problem{Objective: w.p.Objective, Units: slices.Clone(w.p.Units)}
	for i := range sub.Units {
		u := &sub.Units[i]
		u.Start, u.End = at(u.Start), at(u.End)
		if u.Count == 0 {
			continue
		}
		here, used := 0, 0
		for _, r := range w.routes {
			if int(r.unit) == i && !r.empty() {
				used++
				if slices.Contains(routes, r) {
					here++
				}
			}
		}
		if u.Count -= used - here; !spare {
			u.Count = here
		}
		if u.Count == 0 {
			u.Limit = -1 // none left: no route of this kind
		}
	}
	for _, t := range tasks {
		x := w.p.Tasks[t]
		ways := make([]Way, len(x.Ways))
		for i, y := range x.Ways {
			ways[i] = Way{at(y.From), at(y.To), y.Cost}
		}
		x.Ways = ways
		sub.Tasks = append(sub.Tasks, x)
	}
	sub.Distances = w.d.part(known)
	return &window{problem: sub, routes: routes, start: start, tasks: tasks, seed: w.dice.next()}
}

// besides tells whether a task lies next to one of the routes.
func (w *windows) besides(t int32, routes []*route) bool {
	for _, u := range w.near[t][:min(8, len(w.near[t]))] {
		if at := w.where[u]; at.slot != none && slices.Contains(routes, w.routes[at.slot]) {
			return true
		}
	}
	return false
}

// put takes over the routes of a window, which are never worse than they were.
func (w *windows) put(x *window) {
	best, tasks := x.search.best, x.tasks
	for _, r := range x.routes {
		w.cutAll(r)
	}
	for _, v := range best.routes {
		if v.empty() {
			continue
		}
		var to *route
		for _, r := range w.routes {
			if r.unit == v.unit && r.empty() {
				to = r
				break
			}
		}
		w.touch(to)
		z := to.stops[len(to.stops)-1]
		to.stops = to.stops[:1]
		for _, s := range v.stops[1 : len(v.stops)-1] {
			t := tasks[s.task]
			to.stops = append(to.stops, stop{task: t, ends: w.ends[t]})
		}
		to.stops, to.load = append(to.stops, z), v.load
		for k := 1; k < len(to.stops); k++ {
			w.link(to, k)
		}
		w.refresh(to, 1, len(to.stops))
		w.open()
	}
	for _, t := range best.out {
		if !slices.Contains(w.out, tasks[t]) {
			w.out = append(w.out, tasks[t])
		}
	}
	w.out = slices.DeleteFunc(w.out, func(t int32) bool { return w.where[t] != nowhere })
	w.keep()
}

// cutAll empties a route.
func (p *plan) cutAll(r *route) { p.cut(r, 1, len(r.stops)-1) }

// part gives the distances between some of the places as a matrix.
func (d *Distances) part(places []int32) *Distances {
	n := len(places)
	costs := make([]int32, n*n)
	for i, a := range places {
		for j, b := range places {
			if i != j {
				costs[i*n+j] = d.At(a, b)
			}
		}
	}
	out, err := NewMatrix(n, costs)
	if err != nil {
		panic(err) // they were distances before
	}
	return out
}
