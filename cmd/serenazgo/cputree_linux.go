package main

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// usedByTree is the processor time that this process and its descendants that
// live have used, as far as the system tells; 0 if it does not.
func usedByTree() time.Duration {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	parent, used := map[int]int{}, map[int]time.Duration{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // it has ended
		}
		// The name, in parentheses, may hold anything; after it: state, parent, …
		_, rest, _ := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
		f := strings.Fields(rest)
		if len(f) < 13 {
			continue
		}
		parent[pid], _ = strconv.Atoi(f[1])
		user, _ := strconv.ParseInt(f[11], 10, 64)
		system, _ := strconv.ParseInt(f[12], 10, 64)
		used[pid] = time.Duration(user+system) * (time.Second / 100) // USER_HZ
	}
	self := os.Getpid()
	var sum time.Duration
	for pid := range used {
		for p := pid; p > 0; p = parent[p] {
			if p == self {
				sum += used[pid]
				break
			}
		}
	}
	return sum
}
