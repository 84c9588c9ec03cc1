package osm

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/routing"
)

// place is a node of the network before contraction, numbered in the order of
// the OpenStreetMap ids, which makes the result independent of the file's
// order.
type place int32

// link is the stretch between two neighbouring nodes of a way.
type link struct {
	a, b   place
	way    int32
	length float64
}

// half is a link seen from one of its ends.
type half struct {
	link  int32
	other place
}

// network is the street map before degree-2 chains are contracted.
type network struct {
	ids    []int64
	points []orb.Point
	ways   []rawWay
	links  []link
	start  []int32 // of a place's halves
	halves []half
	cut    map[place]bool // to be kept as junctions whatever meets there
	gates  map[place]bool
}

// newNetwork makes the links of all ways that anybody may use. Stretches with
// nodes that the extract lacks are left out and counted.
func newNetwork(c *collector, r *Report) *network {
	n := &network{ids: c.places.ids, points: c.places.points, cut: map[place]bool{}, gates: map[place]bool{}}
	slices.SortStableFunc(c.ways, func(x, y rawWay) int { return cmp.Compare(x.id, y.id) })
	n.ways = slices.CompactFunc(c.ways, func(x, y rawWay) bool { return x.id == y.id })
	same := newUnion(len(n.ids))
	var loose []link
	for i := range n.ways {
		w := &n.ways[i]
		if w.forward|w.backward == 0 {
			continue
		}
		missing := 0
		last := place(-1)
		for _, id := range w.nodes {
			p, ok := n.find(c, id)
			if !ok {
				missing++
				last = -1
				continue
			}
			if last >= 0 && last != p {
				l := link{a: last, b: p, way: int32(i), length: geo.Distance(n.points[last], n.points[p])}
				if l.length == 0 {
					same.join(int32(last), int32(p))
				} else {
					loose = append(loose, l)
				}
			}
			last = p
		}
		if missing > 0 {
			r.MissingNodes += missing
			r.CutWays++
		}
	}
	// Nodes in the same place with a stretch of no length between them are one.
	for _, l := range loose {
		l.a, l.b = place(same.find(int32(l.a))), place(same.find(int32(l.b)))
		if l.a != l.b {
			n.links = append(n.links, l)
		}
	}
	n.connect()
	return n
}

func (n *network) find(c *collector, id int64) (place, bool) {
	i, ok := slices.BinarySearch(n.ids, id)
	return place(i), ok && c.places.have[i]
}

// connect makes the lists of halves, each in the order of the neighbours.
func (n *network) connect() {
	n.start = make([]int32, len(n.ids)+1)
	for _, l := range n.links {
		n.start[l.a+1]++
		n.start[l.b+1]++
	}
	for i := range n.ids {
		n.start[i+1] += n.start[i]
	}
	n.halves = make([]half, 2*len(n.links))
	next := slices.Clone(n.start[:len(n.ids)])
	for i, l := range n.links {
		n.halves[next[l.a]] = half{int32(i), l.b}
		next[l.a]++
		n.halves[next[l.b]] = half{int32(i), l.a}
		next[l.b]++
	}
	for p := range n.ids {
		slices.SortFunc(n.arms(place(p)), func(x, y half) int {
			return cmp.Or(cmp.Compare(x.other, y.other), cmp.Compare(n.links[x.link].way, n.links[y.link].way), cmp.Compare(x.link, y.link))
		})
	}
}

// arms are the links that meet at p.
func (n *network) arms(p place) []half { return n.halves[n.start[p]:n.start[p+1]] }

// away gives who may leave p along a link, and who may arrive.
func (n *network) away(l int32, p place) (out, in routing.ModeSet) {
	w := &n.ways[n.links[l].way]
	if n.links[l].a == p {
		return w.forward, w.backward
	}
	return w.backward, w.forward
}

// junction tells whether a segment must end at p: where other than two arms
// meet, or where who may pass changes.
func (n *network) junction(p place) bool {
	arms := n.arms(p)
	if len(arms) != 2 || n.cut[p] {
		return true
	}
	out0, in0 := n.away(arms[0].link, p)
	out1, in1 := n.away(arms[1].link, p)
	return out0 != in1 || out1 != in0
}

// chain is a run of links from junction to junction.
type chain struct {
	places []place
	links  []int32
}

// chains contracts the network. Every chain starts at its end with the smaller
// OpenStreetMap id; a ring without any junction starts at its smallest node.
func (n *network) chains() []chain {
	var out []chain
	used := make([]bool, len(n.links))
	isEnd := make([]bool, len(n.ids))
	for p := range n.ids {
		isEnd[p] = len(n.arms(place(p))) > 0 && n.junction(place(p))
	}
	walk := func(p place) {
		for _, h := range n.arms(p) {
			if used[h.link] {
				continue
			}
			c := chain{places: []place{p}}
			at := p
			for step := h; ; {
				used[step.link] = true
				at = step.other
				c.places, c.links = append(c.places, at), append(c.links, step.link)
				if isEnd[at] || at == p {
					break
				}
				arms := n.arms(at)
				if step = arms[0]; used[step.link] {
					step = arms[1]
				}
			}
			out = append(out, c)
		}
	}
	for p := range n.ids {
		if isEnd[p] {
			walk(place(p))
		}
	}
	for p := range n.ids {
		walk(place(p)) // what is left are rings
	}
	return out
}

// union is a disjoint-set forest whose roots are the smallest members.
type union []int32

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = int32(i)
	}
	return u
}

func (u union) find(i int32) int32 {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int32) {
	i, j = u.find(i), u.find(j)
	u[max(i, j)] = min(i, j)
}
