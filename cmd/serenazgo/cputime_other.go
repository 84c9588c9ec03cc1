//go:build !unix

package main

import "time"

// cpuClock counts the time since it was made: this system does not tell the
// processor time in the same way.
type cpuClock struct{ from time.Time }

func newCPUClock() cpuClock { return cpuClock{time.Now()} }

// Seconds gives the time since.
func (c cpuClock) Seconds() float64 { return time.Since(c.from).Seconds() }
