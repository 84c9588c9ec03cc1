// Package address finds places that Peruvian addresses name on a street graph,
// without asking anybody else: a crossing ("Av. Perú con Jr. Unión"), a block
// ("Jr. Sánchez Carrión cdra. 5", "Jr. Unión 534"), or a street that is short
// enough to stand for one place. It rather finds nothing than guesses: where a
// name fits several streets, or a street has no such block, there is no answer.
//
// The map knows no house numbers. Blocks are counted along the street from the
// end nearest the centre given, as Peruvian towns number them; the street's
// junctions tell where one ends. So a block is known to within some blocks, a
// crossing to within a junction.
package address

import (
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// Grade says how well a place is known.
type Grade int

// Grades, from the best.
const (
	Crossing Grade = iota // of two streets
	Block                 // cuadra
	Street                // somewhere on a short street
)

const (
	// joinMetres: segments of one name with ends this near are one street.
	joinMetres = 150
	// crossMetres: streets whose junctions come this near each other cross, the
	// two sides of an avenue, say.
	crossMetres = 40
	// spreadMetres is how far apart the junctions of one crossing may be.
	spreadMetres = 120
	// shortStreet is how long a street may be to stand for one place.
	shortStreet = 300
	// leastBlock: pieces between junctions shorter than this are part of a block.
	leastBlock = 60
)

// Place is what an address names.
type Place struct {
	Point  orb.Point
	Grade  Grade
	Street string // by the map's name
	Cross  string // of a crossing
}

// street is the segments of one name that hang together.
type street struct {
	name     string
	kind     string
	segments []routing.SegmentID
	length   float64
}

// Index finds addresses on one graph. It does not change and is safe for
// concurrent use.
type Index struct {
	g       *routing.Graph
	centre  orb.Point
	streets []street
	byCore  map[string][]int // streets by the words that name them
}

// New indexes the named streets of a graph; blocks are counted from the ends
// nearest the centre.
func New(g *routing.Graph, centre orb.Point) *Index {
	x := &Index{g: g, centre: centre, byCore: map[string][]int{}}
	byName := map[string][]routing.SegmentID{}
	var order []string
	for i := range g.Segments {
		name := g.Segments[i].Name
		if name == "" {
			continue
		}
		if byName[name] == nil {
			order = append(order, name)
		}
		byName[name] = append(byName[name], routing.SegmentID(i))
	}
	slices.Sort(order)
	for _, name := range order {
		n := nameOf(words(name))
		for _, part := range x.joined(byName[name]) {
			s := street{name: name, kind: n.kind, segments: part}
			for _, id := range part {
				s.length += g.Segments[id].Length
			}
			key := strings.Join(n.core, " ")
			x.byCore[key] = append(x.byCore[key], len(x.streets))
			x.streets = append(x.streets, s)
		}
	}
	return x
}

// joined parts segments into those that hang together.
func (x *Index) joined(ids []routing.SegmentID) [][]routing.SegmentID {
	part := make([]int, len(ids))
	for i := range part {
		part[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		if part[i] != i {
			part[i] = root(part[i])
		}
		return part[i]
	}
	for i, a := range ids {
		for j := range i {
			if root(i) != root(j) && x.touch(a, ids[j]) {
				part[root(i)] = root(j)
			}
		}
	}
	at := map[int]int{}
	var out [][]routing.SegmentID
	for i, id := range ids {
		r := root(i)
		if _, ok := at[r]; !ok {
			at[r] = len(out)
			out = append(out, nil)
		}
		out[at[r]] = append(out[at[r]], id)
	}
	return out
}

// touch tells whether two segments share a junction or have ends near each other.
func (x *Index) touch(a, b routing.SegmentID) bool {
	s, t := &x.g.Segments[a], &x.g.Segments[b]
	for _, n := range [2]routing.NodeID{s.From, s.To} {
		for _, m := range [2]routing.NodeID{t.From, t.To} {
			if n == m || geo.Distance(x.g.Nodes[n].Point, x.g.Nodes[m].Point) <= joinMetres {
				return true
			}
		}
	}
	return false
}

// Find gives the place that an address names; false: it is not found, or fits
// several.
func (x *Index) Find(address string) (Place, bool) {
	for _, a := range parse(address) {
		if p, ok := x.find(a); ok {
			return p, true
		}
	}
	return Place{}, false
}

func (x *Index) find(a asked) (Place, bool) {
	if !a.cross.empty() {
		return x.crossing(x.named(a.street), x.named(a.cross))
	}
	found := x.named(a.street)
	if len(found) != 1 {
		return Place{}, false
	}
	s := &x.streets[found[0]]
	if a.block > 0 { // where the street has no such block, another is meant
		p, ok := x.block(s, a.block)
		return Place{Point: p, Grade: Block, Street: s.name}, ok
	}
	if s.length > shortStreet {
		return Place{}, false
	}
	var at orb.Point
	for _, id := range s.segments {
		l := &x.g.Segments[id]
		p := routing.PointAlong(l.Line, l.Length/2)
		at[0] += p[0] * l.Length / s.length
		at[1] += p[1] * l.Length / s.length
	}
	return Place{Point: x.onto(s, at), Grade: Street, Street: s.name}, true
}

// onto gives the middle of the street's segment nearest a point.
func (x *Index) onto(s *street, at orb.Point) orb.Point {
	best, near := at, math.Inf(1)
	for _, id := range s.segments {
		l := &x.g.Segments[id]
		if p := routing.PointAlong(l.Line, l.Length/2); geo.Distance(p, at) < near {
			best, near = p, geo.Distance(p, at)
		}
	}
	return best
}

// crossing gives the place where one of some streets meets one of others, if
// there is just one.
func (x *Index) crossing(as, bs []int) (Place, bool) {
	var out Place
	var at []orb.Point
	for _, a := range as {
		for _, b := range bs {
			if a == b {
				continue
			}
			ps := x.meet(&x.streets[a], &x.streets[b])
			if len(ps) > 0 {
				out.Street, out.Cross = x.streets[a].name, x.streets[b].name
				at = append(at, ps...)
			}
		}
	}
	if len(at) == 0 {
		return out, false
	}
	for _, p := range at {
		out.Point[0] += p[0] / float64(len(at))
		out.Point[1] += p[1] / float64(len(at))
		if geo.Distance(p, at[0]) > spreadMetres {
			return out, false // they meet twice
		}
	}
	return out, true
}

// meet gives the junctions that two streets share or, if there are none, the
// middles between those that come near each other.
func (x *Index) meet(a, b *street) []orb.Point {
	has := map[routing.NodeID]bool{}
	for _, id := range a.segments {
		s := &x.g.Segments[id]
		has[s.From], has[s.To] = true, true
	}
	var shared, near []orb.Point
	seen := map[routing.NodeID]bool{}
	for _, id := range b.segments {
		s := &x.g.Segments[id]
		for _, n := range [2]routing.NodeID{s.From, s.To} {
			if seen[n] {
				continue
			}
			seen[n] = true
			p := x.g.Nodes[n].Point
			if has[n] {
				shared = append(shared, p)
			}
			for m := range has {
				if q := x.g.Nodes[m].Point; geo.Distance(p, q) <= crossMetres {
					near = append(near, orb.Point{(p[0] + q[0]) / 2, (p[1] + q[1]) / 2})
				}
			}
		}
	}
	if len(shared) > 0 {
		return shared
	}
	slices.SortFunc(near, func(p, q orb.Point) int { // the map's order is not always the same
		if p[0] != q[0] {
			return int(math.Copysign(1, p[0]-q[0]))
		}
		return int(math.Copysign(1, p[1]-q[1]))
	})
	return near
}
