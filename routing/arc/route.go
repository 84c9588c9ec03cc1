package arc

// ends are the two ways of a task; a task with one way has it twice, the second
// time at a cost of Never. The start and the end of a unit are such tasks too.
type ends struct{ from, to, cost [2]int32 }

// stop is a task in a route. f and b make every question about the route a
// question about one place in it, with all directions chosen best (Vidal 2017):
//
//	f[w]  least cost from the start to the end of this task, done in way w
//	b[w]  least cost from the begin of this task, done in way w, to the end
//	d[2*v+w]  from the task before, done in way v, to this one, done in way w
type stop struct {
	task int32
	ends
	d [4]int32
	f [2]int64
	b [2]int64
}

// route is the work of one unit: stops[0] is its start, the last one its end.
type route struct {
	unit  int32
	slot  int32  // in the plan
	stamp uint64 // of the state the stops are in: another after every change, the old one after undo
	stops []stop
	load  int64
	over  int64   // load above the capacity
	raw   int64   // cost before Rate
	price float64 // by the objective
}

// empty tells whether the route has no task.
func (r *route) empty() bool { return len(r.stops) <= 2 }

// tasks counts what the route serves.
func (r *route) tasks() int { return len(r.stops) - 2 }

// insert puts a task before stop at.
func (p *plan) insert(r *route, at int, task int32) {
	p.touch(r)
	r.stops = append(r.stops, stop{})
	copy(r.stops[at+1:], r.stops[at:])
	r.stops[at] = stop{task: task, ends: p.ends[task]}
	p.link(r, at)
	p.link(r, at+1)
	r.load += p.p.Tasks[task].Demand
	p.refresh(r, at, at+1)
}

// cut takes the stops i to j-1 out.
func (p *plan) cut(r *route, i, j int) {
	p.touch(r)
	for _, s := range r.stops[i:j] {
		p.where[s.task] = nowhere
		r.load -= p.p.Tasks[s.task].Demand
	}
	r.stops = append(r.stops[:i], r.stops[j:]...)
	p.link(r, i)
	p.refresh(r, i, i)
}
