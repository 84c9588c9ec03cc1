package rounds

import (
	"cmp"
	"math"
	"slices"
)

// standing is the largest share of its time that a unit spends at hot places:
// with more of them it could not come back to each in time.
const standing = 0.85

// mostHot is how many hot places one unit can look after.
func (s *solver) mostHot() int {
	most := (len(s.p.Hot) + len(s.p.Units) - 1) / len(s.p.Units)
	if mean := (s.p.StopMin + s.p.StopMax) / 2; mean > 0 {
		most = max(most, int(standing*s.p.GapGoal/mean))
	}
	return most
}

// giveHot gives every hot place to a unit whose streets are near, none more
// than it can look after: places with the least choice first.
func (d *dealt) giveHot() {
	s := d.s
	if len(s.p.Hot) == 0 {
		return
	}
	most := s.mostHot()
	type choice struct {
		hot, unit int
		metres    float64
	}
	var all []choice
	for h, hot := range s.p.Hot {
		if len(hot.Nodes) == 0 {
			continue
		}
		x, y := s.middle(hot.Nodes)
		near := make([]float64, len(s.p.Units))
		for u := range near {
			near[u] = math.Inf(1)
		}
		for i, u := range d.owner {
			if u >= 0 {
				l := &s.loops[i]
				near[u] = min(near[u], math.Hypot(l.x-x, l.y-y))
			}
		}
		for u, m := range near {
			if !math.IsInf(m, 1) {
				all = append(all, choice{h, u, m})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(a.metres, b.metres) })
	count := make([]int, len(s.p.Units))
	for _, c := range all {
		if d.hotOf[c.hot] < 0 && count[c.unit] < most {
			d.hotOf[c.hot] = c.unit
			count[c.unit]++
		}
	}
}
