package osm

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// checkPolygon finds what would make "inside" meaningless: open rings, rings
// that cross themselves or each other, points that are not degrees. Rings that
// only touch are fine. Points are numbered from 1, as people count.
func checkPolygon(p orb.Polygon) *Problem {
	if len(p) == 0 {
		return &Problem{Code: NoBoundary, What: "a polygon without rings", Remedy: "draw the outline again"}
	}
	for i, r := range p {
		place := "outer ring"
		if i > 0 {
			place = fmt.Sprintf("hole %d", i)
		}
		if problem := checkRing(r); problem != nil {
			problem.Place = place
			return problem
		}
	}
	var edges []edge
	for i, r := range p {
		for j := 0; j+1 < len(r); j++ {
			if r[j] != r[j+1] {
				edges = append(edges, newEdge(r[j], r[j+1], i, j))
			}
		}
	}
	a, b, ok := firstCrossing(edges)
	if !ok {
		return nil
	}
	place := "outer ring"
	if a.ring > 0 {
		place = fmt.Sprintf("hole %d", a.ring)
	}
	what := fmt.Sprintf("it crosses itself: the edge from point %d to %d meets the edge from point %d to %d near %.5f, %.5f",
		a.at+1, a.at+2, b.at+1, b.at+2, a.a[1], a.a[0])
	if a.ring != b.ring {
		what = fmt.Sprintf("its edge from point %d to %d crosses the edge from point %d to %d of ring %d near %.5f, %.5f",
			a.at+1, a.at+2, b.at+1, b.at+2, b.ring+1, a.a[1], a.a[0])
	}
	return &Problem{Code: CrossedRing, Place: place, A: a.at + 1, B: b.at + 1, What: what,
		Remedy: "move the points so that the edges no longer cross"}
}

func checkRing(r orb.Ring) *Problem {
	for i, p := range r {
		if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			return &Problem{Code: BadCoordinate, A: i + 1,
				What:   fmt.Sprintf("point %d is %g, %g, which are not degrees of longitude and latitude", i+1, p[0], p[1]),
				Remedy: "export it in WGS 84 (EPSG:4326), longitude first"}
		}
	}
	if len(r) < 3 {
		return &Problem{Code: OpenRing, A: 1, B: len(r), What: fmt.Sprintf("a ring of %d points bounds nothing", len(r)), Remedy: "draw the outline again"}
	}
	if r[0] != r[len(r)-1] {
		return &Problem{Code: OpenRing, A: len(r), B: 1,
			What:   fmt.Sprintf("it does not close between points %d and 1 (%.5f, %.5f and %.5f, %.5f)", len(r), r[len(r)-1][1], r[len(r)-1][0], r[0][1], r[0][0]),
			Remedy: "repeat the first point at the end"}
	}
	if len(r) < 4 {
		return &Problem{Code: OpenRing, A: 1, B: len(r), What: fmt.Sprintf("a ring of %d points bounds nothing", len(r)), Remedy: "draw the outline again"}
	}
	return nil
}

// edge is one side of a ring, with its ends in west-east order as left, right.
type edge struct {
	a, b        orb.Point
	left, right float64
	ring, at    int // the ring's number, and that of the point a, from 0
}

func newEdge(a, b orb.Point, ring, at int) edge {
	return edge{a: a, b: b, left: min(a[0], b[0]), right: max(a[0], b[0]), ring: ring, at: at}
}

// firstCrossing sweeps from west to east over the edges and gives the crossing
// pair that comes first by ring and point.
func firstCrossing(edges []edge) (a, b edge, found bool) {
	slices.SortFunc(edges, func(x, y edge) int {
		switch {
		case x.left < y.left:
			return -1
		case x.left > y.left:
			return 1
		case x.ring != y.ring:
			return x.ring - y.ring
		}
		return x.at - y.at
	})
	earlier := func(x, y edge) bool { return x.ring < y.ring || x.ring == y.ring && x.at < y.at }
	var open []edge
	for _, e := range edges {
		open = slices.DeleteFunc(open, func(o edge) bool { return o.right < e.left })
		for _, o := range open {
			if !crosses(o, e) {
				continue
			}
			x, y := o, e
			if earlier(y, x) {
				x, y = y, x
			}
			if !found || earlier(x, a) || x.ring == a.ring && x.at == a.at && earlier(y, b) {
				a, b, found = x, y, true
			}
		}
		open = append(open, e)
	}
	return a, b, found
}

// crosses tells whether two edges cross at a point inside both.
func crosses(x, y edge) bool {
	if max(x.a[1], x.b[1]) < min(y.a[1], y.b[1]) || max(y.a[1], y.b[1]) < min(x.a[1], x.b[1]) {
		return false
	}
	d1, d2 := side(x.a, x.b, y.a), side(x.a, x.b, y.b)
	d3, d4 := side(y.a, y.b, x.a), side(y.a, y.b, x.b)
	return d1*d2 < 0 && d3*d4 < 0
}

// side is positive if p lies left of the line from a to b, 0 on it.
func side(a, b, p orb.Point) int {
	v := (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
