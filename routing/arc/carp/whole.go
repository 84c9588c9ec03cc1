package carp

import "math"

// whole says what is wrong with a file as a whole, once every line is read.
func (p *reader) whole() error {
	in := p.in
	if in.Required() == 0 {
		return p.problem("no required edges; a list such as LISTA_ARISTAS_REQ : must follow the header")
	}
	if in.Depot < 0 {
		return p.problem("no depot; a line such as DEPOSITO : 1 is needed")
	}
	if in.Kind == MinMax {
		in.Capacity = math.MaxInt64
	} else if in.Capacity <= 0 {
		return p.problem("no capacity; a line such as CAPACIDAD : 100 is needed")
	}
	there, back := in.within(0), in.within(1)
	if there == nil {
		return p.problem("depot %d is on no edge", in.Depot)
	}
	for _, e := range in.Edges {
		if !e.Required {
			continue
		}
		p.line = e.Line
		if e.Demand > in.Capacity {
			return p.problem("demand %d of edge %d-%d is above the capacity %d", e.Demand, e.U, e.V, in.Capacity)
		}
		if !(e.Cost[0] < Forbidden && there[e.U] && back[e.V]) && !(e.Cost[1] < Forbidden && there[e.V] && back[e.U]) {
			return p.problem("no way from depot %d over edge %d-%d and back", in.Depot, e.U, e.V)
		}
	}
	return nil
}

// within gives the nodes that can be reached from the depot, or with dir 1 from
// which it can be reached; nil if the depot is on no edge.
func (in *Instance) within(dir int) map[int]bool {
	next := map[int][]int{}
	known := false
	for _, e := range in.Edges {
		known = known || e.U == in.Depot || e.V == in.Depot
		if e.Cost[dir] < Forbidden {
			next[e.U] = append(next[e.U], e.V)
		}
		if e.Cost[1-dir] < Forbidden {
			next[e.V] = append(next[e.V], e.U)
		}
	}
	if !known {
		return nil
	}
	seen := map[int]bool{in.Depot: true}
	for stack := []int{in.Depot}; len(stack) > 0; {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, to := range next[n] {
			if !seen[to] {
				seen[to] = true
				stack = append(stack, to)
			}
		}
	}
	return seen
}
