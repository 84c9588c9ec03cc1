package rounds

import "github.com/serenazgo/serenazgo/routing"

// sketch gives the best tours so far as the wanted streets that each unit is
// the first to drive, in the order in which it does; nil before there are tours.
func (s *solver) sketch() [][]routing.SegmentID {
	tours := s.best
	if tours == nil {
		tours = s.tours
	}
	type visit struct {
		tour int
		end  float64
	}
	first := map[routing.SegmentID]visit{}
	each := func(t *tour, do func(seg routing.SegmentID, end float64)) bool {
		if t == nil || len(t.line.drive) != len(t.arcs)+1 {
			return false // not walked yet
		}
		s.follow(t, func(i int, _, end float64) {
			if seg := t.arcs[i].Segment(); s.wanted[seg] {
				do(seg, end)
			}
		}, nil)
		return true
	}
	for k, t := range tours {
		if !each(t, func(seg routing.SegmentID, end float64) {
			if v, seen := first[seg]; !seen || end < v.end {
				first[seg] = visit{k, end}
			}
		}) {
			return nil
		}
	}
	if len(first) == 0 {
		return nil
	}
	out := make([][]routing.SegmentID, len(s.p.Units))
	for k, t := range tours {
		each(t, func(seg routing.SegmentID, end float64) {
			if first[seg] == (visit{k, end}) {
				out[t.unit] = append(out[t.unit], seg)
			}
		})
	}
	return out
}
