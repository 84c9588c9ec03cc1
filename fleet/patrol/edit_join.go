package patrol

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// join finds the shortest way from where the unit is after step i to where it
// must be for step j, one-ways and turns honoured at both ends; false if there
// is none.
func (c *course) join(w *ways, i, j int) ([]routing.Arc, bool) {
	return c.between(w, c.lastArc(i), c.nodeAfter(i), c.nodeBefore(j), c.nextArc(j))
}

// between finds the shortest way from one node to another, coming from an arc
// and going on into one; NoArc: from or into nothing.
func (c *course) between(w *ways, last routing.Arc, from, to routing.NodeID, next routing.Arc) ([]routing.Arc, bool) {
	g, mode := c.d.g, c.round.Mode
	mayGoOn := func(a routing.Arc) bool { return next == routing.NoArc || g.TurnAllowed(a, next, mode) }
	if from == to && (last == routing.NoArc || mayGoOn(last)) {
		return nil, true
	}
	into := make([]routing.Arc, 0, 6)
	for _, a := range g.Out(to) {
		if a = a.Opposite(); mayGoOn(a) && !math.IsInf(w.out.ArcCost(a), 1) {
			into = append(into, a)
		}
	}
	if len(into) == 0 {
		return nil, false
	}
	c.search(w.out, last, from, math.Inf(1), into)
	best, least := routing.NoArc, math.Inf(1)
	for _, a := range into {
		if m, ok := w.out.Cost(a); ok && m < least {
			best, least = a, m
		}
	}
	if best == routing.NoArc {
		return nil, false
	}
	return w.out.AppendPath(nil, best), true
}

// search starts from a node, coming from an arc. An arc that was closed after
// it was driven still has an end.
func (c *course) search(s *routing.Search, last routing.Arc, from routing.NodeID, limit float64, targets []routing.Arc) {
	if last == routing.NoArc || math.IsInf(s.ArcCost(last), 1) || c.d.g.Head(last) != from {
		s.FromNode(from, limit, targets)
		return
	}
	s.FromArc(last, limit, targets)
}

// label says what new steps before step at are: a way over streets of the
// district repeats them, any other is a transfer. After the last first visit
// all is fill.
func (c *course) label(steps []step, at int) {
	fill := true
	for i := at; fill && i < len(c.steps); i++ {
		fill = c.steps[i].kind != Service
	}
	for i := len(steps) - 1; i >= 0; i-- {
		switch s := &steps[i]; {
		case !s.drives():
		case s.kind == Service:
			fill = false
		case fill:
			s.kind = Fill
		case c.d.wanted[s.arc.Segment()]:
			s.kind = Repeat
		default:
			s.kind = Deadhead
		}
	}
}

// loose tells whether a step only leads from one thing to another, so that it
// may be left out when that changes.
func (s step) loose() bool {
	return s.drives() && (s.kind == Repeat || s.kind == Deadhead) && s.reason == ""
}

// cut takes steps out and joins the rest again by the shortest ways; the ways
// that led there and back go too. It gives the metres saved; false if the rest
// cannot be joined (nothing is changed then).
func (c *course) cut(w *ways, out func(step) bool) (saved float64, ok bool) {
	keep, kept, changed := c.steps, c.same, c.changed
	for i := c.frozen; i < len(c.steps); i++ {
		if !out(c.steps[i]) {
			continue
		}
		first, after := i, i+1
		for after < len(c.steps) && (out(c.steps[after]) || c.steps[after].loose()) {
			after++
		}
		for first > c.frozen && c.steps[first-1].loose() {
			first--
		}
		if c.steps[i].kind == Fill { // roaming goes on where it was
			for first, after = i, i+1; after < len(c.steps) && out(c.steps[after]); {
				after++
			}
		}
		arcs, found := c.join(w, first-1, after)
		if !found {
			c.steps, c.same, c.changed = keep, kept, changed
			return 0, false
		}
		with := c.way(arcs, "", "")
		c.label(with, after)
		saved += c.length(first, after) - c.lengthOf(with)
		c.replace(first, after, with)
		i = first + len(with) - 1
	}
	return saved, true
}

func (c *course) length(i, j int) float64 { return c.lengthOf(c.steps[i:j]) }

func (c *course) lengthOf(steps []step) float64 {
	m := 0.0
	for _, s := range steps {
		if s.drives() {
			m += c.d.g.Segment(s.arc).Length
		}
	}
	return m
}
