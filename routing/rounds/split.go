package rounds

import (
	"cmp"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// manyLoops is from how many loops on a territory is taken as one long walk
// that is cut, instead of slices around the bases: the way out and back that
// every unit then drives is nothing beside districts that are far from any
// base, and a cut takes no time to find.
const manyLoops = 4000

// stretch is a part of a long walk that one unit drives, arcs[from:to], going
// there from its base and home afterwards.
type stretch struct {
	from, to int
	worth    float64
}

// dealWalk gives the units the territory as stretches of one closed walk for
// each base, as long as each other in time; what no unit can reach and leave
// again in its window is left out. False if the units of a base may not all
// drive the same streets.
func (s *solver) dealWalk() (bool, error) {
	groups := map[routing.NodeID][]int{}
	var bases []routing.NodeID
	for i, u := range s.p.Units {
		if _, ok := groups[u.Base]; !ok {
			bases = append(bases, u.Base)
		}
		groups[u.Base] = append(groups[u.Base], i)
	}
	d := &dealt{s: s}
	near := d.nearestBases(bases, groups)
	s.tours = make([]*tour, len(s.p.Units))
	for b, n := range bases {
		var loops []int
		for i := range s.loops {
			if near[i] == b {
				loops = append(loops, i)
			}
		}
		for _, u := range groups[n] {
			for _, i := range loops {
				if !s.mayTake(u, i) {
					return false, nil
				}
			}
		}
		if err := s.cutWalk(groups[n], loops); err != nil {
			return false, err
		}
	}
	for _, t := range s.tours {
		t.cost = s.price(t, t.visits, t.arcs, &t.line)
	}
	return true, nil
}

// cutWalk walks the loops from the units' base and cuts the walk in their
// number of stretches.
func (s *solver) cutWalk(units []int, loops []int) error {
	lead := units[0]
	walk, err := s.closed(lead, loops)
	if err != nil {
		return err
	}
	most := math.Inf(1)
	for _, u := range units {
		most = min(most, s.canDriveMetres(u))
	}
	c := s.newCutter(lead, walk, most)
	lo, hi := 0.0, most
	best := c.cut(hi)
	if len(best) > len(units) { // not everything fits: the stretches worth most
		slices.SortStableFunc(best, func(a, b stretch) int { return cmp.Compare(b.worth, a.worth) })
		best = best[:len(units)]
	} else {
		for hi-lo > 20 {
			mid := (lo + hi) / 2
			if parts := c.cut(mid); len(parts) <= len(units) {
				hi, best = mid, parts
			} else {
				lo = mid
			}
		}
	}
	for k, u := range units {
		t := &tour{unit: u}
		if k < len(best) {
			t.arcs = c.arcs(best[k])
		}
		s.tours[u] = t
	}
	return nil
}

// cutter cuts a walk into stretches.
type cutter struct {
	s     *solver
	unit  int
	walk  []routing.Arc
	sum   []float64 // metres before each position
	out   []float64 // metres from the base to where each arc begins
	first []bool    // the arc visits a belonging segment for the first time
	most  float64   // metres that a unit can drive in its window
}

func (s *solver) newCutter(unit int, walk []routing.Arc, most float64) *cutter {
	c := &cutter{s: s, unit: unit, walk: walk, most: most, sum: make([]float64, len(walk)+1), out: make([]float64, len(walk)), first: make([]bool, len(walk))}
	search := s.search[unit]
	base := s.p.Units[unit].Base
	search.FromNode(base, math.Inf(1), nil)
	seen := make([]bool, len(s.metres))
	for i, a := range walk {
		c.sum[i+1] = c.sum[i] + s.metres[a>>1]
		tail := s.head[a.Opposite()]
		if tail != base {
			d, _, ok := search.CostToNode(tail)
			if !ok {
				d = math.Inf(1)
			}
			c.out[i] = d
		}
		if seg := a >> 1; s.wanted[seg] && !seen[seg] {
			seen[seg], c.first[i] = true, true
		}
	}
	return c
}

// cut gives stretches that each take no more than the given metres, or than the
// way to where they begin takes, as long as they can be, in the order of the
// walk; streets that no unit can visit in its window are left out.
func (c *cutter) cut(metres float64) []stretch {
	home := c.s.home[c.unit].Metres
	var out []stretch
	for i := 0; i < len(c.walk); {
		if !c.first[i] {
			i++
			continue
		}
		trip := c.out[i] + c.s.metres[c.walk[i]>>1] + home[c.walk[i]]
		if trip > c.most {
			i++
			continue
		}
		limit := max(metres, trip+1e-6) // what lies far must not make all stretches long
		st := stretch{from: i, to: i + 1}
		for k := i; k < len(c.walk) && c.out[i]+c.sum[k+1]-c.sum[i] <= limit; k++ {
			if c.first[k] && c.out[i]+c.sum[k+1]-c.sum[i]+home[c.walk[k]] <= limit {
				st.to = k + 1
			}
		}
		for k := st.from; k < st.to; k++ {
			if c.first[k] {
				st.worth += c.s.p.value(int(c.walk[k] >> 1))
			}
		}
		out = append(out, st)
		i = st.to
	}
	return out
}

// arcs gives a stretch with the ways from the base and home.
func (c *cutter) arcs(st stretch) []routing.Arc {
	s := c.s
	base := s.p.Units[c.unit].Base
	search := s.search[c.unit]
	var out []routing.Arc
	if tail := s.head[c.walk[st.from].Opposite()]; tail != base {
		search.FromNode(base, math.Inf(1), nil)
		if _, last, ok := search.CostToNode(tail); ok {
			out = search.AppendPath(out, last)
		}
	}
	out = append(out, c.walk[st.from:st.to]...)
	last := out[len(out)-1]
	for s.head[last] != base {
		next := s.home[c.unit].Next[last]
		if next == routing.NoArc {
			break
		}
		out = append(out, next)
		last = next
	}
	return out
}
