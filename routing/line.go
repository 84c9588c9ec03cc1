package routing

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// PointAlong is the point at a number of metres from the line's beginning; the
// line's end if it is shorter.
func PointAlong(l orb.LineString, metres float64) orb.Point {
	for i := 0; i+1 < len(l); i++ {
		d := geo.Distance(l[i], l[i+1])
		if metres <= d && d > 0 {
			return between(l[i], l[i+1], max(metres, 0)/d)
		}
		metres -= d
	}
	return l[len(l)-1]
}

// Cut gives the part of a line between two distances from its beginning, in
// metres, from ≤ to. The vertices between them are kept.
func Cut(l orb.LineString, from, to float64) orb.LineString {
	out := orb.LineString{PointAlong(l, from)}
	at := 0.0
	for i := 1; i < len(l); i++ {
		at += geo.Distance(l[i-1], l[i])
		if at > from && at < to {
			out = append(out, l[i])
		}
	}
	return append(out, PointAlong(l, to))
}
