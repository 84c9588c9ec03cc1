package coverage

import (
	"math"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// PlannedPolice is what a police plan promises of the streets. It is planned
// presence: it is never added to what was driven.
type PlannedPolice struct {
	counts []bool
	length []float64
	metres float64
	visits [][]patrol.Visit // by segment
}

// OfPolice takes the expected visits of a police plan. Reachable is as in New.
func OfPolice(g *routing.Graph, reachable []bool, visits []patrol.Visit) (*PlannedPolice, error) {
	counts, err := counted(g, reachable)
	if err != nil {
		return nil, err
	}
	p := &PlannedPolice{counts: counts, length: make([]float64, len(counts)), visits: make([][]patrol.Visit, len(counts))}
	for i, ok := range counts {
		p.length[i] = g.Segments[i].Length
		if ok {
			p.metres += p.length[i]
		}
	}
	for _, v := range visits {
		if v.Segment >= 0 && int(v.Segment) < len(counts) && v.Expected > 0 && v.Trust > 0 {
			p.visits[v.Segment] = append(p.visits[v.Segment], v)
		}
	}
	return p, nil
}

// Probability that the police have passed a segment by t if their plan is
// driven: 1 − Π(1 − trust·(1 − e^−passes)), passes being those expected until
// t, as many in each minute of a visit's window.
func (p *PlannedPolice) Probability(s routing.SegmentID, t time.Time) float64 {
	if s < 0 || int(s) >= len(p.visits) {
		return 0
	}
	absent := 1.0
	for _, v := range p.visits[s] {
		whole := v.End.Sub(v.Start)
		elapsed := 1.0
		if whole > 0 {
			elapsed = min(1, max(0, float64(t.Sub(v.Start))/float64(whole)))
		} else if t.Before(v.Start) {
			elapsed = 0
		}
		absent *= 1 - min(1, v.Trust)*(1-math.Exp(-v.Expected*elapsed))
	}
	return 1 - absent
}

// PlannedJoint is what both plans together expect at an instant: municipal
// presence as planned, police presence by its probability.
type PlannedJoint struct {
	At        time.Time `json:"at"`
	Serenazgo Share     `json:"serenazgo"`
	PNP       Share     `json:"pnp"` // expected length: Σ probability × length
	Both      Share     `json:"both"`
	Joint     Share     `json:"joint"`
	None      Share     `json:"none"`
}

// Joint sets a police plan beside a municipal one; either may be nil. An
// integrated crew is presence of both forces, and not duplication.
func Joint(m *Planned, p *PlannedPolice, t time.Time) PlannedJoint {
	out := PlannedJoint{At: t}
	metres := 0.0
	add := func(by forces, likely, length float64) {
		ours, theirs, alone := 0.0, likely, 0.0
		if by.serenazgo() {
			ours = 1
		}
		if by.has(Municipal) {
			alone = 1
		}
		if by.pnp() {
			theirs = 1
		}
		out.Serenazgo.Km += ours * length / 1000
		out.PNP.Km += theirs * length / 1000
		out.Both.Km += alone * likely * length / 1000
		out.Joint.Km += max(ours, theirs) * length / 1000
	}
	switch {
	case p != nil:
		metres = p.metres
		for i, ok := range p.counts {
			if !ok {
				continue
			}
			var by forces
			if m != nil {
				by = m.covered(routing.SegmentID(i), t)
			}
			add(by, p.Probability(routing.SegmentID(i), t), p.length[i])
		}
	case m != nil:
		metres = m.Metres
		for _, s := range m.order {
			add(m.covered(s, t), 0, m.length[s])
		}
	}
	out.None.Km = metres/1000 - out.Joint.Km
	for _, s := range []*Share{&out.Serenazgo, &out.PNP, &out.Both, &out.Joint, &out.None} {
		s.Pct = pct(s.Km, metres/1000)
	}
	return out
}
