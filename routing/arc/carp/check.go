package carp

import (
	"errors"
	"fmt"
)

// Score is what walks cost.
type Score struct {
	Total   int64 // with the cost per route
	Longest int64
	Routes  int
}

// Check adds walks up, edge by edge, and says everything that is wrong with
// them: a step along no edge or against a one-way, a break in the walk, an end
// away from the depot, a load above the capacity, an edge served twice or not
// at all. Where edges lie side by side the cheapest one is driven, and serving
// takes one that is open this way only, and of several the one that costs most.
func Check(in *Instance, walks []Walk) (Score, error) {
	c := checker{in: in, along: map[[2]int][]int{}, served: make([]bool, len(in.Edges))}
	for i, e := range in.Edges {
		for dir := range e.Cost {
			if e.Cost[dir] < Forbidden {
				from, to := e.ends(dir)
				c.along[[2]int{from, to}] = append(c.along[[2]int{from, to}], i)
			}
		}
	}
	var s Score
	for i, w := range walks {
		cost := c.walk(i+1, w)
		s.Total += cost + in.Dump
		s.Longest = max(s.Longest, cost)
		s.Routes++
	}
	for i, e := range in.Edges {
		if e.Required && !c.served[i] {
			c.wrong("edge %d-%d is not served", e.U, e.V)
		}
	}
	return s, errors.Join(c.found...)
}

type checker struct {
	in     *Instance
	along  map[[2]int][]int
	served []bool
	found  []error
}

func (c *checker) wrong(format string, args ...any) {
	c.found = append(c.found, fmt.Errorf(format, args...))
}

func (c *checker) walk(number int, w Walk) (cost int64) {
	if len(w) == 0 {
		c.wrong("route %d is empty", number)
		return 0
	}
	at, load := c.in.Depot, int64(0)
	for i, s := range w {
		if s.From != at {
			c.wrong("route %d, step %d: begins at %d, but the vehicle is at %d", number, i+1, s.From, at)
		}
		at = s.To
		e, dir, ok := c.edge(s)
		if !ok {
			c.wrong("route %d, step %d: no edge from %d to %d that is open that way and still to serve", number, i+1, s.From, s.To)
			continue
		}
		if !s.Served {
			cost += c.in.Edges[e].Cost[dir]
			continue
		}
		c.served[e] = true
		cost += c.in.Edges[e].Serve[dir]
		load += c.in.Edges[e].Demand
	}
	if at != c.in.Depot {
		c.wrong("route %d ends at %d, not at depot %d", number, at, c.in.Depot)
	}
	if load > c.in.Capacity {
		c.wrong("route %d carries %d, above the capacity %d", number, load, c.in.Capacity)
	}
	return cost
}

// edge finds what a step drives along, and in which direction.
func (c *checker) edge(s Step) (edge, dir int, ok bool) {
	best, only := int64(-1), false
	for _, i := range c.along[[2]int{s.From, s.To}] {
		e := c.in.Edges[i]
		d := 0
		if e.U != s.From {
			d = 1
		}
		cost := e.Cost[d]
		if s.Served {
			if !e.Required || c.served[i] {
				continue
			}
			cost = e.Serve[d]
			oneWay := e.Cost[1-d] >= Forbidden
			if best >= 0 && (only && !oneWay || only == oneWay && cost <= best) {
				continue
			}
			only = oneWay
		} else if best >= 0 && cost >= best {
			continue
		}
		edge, dir, best, ok = i, d, cost, true
	}
	return edge, dir, ok
}
