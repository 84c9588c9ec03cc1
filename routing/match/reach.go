package match

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// reach finds the shortest ways from the head of an arc to the tails of others,
// for one mode, with turn restrictions. Unlike routing.Search it charges U-turns
// and can leave an arc out. Its memory is used again and again.
type reach struct {
	g     *routing.Graph
	mode  routing.Mode
	uturn float64 // metres that a U-turn costs

	stamp   uint32
	stamps  []uint32
	cost    []float64     // metres to the arc's tail, U-turns included
	metres  []float64     // without them
	before  []routing.Arc // the arc driven before; NoArc: the source itself
	settled []bool
	found   []routing.Arc // all that was reached
	queue   routing.Queue[float64, routing.Arc]

	goal  uint32 // stamp of the arcs that are aimed at
	goals []uint32
	aims  int // how many they are
}

func newReach(g *routing.Graph, mode routing.Mode, uturn float64) *reach {
	n := 2 * len(g.Segments)
	return &reach{
		g: g, mode: mode, uturn: uturn,
		stamps: make([]uint32, n), cost: make([]float64, n), metres: make([]float64, n),
		before: make([]routing.Arc, n), settled: make([]bool, n), goals: make([]uint32, n),
	}
}

// aim names the arcs that the searches to come, by towards, are for.
func (r *reach) aim(arcs ...routing.Arc) {
	r.goal++
	if r.goal == 0 {
		clear(r.goals)
		r.goal = 1
	}
	r.aims = 0
	for _, a := range arcs {
		if r.goals[a] != r.goal {
			r.goals[a] = r.goal
			r.aims++
		}
	}
}

// towards explores as from does, until every arc that is aimed at is found.
func (r *reach) towards(source routing.Arc, limit float64, banned routing.Arc) {
	r.explore(source, limit, banned, r.aims)
}

// from explores what can be reached from the end of source within limit metres
// of cost, never driving along banned (NoArc: anything).
func (r *reach) from(source routing.Arc, limit float64, banned routing.Arc) {
	r.explore(source, limit, banned, 0)
}

// explore ends when left arcs that are aimed at have been settled, or never if
// it is 0.
func (r *reach) explore(source routing.Arc, limit float64, banned routing.Arc, left int) {
	r.stamp++
	if r.stamp == 0 {
		clear(r.stamps)
		r.stamp = 1
	}
	r.queue, r.found = r.queue[:0], r.found[:0]
	r.expand(source, routing.NoArc, 0, 0, limit, banned)
	for len(r.queue) > 0 {
		q := r.queue.Pop()
		if r.settled[q.Value] {
			continue
		}
		r.settled[q.Value] = true
		if left > 0 && r.goals[q.Value] == r.goal {
			if left--; left == 0 {
				return
			}
		}
		l := r.g.Segment(q.Value).Length
		r.expand(q.Value, q.Value, r.cost[q.Value]+l, r.metres[q.Value]+l, limit, banned)
	}
}

// expand offers the arcs after a, whose end lies cost away.
func (r *reach) expand(a, before routing.Arc, cost, metres, limit float64, banned routing.Arc) {
	if cost > limit {
		return
	}
	out := r.g.Out(r.g.Head(a))
	back := 0.0
	if r.goesOn(a, out) {
		back = r.uturn
	}
	for _, o := range out {
		if o == banned || !r.g.Allowed(o, r.mode) || !r.g.TurnAllowed(a, o, r.mode) {
			continue
		}
		c := cost
		if o == a.Opposite() {
			c += back
		}
		if c > limit || r.stamps[o] == r.stamp && r.cost[o] <= c {
			continue
		}
		if r.stamps[o] != r.stamp {
			r.stamps[o] = r.stamp
			r.settled[o] = false
			r.found = append(r.found, o)
		}
		r.cost[o], r.metres[o], r.before[o] = c, metres, before
		r.queue.Push(c, o)
	}
}

// goesOn tells whether there is another way on at the end of a, whose exits are
// out, than turning round. Where a car street goes on as a footpath, a car is at
// a dead end.
func (r *reach) goesOn(a routing.Arc, out []routing.Arc) bool {
	for _, o := range out {
		if o != a.Opposite() && r.g.Allowed(o, r.mode) && r.g.TurnAllowed(a, o, r.mode) {
			return true
		}
	}
	return false
}

// to gives the way to the tail of a from the last source: metres with and
// without U-turns.
func (r *reach) to(a routing.Arc) (cost, metres float64, ok bool) {
	if r.stamps[a] != r.stamp {
		return 0, 0, false
	}
	return r.cost[a], r.metres[a], true
}

// via appends the arcs driven whole between the source and a.
func (r *reach) via(dst []routing.Arc, a routing.Arc) []routing.Arc {
	first := len(dst)
	for b := r.before[a]; b != routing.NoArc; b = r.before[b] {
		dst = append(dst, b)
	}
	slices.Reverse(dst[first:])
	return dst
}
