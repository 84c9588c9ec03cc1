package trial

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// onLine is how near a track's end must lie to a street's side to be on it, in
// metres.
const onLine = 0.3

// Network makes a street network of the union of the truth lines: wherever a
// track went, both directions, every mode. It flatters: streets that nobody
// took cannot be mistaken for others.
func Network(tracks []Track) (*routing.Graph, error) {
	n := &network{at: map[orb.Point]int{}, near: map[int][]int{}}
	sides := n.sides(tracks)
	for _, s := range sides {
		n.link(s[0], s[1])
	}
	g := &routing.Graph{}
	n.contract(g)
	if len(g.Segments) == 0 {
		return nil, fmt.Errorf("%w: its tracks have no length", ErrFile)
	}
	if err := g.Build(); err != nil {
		return nil, err
	}
	return g, nil
}

// network is a graph of single sides on its way to street segments.
type network struct {
	points []orb.Point
	at     map[orb.Point]int
	near   map[int][]int
}

func (n *network) node(p orb.Point) int {
	i, ok := n.at[p]
	if !ok {
		i = len(n.points)
		n.at[p] = i
		n.points = append(n.points, p)
	}
	return i
}

func (n *network) link(a, b int) {
	if a == b || slices.Contains(n.near[a], b) {
		return
	}
	n.near[a] = append(n.near[a], b)
	n.near[b] = append(n.near[b], a)
}

// sides cuts the lines into sides, and these where a point that is no vertex of
// the map (a track's end, clipped to the metre) lies on them.
func (n *network) sides(tracks []Track) [][2]int {
	var sides [][2]int
	var clipped []int
	for _, t := range tracks {
		for _, l := range t.Truth {
			for i, p := range l {
				v := n.node(p)
				if !onMap(p) {
					clipped = append(clipped, v)
				}
				if i > 0 {
					sides = append(sides, [2]int{n.node(l[i-1]), v})
				}
			}
		}
	}
	slices.Sort(clipped)
	clipped = slices.Compact(clipped)
	var out [][2]int
	for _, s := range sides {
		type cut struct {
			t float64
			v int
		}
		var cuts []cut
		a, b := n.points[s[0]], n.points[s[1]]
		for _, v := range clipped {
			if v == s[0] || v == s[1] {
				continue
			}
			if t, d := project(n.points[v], a, b); d < onLine && t > 0 && t < 1 {
				cuts = append(cuts, cut{t, v})
			}
		}
		slices.SortFunc(cuts, func(x, y cut) int { return cmp.Or(cmp.Compare(x.t, y.t), cmp.Compare(x.v, y.v)) })
		from := s[0]
		for _, c := range cuts {
			out = append(out, [2]int{from, c.v})
			from = c.v
		}
		out = append(out, [2]int{from, s[1]})
	}
	return out
}

// onMap tells whether a point has the seven decimals that OpenStreetMap keeps.
func onMap(p orb.Point) bool {
	for _, v := range p {
		if math.Abs(v*1e7-math.Round(v*1e7)) > 1e-3 {
			return false
		}
	}
	return true
}

// project gives where p falls on the side a–b (0..1) and how far off it is, in
// metres.
func project(p, a, b orb.Point) (t, metres float64) {
	my := math.Pi / 180 * orb.EarthRadius
	mx := my * math.Cos(p[1]*math.Pi/180)
	dx, dy := (b[0]-a[0])*mx, (b[1]-a[1])*my
	px, py := (p[0]-a[0])*mx, (p[1]-a[1])*my
	if l := dx*dx + dy*dy; l > 0 {
		t = min(1, max(0, (px*dx+py*dy)/l))
	}
	return t, math.Hypot(px-t*dx, py-t*dy)
}

// contract makes the segments between nodes that are not of degree 2.
func (n *network) contract(g *routing.Graph) {
	ids := map[int]routing.NodeID{}
	node := func(v int) routing.NodeID {
		id, ok := ids[v]
		if !ok {
			id = routing.NodeID(len(g.Nodes))
			ids[v] = id
			g.Nodes = append(g.Nodes, routing.Node{OSM: int64(v) + 1, Point: n.points[v]})
		}
		return id
	}
	used := map[[2]int]bool{}
	chain := func(a, b int) {
		if used[[2]int{a, b}] {
			return
		}
		line, start := orb.LineString{n.points[a]}, a
		for {
			used[[2]int{a, b}], used[[2]int{b, a}] = true, true
			line = append(line, n.points[b])
			next := n.near[b]
			if len(next) != 2 || b == start {
				break
			}
			if next[0] == a {
				a, b = b, next[1]
			} else {
				a, b = b, next[0]
			}
		}
		way := int64(len(g.Segments) + 1)
		g.Segments = append(g.Segments, routing.Segment{
			ID: fmt.Sprintf("%d-%d-%d", start+1, b+1, way), From: node(start), To: node(b), Line: line, Length: geo.Length(line),
			WayIDs: []int64{way}, Class: routing.Road, Forward: routing.AllModes, Backward: routing.AllModes, Belongs: true,
		})
	}
	for v := range n.points {
		if len(n.near[v]) != 2 {
			for _, w := range n.near[v] {
				chain(v, w)
			}
		}
	}
	for v := range n.points { // rings without a junction
		for _, w := range n.near[v] {
			chain(v, w)
		}
	}
}
