package sim

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// Span gives when the plan's first leg starts and its last one ends; zero
// times: it has no legs.
func Span(p patrol.Plan) (start, end time.Time) {
	for _, r := range p.Rounds {
		for _, l := range r.Legs {
			if start.IsZero() || l.Start.Before(start) {
				start = l.Start
			}
			if l.End.After(end) {
				end = l.End
			}
		}
	}
	return start, end
}

// Rebase gives a copy of the plan that begins at another time, so that the
// plan of any night can be driven now.
func Rebase(p patrol.Plan, start time.Time) patrol.Plan {
	first, _ := Span(p)
	by := start.Sub(first)
	p.Rounds = slices.Clone(p.Rounds)
	for i := range p.Rounds {
		p.Rounds[i].Legs = slices.Clone(p.Rounds[i].Legs)
		for j := range p.Rounds[i].Legs {
			l := &p.Rounds[i].Legs[j]
			l.Start, l.End = l.Start.Add(by), l.End.Add(by)
		}
	}
	return p
}
