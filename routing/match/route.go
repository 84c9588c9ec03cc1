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
	metres float64
	turnAt float64       // metres along the first arc
	via    []routing.Arc // driven whole in between
}

// link is a route between two steps that the unit may have taken.
type link struct {
	from, to    uint16 // the states that it joins
	kind        routeKind
	t           float64 // transition, as a likelihood
	metres      float64
	first, last int32 // of the arcs driven whole in between, among step.arcs
}

// attempt is a route between two states on trial.
type attempt struct {
	kind        routeKind
	logT        float64 // transition, in nats
	metres      float64
	way         int32 // place in the table's row; -1: the arcs are those from first to last
	first, last int32 // among Matcher.attempted
}

// beam is how much less likely than the best a state may be for ways to be
// sought from it, in nats. What follows seldom makes up for more: a fix that is
// wrong costs 12 (see skipped).
const beam = 15

// clockStep is how coarse a clock may be, in seconds.
const clockStep = 1

// connect finds the ways from the states of a to those of b, and links what they
// lead to with them, but for those that are hopeless beside the best. It tells
// whether there is any.
func (m *Matcher) connect(a, b *step) bool {
	n := len(b.states)
	m.attempts = slices.Grow(m.attempts[:0], len(a.states)*n)[:len(a.states)*n]
	m.rows = slices.Grow(m.rows[:0], len(a.states))[:len(a.states)]
	clear(m.attempts)
	m.attempted = m.attempted[:0]
	lead := argmax(a.score) // first, since what it leads to rules others out
	most := math.Inf(-1)
	for j := range b.states {
		most = max(most, b.states[j].logE)
	}
	direct := distance(a.fix.Point, b.fix.Point)
	best := m.try(a, b, lead, direct, math.Inf(-1))
	for i := range a.states {
		if i != lead && a.score[i] >= a.score[lead]-beam && a.score[i]+most >= best-beam {
			best = m.try(a, b, i, direct, best)
		}
	}
	b.links, b.arcs = b.links[:0], b.arcs[:0]
	for i := range a.states {
		for j := range b.states {
			r := &m.attempts[i*n+j]
			score := a.score[i] + r.logT + b.states[j].logE
			if r.kind == noRoute || score < best-beam {
				continue
			}
			l := link{from: uint16(i), to: uint16(j), kind: r.kind, t: math.Exp(r.logT), metres: r.metres, first: int32(len(b.arcs))}
			switch {
			case r.kind != driven:
			case r.way >= 0:
				b.arcs = m.rows[i].via(b.arcs, int(r.way))
			default:
				b.arcs = append(b.arcs, m.attempted[r.first:r.last]...)
			}
			l.last = int32(len(b.arcs))
			b.links = append(b.links, l)
			if score > b.score[j] {
				b.score[j], b.back[j] = score, int32(i)
			}
			b.alpha[j] += a.alpha[i] * l.t
		}
	}
	return len(b.links) > 0
}

// try finds the routes from state i of a to the states of b. It gives the score
// of the best state that any route of the step leads to, which was best before;
// direct is the straight line between the two fixes.
func (m *Matcher) try(a, b *step, i int, direct, best float64) float64 {
	c := &m.cfg
	from := &a.states[i]
	last, straight := a.at(from), direct
	if last != a {
		straight = distance(last.fix.Point, b.fix.Point)
	}
	// A receiver that repeats its last place may have been on the way already.
	reachable := c.MaxSpeed*(b.since.Sub(last.since).Seconds()+clockStep) + 2*c.jitter()
	seconds := b.since.Sub(last.until).Seconds()
	memory, sigma := c.memory(last.fix, b.fix), c.sigma(b.fix)
	beta := max(c.Beta, 0.08*straight)
	// A longer way is far less likely than that the fix is wrong.
	limit := min(straight-1.5*skipped*beta, reachable+c.UTurn)
	left := m.g.Segment(from.arc).Length - from.pos
	searched := left > limit
	var found *row    // the ways from here,
	var beyond *reach // or the search for them
	for j := range b.states {
		to := &b.states[j]
		if a.score[i]+to.logE < best-beam {
			continue
		}
		r := m.onArc(from, to, straight, beta)
		if r.kind != along && r.kind != still && left <= limit {
			if !searched {
				searched = true
				if found = m.ways.from(from.arc, limit-left); found == nil {
					beyond = m.far(from.arc, b, limit-left)
				}
			}
			cost, metres, way := ahead(found, beyond, to.arc)
			cost, metres = cost+left+to.pos, metres+left+to.pos
			if t := logT(cost, metres, straight, beta); cost <= limit && (r.kind == noRoute || t > r.logT) {
				r = attempt{kind: driven, logT: t, metres: metres, way: way, first: int32(len(m.attempted))}
				if beyond != nil {
					m.attempted = beyond.via(m.attempted, to.arc)
				}
				r.last = int32(len(m.attempted))
			}
		}
		if r.kind == noRoute || r.metres > reachable {
			continue
		}
		r.logT += lasting(from, to, memory, sigma) - m.aside(from, to) - c.haste(r.metres, seconds)
		m.attempts[i*len(b.states)+j] = r
		best = max(best, a.score[i]+r.logT+to.logE)
	}
	m.rows[i] = found
	if beyond != nil {
		m.ways.done(beyond)
	}
	return best
}

// far seeks the ways from an arc to the states of a step that are too far for
// the table.
func (m *Matcher) far(source routing.Arc, b *step, limit float64) *reach {
	r := m.ways.search()
	m.aims = m.aims[:0]
	for j := range b.states {
		m.aims = append(m.aims, b.states[j].arc)
	}
	r.aim(m.aims...)
	r.towards(source, limit, routing.NoArc)
	return r
}

// ahead gives the way to an arc from the row of its source or, if that is nil,
// from the last search: metres with and without what U-turns cost, infinite if
// there is none, and the way's place in the row, or -1. Both give the same, bit
// for bit, so that it does not matter what a table holds already.
func ahead(found *row, beyond *reach, to routing.Arc) (cost, metres float64, way int32) {
	if found == nil {
		cost, metres, ok := beyond.to(to)
		if !ok {
			cost = math.Inf(1)
		}
		return float64(float32(cost)), float64(float32(metres)), -1
	}
	i := found.find(to)
	if i == noWay {
		return math.Inf(1), 0, -1
	}
	return float64(found.ways[i].cost), float64(found.ways[i].metres), int32(i)
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
func (m *Matcher) onArc(from, to *state, straight, beta float64) attempt {
	c := &m.cfg
	switch to.arc {
	case from.arc:
		d := to.pos - from.pos
		if d >= 0 {
			return attempt{kind: along, logT: logT(d, d, straight, beta), metres: d}
		}
		if -d <= c.Back {
			return attempt{kind: still, logT: logT(0, 0, straight, beta)}
		}
	case from.arc.Opposite():
		back := m.g.Segment(from.arc).Length - to.pos
		at := m.turn(from, to)
		d := (at - from.pos) + (at - back)
		return attempt{kind: turned, logT: logT(d+c.UTurn, d, straight, beta), metres: d}
	}
	return attempt{}
}

// turn gives where a unit turned round between two places on one segment, in
// metres along the first arc: it went on as far as the farther of the two.
func (m *Matcher) turn(from, to *state) float64 {
	return max(from.pos, m.g.Segment(from.arc).Length-to.pos)
}

// routeOf gives the route that a link from a to b stands for; its arcs are good
// as long as b.
func (m *Matcher) routeOf(a, b *step, l *link) route {
	r := route{kind: l.kind, metres: l.metres, via: b.arcs[l.first:l.last]}
	if l.kind == turned {
		r.turnAt = m.turn(&a.states[l.from], &b.states[l.to])
	}
	return r
}

// part is a stretch of an arc, in metres along it.
type part struct {
	arc      routing.Arc
	from, to float64
}

// parts appends the stretches that a route from one state to another drives.
func (m *Matcher) parts(dst []part, from, to *state, r *route) []part {
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
