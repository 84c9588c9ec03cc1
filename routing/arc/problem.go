package arc

import "fmt"

// Never is the cost of what cannot be done: a direction that is closed, a way
// that does not exist. Every other cost is below it, and so must be the cost of
// a whole route for it to count as possible.
const Never = 1 << 29

// Way is one way of doing a task: begin at a place, end at a place, at a cost.
// A street has two, one a direction; a one-way street or a stop has one.
type Way struct {
	From, To int32 // places of the problem's Distances
	Cost     int32 // ≥ 0
}

// Task is a street to drive along, or a stop.
type Task struct {
	Ways   []Way // one or two
	Demand int64 // of the unit's capacity
	// Skip is what it costs to leave the task out; 0: it must not be left out.
	Skip int64
	// Units says, bit by bit, which kinds of units may do it; 0: all.
	Units uint64
}

// Unit is a kind of vehicle or patrol: where it begins and ends, what it can
// take. Costs of tasks and ways are those of a unit with Rate 1.
type Unit struct {
	Start, End int32   // places
	Count      int     // how many there are; 0: as many as wanted
	Rate       float64 // factor on every cost, e.g. base speed ÷ own speed; 0: 1
	Fixed      int64   // cost of a route that is used, after Rate
	Capacity   int64   // of demand; 0: unlimited
	Limit      int64   // of the cost of a route, after Rate and with Fixed; 0: unlimited
}

// Objective is what makes one plan better than another.
type Objective int

// Total is the sum of the costs of all routes. Longest is the cost of the
// longest route; among equals the sum decides.
const (
	Total Objective = iota
	Longest
)

// Problem is arc routing with tasks that may be done in either direction. Costs
// are whole numbers in any one unit.
type Problem struct {
	Tasks     []Task
	Units     []Unit // at least one kind, at most 64
	Distances *Distances
	Objective Objective
}

// Route is the work of one unit: tasks in order.
type Route struct {
	Unit  int // index of its kind
	Tasks []int32
	Ways  []uint8 // which way each task is done, chosen best for the order
	Cost  int64   // after Rate, with Fixed
	Load  int64
}

// Plan is a solution.
type Plan struct {
	Routes  []Route
	Skipped []int32 // tasks left out, ascending
	Total   int64   // all routes and what was left out
	Longest int64
}

// check says what is wrong with a problem.
func (p *Problem) check() error {
	switch {
	case p.Distances == nil:
		return fmt.Errorf("a problem without distances")
	case len(p.Units) == 0 || len(p.Units) > 64:
		return fmt.Errorf("%d kinds of units; there must be 1 to 64", len(p.Units))
	case p.Objective != Total && p.Objective != Longest:
		return fmt.Errorf("unknown objective %d", p.Objective)
	}
	places := int32(p.Distances.n)
	bad := func(n int32) bool { return n < 0 || n >= places }
	for i, u := range p.Units {
		if bad(u.Start) || bad(u.End) || u.Count < 0 || u.Rate < 0 || u.Fixed < 0 || u.Capacity < 0 || u.Limit < 0 {
			return fmt.Errorf("unit %d: its places must be among the %d known ones, nothing may be negative", i, places)
		}
		if p.Objective == Longest && u.Count == 0 {
			return fmt.Errorf("unit %d: the longest route is least with unlimited units; give their count", i)
		}
	}
	for i, t := range p.Tasks {
		if len(t.Ways) < 1 || len(t.Ways) > 2 || t.Demand < 0 || t.Skip < 0 {
			return fmt.Errorf("task %d: it must have one or two ways, demand and skip not negative", i)
		}
		for _, w := range t.Ways {
			if bad(w.From) || bad(w.To) || w.Cost < 0 || w.Cost >= Never {
				return fmt.Errorf("task %d: its places must be among the %d known ones, its cost 0 to %d", i, places, Never-1)
			}
		}
		if t.Units != 0 && len(p.Units) < 64 && t.Units>>len(p.Units) != 0 {
			return fmt.Errorf("task %d: it names kinds of units beyond the %d there are", i, len(p.Units))
		}
	}
	return nil
}
