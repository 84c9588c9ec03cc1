package routing

import "math"

// Stats are the figures of a district's streets for the units that patrol
// them. Only belonging segments count, each whole.
type Stats struct {
	StreetKm            float64 `json:"street_km"` // some unit reaches them and returns
	Segments            int     `json:"segments"`
	OddJunctions        int     `json:"odd_junctions"`
	UnreachableKm       float64 `json:"unreachable_km"` // open to a unit's mode, but out of its reach
	UnreachableSegments int     `json:"unreachable_segments"`
	ExcludedKm          float64 `json:"excluded_km"` // closed to all of the modes by the map or a correction
}

// DistrictStats counts what the units of the given modes and bases reach.
func (g *Graph) DistrictStats(starts ...Start) Stats {
	var st Stats
	var modes ModeSet
	for _, s := range starts {
		modes |= SetOf(s.Mode)
	}
	reached := g.reachedBy(starts)
	for i := range g.Segments {
		s := &g.Segments[i]
		switch {
		case !s.Belongs || (s.Forward|s.Backward)&modes == 0:
		case reached[i]:
			st.StreetKm += s.Length / 1000
			st.Segments++
		default:
			st.UnreachableKm += s.Length / 1000
			st.UnreachableSegments++
		}
	}
	st.OddJunctions = g.OddJunctions(func(s SegmentID) bool { return g.Segments[s].Belongs && reached[s] })
	for i := range g.Excluded {
		e := &g.Excluded[i]
		if would := e.Class.Admits() & modes; would != 0 && would&^e.Modes == 0 {
			st.ExcludedKm += e.Inside / 1000
		}
	}
	for _, f := range [...]*float64{&st.StreetKm, &st.UnreachableKm, &st.ExcludedKm} {
		*f = math.Round(*f*1000) / 1000
	}
	return st
}

// reachedBy marks the segments that at least one of the units reaches and
// returns from.
func (g *Graph) reachedBy(starts []Start) []bool {
	reached := make([]bool, len(g.Segments))
	asked := map[Start]bool{}
	for _, s := range starts {
		if asked[s] {
			continue
		}
		asked[s] = true
		r := g.Reachable(s.Mode, s.Base)
		for i := range reached {
			reached[i] = reached[i] || r.Segment(SegmentID(i))
		}
	}
	return reached
}

// Unreached lists the belonging segments that are open to the unit's mode and
// out of its reach, in pieces that hang together.
func (g *Graph) Unreached(s Start) [][]SegmentID {
	reached := g.reachedBy([]Start{s})
	lost := func(id SegmentID) bool {
		x := &g.Segments[id]
		return x.Belongs && (x.Forward | x.Backward).Has(s.Mode) && !reached[id]
	}
	seen := make([]bool, len(g.Segments))
	var pieces [][]SegmentID
	for i := range g.Segments {
		if seen[i] || !lost(SegmentID(i)) {
			continue
		}
		seen[i] = true
		piece := []SegmentID{SegmentID(i)}
		for k := 0; k < len(piece); k++ {
			x := &g.Segments[piece[k]]
			for _, n := range [...]NodeID{x.From, x.To} {
				for _, a := range g.Out(n) {
					if t := a.Segment(); !seen[t] && lost(t) {
						seen[t] = true
						piece = append(piece, t)
					}
				}
			}
		}
		pieces = append(pieces, piece)
	}
	return pieces
}

// Crossings counts the junctions of the district's streets where three or more
// ends of streets meet, those of its neighbours too: bends and dead ends are
// none.
func (g *Graph) Crossings() int {
	ends := make([]int, len(g.Nodes))
	own := make([]bool, len(g.Nodes))
	for i := range g.Segments {
		s := &g.Segments[i]
		ends[s.From]++
		ends[s.To]++
		own[s.From] = own[s.From] || s.Belongs
		own[s.To] = own[s.To] || s.Belongs
	}
	n := 0
	for i := range ends {
		if own[i] && ends[i] >= 3 {
			n++
		}
	}
	return n
}
