package arc

import "math"

// model is a problem in the shape the search reads fastest.
type model struct {
	p     *Problem
	d     *Distances
	ends  []ends
	skip  []float64 // price of leaving a task out
	units []unitModel
	near  [][]int32 // of each task the nearest others, nearest first
	// fromBase is how far a task is from the nearest base.
	fromBase []float64

	// mirror: every task backwards is its other way, and distances are even.
	mirror bool

	weight float64 // of a route's cost in its price
	steep  float64 // of the square of what is above the target
}

type unitModel struct {
	start, end ends
	rate       float64
	fixed      float64
	capacity   int64
	limit      int64 // on the raw cost
}

// must is the price of leaving out a task that must be done: above any plan.
const must = 1e13

func newModel(p *Problem) *model {
	m := &model{p: p, d: p.Distances, weight: 1}
	for _, t := range p.Tasks {
		m.ends = append(m.ends, endsOf(t.Ways))
		skip := float64(t.Skip)
		if t.Skip == 0 {
			skip = must
		}
		m.skip = append(m.skip, skip)
	}
	for _, u := range p.Units {
		um := unitModel{rate: u.Rate, fixed: float64(u.Fixed), capacity: u.Capacity,
			start: endsOf([]Way{{From: u.Start, To: u.Start}}), end: endsOf([]Way{{From: u.End, To: u.End}})}
		if u.Rate == 0 {
			um.rate = 1
		}
		if u.Capacity == 0 {
			um.capacity = math.MaxInt64
		}
		um.limit = Never - 1
		if u.Limit != 0 { // below 0: no route at all
			um.limit = min(um.limit, int64((float64(u.Limit)-um.fixed)/um.rate))
		}
		m.units = append(m.units, um)
	}
	m.mirror = m.d.sparse == nil && (len(m.d.there) == 0 || &m.d.there[0] == &m.d.back[0])
	for _, e := range m.ends {
		m.mirror = m.mirror && e.from[0] == e.to[1] && e.from[1] == e.to[0]
	}
	for _, u := range m.units {
		m.mirror = m.mirror && u.start.from[0] == u.end.to[0]
	}
	m.near = nearest(m)
	for _, e := range m.ends {
		least := int32(Never)
		for _, u := range m.units {
			least = min(least, m.d.At(u.start.to[0], e.from[0]), m.d.At(u.start.to[0], e.from[1]))
		}
		m.fromBase = append(m.fromBase, float64(least))
	}
	return m
}

func endsOf(ways []Way) ends {
	a, b := ways[0], ways[len(ways)-1]
	e := ends{from: [2]int32{a.From, b.From}, to: [2]int32{a.To, b.To}, cost: [2]int32{a.Cost, b.Cost}}
	if len(ways) == 1 {
		e.cost[1] = Never
	}
	return e
}

// may tells whether a unit of the kind may do the task at all.
func (m *model) may(unit, task int32) bool {
	u := m.p.Tasks[task].Units
	return u == 0 || u>>unit&1 != 0
}
