package patrol

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/tidwall/rtree"
)

// How a drawn line is recognised as following a street: within followMetres,
// in its direction give or take followDegrees, along followShare of the street.
const (
	sampleStep    = 10.0 // metres
	followMetres  = 15.0
	followDegrees = 30.0
	followShare   = 0.6
	// followNearer: of two parallel streets, such as the carriageways of an
	// avenue, a line follows the one that is nearer by so many metres.
	followNearer = 1.0
)

// follow says that a patrol's lines run along a segment, passes times.
type follow struct {
	segment routing.SegmentID
	passes  float64
	trust   float64 // mean over the lines that follow it
}

// side is one straight piece of a police line on a plane in metres.
type side struct {
	a, b  [2]float64
	trust float64
}

// followed finds the segments that the lines of a patrol follow. The streets
// are asked, not the lines, so that a piece cut in the middle of a street, or
// drawn with other vertices than the map's, counts the same.
func followed(g *routing.Graph, group []Presence) []follow {
	var tree rtree.RTreeG[side]
	var bound orb.Bound
	var pl plane
	first := true
	for _, p := range group {
		for _, l := range linesOf(p.Geometry) {
			if first {
				bound, pl, first = l.Bound(), planeAt(l[0]), false
			}
			bound = bound.Union(l.Bound())
			for i := 1; i < len(l); i++ {
				s := side{pl.xy(l[i-1]), pl.xy(l[i]), p.Trust}
				if s.a == s.b {
					continue
				}
				tree.Insert([2]float64{min(s.a[0], s.b[0]), min(s.a[1], s.b[1])}, [2]float64{max(s.a[0], s.b[0]), max(s.a[1], s.b[1])}, s)
			}
		}
	}
	if first {
		return nil
	}
	bound = geo.BoundPad(bound, followMetres)
	var out []follow
	for i := range g.Segments {
		s := &g.Segments[i]
		if !s.Line.Bound().Intersects(bound) {
			continue
		}
		samples, covered, hits, trust := 0, 0, 0, 0.0
		oneWay := (s.Forward == 0) != (s.Backward == 0)
		alongLine(s.Line, sampleStep, func(at orb.Point, bearing float64) {
			if s.Forward == 0 {
				bearing += 180
			}
			samples++
			q := pl.xy(at)
			n := 0
			tree.Search([2]float64{q[0] - followMetres, q[1] - followMetres}, [2]float64{q[0] + followMetres, q[1] + followMetres},
				func(_, _ [2]float64, sd side) bool {
					if f, ok := sd.runsAlong(q, bearing, oneWay); ok && isNearest(g, routing.SegmentID(i), pl.at(sd, f), bearing) {
						n++
						trust += sd.trust
					}
					return true
				})
			hits += n
			if n > 0 {
				covered++
			}
		})
		if float64(covered) >= followShare*float64(samples) && hits > 0 {
			out = append(out, follow{routing.SegmentID(i), math.Max(1, math.Round(float64(hits)/float64(samples))), trust / float64(hits)})
		}
	}
	return out
}

// isNearest tells whether, of the streets that run along the bearing, none is
// nearer to p than segment s.
func isNearest(g *routing.Graph, s routing.SegmentID, p orb.Point, bearing float64) bool {
	best, own := math.Inf(1), math.Inf(1)
	for _, c := range g.Snap(p, followMetres) {
		if c.Segment == s {
			own = min(own, c.Distance)
		} else if degreesApart(c.Bearing, bearing, false) <= followDegrees {
			best = min(best, c.Distance)
		}
	}
	return own <= best+followNearer
}

// degreesApart gives the angle between two bearings, either way round unless
// oneWay.
func degreesApart(a, b float64, oneWay bool) float64 {
	d := math.Abs(math.Mod(a-b+900, 360) - 180)
	if !oneWay {
		d = min(d, 180-d)
	}
	return d
}

// runsAlong tells whether the side passes q, in the direction of the bearing,
// or, unless oneWay, against it; and where on the side, 0..1.
func (s side) runsAlong(q [2]float64, bearing float64, oneWay bool) (float64, bool) {
	dx, dy := s.b[0]-s.a[0], s.b[1]-s.a[1]
	f := ((q[0]-s.a[0])*dx + (q[1]-s.a[1])*dy) / (dx*dx + dy*dy)
	if f < 0 || f >= 1 { // the next side takes over where this one ends
		return 0, false
	}
	if math.Hypot(q[0]-s.a[0]-f*dx, q[1]-s.a[1]-f*dy) > followMetres {
		return 0, false
	}
	return f, degreesApart(math.Atan2(dx, dy)*180/math.Pi, bearing, oneWay) <= followDegrees
}

// alongLine calls yield at the middle of every piece of at most step metres of
// the line, with the bearing there in degrees clockwise from north.
func alongLine(line orb.LineString, step float64, yield func(at orb.Point, bearing float64)) {
	total := geo.Length(line)
	n := max(1, int(math.Ceil(total/step)))
	each, next, walked := total/float64(n), total/float64(n)/2, 0.0
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		d := geo.Distance(a, b)
		if d == 0 {
			continue
		}
		bearing := geo.Bearing(a, b)
		for ; next <= walked+d && n > 0; next += each {
			f := (next - walked) / d
			yield(orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}, bearing)
			n--
		}
		walked += d
	}
}

// plane is a flat map in metres around a place, good for some tens of
// kilometres.
type plane struct {
	origin orb.Point
	kx, ky float64 // metres per degree
}

func planeAt(p orb.Point) plane {
	const perDegree = orb.EarthRadius * math.Pi / 180
	return plane{p, perDegree * math.Cos(p[1]*math.Pi/180), perDegree}
}

func (pl plane) xy(p orb.Point) [2]float64 {
	return [2]float64{(p[0] - pl.origin[0]) * pl.kx, (p[1] - pl.origin[1]) * pl.ky}
}

// at gives the place a part f of the way along a side.
func (pl plane) at(s side, f float64) orb.Point {
	return orb.Point{pl.origin[0] + (s.a[0]+f*(s.b[0]-s.a[0]))/pl.kx, pl.origin[1] + (s.a[1]+f*(s.b[1]-s.a[1]))/pl.ky}
}

// distance gives the metres from p to the nearest place of the line.
func (pl plane) distance(line orb.LineString, p orb.Point) float64 {
	q, best := pl.xy(p), math.Inf(1)
	for i := range line {
		a := pl.xy(line[max(0, i-1)])
		b := pl.xy(line[i])
		dx, dy := b[0]-a[0], b[1]-a[1]
		f := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			f = min(1, max(0, ((q[0]-a[0])*dx+(q[1]-a[1])*dy)/l))
		}
		best = min(best, math.Hypot(q[0]-a[0]-f*dx, q[1]-a[1]-f*dy))
	}
	return best
}
