package rounds

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// manyLoops is from how many loops on they are dealt out along the contour of
// the shortest ways from a base instead of by angle: in a province the roads say
// what lies behind what, not the compass.
const manyLoops = 4000

const (
	goalRounds = 3    // cuts until what every unit should have is known well enough
	shortPart  = 0.35 // of what every unit should have, that it gets at least
	longPart   = 1.6  // and at most, unless one loop alone takes longer, or far ones
	priceFull  = 20.0 // a second that a unit does not have
)

// dealContour deals the loops of each base out to its units: along the contour
// of the tree of shortest ways, every unit gets a stretch, so that what it has
// hangs together by the way on which it comes. False if the units of a base may
// not all drive the same streets.
func (s *solver) dealContour() bool {
	groups, bases := s.unitsByBase()
	d := s.newDeal()
	d.drop()
	near := d.nearestBases(bases, groups)
	for i := range d.owner {
		d.owner[i] = -1
	}
	for b, n := range bases {
		for i := range s.loops {
			if near[i] != b || d.dropped[i] {
				continue
			}
			for _, u := range groups[n] {
				if !s.mayTake(u, i) {
					return false
				}
			}
		}
	}
	for b, n := range bases {
		beads := s.contour(groups[n][0], func(i int) bool { return near[i] == b && !d.dropped[i] })
		most := 0.0
		for _, u := range groups[n] {
			most = max(most, s.canDriveMetres(u))
		}
		beads = slices.DeleteFunc(beads, func(b bead) bool { return 2*b.away+s.loops[b.loop].length > most })
		d.stretches(groups[n], beads)
	}
	d.hand()
	return true
}

// bead is a loop on the contour.
type bead struct {
	loop int
	away float64 // metres from the base
}

// contour lists loops in the order in which the tree of shortest ways from the
// unit's base comes by them, its branches taken clockwise.
func (s *solver) contour(unit int, want func(loop int) bool) []bead {
	g, base := s.p.Graph, s.p.Units[unit].Base
	dist, up := s.shortestTree(unit)
	down := make([][]routing.NodeID, len(g.Nodes))
	for n, p := range up {
		if p >= 0 {
			down[p] = append(down[p], routing.NodeID(n))
		}
	}
	at := make([][]int, len(g.Nodes)) // loops by their junction nearest to the base
	for i, l := range s.loops {
		if !want(i) {
			continue
		}
		near := s.head[l.arcs[0]]
		for _, a := range l.arcs {
			if n := s.head[a]; dist[n] < dist[near] {
				near = n
			}
		}
		if !math.IsInf(dist[near], 1) {
			at[near] = append(at[near], i)
		}
	}
	angle := func(from, to routing.NodeID) float64 {
		return math.Atan2(s.xy[to][1]-s.xy[from][1], s.xy[to][0]-s.xy[from][0])
	}
	var out []bead
	stack := []routing.NodeID{base}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, i := range at[n] {
			out = append(out, bead{i, dist[n]})
		}
		back := 0.0
		if up[n] >= 0 {
			back = angle(n, up[n])
		}
		turn := func(c routing.NodeID) float64 { return math.Mod(angle(n, c)-back+4*math.Pi, 2*math.Pi) }
		slices.SortStableFunc(down[n], func(a, b routing.NodeID) int { return cmp.Compare(turn(a), turn(b)) })
		stack = append(stack, down[n]...)
	}
	return out
}

// shortestTree gives how far every junction is from a unit's base, one-ways
// ignored, and which one comes before it on the way; -1 for the base.
func (s *solver) shortestTree(unit int) (dist []float64, up []routing.NodeID) {
	up = make([]routing.NodeID, len(s.p.Graph.Nodes))
	for n := range up {
		up[n] = -1
	}
	dist = flood(s.p.Graph, []routing.NodeID{s.p.Units[unit].Base}, s.reach[unit].Segment, func(from, to routing.NodeID) { up[to] = from })
	return dist, up
}

// stretches cuts the beads into one stretch for each unit, so that the ways out
// and home are short and times even (Split: Ulusoy 1985, Prins, Labadi &
// Reghioui 2009, with so many routes as there are units).
func (d *dealt) stretches(units []int, beads []bead) {
	s := d.s
	n := len(beads)
	sum := make([]float64, n+1) // metres before each bead
	for i, b := range beads {
		sum[i+1] = sum[i] + s.loops[b.loop].length
	}
	speed := 0.0
	for _, u := range units {
		speed += s.p.Units[u].Speed
	}
	goal := sum[n] / speed // what every unit should have; the ways out and home are known afterwards
	var ends []int
	for range goalRounds {
		var total float64
		ends, total = d.cutBeads(units, beads, sum, goal)
		goal = total / float64(len(units))
	}
	from := 0
	for k, to := range ends {
		for _, b := range beads[from:to] {
			d.owner[b.loop] = units[k]
		}
		from = to
	}
}

// stretchPrice is what a stretch costs that takes time seconds, way of them out
// and home, for a unit that should have goal and can drive can.
func stretchPrice(way, time, goal, can float64) float64 {
	return priceLink*way + priceOdd*(time-goal)*(time-goal) + priceFull*max(0, time-can)
}

// cutBeads finds the cut that costs least where every unit should have goal
// seconds of work: where each unit's stretch ends, and the seconds that all take.
func (d *dealt) cutBeads(units []int, beads []bead, sum []float64, goal float64) (ends []int, total float64) {
	s := d.s
	n := len(beads)
	best := make([]float64, n+1) // price of the best way to give the first beads to the units so far
	for i := range best {
		best[i] = math.Inf(1)
	}
	best[0] = 0
	from := make([][]int32, len(units))
	for k, u := range units {
		v, can := s.p.Units[u].Speed, s.canDriveMetres(u)/s.p.Units[u].Speed
		next := make([]float64, n+1)
		from[k] = make([]int32, n+1)
		for j := range next {
			next[j], from[k][j] = best[j]+stretchPrice(0, 0, goal, can), int32(j) // nothing for this unit
		}
		for i := range n {
			if math.IsInf(best[i], 1) {
				continue
			}
			way := 2 * beads[i].away / v
			j, _ := slices.BinarySearch(sum, sum[i]+(shortPart*goal-way)*v)
			for j = max(j, i+1); j <= n; j++ {
				time := way + (sum[j]-sum[i])/v
				if time > max(longPart*goal, can) && j > i+1 {
					break
				}
				if price := best[i] + stretchPrice(way, time, goal, can); price < next[j] {
					next[j], from[k][j] = price, int32(i)
				}
			}
		}
		best = next
	}
	if math.IsInf(best[n], 1) { // even the longest stretches do not take all
		n = 0
		for j := range best {
			if !math.IsInf(best[j], 1) {
				n = j
			}
		}
	}
	ends = make([]int, len(units))
	for k := len(units) - 1; k >= 0; k-- {
		i := int(from[k][n])
		if ends[k] = n; i < n {
			total += (2*beads[i].away + sum[n] - sum[i]) / s.p.Units[units[k]].Speed
		}
		n = i
	}
	return ends, total
}
