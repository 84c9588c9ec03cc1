// Package carp reads public arc-routing instances, hands them to the engine of
// package arc and checks what comes back: capacitated arc routing on undirected
// and mixed networks (CARP, MCARP), and the min-max windy rural postman with K
// vehicles.
//
// Costs and demands are whole numbers in the units of the file. A walk is the
// drive of one vehicle from the depot back to it, edge by edge; Check adds up
// walks without anything the engine has computed.
package carp

import "fmt"

// Kind is the problem a file poses.
type Kind string

// The problems: least total cost with capacity, the same on a mixed network
// with a cost per route, and the least longest of K routes.
const (
	CARP   Kind = "carp"
	MCARP  Kind = "mcarp"
	MinMax Kind = "mm-kwrpp"
)

// Forbidden is the cost from which on a direction of a windy edge cannot be
// driven.
const Forbidden = 1 << 27

// Edge is a street between two nodes, by the numbers of the file. Index 0 of
// its costs is the direction U to V, index 1 the other one; a cost of Forbidden
// says that it cannot be driven that way.
type Edge struct {
	U, V     int
	Cost     [2]int64 // of driving along
	Serve    [2]int64 // of driving along and serving
	Demand   int64
	Required bool
	Line     int // in the file
}

// ends gives where direction dir begins and ends.
func (e Edge) ends(dir int) (from, to int) {
	if dir == 0 {
		return e.U, e.V
	}
	return e.V, e.U
}

// Instance is a problem as its file states it.
type Instance struct {
	Name     string
	Kind     Kind
	Edges    []Edge
	Depot    int
	Capacity int64 // of a vehicle; unlimited for MinMax
	Dump     int64 // cost once per route
}

// Required counts the edges that must be served.
func (in *Instance) Required() int {
	n := 0
	for _, e := range in.Edges {
		if e.Required {
			n++
		}
	}
	return n
}

// Problem is a mistake in a file: where, and what to do about it.
type Problem struct {
	File string
	Line int // 0: the file as a whole
	What string
}

func (p *Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.What)
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.What)
}
