package match

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
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
	from, to    uint16 // the states that it joins
	kind        routeKind
	logT        float64 // transition, in nats
	score       float64 // of the state that it leads to, in nats
	metres      float64
	way         int32 // place in the table's row; -1: the arcs are those from first to last
	first, last int32 // among Matcher.attempted
}

// beam is how much less likely than the best a state may be for ways to be
// sought from it, in nats. What follows seldom makes up for more: a fix that is
// wrong costs 12 (see skipped).
const beam = 13

// clockStep is how coarse a clock may be, in seconds.
const clockStep = 1

// connect finds the ways from the states of a to those of b, and links what they
// lead to with them, but for those that are hopeless beside the best. It tells
// whether there is any.
func (m *Matcher) connect(a, b *step) bool {
	m.attempts, m.attempted = m.attempts[:0], m.attempted[:0]
	m.rows = slices.Grow(m.rows[:0], len(a.states))[:len(a.states)]
	m.best = math.Inf(-1)
	common := m.leg(a, b)
	lead := argmax(a.score)
	// Who stays on his arc first, then the best state: what these lead to rules
	// most others out before ways are looked up.
	for i := range a.states {
		if a.score[i] >= a.score[lead]-beam {
			m.stayOn(a, b, i, &common)
		}
	}
	m.goOver(a, b, lead, &common)
	for i := range a.states {
		if i != lead && a.score[i] >= a.score[lead]-beam {
			m.goOver(a, b, i, &common)
		}
	}
	b.links, b.arcs = b.links[:0], b.arcs[:0]
	for k := range m.attempts {
		r := &m.attempts[k]
		if r.score < m.best-beam {
			continue
		}
		l := link{from: r.from, to: r.to, kind: r.kind, t: math.Exp(r.logT), metres: r.metres, first: int32(len(b.arcs))}
		switch {
		case r.kind != driven:
		case r.way >= 0:
			b.arcs = m.rows[r.from].via(b.arcs, int(r.way))
		default:
			b.arcs = append(b.arcs, m.attempted[r.first:r.last]...)
		}
		l.last = int32(len(b.arcs))
		b.links = append(b.links, l)
		if r.score > b.score[r.to] {
			b.score[r.to], b.back[r.to] = r.score, int32(r.from)
		}
		b.alpha[r.to] += a.alpha[r.from] * l.t
	}
	return len(b.links) > 0
}

// leg is what the ways from the states of one fix to those of the next have in
// common.
type leg struct {
	straight  float64   // metres between the fixes
	beta      float64   // metres: scale of |straight − way|
	reachable float64   // metres that may have been driven in the time
	seconds   float64   // that a way may have taken
	memory    float64   // of the receiver's error
	sigma     float64   // of the second fix
	sharpest  float64   // nats: the most that lasting gives for two errors that agree
	most      float64   // nats: no state of the second fix is likelier, whatever was before
	scale     orb.Point // metres per degree, a little less
}

// leg gives what ways from a step to b have in common.
func (m *Matcher) leg(last, b *step) leg {
	c := &m.cfg
	l := leg{straight: b.came, memory: c.memory(last.fix, b.fix), sigma: c.sigma(b.fix), seconds: b.since.Sub(last.until).Seconds(), most: math.Inf(-1)}
	if len(m.steps) == 0 || m.steps[len(m.steps)-1] != last {
		l.straight = distance(last.fix.Point, b.fix.Point)
	}
	l.scale = orb.Point{shorter * metresPerDegree * math.Cos(b.fix.Point[1]*math.Pi/180), shorter * metresPerDegree}
	l.beta = max(c.Beta, 0.08*l.straight)
	// A receiver that repeats its last place may have been on the way already.
	l.reachable = c.MaxSpeed*(b.since.Sub(last.since).Seconds()+clockStep) + 2*c.jitter()
	l.sharpest = -0.5 * math.Log(1-l.memory*l.memory)
	for j := range b.states {
		is := b.states[j].side / l.sigma
		l.most = max(l.most, b.states[j].logE+0.5*is*is+l.sharpest)
	}
	return l
}

// metresPerDegree of latitude, on the sphere of orb/geo.
const metresPerDegree = math.Pi / 180 * orb.EarthRadius

// shorter is what is taken of a straight line, so that none is longer than a way.
const shorter = 0.99

// least gives metres that no way is shorter than.
func (l *leg) least(a, b orb.Point) float64 {
	east, north := (b[0]-a[0])*l.scale[0], (b[1]-a[1])*l.scale[1]
	return math.Sqrt(east*east + north*north)
}

// legOf gives the leg from a state of a: the common one, unless the state stands
// for an earlier fix.
func (m *Matcher) legOf(a, b *step, i int, common *leg) leg {
	if last := a.at(&a.states[i]); last != a {
		return m.leg(last, b)
	}
	return *common
}

// stayOn tries the ways from state i of a that go on along its arc.
func (m *Matcher) stayOn(a, b *step, i int, common *leg) {
	from := &a.states[i]
	for j := range b.states {
		to := &b.states[j]
		if to.arc != from.arc {
			continue
		}
		l := m.legOf(a, b, i, common)
		if r, ok := m.onArc(from, to, &l); ok && r.metres <= l.reachable {
			r.logT += lasting(from, to, l.memory, l.sigma) - m.cfg.haste(r.metres, l.seconds)
			m.attempt(a, b, i, j, r)
		}
	}
}

// attempt notes a way unless it is hopeless.
func (m *Matcher) attempt(a, b *step, i, j int, r attempt) {
	r.from, r.to, r.score = uint16(i), uint16(j), a.score[i]+r.logT+b.states[j].logE
	if r.score >= m.best-beam {
		m.best = max(m.best, r.score)
		m.attempts = append(m.attempts, r)
	}
}

// goOver tries the ways from state i of a that lead to another arc, or round to
// the same one. What a way can come to at best is told before it is looked up.
func (m *Matcher) goOver(a, b *step, i int, common *leg) {
	c := &m.cfg
	from := &a.states[i]
	l := m.legOf(a, b, i, common)
	// A longer way is far less likely than that the fix is wrong, or hopeless.
	spare := min(-1.5*skipped, a.score[i]+l.most-m.best+beam)
	limit := min(l.straight+spare*l.beta, l.reachable+c.UTurn)
	searched := false
	was := from.side / l.sigma
	var found *row    // the ways from here,
	var beyond *reach // or the search for them
	for j := range b.states {
		to := &b.states[j]
		if to.arc == from.arc && to.pos-from.pos >= -c.Back {
			continue // see stayOn
		}
		shared := l.memory * cosine(from, to)
		gain, own := agreeing(was, to.side/l.sigma, shared)
		spare := a.score[i] + to.logE + gain + l.sharpest - m.best + beam
		if spare < 0 {
			continue
		}
		r := attempt{kind: noRoute}
		if to.arc == from.arc.Opposite() {
			r = m.round(from, to, &l)
		}
		if ends := from.left + to.pos; from.left <= limit && ends+l.least(from.ends[1].at, to.ends[0].at)-l.straight <= spare*l.beta {
			cost, metres, way := ends, ends, int32(-1)
			if !m.follows(from, to) {
				if !searched {
					searched = true
					if found = m.ways.from(from.arc, limit-from.left); found == nil {
						beyond = m.far(from.arc, b, limit-from.left)
					}
				}
				cost, metres, way = ahead(found, beyond, to.arc)
				cost, metres = cost+ends, metres+ends
			}
			if t := logT(cost, metres, l.straight, l.beta); cost <= limit && (r.kind == noRoute || t > r.logT) {
				r = attempt{kind: driven, logT: t, metres: metres, way: way}
			}
		}
		if r.kind == noRoute || r.metres > l.reachable || r.logT < -spare {
			continue
		}
		if r.kind == driven && beyond != nil && !m.follows(from, to) {
			r.first = int32(len(m.attempted))
			m.attempted = beyond.via(m.attempted, to.arc)
			r.last = int32(len(m.attempted))
		}
		r.logT += gain - 0.5*math.Log(own) - m.aside(from, to) - c.haste(r.metres, l.seconds)
		m.attempt(a, b, i, j, r)
	}
	m.rows[i] = found
	if beyond != nil {
		m.ways.done(beyond)
	}
}

// follows tells whether an arc is driven right after another, so that no way
// between them is to be sought.
func (m *Matcher) follows(from, to *state) bool {
	return from.ends[1].node == to.ends[0].node && to.arc != from.arc.Opposite() && m.g.TurnAllowed(from.arc, to.arc, m.cfg.Mode)
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

// onArc gives the way that stays on one arc, if there is one.
func (m *Matcher) onArc(from, to *state, l *leg) (attempt, bool) {
	d := to.pos - from.pos
	switch {
	case d >= 0:
		return attempt{kind: along, logT: logT(d, d, l.straight, l.beta), metres: d}, true
	case -d <= m.cfg.Back:
		return attempt{kind: still, logT: logT(0, 0, l.straight, l.beta)}, true
	}
	return attempt{}, false
}

// round gives the way that turns round between two junctions.
func (m *Matcher) round(from, to *state, l *leg) attempt {
	at := m.turn(from, to)
	d := (at - from.pos) + (at - to.left)
	return attempt{kind: turned, logT: logT(d+m.cfg.UTurn, d, l.straight, l.beta), metres: d}
}

// turn gives where a unit turned round between two places on one segment, in
// metres along the first arc: it went on as far as the farther of the two.
func (m *Matcher) turn(from, to *state) float64 {
	return max(from.pos, to.left)
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
