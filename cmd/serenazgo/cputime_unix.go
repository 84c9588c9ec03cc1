//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpuClock counts the processor time this process has used since it was made,
// with everything the runtime does beside.
type cpuClock struct{ from time.Duration }

func newCPUClock() cpuClock { return cpuClock{used()} }

// Seconds gives the time used since.
func (c cpuClock) Seconds() float64 { return (used() - c.from).Seconds() }

func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
