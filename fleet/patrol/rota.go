package patrol

import "github.com/serenazgo/serenazgo/routing"

// Rota follows which streets were driven in the shifts of several days, one
// after the other, as plans take it from the coverage that is kept.
type Rota struct {
	shifts int
	last   []int // segment → shift in which it was driven last, 1..; 0: never
}

// Ages gives for every segment how many shifts went by since it was last driven;
// nil before the first.
func (r *Rota) Ages(segments int) []int {
	if r.shifts == 0 {
		return nil
	}
	out := make([]int, segments)
	for i := range out {
		out[i] = r.shifts - r.last[i]
	}
	return out
}

// Drive takes a shift whose rounds were driven as planned.
func (r *Rota) Drive(p Plan, g *routing.Graph) {
	if r.last == nil {
		r.last = make([]int, len(g.Segments))
	}
	r.shifts++
	driven := map[string]bool{}
	for _, round := range p.Rounds {
		for _, l := range round.Legs {
			driven[l.Segment] = true
		}
	}
	for i := range g.Segments {
		if driven[g.Segments[i].ID] {
			r.last[i] = r.shifts
		}
	}
}

// Left is how many metres of street that the units are to visit were never
// driven.
func (r *Rota) Left(g *routing.Graph, starts []routing.Start) float64 {
	left := 0.0
	for i, s := range r.wanted(g, starts) {
		if s && r.last[i] == 0 {
			left += g.Segments[i].Length
		}
	}
	return left
}

// Oldest is how many shifts ago the street was driven that has waited longest.
func (r *Rota) Oldest(g *routing.Graph, starts []routing.Start) int {
	oldest := 0
	for i, s := range r.wanted(g, starts) {
		if s {
			oldest = max(oldest, r.shifts-r.last[i]+1)
		}
	}
	return oldest
}

func (r *Rota) wanted(g *routing.Graph, starts []routing.Start) []bool {
	out := make([]bool, len(g.Segments))
	seen := map[routing.Start]bool{}
	for _, st := range starts {
		if seen[st] {
			continue
		}
		seen[st] = true
		reach := g.Reachable(st.Mode, st.Base)
		for i := range out {
			out[i] = out[i] || g.Segments[i].Belongs && reach.Segment(routing.SegmentID(i))
		}
	}
	return out
}
