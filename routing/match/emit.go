package match

import (
	"math"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// cursor is how far the traversals given out have come.
type cursor struct {
	arc routing.Arc
	pos float64
}

// samePlace is how far apart two places of a standing unit may be, in metres,
// to be one.
const samePlace = 30

// give gives out the transitions between decided steps, up to step n.
func (m *Matcher) give(n int) {
	if m.emitted >= n && !(n == 0 && m.emitted == 0) {
		return
	}
	m.lookBack(max(0, m.emitted-1))
	if m.emitted == 0 {
		s := &m.steps[0].states[m.chosen[0]]
		if m.bridge != nil {
			m.cross(s)
			m.bridge = nil
		}
		m.cursor = cursor{s.arc, s.pos}
	}
	for ; m.emitted < n; m.emitted++ {
		m.standAt(m.emitted, m.betas[m.emitted])
		m.transition(m.emitted)
	}
}

// stand gives the time spent at the last step of a run.
func (m *Matcher) stand(k int) {
	m.lookBack(k)
	m.standAt(k, m.betas[k])
}

// standAt gives the time spent at step k, if any.
func (m *Matcher) standAt(k int, beta []float64) {
	s := m.steps[k]
	if !s.until.After(s.since) {
		return
	}
	m.put(m.cursor.arc, m.cursor.pos, m.cursor.pos, s.since, s.until, m.placeProbability(k, beta), 0)
}

// placeProbability is how likely the unit was where the chosen state of step k
// is: on whatever street, but at that place.
func (m *Matcher) placeProbability(k int, beta []float64) float64 {
	s := m.steps[k]
	at := s.states[m.chosen[k]].point
	sum, near := 0.0, 0.0
	for i := range s.states {
		p := s.alpha[i] * beta[i]
		sum += p
		if p > 0 && distance(s.states[i].point, at) <= samePlace {
			near += p
		}
	}
	return ratio(near, sum)
}

// transition gives out what was driven between steps k and k+1.
func (m *Matcher) transition(k int) {
	a, b := m.steps[k], m.steps[k+1]
	from, to := a.states[m.chosen[k]], &b.states[m.chosen[k+1]]
	if to.of != nil {
		m.stats.Outliers++
		return // where the unit was then is told with the next fix
	}
	way := m.routeOf(a, b, b.link(m.chosen[k], m.chosen[k+1]))
	if !a.until.After(a.since) { // else it stood where it was not believed to be
		a = a.at(&from)
	}
	from.pos = m.cursor.pos // further than the state where noise threw it back
	if way.kind == still || way.kind == along && to.pos <= from.pos {
		m.put(from.arc, from.pos, from.pos, a.until, b.since, m.placeProbability(k, m.betas[k]), 0)
		return
	}
	if way.kind == turned {
		way.turnAt = max(way.turnAt, from.pos)
		way.turnAt = min(m.g.Segment(from.arc).Length, way.turnAt+m.beyond(&from, to, way.turnAt, a, b))
	}
	m.parted = m.parts(m.parted[:0], &from, to, &way)
	probability := m.posteriors(k, m.parted)
	m.rivals(a, b, &from, to, &way, m.parted, probability)
	m.spread(m.parted, probability, a.until, b.since, meanSpeed(a.speed, b.fix.Speed))
	m.cursor = cursor{to.arc, to.pos}
}

// link gives the link between two states, of which there is one.
func (s *step) link(from, to int) *link {
	for i := range s.links {
		if l := &s.links[i]; int(l.from) == from && int(l.to) == to {
			return l
		}
	}
	panic("match: the best way uses no link")
}

// turnPace is how fast a unit is on its way to a turn and back, on average,
// relative to its speed before and after: it slows down for it.
const turnPace = 0.75

// beyond is how far past the place where it was seen last a unit turned round
// between two junctions, in metres: as far as its reported speed leaves time for.
func (m *Matcher) beyond(from, to *state, turnAt float64, a, b *step) float64 {
	speed := meanSpeed(a.speed, b.fix.Speed)
	if math.IsNaN(speed) {
		return 0
	}
	back := m.g.Segment(from.arc).Length - to.pos
	went := turnPace * speed * b.since.Sub(a.until).Seconds()
	return max(0, went-(turnAt-from.pos)-(turnAt-back)) / 2
}

// spread gives out parts, driven evenly from one time to another.
func (m *Matcher) spread(parts []part, probability []float64, from, to time.Time, speed float64) {
	total := 0.0
	for _, p := range parts {
		total += p.to - p.from
	}
	done, at := 0.0, from
	for i, p := range parts {
		done += p.to - p.from
		end := to
		if i < len(parts)-1 {
			end = from.Add(time.Duration(done / total * float64(to.Sub(from))))
		}
		m.put(p.arc, p.from, p.to, at, end, probability[i], speed)
		at = end
	}
}

// put gives out one traversal; from and to are metres along the arc.
func (m *Matcher) put(a routing.Arc, from, to float64, start, end time.Time, posterior, speed float64) {
	if from == to && !end.After(start) {
		return
	}
	length := m.g.Segment(a).Length
	f := func(v float64) float64 {
		switch {
		case length <= 0 || v <= 0:
			return 0
		case v >= length:
			return 1
		}
		return v / length
	}
	m.out = append(m.out, Traversal{
		Arc: a, From: f(from), To: f(to), Start: start, End: end,
		Posterior: min(1, max(0, posterior)), Speed: speed,
	})
}

// meanSpeed of two reports, NaN where neither is known.
func meanSpeed(a, b float64) float64 {
	switch {
	case math.IsNaN(a):
		return b
	case math.IsNaN(b):
		return a
	}
	return (a + b) / 2
}

func ratio(part, whole float64) float64 {
	if whole > 0 {
		return part / whole
	}
	return 0
}
