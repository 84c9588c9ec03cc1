package rounds

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Dealing loops out to units. Loops of one base are cut into slices around it,
// so that each unit's streets begin at or near the base and nobody drives far
// to begin; then loops at the borders change hands until times are even and
// every unit's streets hang together.

// dealt is who has which loop.
type dealt struct {
	s       *solver
	owner   []int // loop → unit, or -1: left out
	dropped []bool
	at      [][]int32
}

// stopShare is the part of the units' time that stops at every hot place take,
// each as often as the goal asks.
func (s *solver) stopShare() float64 {
	if len(s.p.Hot) == 0 || !(s.p.GapGoal > 0) {
		return 0
	}
	mean := (s.p.StopMin + s.p.StopMax) / 2
	return min(0.9, float64(len(s.p.Hot))*mean/(s.p.GapGoal+mean)/float64(len(s.p.Units)))
}

// deal assigns every loop that fits to a unit.
func (s *solver) deal() *dealt {
	d := s.newDeal()
	d.drop()
	d.slices(s.rng.Float64())
	d.mend()
	return d
}

// newDeal is a deal in which nobody has anything yet.
func (s *solver) newDeal() *dealt {
	d := &dealt{s: s, owner: make([]int, len(s.loops)), dropped: make([]bool, len(s.loops)), at: make([][]int32, len(s.p.Graph.Nodes))}
	for i, l := range s.loops {
		for _, a := range l.arcs {
			n := s.p.Graph.Tail(a)
			d.at[n] = append(d.at[n], int32(i))
		}
	}
	return d
}

// hand makes the units' tours of the deal, not yet walked.
func (d *dealt) hand() {
	s := d.s
	s.tours = make([]*tour, len(s.p.Units))
	for u := range s.tours {
		s.tours[u] = &tour{unit: u}
	}
	for i, u := range d.owner {
		if u >= 0 {
			s.tours[u].loops = append(s.tours[u].loops, i)
		}
	}
}

// slice is a loop in the round of angles around a base.
type slice struct {
	loop  int
	angle float64
	work  float64 // seconds at the mean speed
}

// unitsByBase groups the units by their bases, in the order in which these
// first come.
func (s *solver) unitsByBase() (groups map[routing.NodeID][]int, bases []routing.NodeID) {
	groups = map[routing.NodeID][]int{}
	for i, u := range s.p.Units {
		if _, ok := groups[u.Base]; !ok {
			bases = append(bases, u.Base)
		}
		groups[u.Base] = append(groups[u.Base], i)
	}
	return groups, bases
}

// slices gives every base the loops nearest to it by time of its units, and
// cuts them by angle from start (0..1 of all loops).
func (d *dealt) slices(start float64) {
	s := d.s
	groups, bases := s.unitsByBase()
	base := d.nearestBases(bases, groups)
	for i := range d.owner {
		d.owner[i] = -1
	}
	for b, n := range bases {
		units := groups[n]
		var items []slice
		at := s.xy[n]
		speed := 0.0
		for _, u := range units {
			speed += s.p.Units[u].Speed
		}
		speed /= float64(len(units))
		for i, l := range s.loops {
			if base[i] == b && !d.dropped[i] {
				items = append(items, slice{i, math.Atan2(l.y-at[1], l.x-at[0]), l.length / speed})
			}
		}
		d.cut(items, units, start)
	}
}

// nearestBases splits the loops over the bases: nearest first, with a handicap
// in metres for the bases that get more than their units can do.
func (d *dealt) nearestBases(bases []routing.NodeID, groups map[routing.NodeID][]int) []int {
	s := d.s
	out := make([]int, len(s.loops))
	if len(bases) == 1 {
		return out
	}
	handicap := make([]float64, len(bases))
	can := make([]float64, len(bases))
	all := 0.0
	for b, n := range bases {
		for _, u := range groups[n] {
			can[b] += s.p.Units[u].Speed
			all += s.p.Units[u].Speed
		}
	}
	total := 0.0
	for _, l := range s.loops {
		total += l.length
	}
	for step := range 200 {
		got := make([]float64, len(bases))
		for i, l := range s.loops {
			least := math.Inf(1)
			for b, n := range bases {
				if !d.anyCan(groups[n], i) {
					continue
				}
				if v := math.Hypot(s.xy[n][0]-l.x, s.xy[n][1]-l.y) + handicap[b]; v < least {
					out[i], least = b, v
				}
			}
			got[out[i]] += l.length
		}
		for b := range bases {
			handicap[b] += 2000 / float64(1+step/10) * (got[b]/total - can[b]/all)
		}
	}
	return out
}

func (d *dealt) anyCan(units []int, loop int) bool {
	for _, u := range units {
		if d.s.mayTake(u, loop) {
			return true
		}
	}
	return false
}

// cut gives the items to the units by angle, each its share of the work.
func (d *dealt) cut(items []slice, units []int, start float64) {
	s := d.s
	slices.SortStableFunc(items, func(a, b slice) int { return cmp.Compare(a.angle, b.angle) })
	total := 0.0
	for _, it := range items {
		total += it.work
	}
	share := make([]float64, len(units))
	sum := 0.0
	for k, u := range units {
		share[k] = s.p.Units[u].Speed
		sum += share[k]
	}
	shift := int(start * float64(len(items)))
	k, done, goal := 0, 0.0, total*share[0]/sum
	for j := range items {
		it := items[(j+shift)%len(items)]
		for k+1 < len(units) && done+it.work/2 > goal {
			k++
			goal += total * share[k] / sum
		}
		done += it.work
		d.owner[it.loop] = d.able(units, k, it.loop)
	}
}

// able gives the unit k of the group the loop, or the next one that can drive
// it.
func (d *dealt) able(units []int, k, loop int) int {
	for j := range units {
		u := units[(k+j)%len(units)]
		if d.s.mayTake(u, loop) {
			return u
		}
	}
	return -1
}

// canDriveMetres is what a unit can drive in its window. Where time does not
// suffice for all streets and all stops, stops get a part of it
// (Problem.StopShare) and streets the rest.
func (s *solver) canDriveMetres(u int) float64 {
	unit := s.p.Units[u]
	unit.End -= s.dutyTime(u)
	return unit.Metres(unit.Driving() * min(s.stopShare(), s.p.StopShare))
}

// drop leaves out the loops worth least for their length if the units' time
// does not suffice for all.
func (d *dealt) drop() {
	s := d.s
	can, total := 0.0, 0.0
	for u := range s.p.Units {
		can += s.canDriveMetres(u)
	}
	order := make([]int, 0, len(s.loops))
	for i := range s.loops {
		if s.p.Part != nil && !s.loops[i].part { // taken in where there is room
			d.dropped[i] = true
			continue
		}
		order = append(order, i)
		total += s.loops[i].length
	}
	s.worstFirst(order)
	for _, i := range order {
		if total <= can {
			return
		}
		d.dropped[i] = true
		total -= s.loops[i].length
	}
}

// worstFirst sorts loops by their worth for a metre.
func (s *solver) worstFirst(loops []int) {
	slices.SortStableFunc(loops, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.loops[a].worth/s.loops[a].length, s.loops[b].worth/s.loops[b].length), a-b)
	})
}

// fit makes a tour of a unit's loops, leaving out the worst until it fits into
// the unit's window.
func (s *solver) fit(t *tour) error {
	can := s.canDriveMetres(t.unit)
	for {
		if err := s.makeTour(t); err != nil {
			return err
		}
		total := 0.0
		for _, a := range t.arcs {
			total += s.metres[a>>1]
		}
		if total <= can || len(t.loops) == 0 {
			return nil
		}
		s.worstFirst(t.loops)
		for total > can && len(t.loops) > 0 {
			total -= s.loops[t.loops[0]].length
			t.loops = t.loops[1:]
		}
	}
}
