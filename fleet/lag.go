package fleet

import (
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// lagBounds are the upper bounds of the classes of a Lag, in seconds.
var lagBounds = [...]float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600}

// Lag counts how long something took, in classes. Many may add at once.
type Lag struct {
	classes [len(lagBounds) + 1]atomic.Uint64
	micros  atomic.Int64
}

// Add counts a duration; one below zero, of a clock that was set, as zero.
func (l *Lag) Add(d time.Duration) {
	d = max(d, 0)
	i, _ := slices.BinarySearch(lagBounds[:], d.Seconds())
	l.classes[i].Add(1)
	l.micros.Add(d.Microseconds())
}

// LagCount is what a Lag has counted: how many took at most so many seconds, all
// of them, and their sum in seconds.
type LagCount struct {
	AtMost map[float64]uint64
	Count  uint64
	Sum    float64
}

// Read gives the counts.
func (l *Lag) Read() LagCount {
	c := LagCount{AtMost: make(map[float64]uint64, len(lagBounds)), Sum: float64(l.micros.Load()) / 1e6}
	for i := range l.classes {
		c.Count += l.classes[i].Load()
		if i < len(lagBounds) {
			c.AtMost[lagBounds[i]] = c.Count
		}
	}
	return c
}

// Quantile estimates the duration in seconds that a share q of the values does
// not exceed: the bound of its class; infinite beyond the last; 0 of none.
func (c LagCount) Quantile(q float64) float64 {
	if c.Count == 0 {
		return 0
	}
	for _, b := range lagBounds {
		if float64(c.AtMost[b]) >= q*float64(c.Count) {
			return b
		}
	}
	return math.Inf(1)
}
