// Package track makes what a map needs of the places where a unit was: the
// fixes that count, in order, thinned so that a month of one unit is small and
// still tells where it was at every instant.
//
// Lengths are metres, speeds m/s, positions lon and lat in degrees.
package track

import (
	"time"

	"github.com/paulmach/orb"
)

// Gap is how long nothing may be heard before a trail is broken: over more than
// that nobody knows which way a unit went.
const Gap = 5 * time.Minute

// Point is a place on a trail.
type Point struct {
	Time  time.Time
	Point orb.Point
	Speed float64 // highest reported since the point before; NaN: none was
	Gap   bool    // nothing is known of the way from the point before
}

// Track is where one unit was.
type Track struct {
	Unit      string
	Fixes     int     // that count, before thinning
	Doubtful  int     // left out: see fleet.Doubtful
	Tolerance float64 // how far the trail may be from a fix at that fix's instant
	Points    []Point
}
