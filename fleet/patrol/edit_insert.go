package patrol

import (
	"fmt"
	"math"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// chain is a stretch of streets that is driven in one go, in one direction or
// the other; or a place to stop at.
type chain struct {
	arcs   []routing.Arc
	node   routing.NodeID // of a stop; -1: none
	stop   step           // what is done there
	metres float64
	from   string // who had it
	// need are the segments that are to be visited; nil: all of them. The
	// others only lead from one to the next.
	need map[routing.SegmentID]bool
	id   int       // of its steps, once it was put in
	in   *course   // which has it
	at   time.Time // of a stop: when it was to be made
	// reach: how far it is to the beginning of the chain from the end of each
	// arc, and from its end to the beginning of each; by mode and direction.
	reach map[chainKey]*reachTable
}

type chainKey struct {
	mode routing.Mode
	back bool
}

// reachTable holds metres by arc; +Inf: not within the limit.
type reachTable struct {
	to, from           []float32
	toOfBase, fromBase map[routing.NodeID]float64 // to: from the chain's end to the base
}

// chainReach is how far from a chain a round may pass to take it over; the
// search goes on without a limit where nothing is found.
const chainReach = 2500.0

func (ch *chain) isStop() bool { return ch.node >= 0 }

// arcsIn gives the chain's arcs in a direction, and whether a mode may drive
// them so.
func (ch *chain) arcsIn(g *routing.Graph, m routing.Mode, back bool) ([]routing.Arc, bool) {
	out := ch.arcs
	if back {
		if ch.isStop() {
			return nil, false
		}
		out = make([]routing.Arc, len(ch.arcs))
		for i, a := range ch.arcs {
			out[len(out)-1-i] = a.Opposite()
		}
	}
	for i, a := range out {
		if !g.Allowed(a, m) || i > 0 && (g.Head(out[i-1]) != g.Tail(a) || !g.TurnAllowed(out[i-1], a, m)) {
			return nil, false
		}
	}
	return out, true
}

// slot is a place for a chain in a course: after step i, and instead of the
// steps up to j.
type slot struct {
	c      *course
	i, j   int
	back   bool
	metres float64 // more driving than before
	score  float64
}

// maxHole is how many steps that only lead somewhere a chain may take the
// place of.
const maxHole = 24

// bestSlot finds where a chain costs a course least: metres more driven, and
// what extra says for its time (nil: nothing). limit is how far off the way
// the chain may lie.
func (d *Desk) bestSlot(c *course, ch *chain, w *ways, limit float64, extra func(at time.Time) float64) (slot, bool) {
	best := slot{c: c, score: math.Inf(1)}
	var times []time.Time
	if extra != nil {
		times = c.times()
	}
	before := make([]float64, len(c.steps)+1) // metres driven before each step
	for i, s := range c.steps {
		before[i+1] = before[i]
		if s.drives() {
			before[i+1] += d.g.Segment(s.arc).Length
		}
	}
	for _, back := range [...]bool{false, true} {
		rt := d.reachOfChain(c, ch, w, back, limit)
		if rt == nil {
			continue
		}
		last := c.lastArc(c.frozen - 1)
		for i := c.frozen - 1; i < len(c.steps); i++ {
			if i >= 0 && c.steps[i].drives() {
				last = c.steps[i].arc
			}
			if i+1 < len(c.steps) && !c.steps[i+1].drives() {
				continue // a stop stays with the way that leads to it
			}
			to := 0.0
			if last == routing.NoArc {
				m, ok := rt.fromBase[c.base]
				if !ok {
					continue
				}
				to = m
			} else {
				to = float64(rt.to[last])
			}
			if math.IsInf(to, 1) {
				continue
			}
			if extra != nil {
				to += extra(times[i+1])
			}
			for j := i + 1; j <= len(c.steps) && j <= i+1+maxHole; j++ {
				if j > i+1 && !c.steps[j-1].loose() {
					break
				}
				from := math.Inf(1)
				if next := c.nextArcAt(j); next != routing.NoArc {
					from = float64(rt.from[next])
				} else if j == len(c.steps) {
					if m, ok := rt.toOfBase[c.base]; ok {
						from = m
					}
				}
				if score := to + ch.metres + from - (before[j] - before[i+1]); score < best.score {
					best.i, best.j, best.back, best.score = i, j, back, score
					best.metres = score
					if extra != nil {
						best.metres -= extra(times[i+1])
					}
				}
			}
		}
	}
	return best, !math.IsInf(best.score, 1)
}

// nextArcAt is the arc of step j; NoArc if it is a stop or the end.
func (c *course) nextArcAt(j int) routing.Arc {
	if j < len(c.steps) && c.steps[j].drives() {
		return c.steps[j].arc
	}
	return routing.NoArc
}

// reachOfChain gives the tables of a chain for the mode of a course; nil if
// it cannot be driven in that direction.
func (d *Desk) reachOfChain(c *course, ch *chain, w *ways, back bool, limit float64) *reachTable {
	key := chainKey{d.like(c.round.Mode), back}
	rt, ok := ch.reach[key]
	if !ok {
		rt = d.newReachTable(c, ch, w, back, limit)
		if ch.reach == nil {
			ch.reach = map[chainKey]*reachTable{}
		}
		ch.reach[key] = rt
	}
	if rt != nil {
		if _, ok := rt.fromBase[c.base]; !ok {
			d.toBase(c, ch, rt, back)
		}
	}
	return rt
}

func (d *Desk) newReachTable(c *course, ch *chain, w *ways, back bool, limit float64) *reachTable {
	arcs, ok := ch.arcsIn(d.g, c.round.Mode, back)
	if !ok {
		return nil
	}
	for _, a := range arcs {
		if math.IsInf(w.out.ArcCost(a), 1) {
			return nil
		}
	}
	n := 2 * len(d.g.Segments)
	rt := &reachTable{to: make([]float32, n), from: make([]float32, n), toOfBase: map[routing.NodeID]float64{}, fromBase: map[routing.NodeID]float64{}}
	inf := float32(math.Inf(1))
	d.runChain(ch, w, arcs, limit)
	for i := range n {
		a := routing.Arc(i)
		rt.to[i], rt.from[i] = inf, inf
		if m, ok := w.back.CostBefore(a); ok {
			rt.to[i] = float32(m)
		}
		if m, ok := w.out.CostBefore(a); ok {
			rt.from[i] = float32(m)
		}
	}
	return rt
}

// ends gives the nodes where a chain begins and ends.
func (ch *chain) ends(g *routing.Graph, arcs []routing.Arc) (first, last routing.NodeID) {
	if len(arcs) == 0 {
		return ch.node, ch.node
	}
	return g.Tail(arcs[0]), g.Head(arcs[len(arcs)-1])
}

// runChain searches from both ends of a chain.
func (d *Desk) runChain(ch *chain, w *ways, arcs []routing.Arc, limit float64) {
	if len(arcs) == 0 {
		w.back.FromNode(ch.node, limit, nil)
		w.out.FromNode(ch.node, limit, nil)
		return
	}
	w.back.FromArc(arcs[0], limit, nil)
	w.out.FromArc(arcs[len(arcs)-1], limit, nil)
}

// toBase adds the ways from and to the base of a course.
func (d *Desk) toBase(c *course, ch *chain, rt *reachTable, back bool) {
	arcs, _ := ch.arcsIn(d.g, c.round.Mode, back)
	first, last := ch.ends(d.g, arcs)
	rt.fromBase[c.base], rt.toOfBase[c.base] = math.Inf(1), math.Inf(1)
	for _, a := range d.g.Out(c.base) {
		m := float64(rt.to[a]) + d.g.Segment(a).Length
		if d.g.Allowed(a, c.round.Mode) && m < rt.fromBase[c.base] {
			rt.fromBase[c.base] = m
		}
		in := a.Opposite()
		m = float64(rt.from[in]) + d.g.Segment(in).Length
		if d.g.Allowed(in, c.round.Mode) && m < rt.toOfBase[c.base] {
			rt.toOfBase[c.base] = m
		}
	}
	if first == c.base {
		rt.fromBase[c.base] = 0
	}
	if last == c.base {
		rt.toOfBase[c.base] = 0
	}
}

// insert puts a chain into its slot and joins the ways; false if there is no
// way after all (nothing is changed then).
func (c *course) insert(w *ways, ch *chain, s slot) bool {
	arcs, ok := ch.arcsIn(c.d.g, c.round.Mode, s.back)
	if !ok {
		return false
	}
	first, last := ch.ends(c.d.g, arcs)
	head, tail := routing.NoArc, routing.NoArc
	if len(arcs) > 0 {
		head, tail = arcs[0], arcs[len(arcs)-1]
	}
	next := c.nextArc(s.j)
	into := head
	if ch.isStop() {
		into = routing.NoArc
	}
	there, ok := c.between(w, c.lastArc(s.i), c.nodeAfter(s.i), first, into)
	if !ok {
		return false
	}
	if tail == routing.NoArc { // the turn at a stop binds as well
		tail = c.lastArc(s.i)
		if len(there) > 0 {
			tail = there[len(there)-1]
		}
	}
	on, ok := c.between(w, tail, last, c.nodeBefore(s.j), next)
	if !ok {
		return false
	}
	with := c.way(there, "", "")
	if ch.isStop() {
		st := ch.stop
		st.old, st.chain = -1, ch.id
		with = append(with, st)
	} else {
		reason := ""
		if ch.from != "" {
			reason = "from:" + ch.from
		}
		work := c.way(arcs, Service, reason)
		done := map[routing.SegmentID]bool{}
		for i, a := range arcs {
			if id := a.Segment(); ch.need != nil && !ch.need[id] || done[id] {
				work[i].kind, work[i].reason = "", ""
			}
			done[a.Segment()] = true
			work[i].chain = ch.id
		}
		with = append(with, work...)
	}
	with = append(with, c.way(on, "", "")...)
	c.label(with, s.j)
	c.replace(s.i+1, s.j, with)
	return true
}

// place puts a chain where it costs a course least. What is found near the
// chain but costs more than the whole reach, as where its time is another than
// the one asked for, may be beaten from farther off.
func (d *Desk) place(c *course, ch *chain, w *ways, extra func(time.Time) float64) (slot, error) {
	s, ok := d.bestSlot(c, ch, w, chainReach, extra)
	if !ok || s.score > chainReach {
		ch.reach = nil
		s, ok = d.bestSlot(c, ch, w, math.Inf(1), extra)
	}
	if !ok || !c.insert(w, ch, s) {
		return s, fmt.Errorf("%w: %s", ErrNoWay, c.round.Unit)
	}
	return s, nil
}
