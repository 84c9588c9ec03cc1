package osm

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/routing"
)

// build makes the graph and fills the report's figures of the way there.
func build(c *collector, boundary orb.MultiPolygon, r *Report) (*routing.Graph, error) {
	n := newNetwork(c, r)
	n.mark(c)
	region := routing.NewRegion(boundary)
	g := &routing.Graph{Boundary: boundary}
	nodeOf := make([]routing.NodeID, len(n.ids))
	for i := range nodeOf {
		nodeOf[i] = -1
	}
	node := func(p place) routing.NodeID {
		if nodeOf[p] < 0 {
			nodeOf[p] = routing.NodeID(len(g.Nodes))
			g.Nodes = append(g.Nodes, routing.Node{OSM: n.ids[p], Point: n.points[p]})
		}
		return nodeOf[p]
	}
	chains := n.chains()
	taken := make(map[string]int, len(chains))
	g.Segments = make([]routing.Segment, 0, len(chains))
	for i := range chains {
		ch := &chains[i]
		s := n.segment(ch)
		s.From, s.To = node(ch.places[0]), node(ch.places[len(ch.places)-1])
		id := fmt.Sprintf("%d-%d-%d", n.ids[ch.places[0]], n.ids[ch.places[len(ch.places)-1]], s.WayIDs[0])
		// Parallel pieces of one way between the same junctions are told apart
		// by a count, in the order of their second nodes.
		if taken[id]++; taken[id] > 1 {
			id = fmt.Sprintf("%s-%d", id, taken[id])
		}
		s.ID = id
		s.Belongs = region.LengthInside(s.Line) >= s.Length/2
		g.Segments = append(g.Segments, s)
	}
	g.Excluded = n.excluded(c, region)
	if err := g.Build(); err != nil {
		return nil, err
	}
	g.Restrictions = n.restrictions(c, g, nodeOf, r)
	if err := g.Build(); err != nil {
		return nil, err
	}
	r.wayFigures(n, c)
	return g, nil
}

// mark notes barriers and the junctions that turn restrictions need.
func (n *network) mark(c *collector) {
	for id, b := range c.barriers {
		p, ok := n.find(c, id)
		if !ok || len(n.arms(p)) == 0 {
			continue
		}
		n.gates[p] = b.gate
		if b.blocks&c.modes != 0 {
			n.cut[p] = true
		}
	}
	for i := range c.turns {
		t := &c.turns[i]
		if t.fault != "" || !t.hasNode || len(t.from) == 0 || len(t.to) == 0 || t.from[0] == t.to[0] {
			continue
		}
		if p, ok := n.find(c, t.viaNode); ok && len(n.arms(p)) == 2 {
			n.cut[p] = true
		}
	}
}

// segment describes a chain; names, class and surface are those of its longest
// part.
func (n *network) segment(ch *chain) routing.Segment {
	s := routing.Segment{Line: make(orb.LineString, len(ch.places))}
	names, surfaces := map[string]float64{}, map[string]float64{}
	var classes [64]float64
	for i, p := range ch.places {
		s.Line[i] = n.points[p]
		if i > 0 && i+1 < len(ch.places) && n.gates[p] {
			s.Gate = true
		}
	}
	for i, l := range ch.links {
		w := &n.ways[n.links[l].way]
		if i == 0 || s.WayIDs[len(s.WayIDs)-1] != w.id {
			s.WayIDs = append(s.WayIDs, w.id)
		}
		d := n.links[l].length
		names[w.name] += d
		surfaces[w.surface] += d
		classes[w.class] += d
	}
	s.Length = geo.Length(s.Line)
	s.Name, s.Surface = longest(names), longest(surfaces)
	for k, d := range classes {
		if d > classes[s.Class] {
			s.Class = routing.Class(k)
		}
	}
	out, in := n.away(ch.links[0], ch.places[0])
	s.Forward, s.Backward = out, in
	return s
}

// longest gives the text with the greatest length; the smaller text on a tie.
// A text goes before none only if it is as long.
func longest(m map[string]float64) string {
	best, length := "", -1.0
	for k, d := range m {
		if d > length || d == length && cmp.Less(best, k) {
			best, length = k, d
		}
	}
	return best
}

// excluded lists the ways that access tags close to somebody.
func (n *network) excluded(c *collector, region *routing.Region) []routing.Excluded {
	var out []routing.Excluded
	for i := range n.ways {
		w := &n.ways[i]
		if w.excluded == 0 {
			continue
		}
		var line orb.LineString
		for _, id := range w.nodes {
			if p, ok := c.places.at(id); ok {
				line = append(line, p)
			}
		}
		if len(line) < 2 {
			continue
		}
		out = append(out, routing.Excluded{WayID: w.id, Name: w.name, Class: w.class, Line: line,
			Length: geo.Length(line), Inside: region.LengthInside(line), Modes: w.excluded})
	}
	return out
}

// restrictions gives the forbidden pairs of arcs: turn restrictions and
// barriers that somebody cannot pass.
func (n *network) restrictions(c *collector, g *routing.Graph, nodeOf []routing.NodeID, r *Report) []routing.Restriction {
	m := newTurnMaker(g)
	slices.SortStableFunc(c.turns, func(x, y rawTurn) int { return cmp.Compare(x.id, y.id) })
	for i := range c.turns {
		t := &c.turns[i]
		if !n.concerns(c, t) {
			continue
		}
		o, why := m.apply(t)
		r.Turns.count(o)
		if o == turnUnsupported {
			r.Turns.Unsupported = append(r.Turns.Unsupported, Remark{Text: why, Relation: t.id, Place: n.near(c, t)})
		}
	}
	for id, b := range c.barriers {
		p, ok := n.find(c, id)
		if !ok || nodeOf[p] < 0 || b.blocks&c.modes == 0 {
			continue
		}
		r.Barriers++
		at := nodeOf[p]
		for _, in := range g.Out(at) {
			for _, out := range g.Out(at) {
				if in != out {
					m.ban(in.Opposite(), out, b.blocks&c.modes)
				}
			}
		}
	}
	slices.SortFunc(m.banned, func(x, y routing.Restriction) int {
		return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(x.Modes, y.Modes))
	})
	return slices.Compact(m.banned)
}

// concerns tells whether the restriction is about a way of this network at all;
// extracts hold relations of far away.
func (n *network) concerns(c *collector, t *rawTurn) bool {
	for _, list := range [...][]int64{t.from, t.to} {
		for _, id := range list {
			if i, ok := n.way(id); ok && n.ways[i].forward|n.ways[i].backward != 0 {
				return true
			}
		}
	}
	return false
}

func (n *network) way(id int64) (int, bool) {
	return slices.BinarySearchFunc(n.ways, id, func(w rawWay, id int64) int { return cmp.Compare(w.id, id) })
}

// near gives a place for a restriction in messages.
func (n *network) near(c *collector, t *rawTurn) orb.Point {
	if p, ok := c.places.at(t.viaNode); ok && t.hasNode {
		return p
	}
	for _, list := range [...][]int64{t.viaWays, t.from, t.to} {
		for _, id := range list {
			if i, ok := n.way(id); ok {
				if p, ok := c.places.at(n.ways[i].nodes[0]); ok {
					return p
				}
			}
		}
	}
	return orb.Point{}
}
