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

// giveHot gives every hot place to a unit whose streets are near.
func (d *dealt) giveHot() {
	s := d.s
	d.hotOf = s.handHot(func(near []float64, x, y float64) {
		for i, u := range d.owner {
			if u >= 0 {
				l := &s.loops[i]
				near[u] = min(near[u], math.Hypot(l.x-x, l.y-y))
			}
		}
	})
}

// hotToTours gives every hot place to a unit whose tour comes near.
func (s *solver) hotToTours() {
	for h, u := range s.handHot(func(near []float64, x, y float64) {
		for u, t := range s.tours {
			for _, a := range t.arcs {
				at := s.xy[s.head[a]]
				near[u] = min(near[u], math.Hypot(at[0]-x, at[1]-y))
			}
		}
	}) {
		if u >= 0 {
			s.tours[u].hot = append(s.tours[u].hot, h)
		}
	}
}

// handHot chooses a unit for every hot place (-1: none), the nearest pairs
// first, none more than it can look after. distances lowers near, per unit, to
// how far the unit's streets are from a place.
func (s *solver) handHot(distances func(near []float64, x, y float64)) []int {
	out := make([]int, len(s.p.Hot))
	type choice struct {
		hot, unit int
		metres    float64
	}
	var all []choice
	near := make([]float64, len(s.p.Units))
	for h, hot := range s.p.Hot {
		out[h] = -1
		if len(hot.Nodes) == 0 {
			continue
		}
		for u := range near {
			near[u] = math.Inf(1)
		}
		x, y := s.middle(hot.Nodes)
		distances(near, x, y)
		for u, m := range near {
			if !math.IsInf(m, 1) {
				all = append(all, choice{h, u, m})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b choice) int { return cmp.Compare(a.metres, b.metres) })
	most, count := s.mostHot(), make([]int, len(s.p.Units))
	for _, c := range all {
		if out[c.hot] < 0 && count[c.unit] < most {
			out[c.hot] = c.unit
			count[c.unit]++
		}
	}
	return out
}
