package coverage

import (
	"cmp"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Planned is what a plan of rounds covers, and by when. It does not change.
type Planned struct {
	Segments int
	Metres   float64 // of street that counts
	// Missing counts legs whose segment is not in the street graph: the plan
	// was made on another version of the streets.
	Missing int

	counts []bool
	first  map[routing.SegmentID][numForces]time.Time // end of the first leg over it; zero: none
	length map[routing.SegmentID]float64
	order  []routing.SegmentID // of first's keys, for a fixed order of sums
	finish time.Time           // end of the last leg that covers something new
}

// OfPlan reads what a plan covers: a segment is covered when the first service,
// repeat or fill leg over it ends. Transfers and stops cover nothing. Reachable
// is as in New; forceOf tells whose presence a unit is.
func OfPlan(g *routing.Graph, reachable []bool, plan patrol.Plan, forceOf func(unit string) Force) (*Planned, error) {
	counts, err := counted(g, reachable)
	if err != nil {
		return nil, err
	}
	p := &Planned{counts: counts, first: map[routing.SegmentID][numForces]time.Time{}, length: map[routing.SegmentID]float64{}}
	for i, ok := range counts {
		if ok {
			p.Segments++
			p.Metres += g.Segments[i].Length
		}
	}
	ids := segmentsByID(g)
	for _, r := range plan.Rounds {
		f := forceOf(r.Unit)
		for _, l := range r.Legs {
			if !patrols(l.Kind) {
				continue
			}
			s, ok := ids[l.Segment]
			if !ok {
				p.Missing++
				continue
			}
			if !counts[s] {
				continue
			}
			at := p.first[s]
			if at[f].IsZero() || l.End.Before(at[f]) {
				at[f] = l.End
			}
			p.first[s] = at
			p.length[s] = g.Segments[s].Length
		}
	}
	for s, at := range p.first {
		p.order = append(p.order, s)
		end := time.Time{}
		for _, t := range at {
			if !t.IsZero() && (end.IsZero() || t.Before(end)) {
				end = t
			}
		}
		p.finish = later(p.finish, end)
	}
	slices.SortFunc(p.order, func(a, b routing.SegmentID) int { return cmp.Compare(a, b) })
	return p, nil
}

// covered gives the forces that the plan has on a segment by t.
func (p *Planned) covered(s routing.SegmentID, t time.Time) forces {
	var out forces
	for f, at := range p.first[s] {
		if !at.IsZero() && !at.After(t) {
			out |= 1 << f
		}
	}
	return out
}

// At gives what the plan expects to be covered by the serenazgo, integrated
// crews included, at t: the mark "at this hour" beside the driven figure.
func (p *Planned) At(t time.Time) Share {
	metres := 0.0
	for _, s := range p.order {
		if p.covered(s, t).serenazgo() {
			metres += p.length[s]
		}
	}
	return Share{metres / 1000, pct(metres, p.Metres)}
}

// Finish is when the plan has covered all that it will; zero for a plan that
// covers nothing.
func (p *Planned) Finish() time.Time { return p.finish }

// PlannedPoint is the planned coverage at an instant.
type PlannedPoint struct {
	At time.Time `json:"at"`
	Share
}

// Series gives At from the window's start to its end, every step and at the
// end. It is nil for a step of zero or less.
func (p *Planned) Series(w Window, step time.Duration) []PlannedPoint {
	if step <= 0 || w.End.Before(w.Start) {
		return nil
	}
	type event struct {
		at     time.Time
		metres float64
	}
	var events []event
	for _, s := range p.order {
		var first time.Time
		for _, f := range []Force{Municipal, Integrated} {
			if at := p.first[s][f]; !at.IsZero() && (first.IsZero() || at.Before(first)) {
				first = at
			}
		}
		if !first.IsZero() {
			events = append(events, event{first, p.length[s]})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	var out []PlannedPoint
	metres, k := 0.0, 0
	for t := w.Start; ; t = t.Add(step) {
		t = earlier(t, w.End)
		for ; k < len(events) && !events[k].at.After(t); k++ {
			metres += events[k].metres
		}
		out = append(out, PlannedPoint{t, Share{metres / 1000, pct(metres, p.Metres)}})
		if !t.Before(w.End) {
			return out
		}
	}
}

// States gives each segment's planned state at t, in the order of the graph
// that the plan was read with.
func (p *Planned) States(t time.Time) States {
	out := make(States, len(p.counts))
	for i, ok := range p.counts {
		if !ok {
			out[i] = Outside
			continue
		}
		out[i] = p.covered(routing.SegmentID(i), t).state()
	}
	return out
}
