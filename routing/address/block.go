package address

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// block gives the middle of a street's k-th block, counted from its end nearest
// the centre; false: it has not so many.
func (x *Index) block(s *street, k int) (orb.Point, bool) {
	line, cuts := x.spine(s)
	if len(line) < 2 {
		return orb.Point{}, false
	}
	total := cuts[len(cuts)-1]
	if geo.Distance(line[0], x.centre) > geo.Distance(line[len(line)-1], x.centre) {
		line = line.Clone()
		line.Reverse()
		back := make([]float64, len(cuts))
		for i, c := range cuts {
			back[len(cuts)-1-i] = total - c
		}
		cuts = back
	}
	// A block ends at the first junction that is far enough from its beginning; a
	// short rest belongs to the last one.
	from, n := 0.0, 0
	for _, c := range cuts[1:] {
		if c-from < leastBlock || total-c < leastBlock && c < total {
			continue
		}
		if n++; n == k {
			return routing.PointAlong(line, (from+c)/2), true
		}
		from = c
	}
	return orb.Point{}, false
}

// spine gives the longest way along a street, as far as it hangs together with
// its longest segment, with the metres at which its junctions lie, 0 and the
// length among them.
func (x *Index) spine(s *street) (orb.LineString, []float64) {
	ends := map[routing.NodeID][]routing.SegmentID{}
	var first routing.NodeID
	longest := -1.0
	for _, id := range s.segments {
		seg := &x.g.Segments[id]
		if seg.Length > longest {
			first, longest = seg.From, seg.Length
		}
		ends[seg.From] = append(ends[seg.From], id)
		ends[seg.To] = append(ends[seg.To], id)
	}
	far, _ := x.farthest(ends, first)
	other, way := x.farthest(ends, far)
	var line orb.LineString
	cuts := []float64{0}
	at := other
	for at != far {
		id := way[at]
		seg := &x.g.Segments[id]
		piece := seg.Line
		if seg.From != at {
			piece = piece.Clone()
			piece.Reverse()
			at = seg.From
		} else {
			at = seg.To
		}
		line = append(line, piece...)
		cuts = append(cuts, cuts[len(cuts)-1]+seg.Length)
	}
	return line, cuts
}

// farthest gives the junction of a street that is farthest from one along it,
// and by which segment each was reached. A street has few junctions, so the
// nearest is found by looking at all.
func (x *Index) farthest(ends map[routing.NodeID][]routing.SegmentID, from routing.NodeID) (routing.NodeID, map[routing.NodeID]routing.SegmentID) {
	away := map[routing.NodeID]float64{from: 0}
	way := map[routing.NodeID]routing.SegmentID{}
	done := map[routing.NodeID]bool{}
	last := from
	for {
		at, near := from, math.Inf(1)
		for n, d := range away {
			if !done[n] && (d < near || d == near && n < at) {
				at, near = n, d
			}
		}
		if math.IsInf(near, 1) {
			return last, way
		}
		done[at], last = true, at
		for _, id := range ends[at] {
			s := &x.g.Segments[id]
			to := s.From
			if to == at {
				to = s.To
			}
			if d, ok := away[to]; !ok || near+s.Length < d {
				away[to], way[to] = near+s.Length, id
			}
		}
	}
}
