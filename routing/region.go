package routing

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/tidwall/rtree"
)

// Region answers quickly what lies inside a boundary: inside any of its
// polygons and outside that polygon's holes. The zero Region holds everything.
type Region struct {
	edges []regionEdge
	tree  rtree.RTreeG[int32]
	bound orb.Bound
}

type regionEdge struct {
	a, b    orb.Point
	polygon int32
}

// NewRegion indexes the sides of the polygons.
func NewRegion(m orb.MultiPolygon) *Region {
	r := &Region{bound: m.Bound()}
	for i, p := range m {
		for _, ring := range p {
			for j := 0; j+1 < len(ring); j++ {
				a, b := ring[j], ring[j+1]
				if a == b {
					continue
				}
				lo, hi := box(a, b)
				r.tree.Insert(lo, hi, int32(len(r.edges)))
				r.edges = append(r.edges, regionEdge{a, b, int32(i)})
			}
		}
	}
	return r
}

// Empty tells whether there is no boundary.
func (r *Region) Empty() bool { return len(r.edges) == 0 }

// Contains tells whether p lies inside.
func (r *Region) Contains(p orb.Point) bool {
	if r.Empty() {
		return true
	}
	if !r.bound.Contains(p) {
		return false
	}
	// Count the sides east of p, polygon by polygon.
	var hits []int32
	r.tree.Search([2]float64{p[0], p[1]}, [2]float64{r.bound.Max[0], p[1]}, func(_, _ [2]float64, i int32) bool {
		e := &r.edges[i]
		if (e.a[1] > p[1]) != (e.b[1] > p[1]) && p[0] < e.a[0]+(p[1]-e.a[1])/(e.b[1]-e.a[1])*(e.b[0]-e.a[0]) {
			hits = append(hits, e.polygon)
		}
		return true
	})
	slices.Sort(hits)
	for i := 0; i < len(hits); {
		j := i
		for j < len(hits) && hits[j] == hits[i] {
			j++
		}
		if (j-i)%2 == 1 {
			return true
		}
		i = j
	}
	return false
}

// LengthInside gives how many metres of the line lie inside.
func (r *Region) LengthInside(l orb.LineString) float64 {
	if r.Empty() {
		return geo.Length(l)
	}
	if !r.bound.Intersects(l.Bound()) {
		return 0
	}
	var inside float64
	var cuts []float64
	for i := 0; i+1 < len(l); i++ {
		a, b := l[i], l[i+1]
		lo, hi := box(a, b)
		cuts = append(cuts[:0], 0, 1)
		r.tree.Search(lo, hi, func(_, _ [2]float64, k int32) bool {
			if t, ok := meet(a, b, r.edges[k].a, r.edges[k].b); ok {
				cuts = append(cuts, t)
			}
			return true
		})
		slices.Sort(cuts)
		length := geo.Distance(a, b)
		for k := 0; k+1 < len(cuts); k++ {
			if cuts[k+1] > cuts[k] && r.Contains(between(a, b, (cuts[k]+cuts[k+1])/2)) {
				inside += (cuts[k+1] - cuts[k]) * length
			}
		}
	}
	return inside
}

// box gives the corners of the smallest box around two points.
func box(a, b orb.Point) (lo, hi [2]float64) {
	return [2]float64{min(a[0], b[0]), min(a[1], b[1])}, [2]float64{max(a[0], b[0]), max(a[1], b[1])}
}

// between is the point at fraction t of the way from a to b.
func between(a, b orb.Point, t float64) orb.Point {
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// meet gives the fraction of a–b at which it meets c–d, if they meet at one point.
func meet(a, b, c, d orb.Point) (t float64, ok bool) {
	ux, uy := b[0]-a[0], b[1]-a[1]
	vx, vy := d[0]-c[0], d[1]-c[1]
	den := ux*vy - uy*vx
	if den == 0 {
		return 0, false
	}
	wx, wy := c[0]-a[0], c[1]-a[1]
	t = (wx*vy - wy*vx) / den
	s := (wx*uy - wy*ux) / den
	return t, t > 0 && t < 1 && s >= 0 && s <= 1
}
