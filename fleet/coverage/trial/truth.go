// Package trial sets the coverage that follows from a simulated fleet's fixes
// beside what the fleet truly drove.
//
// The truth holds the same rules as the coverage: a street was patrolled if at
// least Config.Share of its length was driven no faster than Config.PatrolSpeed,
// and then counts whole. Errors are in points of street_km, found less true:
//
//	certain  = joint − truth: never to be above 0.2, a report claims it as done
//	estimate = joint + Σ posterior × length of probable − truth: to be within 0.5
package trial

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match/trial"
)

// span is a part of a street in metres From→To.
type span struct{ from, to float64 }

// Truth tells for each street segment whether the drives patrolled it. A drive
// whose line does not lie on the streets is an error: the plan was made of
// others.
func Truth(g *routing.Graph, drives []sim.Drive, cfg coverage.Config) ([]bool, error) {
	driven := make([][]span, len(g.Segments))
	off, all := 0.0, 0.0
	for _, d := range drives {
		edges, missing := trial.Edges(g, []orb.LineString{d.Leg.Line})
		off += missing
		length := 0.0
		for _, e := range edges {
			length += e.To - e.From
		}
		all += length + missing
		if d.End.Before(d.Start) || length <= 0 {
			continue
		}
		if took := d.End.Sub(d.Start).Seconds(); length*(d.To-d.From) > cfg.PatrolSpeed*took {
			continue // transit
		}
		at := 0.0
		for _, e := range edges {
			l := e.To - e.From
			a, b := max(d.From*length, at)-at, min(d.To*length, at+l)-at
			at += l
			if b <= a {
				continue
			}
			id := e.Arc.Segment()
			p := span{e.From + a, e.From + b}
			if e.Arc.Reverse() {
				whole := g.Segments[id].Length
				p = span{whole - p.to, whole - p.from}
			}
			driven[id] = append(driven[id], p)
		}
	}
	if off > 0.001*all {
		return nil, fmt.Errorf("%w: %.1f of %.1f km of the plan's legs are not in these streets; plan on the extract that is given", fleet.ErrInvalid, off/1000, all/1000)
	}
	out := make([]bool, len(g.Segments))
	for i := range out {
		out[i] = union(driven[i]) >= cfg.Share*g.Segments[i].Length-slack
	}
	return out, nil
}

// slack in metres absorbs rounding.
const slack = 0.01

// union is the length in metres that spans cover together.
func union(spans []span) float64 {
	slices.SortFunc(spans, func(a, b span) int {
		switch {
		case a.from < b.from:
			return -1
		case a.from > b.from:
			return 1
		}
		return 0
	})
	sum, done := 0.0, 0.0
	for _, s := range spans {
		if from := max(s.from, done); s.to > from {
			sum += s.to - from
			done = s.to
		}
	}
	return sum
}
