package routing

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
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

// snapIndex is the grid over the sides of all segments, made when first asked
// for.
type snapIndex struct {
	once  sync.Once
	grid  sideGrid
	prior [][]float64 // metres from a segment's From to each of its vertices
}

func (g *Graph) snapper() *snapIndex {
	x := g.index
	x.once.Do(func() { x.fill(g, nil) })
	return x
}

// fill indexes the segments that keep chooses; nil takes all.
func (x *snapIndex) fill(g *Graph, keep func(*Segment) bool) {
	x.prior = make([][]float64, len(g.Segments))
	var sides []side
	for i := range g.Segments {
		if keep != nil && !keep(&g.Segments[i]) {
			continue
		}
		l := g.Segments[i].Line
		prior := make([]float64, len(l))
		for j := 1; j < len(l); j++ {
			prior[j] = prior[j-1] + geo.Distance(l[j-1], l[j])
			sides = append(sides, side{l[j-1], l[j], SegmentID(i), int32(j - 1)})
		}
		x.prior[i] = prior
	}
	x.grid = newSideGrid(sides)
}

// Snap gives the segments within maxMetres of p, whoever may use them, the
// nearest first; each segment once, at its nearest point. It is safe for
// concurrent use.
func (g *Graph) Snap(p orb.Point, maxMetres float64) []Candidate {
	return g.AppendSnap(nil, p, maxMetres)
}

// AppendSnap is Snap into memory of the caller's.
func (g *Graph) AppendSnap(dst []Candidate, p orb.Point, maxMetres float64) []Candidate {
	return g.snapper().snap(dst, p, maxMetres)
}

func (x *snapIndex) snap(dst []Candidate, p orb.Point, maxMetres float64) []Candidate {
	mx, my := metresPerDegree(p[1])
	dx, dy := maxMetres/mx, maxMetres/my
	first := len(dst)
sides:
	for s := range x.grid.search([2]float64{p[0] - dx, p[1] - dy}, [2]float64{p[0] + dx, p[1] + dy}) {
		t := nearest(p, s.a, s.b, mx, my)
		at := between(s.a, s.b, t)
		east, north := (at[0]-p[0])*mx, (at[1]-p[1])*my
		d := math.Sqrt(east*east + north*north)
		if d > maxMetres {
			continue
		}
		prior := x.prior[s.segment]
		c := Candidate{Segment: s.segment, Distance: d, Point: at, Along: prior[s.at] + t*(prior[s.at+1]-prior[s.at])}
		for i := first; i < len(dst); i++ {
			if dst[i].Segment == s.segment {
				if better(&c, &dst[i]) {
					c.head(p, s.a, s.b, mx, my)
					dst[i] = c
				}
				continue sides
			}
		}
		c.head(p, s.a, s.b, mx, my)
		dst = append(dst, c)
	}
	sortNear(dst[first:])
	return dst
}

// sortNear puts candidates in order, the nearest first. Mostly they are a few,
// which are sorted where they lie.
func sortNear(cs []Candidate) {
	if len(cs) > 24 {
		slices.SortFunc(cs, func(a, b Candidate) int {
			return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Segment, b.Segment))
		})
		return
	}
	for i := 1; i < len(cs); i++ {
		k := i
		for k > 0 && nearer(&cs[i], &cs[k-1]) {
			k--
		}
		if k < i {
			c := cs[i]
			copy(cs[k+1:i+1], cs[k:i])
			cs[k] = c
		}
	}
}

// nearer orders candidates.
func nearer(a, b *Candidate) bool {
	return a.Distance < b.Distance || a.Distance == b.Distance && a.Segment < b.Segment
}

// head fills in the direction of the side a–b, and on which hand of it p lies.
func (c *Candidate) head(p, a, b orb.Point, mx, my float64) {
	east, north := (b[0]-a[0])*mx, (b[1]-a[1])*my
	if length := math.Sqrt(east*east + north*north); length > 0 {
		c.East, c.North = east/length, north/length
	}
	c.Right = (p[0]-c.Point[0])*mx*c.North - (p[1]-c.Point[1])*my*c.East
}

// better orders two candidates on one segment independently of the grid.
func better(a, b *Candidate) bool {
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
