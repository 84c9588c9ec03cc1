// Package sim is a simulated fleet, and simulated incidents and police presence
// on real streets, for demonstrations and tests. The fleet drives a plan of
// rounds and reports through the same door as real devices; nothing in the
// service knows that it is simulated. All of it follows from a seed: equal
// configurations give equal fixes.
//
// Units: metres, seconds, m/s, degrees [lon, lat], UTC instants.
package sim

import "time"

// Clock is a clock that runs Speedup times faster than the real one: it shows
// Start when the real clock shows Began. A service that follows a sped-up
// fleet must read this clock wherever it asks for the time, or every fix would
// come from its future.
type Clock struct {
	Start   time.Time // simulated
	Began   time.Time // real
	Speedup float64   // 0 counts as 1
}

func (c Clock) speedup() float64 {
	if c.Speedup <= 0 {
		return 1
	}
	return c.Speedup
}

// Now gives the simulated time at a real one.
func (c Clock) Now(real time.Time) time.Time {
	return c.Start.Add(time.Duration(float64(real.Sub(c.Began)) * c.speedup()))
}

// Real gives the real time at which the clock shows a simulated one.
func (c Clock) Real(simulated time.Time) time.Time {
	return c.Began.Add(time.Duration(float64(simulated.Sub(c.Start)) / c.speedup()))
}
