package routing

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/tidwall/rtree"
)

// Candidate is a segment near a place.
type Candidate struct {
	Segment  SegmentID
	Along    float64   // metres from the segment's From to Point
	Distance float64   // metres from the place to Point
	Point    orb.Point // the nearest point on the segment
	East     float64   // direction of the segment at Point, From → To: a vector
	North    float64   // of length 1, or 0 where the segment has two vertices in one place
	Right    float64   // metres that the place lies to the right of that direction
}

// Bearing is the direction of the segment at Point, From → To, in degrees from
// north, 0 ≤ b < 360.
func (c *Candidate) Bearing() float64 { return degrees(c.East, c.North) }

// snapIndex is the R-tree over the sides of all segments, made when first
// asked for.
type snapIndex struct {
	once  sync.Once
	tree  rtree.RTreeG[side]
	prior [][]float64 // metres from a segment's From to each of its vertices
}

// side is one straight piece of a segment.
type side struct {
	segment SegmentID
	at      int32
}

func (g *Graph) snapper() *snapIndex {
	x := g.index
	x.once.Do(func() { x.fill(g, nil) })
	return x
}

// fill indexes the segments that keep chooses; nil takes all.
func (x *snapIndex) fill(g *Graph, keep func(*Segment) bool) {
	x.prior = make([][]float64, len(g.Segments))
	for i := range g.Segments {
		if keep != nil && !keep(&g.Segments[i]) {
			continue
		}
		l := g.Segments[i].Line
		prior := make([]float64, len(l))
		for j := 1; j < len(l); j++ {
			prior[j] = prior[j-1] + geo.Distance(l[j-1], l[j])
			lo, hi := box(l[j-1], l[j])
			x.tree.Insert(lo, hi, side{SegmentID(i), int32(j - 1)})
		}
		x.prior[i] = prior
	}
}

// Snap gives the segments within maxMetres of p, whoever may use them, the
// nearest first; each segment once, at its nearest point. It is safe for
// concurrent use.
func (g *Graph) Snap(p orb.Point, maxMetres float64) []Candidate {
	return g.AppendSnap(nil, p, maxMetres)
}

// AppendSnap is Snap into memory of the caller's.
func (g *Graph) AppendSnap(dst []Candidate, p orb.Point, maxMetres float64) []Candidate {
	return g.snapper().snap(g, dst, p, maxMetres)
}

func (x *snapIndex) snap(g *Graph, dst []Candidate, p orb.Point, maxMetres float64) []Candidate {
	mx, my := metresPerDegree(p[1])
	dx, dy := maxMetres/mx, maxMetres/my
	first := len(dst)
	x.tree.Search([2]float64{p[0] - dx, p[1] - dy}, [2]float64{p[0] + dx, p[1] + dy}, func(_, _ [2]float64, s side) bool {
		l := g.Segments[s.segment].Line
		a, b := l[s.at], l[s.at+1]
		t := nearest(p, a, b, mx, my)
		at := between(a, b, t)
		d := math.Hypot((at[0]-p[0])*mx, (at[1]-p[1])*my)
		if d > maxMetres {
			return true
		}
		prior := x.prior[s.segment]
		c := Candidate{Segment: s.segment, Distance: d, Point: at, Along: prior[s.at] + t*(prior[s.at+1]-prior[s.at])}
		for i := first; i < len(dst); i++ {
			if dst[i].Segment == s.segment {
				if better(c, dst[i]) {
					c.head(p, a, b, mx, my)
					dst[i] = c
				}
				return true
			}
		}
		c.head(p, a, b, mx, my)
		dst = append(dst, c)
		return true
	})
	slices.SortFunc(dst[first:], func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Segment, b.Segment))
	})
	return dst
}

// head fills in the direction of the side a–b, and on which hand of it p lies.
func (c *Candidate) head(p, a, b orb.Point, mx, my float64) {
	east, north := (b[0]-a[0])*mx, (b[1]-a[1])*my
	if length := math.Sqrt(east*east + north*north); length > 0 {
		c.East, c.North = east/length, north/length
	}
	c.Right = (p[0]-c.Point[0])*mx*c.North - (p[1]-c.Point[1])*my*c.East
}

// better orders two candidates on one segment independently of the tree.
func better(a, b Candidate) bool {
	return a.Distance < b.Distance || a.Distance == b.Distance && a.Along < b.Along
}

// SegmentBearing gives the bearing of a segment, From → To, at a number of
// metres from its From, in degrees from north.
func (g *Graph) SegmentBearing(s SegmentID, along float64) float64 {
	l := g.Segments[s].Line
	prior := g.snapper().prior[s]
	i, _ := slices.BinarySearch(prior, along)
	i = min(max(i, 1), len(l)-1)
	mx, my := metresPerDegree(l[i][1])
	return bearing(l[i-1], l[i], mx, my)
}

// metresPerDegree scales degrees to metres near a latitude, on the sphere of
// orb/geo.
func metresPerDegree(lat float64) (mx, my float64) {
	my = math.Pi / 180 * orb.EarthRadius
	return my * max(math.Cos(lat*math.Pi/180), 1e-9), my
}

// nearest gives the fraction of a–b that lies nearest to p.
func nearest(p, a, b orb.Point, mx, my float64) float64 {
	ux, uy := (b[0]-a[0])*mx, (b[1]-a[1])*my
	vx, vy := (p[0]-a[0])*mx, (p[1]-a[1])*my
	d := ux*ux + uy*uy
	if d == 0 {
		return 0
	}
	return min(max((ux*vx+uy*vy)/d, 0), 1)
}

func bearing(a, b orb.Point, mx, my float64) float64 {
	return degrees((b[0]-a[0])*mx, (b[1]-a[1])*my)
}

// degrees from north of a direction, 0 ≤ d < 360.
func degrees(east, north float64) float64 {
	d := math.Atan2(east, north) * 180 / math.Pi
	if d < 0 {
		d += 360
	}
	return d
}
