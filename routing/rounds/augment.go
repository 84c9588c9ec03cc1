package rounds

import (
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/arc"
)

// oneWayRepeat makes the repeat of a one-way street dearer than its length:
// driving it twice the same way makes ways back longer elsewhere.
const oneWayRepeat = 1.35

// copyOf is one passage of a segment in the even network: the segment itself,
// or a repeat of it.
type copyOf struct {
	arc    routing.Arc // in the direction that balances; free copies may go either way
	free   bool        // both directions are allowed
	wanted bool        // the passage that visits a belonging segment
}

// class is a set of streets that the same units reach, and one unit that
// stands for them.
type class struct {
	unit   Unit
	reach  *routing.Reach
	wanted []int     // segments
	want   []float64 // per segment: how much a second visit is wanted, 0..1; nil: nowhere more than elsewhere
}

// secondVisit is by which part of its length a repeat is cheaper on the street
// that wants a second visit most. Repeats that cannot be avoided then fall where
// they are worth something; a way round for it is taken as long as it is not
// longer than that part.
const secondVisit = 0.5

// wants gives how much each segment wants a second visit, 0..1; nil if all want
// it alike. Streets that do not count want none.
func wants(p *Problem, wanted []bool) []float64 {
	if p.Again == nil {
		return nil
	}
	most, least := 0.0, math.Inf(1)
	for i, w := range wanted {
		if w {
			want := p.Again[i] * p.aloneShare(i)
			most, least = max(most, want), min(least, want)
		}
	}
	if !(most > 0) || most == least || math.IsInf(most, 1) {
		return nil
	}
	out := make([]float64, len(wanted))
	for i, w := range wanted {
		if w {
			out[i] = max(0, p.Again[i]*p.aloneShare(i)) / most
		}
	}
	return out
}

// classes splits the wanted segments by which units reach them and may be sent
// there, so that what only people on foot reach is walked in tours of its own,
// and a unit that is bound to a sector can be given whole loops of it.
func classes(p *Problem, wanted []bool) []class {
	type start struct {
		Unit
		reach *routing.Reach
	}
	var starts []start
	var known []Unit
	for m := range routing.Modes { // vehicles first: who obeys most rules stands for all
		for _, u := range p.Units {
			if int(u.Mode) == m && !containsLike(known, u) {
				known = append(known, u)
				starts = append(starts, start{u, p.Graph.Reachable(u.Mode, u.Base)})
			}
		}
	}
	want := wants(p, wanted)
	index := map[string]int{}
	var out []class
	for i, w := range wanted {
		if !w {
			continue
		}
		key := make([]byte, len(starts)+1)
		if p.Part != nil && p.Part[i] {
			key[len(starts)] = 1
		}
		first := -1
		for j, s := range starts {
			if s.reach.Segment(routing.SegmentID(i)) && s.serves(routing.SegmentID(i)) {
				key[j] = 1
				if first < 0 {
					first = j
				}
			}
		}
		at, ok := index[string(key)]
		if !ok {
			at = len(out)
			index[string(key)] = at
			out = append(out, class{unit: starts[first].Unit, reach: starts[first].reach, want: want})
		}
		out[at].wanted = append(out[at].wanted, i)
	}
	return out
}

// even gives the passages that make the class's streets balanced: at every
// junction as many lead in as out. Where there are one-ways two ways of finding
// them are tried, and the one that drives less is taken: even first and balanced
// then, or the other way round (Frederickson 1979, Raghavachari & Veerasamy 1999).
func even(g *routing.Graph, c class) ([]copyOf, error) {
	best, err := evenFirst(g, c)
	if err != nil || !c.oneWays(g) {
		return best, err
	}
	if other, ok := balancedFirst(g, c); ok && metresOf(g, other) < metresOf(g, best) {
		best = other
	}
	return best, nil
}

// oneWays tells whether some wanted street is open one way only.
func (c class) oneWays(g *routing.Graph) bool {
	for _, i := range c.wanted {
		if !c.both(i) {
			return true
		}
	}
	return false
}

func (c class) both(seg int) bool {
	return c.reach.Arc(routing.ArcOf(routing.SegmentID(seg), false)) && c.reach.Arc(routing.ArcOf(routing.SegmentID(seg), true))
}

func metresOf(g *routing.Graph, copies []copyOf) float64 {
	sum := 0.0
	for _, cp := range copies {
		sum += g.Segment(cp.arc).Length
	}
	return sum
}

// passage is a passage of a segment in the direction that is open, forward if
// both are.
func (c class) passage(seg int, wanted bool) copyOf {
	fwd := routing.ArcOf(routing.SegmentID(seg), false)
	cp := copyOf{arc: fwd, free: c.both(seg), wanted: wanted}
	if !c.reach.Arc(fwd) {
		cp.arc = fwd.Opposite()
	}
	return cp
}

// evenFirst repeats streets so that an even number of passages meets at every
// junction (minimum T-join), and turns them so that one-ways balance, with
// further repeats where they must.
func evenFirst(g *routing.Graph, c class) ([]copyOf, error) {
	var copies []copyOf
	odd := make([]bool, len(g.Nodes))
	for _, i := range c.wanted {
		copies = append(copies, c.passage(i, true))
		if s := &g.Segments[i]; s.From != s.To {
			odd[s.From] = !odd[s.From]
			odd[s.To] = !odd[s.To]
		}
	}
	join, err := c.join(g, odd, func(i int, length float64) float64 {
		if !c.both(i) {
			return length * oneWayRepeat
		}
		return length
	})
	if err != nil {
		return nil, err
	}
	for _, i := range join {
		copies = append(copies, c.passage(i, false))
	}
	return balance(g, c.reach, copies)
}

// join gives the segments of a minimum T-join of the odd junctions over the
// class's streets, at a cost each; one that costs 0 or less is not to be used.
func (c class) join(g *routing.Graph, odd []bool, cost func(seg int, length float64) float64) ([]int, error) {
	var links []arc.Link
	var back []int
	for i := range g.Segments {
		if !c.reach.Segment(routing.SegmentID(i)) {
			continue
		}
		s := &g.Segments[i]
		metres := cost(i, s.Length)
		if metres <= 0 {
			continue
		}
		if !c.unit.serves(routing.SegmentID(i)) {
			metres *= strayMetres
		}
		if c.want != nil {
			metres *= 1 - secondVisit*c.want[i]
		}
		links = append(links, arc.Link{U: int32(s.From), V: int32(s.To), Cost: millimetres(metres)})
		back = append(back, i)
	}
	net, err := arc.NewNetwork(len(g.Nodes), links)
	if err != nil {
		return nil, err
	}
	var terminals []int32
	for n, o := range odd {
		if o {
			terminals = append(terminals, int32(n))
		}
	}
	join, err := arc.MinTJoin(net, terminals)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrProblem, err)
	}
	out := make([]int, len(join.Links))
	for k, l := range join.Links {
		out[k] = back[l]
	}
	return out, nil
}
