package rounds

import (
	"fmt"

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
	wanted []int // segments
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
			out = append(out, class{unit: starts[first].Unit, reach: starts[first].reach})
		}
		out[at].wanted = append(out[at].wanted, i)
	}
	return out
}

// even gives the passages that make the class's streets balanced: at every
// junction as many lead in as out.
func even(g *routing.Graph, c class) ([]copyOf, error) {
	odd := make([]bool, len(g.Nodes))
	var copies []copyOf
	add := func(seg int, wanted bool) {
		fwd, bwd := routing.ArcOf(routing.SegmentID(seg), false), routing.ArcOf(routing.SegmentID(seg), true)
		cp := copyOf{arc: fwd, free: c.reach.Arc(fwd) && c.reach.Arc(bwd), wanted: wanted}
		if !c.reach.Arc(fwd) {
			cp.arc = bwd
		}
		copies = append(copies, cp)
	}
	for _, i := range c.wanted {
		add(i, true)
		if s := &g.Segments[i]; s.From != s.To {
			odd[s.From] = !odd[s.From]
			odd[s.To] = !odd[s.To]
		}
	}
	var links []arc.Link
	var back []int
	for i := range g.Segments {
		if !c.reach.Segment(routing.SegmentID(i)) {
			continue
		}
		s := &g.Segments[i]
		cost := s.Length
		if !c.reach.Arc(routing.ArcOf(routing.SegmentID(i), false)) || !c.reach.Arc(routing.ArcOf(routing.SegmentID(i), true)) {
			cost *= oneWayRepeat
		}
		if !c.unit.serves(routing.SegmentID(i)) {
			cost *= strayMetres
		}
		links = append(links, arc.Link{U: int32(s.From), V: int32(s.To), Cost: millimetres(cost)})
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
	for _, l := range join.Links {
		add(back[l], false)
	}
	return balance(g, c.reach, copies)
}
