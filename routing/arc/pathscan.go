package arc

import "math"

// pathScan orders all tasks in one long drive from the base: again and again the
// nearest task that is left, ties and the way back to the base by a drawn rule
// (randomised path scanning, Belenguer et al. 2006). Split cuts it into routes.
type pathScan struct {
	*model
	dice *dice
	left []int32 // tasks not yet taken, in no order
	at   []int32 // index of each task in left, none once taken
}

func newPathScan(m *model, d *dice) *pathScan {
	return &pathScan{model: m, dice: d, at: make([]int32, len(m.ends))}
}

// tour gives all tasks in order. Where a unit would be full it goes on from the
// base, if capacity is not 0.
func (s *pathScan) tour(capacity int64) []int32 {
	s.left = s.left[:0]
	for t := range s.ends {
		s.at[t] = int32(t)
		s.left = append(s.left, int32(t))
	}
	var out []int32
	base := s.units[0].start.to[0]
	place, last, load := base, int32(none), int64(0)
	for len(s.left) > 0 {
		rule := s.dice.below(3)
		t, way := s.next(place, last, rule, capacity-load, capacity > 0)
		if t == none {
			place, last, load = base, none, 0
			if t, way = s.next(place, last, rule, 0, false); t == none {
				t = s.left[0] // no way leads to it; Split will not mind
			}
		}
		s.remove(t)
		out = append(out, t)
		place, last, load = s.ends[t].to[way], t, load+s.p.Tasks[t].Demand
	}
	return out
}

func (s *pathScan) remove(t int32) {
	i, z := s.at[t], s.left[len(s.left)-1]
	s.left[i], s.at[z] = z, i
	s.left, s.at[t] = s.left[:len(s.left)-1], none
}

// next finds the nearest task that is left and, if limited, fits into the room:
// first among the neighbours of the last one, then among all.
func (s *pathScan) next(place, last int32, rule int, room int64, limited bool) (task int32, way int) {
	task = none
	least := math.Inf(1)
	home := s.units[0].end.from[0]
	look := func(t int32) {
		if s.at[t] == none || limited && s.p.Tasks[t].Demand > room {
			return
		}
		e := &s.ends[t]
		for w := range 2 {
			if e.cost[w] >= Never {
				continue
			}
			key := float64(s.d.At(place, e.from[w]))
			if key > least+1 {
				continue
			}
			// Ties go away from the base, towards it, or anywhere.
			back := float64(s.d.At(e.to[w], home)) / (2 * Never)
			switch rule {
			case 0:
				key -= back
			case 1:
				key += back
			default:
				key += s.dice.unit() / 2
			}
			if key < least {
				task, way, least = t, w, key
			}
		}
	}
	if last != none {
		for _, t := range s.near[last] {
			look(t)
		}
	}
	if task == none {
		for _, t := range s.left {
			look(t)
		}
	}
	return task, way
}
