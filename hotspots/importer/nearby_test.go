package importer

import (
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
	"pgregory.net/rapid"
)

// TestNearby holds the search by patches against looking at every pair.
func TestNearby(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.SampledFrom([]float64{-8.1, 0, 49.25, -77}).Draw(t, "lat")
		base := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		var all []hotspots.Incident
		minute := 0
		for range rapid.IntRange(0, 60).Draw(t, "n") {
			minute += rapid.IntRange(0, 6).Draw(t, "gap")
			all = append(all, hotspots.Incident{
				Type: [3]string{rapid.SampledFrom([]string{"ROBO", "HURTO"}).Draw(t, "type")}, At: base.Add(time.Duration(minute) * time.Minute),
				Point: orb.Point{-79 + rapid.Float64Range(0, 0.006).Draw(t, "x"), lat + rapid.Float64Range(0, 0.003).Draw(t, "y")}})
		}
		n := newNearby(all)
		var kept []int
		for i := range all {
			want, twice := 0, false
			for _, j := range kept {
				if all[i].Type == all[j].Type && all[i].At.Sub(all[j].At) <= sameTime && near(all[i].Point, all[j].Point) {
					want, twice = j, true
					break
				}
			}
			if !twice {
				kept = append(kept, i)
			}
			if got, ok := n.repeated(i); ok != twice || ok && got != want {
				t.Fatalf("incident %d repeats %d (%v), by pairs %d (%v)", i, got, ok, want, twice)
			}
		}
	})
}

// TestManyAtOnce: rows of one moment, at as many places, take no time to speak of.
func TestManyAtOnce(t *testing.T) {
	all := make([]hotspots.Incident, 200_000)
	for i := range all {
		all[i].Point = orb.Point{-79 + float64(i)*0.0006, -8}
	}
	n := newNearby(all)
	for i := range all {
		if j, twice := n.repeated(i); twice {
			t.Fatalf("%d repeats %d", i, j)
		}
	}
	for k, at := range n.at {
		if len(at) > 20 {
			t.Fatalf("%v holds %d incidents", k, len(at))
		}
	}
}
