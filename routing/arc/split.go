package arc

import "math"

// split cuts a long drive into routes of the first kind of unit, each direction
// chosen best: those that cost least in all and hold the capacity (Ulusoy 1985;
// Prins, Labadi & Reghioui 2009), or with Longest those of which the longest is
// least, found by bisection. It gives nil where that cannot be done.
func (m *model) split(tour []int32) [][]int32 {
	count := m.p.Units[0].Count
	if m.p.Objective == Total {
		return m.cut(tour, m.least(tour, m.units[0].limit))
	}
	low, high := int64(0), int64(1)
	var best [][]int32
	try := func(limit int64) bool {
		routes := m.cut(tour, m.fewest(tour, limit))
		if routes == nil || len(routes) > count {
			return false
		}
		best = routes
		return true
	}
	for !try(high) {
		if high > m.units[0].limit {
			return nil
		}
		low, high = high, 2*high
	}
	for low+1 < high {
		if mid := (low + high) / 2; try(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return best
}

// forth walks along the tour from a task on and tells visit the raw cost of the
// route up to each following one, until visit says stop.
func (m *model) forth(tour []int32, from int, visit func(next int, raw, load int64) bool) {
	u := &m.units[0]
	f, to, load := [2]int64{}, [2]int32{u.start.to[0], u.start.to[0]}, int64(0)
	for i := from; i < len(tour); i++ {
		e := &m.ends[tour[i]]
		f = [2]int64{
			min(f[0]+int64(m.d.At(to[0], e.from[0])), f[1]+int64(m.d.At(to[1], e.from[0]))) + int64(e.cost[0]),
			min(f[0]+int64(m.d.At(to[0], e.from[1])), f[1]+int64(m.d.At(to[1], e.from[1]))) + int64(e.cost[1]),
		}
		to = e.to
		load += m.p.Tasks[tour[i]].Demand
		home := u.end.from[0]
		raw := min(f[0]+int64(m.d.At(to[0], home)), f[1]+int64(m.d.At(to[1], home)))
		if !visit(i+1, raw, load) {
			return
		}
	}
}

// least gives for each end of a route where it best begins, so that all cost
// least; none where no route may end.
func (m *model) least(tour []int32, limit int64) []int32 {
	u := &m.units[0]
	cost, from := make([]float64, len(tour)+1), make([]int32, len(tour)+1)
	for i := range cost {
		cost[i], from[i] = math.Inf(1), none
	}
	cost[0] = 0
	for i := range tour {
		if math.IsInf(cost[i], 1) {
			continue
		}
		m.forth(tour, i, func(next int, raw, load int64) bool {
			if load > u.capacity {
				return false
			}
			if c := cost[i] + float64(raw)*u.rate + u.fixed; raw <= limit && c < cost[next] {
				cost[next], from[next] = c, int32(i)
			}
			return true
		})
	}
	return from
}

// fewest is the same for as few routes as the limit on their cost allows.
func (m *model) fewest(tour []int32, limit int64) []int32 {
	u := &m.units[0]
	from := make([]int32, len(tour)+1)
	for i := range from {
		from[i] = none
	}
	for at := 0; at < len(tour); {
		last := at
		m.forth(tour, at, func(next int, raw, load int64) bool {
			if load > u.capacity || raw > limit {
				return false
			}
			last = next
			return true
		})
		if last == at {
			return from
		}
		from[last] = int32(at)
		at = last
	}
	return from
}

// cut makes routes of what least or fewest found.
func (m *model) cut(tour []int32, from []int32) [][]int32 {
	var out [][]int32
	for end := int32(len(tour)); end > 0; end = from[end] {
		if from[end] == none {
			return nil
		}
		out = append(out, tour[from[end]:end])
	}
	return out
}
