package match

import (
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// routeKind says how a unit got from one state to the next.
type routeKind uint8

const (
	noRoute routeKind = iota
	along             // on along the arc
	still             // back along the arc, but no more than noise: it did not move
	turned            // turned round between two junctions, at turnAt
	driven            // by way of junctions
)

// route is the way from a state to one of the next step.
type route struct {
	kind   routeKind
	logT   float64 // transition, in nats
	t      float64 // its exponential
	metres float64
	turnAt float64       // metres along the first arc
	via    []routing.Arc // driven whole in between
}

// beam is how much less likely than the best a state may be for ways to be
// sought from it, in nats. What follows seldom makes up for more: a fix that is
// wrong costs 12 (see skipped).
const beam = 20

// clockStep is how coarse a clock may be, in seconds.
const clockStep = 1

// connect finds the ways from every state of a to every state of b. It tells
// whether there is any.
func (m *Matcher) connect(a, b *step) bool {
	c := &m.cfg
	n := len(b.states)
	b.routes = make([]route, len(a.states)*n)
	any := false
	m.reach.aim(b.states)
	hopeless := slices.Max(a.score) - beam
	for i, from := range a.states {
		if a.score[i] < hopeless {
			for j := range n {
				b.routes[i*n+j] = route{logT: math.Inf(-1)}
			}
			continue
		}
		last := a.at(&from)
		straight := distance(last.fix.Point, b.fix.Point)
		// A receiver that repeats its last place may have been on the way already.
		dt := b.since.Sub(last.since).Seconds()
		reachable := c.MaxSpeed*(dt+clockStep) + 2*c.jitter()
		beta := max(c.Beta, 0.08*straight)
		// A longer way is far less likely than that the fix is wrong.
		limit := min(straight-1.5*skipped*beta, reachable+c.UTurn)
		row := b.routes[i*n : (i+1)*n]
		searched := false
		left := m.g.Segment(from.arc).Length - from.pos
		for j, to := range b.states {
			r := m.onArc(from, to, straight, beta)
			if r.kind != along && r.kind != still && left <= limit {
				if !searched {
					m.reach.towards(from.arc, limit-left)
					searched = true
				}
				if cost, metres, ok := m.reach.to(to.arc); ok {
					cost, metres = cost+left+to.pos, metres+left+to.pos
					if t := logT(cost, metres, straight, beta); cost <= limit && (r.kind == noRoute || t > r.logT) {
						r = route{kind: driven, logT: t, metres: metres, via: m.reach.via(nil, to.arc)}
					}
				}
			}
			r.logT -= c.haste(r.metres, b.since.Sub(last.until).Seconds())
			if r.kind == noRoute || r.metres > reachable {
				r = route{logT: math.Inf(-1)}
			} else {
				r.t = math.Exp(r.logT)
				any = true
			}
			row[j] = r
		}
	}
	return any
}

// logT is the likelihood of a way: the difference to the straight line, and
// what its U-turns cost.
func logT(cost, metres, straight, beta float64) float64 {
	return -(math.Abs(metres-straight) + cost - metres) / beta
}

// haste is what an unusual speed costs, in nats. It is bounded, since a clock
// may be wrong where a place is right.
func (c *Config) haste(metres, seconds float64) float64 {
	usual := 0.7 * c.MaxSpeed
	v := metres / (seconds + clockStep)
	return min(hasteMost, max(0, (v-usual)/(0.1*c.MaxSpeed)))
}

// hasteMost bounds haste, in nats.
const hasteMost = 6

// onArc gives the way that stays on one segment, if there is one.
func (m *Matcher) onArc(from, to state, straight, beta float64) route {
	c := &m.cfg
	switch to.arc {
	case from.arc:
		d := to.pos - from.pos
		if d >= 0 {
			return route{kind: along, logT: logT(d, d, straight, beta), metres: d}
		}
		if -d <= c.Back {
			return route{kind: still, logT: logT(0, 0, straight, beta)}
		}
	case from.arc.Opposite():
		// It went on as far as the farther of the two places, and turned there.
		back := m.g.Segment(from.arc).Length - to.pos
		at := max(from.pos, back)
		d := (at - from.pos) + (at - back)
		return route{kind: turned, logT: logT(d+c.UTurn, d, straight, beta), metres: d, turnAt: at}
	}
	return route{}
}

// part is a stretch of an arc, in metres along it.
type part struct {
	arc      routing.Arc
	from, to float64
}

// parts appends the stretches that a route from one state to another drives.
func (m *Matcher) parts(dst []part, from, to state, r *route) []part {
	add := func(a routing.Arc, f, t float64) {
		if t > f {
			dst = append(dst, part{a, f, t})
		}
	}
	length := m.g.Segment(from.arc).Length
	switch r.kind {
	case along:
		add(from.arc, from.pos, to.pos)
	case turned:
		add(from.arc, from.pos, r.turnAt)
		add(to.arc, length-r.turnAt, to.pos)
	case driven:
		add(from.arc, from.pos, length)
		for _, a := range r.via {
			add(a, 0, m.g.Segment(a).Length)
		}
		add(to.arc, 0, to.pos)
	}
	return dst
}
