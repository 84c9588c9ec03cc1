//go:build race

package osm

const raceDetector = true
