package patrol

import (
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// How a drawn line is recognised as following a street: within followMetres,
// in its direction give or take followDegrees, along followShare of the street.
const (
	sampleStep    = 10.0 // metres
	followMetres  = 15.0
	followDegrees = 30.0
	followShare   = 0.6
)

// follow says that a patrol's lines run along a segment, passes times.
type follow struct {
	segment routing.SegmentID
	passes  float64
	trust   float64 // mean over the lines that follow it
}

// run is what the lines of a patrol have along one segment.
type run struct {
	bins   []bool // parts of the segment, about sampleStep long, that were met
	metres float64
	trust  float64 // times metres
}

// followed finds the segments that the lines of a patrol follow, in the
// graph's order. All pieces count together, so that one cut in the middle of a
// street, or drawn with other vertices than the map's, counts the same.
func followed(g *routing.Graph, group []Presence) []follow {
	runs := map[routing.SegmentID]*run{}
	var near []routing.Candidate
	for _, p := range group {
		for _, l := range linesOf(p.Geometry) {
			length := geo.Length(l)
			metres := length / float64(pieces(length, sampleStep/2))
			alongLine(l, sampleStep/2, func(at orb.Point, bearing float64) {
				near = g.AppendSnap(near[:0], at, followMetres)
				for _, c := range near {
					if !runsAlong(g, c, bearing) {
						continue
					}
					s := &g.Segments[c.Segment]
					r := runs[c.Segment]
					if r == nil {
						r = &run{bins: make([]bool, max(1, int(s.Length/sampleStep)))}
						runs[c.Segment] = r
					}
					r.bins[min(len(r.bins)-1, int(c.Along/s.Length*float64(len(r.bins))))] = true
					r.metres += metres
					r.trust += p.Trust * metres
					return // of two parallel carriageways the nearer one
				}
			})
		}
	}
	var out []follow
	for _, id := range slices.Sorted(maps.Keys(runs)) {
		r := runs[id]
		met := 0
		for _, b := range r.bins {
			if b {
				met++
			}
		}
		if float64(met) >= followShare*float64(len(r.bins)) {
			out = append(out, follow{id, math.Max(1, math.Round(r.metres/g.Segments[id].Length)), r.trust / r.metres})
		}
	}
	return out
}

// runsAlong tells whether the bearing is that of the candidate's street, in a
// direction in which it may be driven.
func runsAlong(g *routing.Graph, c routing.Candidate, bearing float64) bool {
	s := &g.Segments[c.Segment]
	switch {
	case s.Length <= 0:
		return false
	case s.Forward == 0 && s.Backward != 0:
		return degreesApart(c.Bearing()+180, bearing, true) <= followDegrees
	case s.Backward == 0 && s.Forward != 0:
		return degreesApart(c.Bearing(), bearing, true) <= followDegrees
	}
	return degreesApart(c.Bearing(), bearing, false) <= followDegrees
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

// alongLine calls yield at the middle of every piece of at most step metres of
// the line, with the bearing there in degrees clockwise from north.
func alongLine(line orb.LineString, step float64, yield func(at orb.Point, bearing float64)) {
	total := geo.Length(line)
	n := pieces(total, step)
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

// pieces is how many pieces of at most step metres a line is cut into.
func pieces(length, step float64) int { return max(1, int(math.Ceil(length/step))) }

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
