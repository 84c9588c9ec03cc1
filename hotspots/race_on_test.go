//go:build race

package hotspots

// raceOn: the race detector makes long tests far longer.
const raceOn = true
