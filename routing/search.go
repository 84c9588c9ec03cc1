package routing

import "math"

// Search finds cheapest ways for one mode, honouring one-ways and turn
// restrictions: Dijkstra's algorithm on arcs (a label for every arc, so that a
// forbidden turn binds only who comes from the wrong side), with one label for
// a node where every turn is allowed. It keeps its memory, so that a query
// allocates nothing; one goroutine uses it at a time, others take a Clone.
//
// Costs are whatever the cost function says (metres, seconds), of the whole
// arc. The cost of an arc in an answer includes that arc.
type Search struct {
	g       *Graph
	turns   *turnTable
	cost    []float64 // of an arc; +Inf: closed
	reverse bool

	dist     []float64
	prev     []Arc
	seen     []uint32 // query in which dist and prev were set
	done     []uint32 // query in which the arc got its final cost
	expanded []uint32 // query in which a free node was passed
	target   []uint32 // query in which the arc is asked for
	query    uint32
	origin   NodeID              // of FromNode; -1 otherwise
	heap     Queue[float64, Arc] // an arc, or ^arc for a start at the arc's end
}

// NewSearch prepares searches from a place outwards. A nil cost means metres;
// an arc whose cost is negative, infinite or not a number is closed.
func NewSearch(g *Graph, m Mode, cost func(Arc) float64) *Search {
	return newSearch(g, m, cost, false)
}

// NewReverseSearch prepares searches towards a place: FromNode and FromArc
// then name the end of the way, and Cost(a) is what it costs to drive a and go
// on to it.
func NewReverseSearch(g *Graph, m Mode, cost func(Arc) float64) *Search {
	return newSearch(g, m, cost, true)
}

func newSearch(g *Graph, m Mode, cost func(Arc) float64, reverse bool) *Search {
	arcs := 2 * len(g.Segments)
	s := &Search{g: g, turns: newTurnTable(g, m, reverse), cost: make([]float64, arcs), reverse: reverse}
	for i := range arcs {
		a := Arc(i)
		c := math.Inf(1)
		if g.Allowed(a, m) {
			if c = g.Segment(a).Length; cost != nil {
				c = cost(a)
			}
			if !(c >= 0) {
				c = math.Inf(1)
			}
		}
		s.cost[i] = c
	}
	s.scratch()
	return s
}

// Clone shares the prepared tables and has memory of its own.
func (s *Search) Clone() *Search {
	c := &Search{g: s.g, turns: s.turns, cost: s.cost, reverse: s.reverse}
	c.scratch()
	return c
}

func (s *Search) scratch() {
	arcs := len(s.cost)
	s.dist, s.prev = make([]float64, arcs), make([]Arc, arcs)
	s.seen, s.done, s.target = make([]uint32, arcs), make([]uint32, arcs), make([]uint32, arcs)
	s.expanded = make([]uint32, len(s.g.Nodes))
	s.origin = -1
}

// begin starts a query; it answers false when there is nothing to look for.
func (s *Search) begin(targets []Arc) (left int) {
	s.query++
	if s.query == 0 { // wrapped: the old marks mean nothing any more
		clear(s.seen)
		clear(s.done)
		clear(s.target)
		clear(s.expanded)
		s.query = 1
	}
	s.heap = s.heap[:0]
	s.origin = -1
	for _, t := range targets {
		if s.target[t] != s.query {
			s.target[t] = s.query
			left++
		}
	}
	return left
}

// FromNode searches from a node, as far as limit (math.Inf(1) for no bound).
// With targets it stops when all of them have their final cost; without, it
// goes on to the limit.
func (s *Search) FromNode(n NodeID, limit float64, targets []Arc) {
	left := s.begin(targets)
	s.origin = n
	s.expanded[n] = s.query
	for _, a := range s.g.Out(n) {
		if s.reverse {
			a = a.Opposite()
		}
		s.reach(a, 0, NoArc, limit)
	}
	s.run(limit, left, len(targets) > 0)
}

// FromArc searches from the end of an arc that was driven, so that the turn
// restrictions there bind. The arc itself costs nothing; to come back to it
// does.
func (s *Search) FromArc(a Arc, limit float64, targets []Arc) {
	s.FromPartOf(a, 0, limit, targets)
}

// FromPartOf searches from a place on an arc, rest being what it costs to
// drive on to the arc's end.
func (s *Search) FromPartOf(a Arc, rest, limit float64, targets []Arc) {
	left := s.begin(targets)
	if math.IsInf(s.cost[a], 1) || rest > limit {
		return
	}
	s.heap.Push(rest, ^a)
	s.run(limit, left, len(targets) > 0)
}

// run is the main loop.
func (s *Search) run(limit float64, left int, bounded bool) {
	for len(s.heap) > 0 && !(bounded && left == 0) {
		it := s.heap.Pop()
		a := it.Value
		from := a
		if a < 0 {
			a, from = ^a, NoArc
		} else {
			if s.done[a] == s.query {
				continue
			}
			s.done[a] = s.query
			if s.target[a] == s.query {
				left--
			}
		}
		n := s.far(a)
		if s.turns.free[n] {
			if s.expanded[n] == s.query {
				continue
			}
			s.expanded[n] = s.query
		}
		for _, b := range s.turns.of(a) {
			s.reach(b, it.Key, from, limit)
		}
	}
}

// far is the node at the end of an arc, as seen by the search.
func (s *Search) far(a Arc) NodeID {
	if s.reverse {
		return s.g.Tail(a)
	}
	return s.g.Head(a)
}

// reach offers a way to drive a that begins at cost at.
func (s *Search) reach(a Arc, at float64, prev Arc, limit float64) {
	d := at + s.cost[a]
	if d > limit || math.IsInf(d, 1) || s.seen[a] == s.query && s.dist[a] <= d {
		return
	}
	s.seen[a], s.dist[a], s.prev[a] = s.query, d, prev
	s.heap.Push(d, a)
}

// Cost is the cost of the cheapest way to the end of a, a included; ok is
// false if there is none within the limit, or the query stopped before.
func (s *Search) Cost(a Arc) (float64, bool) {
	if s.done[a] != s.query {
		return math.Inf(1), false
	}
	return s.dist[a], true
}

// CostBefore is the cost of the cheapest way up to the beginning of a from
// which a may be entered.
func (s *Search) CostBefore(a Arc) (float64, bool) {
	if s.done[a] != s.query {
		return math.Inf(1), false
	}
	return s.dist[a] - s.cost[a], true
}

// ArcCost is the cost of one arc; +Inf if it is closed.
func (s *Search) ArcCost(a Arc) float64 { return s.cost[a] }

// CostToNode is the cost of the cheapest way to a node, and the last arc of
// it: NoArc where the way is empty.
func (s *Search) CostToNode(n NodeID) (cost float64, last Arc, ok bool) {
	if n == s.origin {
		return 0, NoArc, true
	}
	cost, last = math.Inf(1), NoArc
	for _, a := range s.g.Out(n) {
		if !s.reverse {
			a = a.Opposite()
		}
		if d, found := s.Cost(a); found && d < cost {
			cost, last, ok = d, a, true
		}
	}
	return cost, last, ok
}

// AppendPath appends the arcs of the way to a, in driving order, a included.
func (s *Search) AppendPath(dst []Arc, a Arc) []Arc {
	if a == NoArc || s.done[a] != s.query {
		return dst
	}
	first := len(dst)
	for ; a != NoArc; a = s.prev[a] {
		dst = append(dst, a)
	}
	if !s.reverse {
		for i, j := first, len(dst)-1; i < j; i, j = i+1, j-1 {
			dst[i], dst[j] = dst[j], dst[i]
		}
	}
	return dst
}
