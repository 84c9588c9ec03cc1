package patrol

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	chainMetres = 1500.0 // longer work is put in piece by piece
	chainGap    = 200.0  // of repeats in between, at most
)

// orphans makes chains of what was freed and nobody does: streets that no
// other unit passes any more, and stops.
func (r *replan) orphans() (streets, stops []*chain) {
	passed := r.passedYet()
	for _, w := range r.freed {
		streets = append(streets, r.streetChains(w, passed)...)
		for k, s := range w.steps {
			if s.kind == Stop && s.reason != "alert" && s.reason != "away" {
				st := s
				st.reason = "from:" + w.from
				stops = append(stops, &chain{node: s.node, stop: st, from: w.from, at: w.at[k]})
			}
		}
	}
	return streets, stops
}

// passedYet marks the segments that somebody still comes by, or has visited.
func (r *replan) passedYet() []bool {
	out := make([]bool, len(r.d.g.Segments))
	if r.s.Visited != nil {
		copy(out, r.s.Visited)
	}
	for _, c := range r.courses {
		times := c.times()
		for i, s := range c.steps {
			if !s.drives() {
				continue
			}
			// What was to be driven before now counts as far as it was not
			// found out that it was not.
			if id := s.arc.Segment(); times[i+1].After(r.s.Now) || !r.undone[id] {
				out[id] = true
			}
		}
	}
	return out
}

// streetChains cuts freed work into chains: streets that follow one another,
// with the short repeats between them.
func (r *replan) streetChains(w freedWork, passed []bool) []*chain {
	var out []*chain
	var open *chain
	var gap []routing.Arc
	gapMetres := 0.0
	closed := r.closedTo("")
	flush := func() {
		if open != nil {
			out = append(out, open)
		}
		open, gap, gapMetres = nil, nil, 0
	}
	for _, s := range w.steps {
		if !s.drives() {
			continue // a stop or break does not part streets that follow one another
		}
		id, m := s.arc.Segment(), r.d.g.Segment(s.arc).Length
		if closed[id] {
			flush()
			continue
		}
		if s.kind != Service || passed[id] {
			if open != nil {
				gap, gapMetres = append(gap, s.arc), gapMetres+m
				if gapMetres > chainGap {
					flush()
				}
			}
			continue
		}
		passed[id] = true // once is enough
		if open != nil {
			longer := &chain{arcs: append(append(slices.Clone(open.arcs), gap...), s.arc), node: -1}
			if open.metres+gapMetres+m <= chainMetres && r.connected(longer.arcs) {
				open.arcs, open.metres = longer.arcs, open.metres+gapMetres+m
				open.need[id] = true
				gap, gapMetres = nil, 0
				continue
			}
			flush()
		}
		open = &chain{arcs: []routing.Arc{s.arc}, node: -1, metres: m, from: w.from, need: map[routing.SegmentID]bool{id: true}}
	}
	flush()
	return out
}

func (r *replan) connected(arcs []routing.Arc) bool {
	for i := 1; i < len(arcs); i++ {
		if r.d.g.Head(arcs[i-1]) != r.d.g.Tail(arcs[i]) {
			return false
		}
	}
	return true
}
