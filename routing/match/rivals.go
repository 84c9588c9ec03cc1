package match

import (
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// rivalMetres is the length of a way from which on other ways are looked for.
const rivalMetres = 120

// rivals lowers the probability of the arcs between two far states by the best
// way that leaves each of them out: the states at the ends say nothing of it.
func (m *Matcher) rivals(a, b *step, from, to *state, r *route, parts []part, probability []float64) {
	if r.kind != driven || len(r.via) == 0 || r.metres < rivalMetres {
		return
	}
	dt := b.since.Sub(a.until).Seconds()
	for i, p := range parts {
		if slices.Contains(r.via, p.arc) {
			probability[i] *= m.preference(from, to, r.metres, m.cfg.MaxSpeed*dt, p.arc)
		}
	}
}

// preference is the probability of a way against the best one of at most
// greatest metres that does not use arc.
func (m *Matcher) preference(from, to *state, metres, greatest float64, arc routing.Arc) float64 {
	scale := max(m.cfg.Beta, 0.3*metres)
	left := m.g.Segment(from.arc).Length - from.pos
	search := m.ways.search()
	defer m.ways.done(search)
	search.aim(to.arc)
	search.towards(from.arc, 2*metres+m.cfg.UTurn, arc)
	cost, length, ok := search.to(to.arc)
	if !ok || left+length+to.pos > greatest {
		return 1
	}
	return 1 / (1 + math.Exp(-(left+cost+to.pos-metres)/scale))
}

// anchor is where a run ended.
type anchor struct {
	state     state
	pos       float64
	fix       Fix
	until     time.Time
	speed     float64
	posterior float64
	strayed   bool // it was seen off the streets afterwards
}

// bridgeCap bounds the posterior of a way over a gap.
const bridgeCap = 0.95

// cross gives the way over the gap from the run before to the first state of
// this one, where each of its streets is sure enough against the best way
// without it. A unit that was seen off the streets meanwhile was not on them.
func (m *Matcher) cross(s *state) {
	c, b, first := &m.cfg, m.bridge, m.steps[0]
	dt := first.since.Sub(b.until)
	if dt > c.BridgeGap || dt <= 0 || b.strayed {
		return
	}
	from := b.state
	from.pos = b.pos
	straight := distance(from.point, s.point)
	var r route
	if from.arc == s.arc && s.pos > from.pos {
		r = route{kind: along, metres: s.pos - from.pos}
	} else {
		left := m.g.Segment(from.arc).Length - from.pos
		search := m.ways.search()
		defer m.ways.done(search)
		search.aim(s.arc)
		search.towards(from.arc, c.BridgeMetres, routing.NoArc)
		cost, metres, ok := search.to(s.arc)
		if !ok || cost > metres { // a U-turn nobody saw
			return
		}
		r = route{kind: driven, metres: left + metres + s.pos, via: search.via(nil, s.arc)}
	}
	speed := r.metres / dt.Seconds()
	if r.metres > c.BridgeMetres || speed > c.MaxSpeed || speed < c.BridgeSpeed || r.metres > 1.3*straight+50 {
		return
	}
	sure := bridgeCap * b.posterior * m.placeProbability(0, m.betas[0])
	for _, a := range r.via {
		p := m.preference(&from, s, r.metres, math.Inf(1), a)
		if p < c.BridgeSure {
			return
		}
		sure = min(sure, p)
	}
	parts := m.parts(nil, &from, s, &r)
	probability := make([]float64, len(parts))
	for i := range probability {
		probability[i] = sure
	}
	m.spread(parts, probability, b.until, first.since, math.NaN())
	m.stats.Bridges++
}
