//go:build !race

package osm

const raceDetector = false
