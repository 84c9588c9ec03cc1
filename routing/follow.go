package routing

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// How a line finds its street again after an import: it is sampled, and each
// sample votes for the nearest segment that runs its way.
const (
	followStep  = 8   // metres between samples
	followNear  = 15  // metres from a sample to its segment
	followAngle = 35  // degrees between the two
	followShare = 0.6 // of a segment's length that must have votes
)

// follow gives the segments that a line follows, in the order of their numbers:
// those it covers for the most part, or, if it lies within one longer segment,
// that one.
func (g *Graph) follow(line orb.LineString) []SegmentID {
	if len(line) < 2 || !onEarth(line) {
		return nil
	}
	total := lineLength(line)
	n := int(math.Ceil(total/followStep)) + 1
	step := total / float64(n)
	votes := map[SegmentID]int{}
	var near []Candidate
	for i := range n {
		at := (float64(i) + 0.5) * step
		p := PointAlong(line, at)
		heading := lineBearing(line, at)
		near = g.AppendSnap(near[:0], p, followNear)
		for _, c := range near {
			if parallel(heading, c.Bearing()) <= followAngle {
				votes[c.Segment]++
				break
			}
		}
	}
	var found []SegmentID
	for id, v := range votes {
		if float64(v)*step >= followShare*g.Segments[id].Length {
			found = append(found, id)
		}
	}
	if len(found) == 0 {
		for id, v := range votes {
			if float64(v) >= followShare*float64(n) {
				found = append(found, id)
			}
		}
	}
	slices.Sort(found)
	return found
}

// parallel is the angle between two bearings, directions ignored: 0 to 90.
func parallel(a, b float64) float64 {
	d := math.Mod(math.Abs(a-b), 180)
	return min(d, 180-d)
}

func lineLength(l orb.LineString) float64 { return geo.Length(l) }

// lineBearing is the bearing of a line at a number of metres from its beginning.
func lineBearing(l orb.LineString, at float64) float64 {
	i := 1
	for ; i < len(l)-1; i++ {
		d := geo.Distance(l[i-1], l[i])
		if at <= d && d > 0 {
			break
		}
		at -= d
	}
	mx, my := metresPerDegree(l[i][1])
	return bearing(l[i-1], l[i], mx, my)
}

// distanceTo gives how far along a line its point nearest to p lies, and how
// far p is from it, in metres.
func distanceTo(l orb.LineString, p orb.Point) (along, distance float64) {
	mx, my := metresPerDegree(p[1])
	distance = math.Inf(1)
	prior := 0.0
	for i := 0; i+1 < len(l); i++ {
		t := nearest(p, l[i], l[i+1], mx, my)
		at := between(l[i], l[i+1], t)
		length := geo.Distance(l[i], l[i+1])
		if d := math.Hypot((at[0]-p[0])*mx, (at[1]-p[1])*my); d < distance {
			along, distance = prior+t*length, d
		}
		prior += length
	}
	return along, distance
}

func onEarth(l orb.LineString) bool {
	for _, p := range l {
		if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) {
			return false
		}
	}
	return true
}
