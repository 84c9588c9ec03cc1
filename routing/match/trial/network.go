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
// track went, for every mode, in the directions in which tracks went. It
// flatters: streets that nobody took, and directions that nobody drove, cannot
// be mistaken for others. Without directions the two carriageways of a wide
// road, a dozen metres apart, would be one riddle: every map says which is
// which.
func Network(tracks []Track) (*routing.Graph, error) {
	n := &network{at: map[orb.Point]int{}, near: map[int][]int{}, driven: map[[2]int]bool{}}
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
	driven map[[2]int]bool // sides, by their ends in driving order
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
	if a == b {
		return
	}
	n.driven[[2]int{a, b}] = true
	if slices.Contains(n.near[a], b) {
		return
	}
	n.near[a] = append(n.near[a], b)
	n.near[b] = append(n.near[b], a)
}

// sides cuts the lines into sides, and these where a point of another line lies
// on them: a track's end, clipped to the metre, or a vertex that one line has
// and the other, drawn over an older map, has not.
func (n *network) sides(tracks []Track) [][2]int {
	var sides [][2]int
	seen := map[[2]int]bool{}
	for _, t := range tracks {
		for _, l := range t.Truth {
			for i := 1; i < len(l); i++ {
				s := [2]int{n.node(l[i-1]), n.node(l[i])}
				if !seen[s] {
					seen[s] = true
					sides = append(sides, s)
				}
			}
		}
	}
	var out [][2]int
	for _, s := range sides {
		type cut struct {
			t float64
			v int
		}
		var cuts []cut
		a, b := n.points[s[0]], n.points[s[1]]
		for v, p := range n.points {
			if v == s[0] || v == s[1] || !within(p, a, b) {
				continue
			}
			if t, d := project(p, a, b); d < onLine && t > 0 && t < 1 {
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

// within tells whether p is in the box of a and b, or almost.
func within(p, a, b orb.Point) bool {
	const almost = 1e-5 // degrees, a metre
	return p[0] >= min(a[0], b[0])-almost && p[0] <= max(a[0], b[0])+almost && p[1] >= min(a[1], b[1])-almost && p[1] <= max(a[1], b[1])+almost
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
		var forward, backward routing.ModeSet
		for {
			if n.driven[[2]int{a, b}] {
				forward = routing.AllModes
			}
			if n.driven[[2]int{b, a}] {
				backward = routing.AllModes
			}
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
			WayIDs: []int64{way}, Class: routing.Road, Forward: forward, Backward: backward, Belongs: true,
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
