package main

import (
	"os"
	"strconv"
	"strings"
	"time"
)

// usedByTree is the processor time that this process and its descendants that
// live have used, as far as the system tells; zero if it does not.
func usedByTree() cpuUse {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return cpuUse{}
	}
	type process struct {
		parent int
		name   string
		used   time.Duration
	}
	all := map[int]process{}
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
		head, rest := string(stat), ""
		if end := strings.LastIndexByte(head, ')'); end >= 0 {
			head, rest = head[:end], head[end+1:]
		}
		_, name, _ := strings.Cut(head, "(")
		f := strings.Fields(rest)
		if len(f) < 14 {
			continue
		}
		parent, _ := strconv.Atoi(f[1])
		user, _ := strconv.ParseInt(f[11], 10, 64)
		system, _ := strconv.ParseInt(f[12], 10, 64)
		all[pid] = process{parent, name, time.Duration(user+system) * (time.Second / 100)} // USER_HZ
	}
	self := os.Getpid()
	var sum cpuUse
	for pid, p := range all {
		for at := pid; at > 0; at = all[at].parent {
			if at != self {
				continue
			}
			switch {
			case pid == self:
				sum.self += p.used
			case p.name == "postgres":
				sum.database += p.used
			default:
				sum.children += p.used
			}
			break
		}
	}
	return sum
}
