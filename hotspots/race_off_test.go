//go:build !race

package hotspots

const raceOn = false
