package osm

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/osm"

	"github.com/serenazgo/serenazgo/routing"
)

// outlineBoundary makes a boundary of the relation that the collector found.
// Border ways that the extract cut off are an error: half an outline bounds
// nothing.
func (c *collector) outlineBoundary(x *extract) (*Boundary, error) {
	o, err := c.outline(x)
	if err != nil {
		return nil, err
	}
	place := fmt.Sprintf("relation %d", o.id)
	if o.name != "" {
		place += " (" + o.name + ")"
	}
	bad := func(code Code, what, remedy string) error {
		p := x.problem(code, what, remedy, nil)
		p.Place = place
		return p
	}
	var outer, inner [][]int64
	missing := 0
	for _, m := range o.members {
		if m.kind != osm.TypeWay || m.role != "" && m.role != "outer" && m.role != "inner" {
			continue
		}
		l := c.lines[m.ref]
		if len(l) < 2 {
			missing++
			continue
		}
		for _, n := range l {
			if _, ok := c.places.at(n); !ok {
				missing++
				break
			}
		}
		if m.role == "inner" {
			inner = append(inner, l)
		} else {
			outer = append(outer, l)
		}
	}
	const remedy = "take an extract that reaches beyond the district, or give its outline with --boundary"
	if missing > 0 {
		return nil, bad(BoundaryMissing, fmt.Sprintf("%d of the ways of its outline are missing or cut in the extract", missing), remedy)
	}
	if len(outer) == 0 {
		return nil, bad(NoBoundary, "the relation has no outline", "give the outline with --boundary")
	}
	outers, gap := joinRings(outer)
	inners, hole := joinRings(inner)
	if gap == 0 {
		gap = hole
	}
	if gap == 0 {
		return c.assemble(o, outers, inners, bad)
	}
	p, _ := c.places.at(gap)
	return nil, bad(OpenRing, fmt.Sprintf("its outline does not close at node %d (%.5f, %.5f)", gap, p[1], p[0]), remedy)
}

// outline picks the relation: one with pe:ubigeo goes before one with a mere ref.
func (c *collector) outline(x *extract) (*outline, error) {
	found := c.outlines
	if slices.ContainsFunc(found, func(o outline) bool { return o.exact }) {
		found = slices.DeleteFunc(slices.Clone(found), func(o outline) bool { return !o.exact })
	}
	asked := fmt.Sprintf("relation %d", c.relation)
	if c.relation == 0 {
		asked = "boundary relation with ubigeo " + c.ubigeo
	}
	switch len(found) {
	case 0:
		return nil, x.problem(NoBoundary, "no "+asked+" in the extract", "give the outline with --boundary", nil)
	case 1:
		return &found[0], nil
	}
	return nil, x.problem(ManyDistricts, fmt.Sprintf("%d relations fit %s", len(found), asked),
		fmt.Sprintf("choose one with --relation, for example %d", found[0].id), nil)
}

// assemble makes polygons of closed rings of nodes; holes go to the outer ring
// around them.
func (c *collector) assemble(o *outline, outers, inners [][]int64, bad func(Code, string, string) error) (*Boundary, error) {
	b := &Boundary{}
	if o.name != "" {
		b.Names = []string{o.name}
	}
	if o.ubigeo != "" {
		b.Ubigeos = []string{o.ubigeo}
	}
	for _, ids := range outers {
		b.Polygons = append(b.Polygons, orb.Polygon{c.ring(ids)})
	}
	for _, ids := range inners {
		hole := c.ring(ids)
		for i := range b.Polygons {
			if routing.NewRegion(orb.MultiPolygon{{b.Polygons[i][0]}}).Contains(hole[0]) {
				b.Polygons[i] = append(b.Polygons[i], hole)
				break
			}
		}
	}
	for _, p := range b.Polygons {
		if problem := checkPolygon(p); problem != nil {
			return nil, bad(problem.Code, problem.Place+": "+problem.What, problem.Remedy)
		}
	}
	return b, nil
}

func (c *collector) ring(ids []int64) orb.Ring {
	r := make(orb.Ring, len(ids))
	for i, id := range ids {
		r[i], _ = c.places.at(id)
	}
	return r
}

// joinRings puts ways together, end to end, into closed rings of nodes. gap is
// a node where a ring stays open, 0 if all close.
func joinRings(ways [][]int64) (rings [][]int64, gap int64) {
	ends := map[int64][]int{}
	used := make([]bool, len(ways))
	for i, w := range ways {
		ends[w[0]] = append(ends[w[0]], i)
		ends[w[len(w)-1]] = append(ends[w[len(w)-1]], i)
	}
	for i := range ways {
		if used[i] {
			continue
		}
		used[i] = true
		ring := slices.Clone(ways[i])
		for ring[0] != ring[len(ring)-1] {
			last := ring[len(ring)-1]
			next := -1
			for _, j := range ends[last] {
				if !used[j] {
					next = j
					break
				}
			}
			if next < 0 {
				return nil, last
			}
			used[next] = true
			w := slices.Clone(ways[next])
			if w[0] != last {
				slices.Reverse(w)
			}
			ring = append(ring, w[1:]...)
		}
		rings = append(rings, ring)
	}
	return rings, 0
}
