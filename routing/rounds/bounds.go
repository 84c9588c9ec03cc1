package rounds

import (
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/arc"
)

// Bounds are what no plan can beat.
type Bounds struct {
	Segments int     // belonging segments that some unit reaches and returns from
	Street   float64 // their metres
	Odd      int     // junctions where an odd number of them meets
	// Floor is the least length of repeats that makes them even at every
	// junction, over any reachable street, one-ways ignored.
	Floor float64
	// Farthest is the time of the longest trip out to a segment's far end and
	// back, by the unit that is best at it, among those that fit in a window.
	Farthest float64
	// TooFar are the metres that no unit can visit and be back in its window.
	TooFar float64
	// Barred are the metres that no unit may be sent to which reaches them; some
	// are visited all the same by those who pass.
	Barred float64
}

// Reached marks the belonging segments that some unit can reach from its base
// and return from.
func Reached(g *routing.Graph, units []Unit) (wanted, any []bool) {
	wanted, any = make([]bool, len(g.Segments)), make([]bool, len(g.Segments))
	seen := map[routing.Start]bool{}
	for _, u := range units {
		st := routing.Start{Mode: u.Mode, Base: u.Base}
		if seen[st] {
			continue
		}
		seen[st] = true
		r := g.Reachable(u.Mode, u.Base)
		for i := range g.Segments {
			if r.Segment(routing.SegmentID(i)) {
				any[i] = true
				wanted[i] = g.Segments[i].Belongs
			}
		}
	}
	return wanted, any
}

// millimetres turns a length into the whole numbers that matching needs.
func millimetres(m float64) int64 { return int64(math.Round(m * 1000)) }

// LowerBounds computes the bounds for a set of units.
func LowerBounds(g *routing.Graph, units []Unit) (Bounds, error) {
	var b Bounds
	wanted, open := Reached(g, units)
	odd := make([]bool, len(g.Nodes))
	var links []arc.Link
	var back []int // link → segment
	for i := range g.Segments {
		s := &g.Segments[i]
		if wanted[i] {
			b.Segments++
			b.Street += s.Length
			if s.From != s.To {
				odd[s.From] = !odd[s.From]
				odd[s.To] = !odd[s.To]
			}
		}
		if open[i] {
			links = append(links, arc.Link{U: int32(s.From), V: int32(s.To), Cost: millimetres(s.Length)})
			back = append(back, i)
		}
	}
	net, err := arc.NewNetwork(len(g.Nodes), links)
	if err != nil {
		return b, err
	}
	var terminals []int32
	for n, o := range odd {
		if o {
			terminals = append(terminals, int32(n))
		}
	}
	b.Odd = len(terminals)
	join, err := arc.MinTJoin(net, terminals)
	if err != nil {
		return b, err
	}
	for _, l := range join.Links {
		b.Floor += g.Segments[back[l]].Length
	}
	served := Served(g, units, wanted)
	for i, w := range wanted {
		if w && !served[i] {
			b.Barred += g.Segments[i].Length
		}
	}
	b.Farthest, b.TooFar = farthest(g, units, wanted)
	return b, nil
}

// farthest finds the segment that takes longest to visit for whoever visits it
// quickest, and the metres that nobody can visit in time.
func farthest(g *routing.Graph, units []Unit, wanted []bool) (most, tooFar float64) {
	best := make([]float64, len(g.Segments))
	for i := range best {
		best[i] = math.Inf(1)
	}
	for i, u := range units {
		if slices.ContainsFunc(units[:i], func(o Unit) bool {
			return o.Mode == u.Mode && o.Base == u.Base && o.Speed == u.Speed && o.Driving() == u.Driving() && o.MaxMetres == u.MaxMetres
		}) {
			continue
		}
		out := routing.NewSearch(g, u.Mode, nil)
		out.FromNode(u.Base, math.Inf(1), nil)
		home := routing.NewReverseSearch(g, u.Mode, nil)
		home.FromNode(u.Base, math.Inf(1), nil)
		for a := range 2 * len(g.Segments) {
			there, ok1 := out.Cost(routing.Arc(a))
			back, ok2 := home.Cost(routing.Arc(a))
			if !ok1 || !ok2 {
				continue
			}
			if m := there + back - g.Segment(routing.Arc(a)).Length; m <= u.Metres(0) {
				t := m / u.Speed
				best[a>>1] = min(best[a>>1], t)
			}
		}
	}
	for i, t := range best {
		switch {
		case !wanted[i]:
		case math.IsInf(t, 1):
			tooFar += g.Segments[i].Length
		default:
			most = max(most, t)
		}
	}
	return most, tooFar
}

// Work is the work bound of a cover phase: the least time in which units of
// the given speeds drive metres and stand still for stops seconds together,
// both split among them as one likes.
func Work(speeds []float64, metres, stops float64) float64 {
	// The slowest take the stops. The time is found by bisection.
	order := append([]float64(nil), speeds...)
	for i := 1; i < len(order); i++ {
		for j := i; j > 0 && order[j] < order[j-1]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	if len(order) == 0 {
		return math.Inf(1)
	}
	lo, hi := 0.0, (metres/order[0])+stops+1
	for range 100 {
		t := (lo + hi) / 2
		left, can := stops, 0.0
		for _, v := range order {
			s := min(left, t)
			left -= s
			can += v * (t - s)
		}
		if left > 0 || can < metres {
			lo = t
		} else {
			hi = t
		}
	}
	return hi
}

// CoverageBound is the largest share of the streets that can be visited with
// the given metres of driving. Leaving streets out saves their length and at
// most as much of the floor again: street + floor − 2·left out must fit, and
// no street is visited without being driven. What is too far is left out.
func (b Bounds) CoverageBound(metres float64) float64 {
	if b.Street <= 0 {
		return 1
	}
	short := max(0, b.Street+b.Floor-metres)
	return max(0, min((b.Street-short/2)/b.Street, metres/b.Street, 1-b.TooFar/b.Street))
}
