package hotspots

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// An interval's parts add up to one and are what minute by minute counting gives.
func TestSlotsOverInterval(t *testing.T) {
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	night := time.Date(2026, 11, 21, 22, 0, 0, 0, loc)
	s := newSlotting(night, night.Add(8*time.Hour), loc)
	rapid.Check(t, func(t *rapid.T) {
		from := night.Add(time.Duration(rapid.IntRange(-5000, 5000).Draw(t, "from")) * time.Minute)
		length := rapid.IntRange(0, 4000).Draw(t, "minutes")
		until := from.Add(time.Duration(length) * time.Minute)
		want := map[int]float64{}
		for m := range length {
			want[s.at(from.Add(time.Duration(m)*time.Minute))] += 1 / float64(length)
		}
		if length == 0 {
			want[s.at(from)] = 1
		}
		got := map[int]float64{}
		s.over(from, until, func(slot int, part float64) { got[slot] += part })
		for slot := range want {
			if math.Abs(got[slot]-want[slot]) > 1e-6 {
				t.Fatalf("slot %d has %v, want %v", slot, got[slot], want[slot])
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%d slots, want %d", len(got), len(want))
		}
	})
}

// A theft some time in the day counts for the shifts of that day, and no more
// than any other.
func TestForecastOfIntervals(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8, .01)}, 10)
	loc := time.UTC
	start := time.Date(2026, 3, 1, 22, 0, 0, 0, loc)
	var exact, vague []Incident
	for d := range 100 {
		at := start.AddDate(0, 0, -d-1).Add(-14 * time.Hour) // 08:00
		in := Incident{At: at, Point: g.Centre(d % g.Len())}
		exact = append(exact, in)
		in.Until = at.Add(10 * time.Hour) // six of them in the morning shift, four in the next
		vague = append(vague, in)
	}
	for name, want := range map[string][2]float64{"22": {0, 0}, "06": {1, .6}, "14": {0, .4}} {
		hour := map[string]int{"22": 22, "06": 6, "14": 14}[name]
		from := time.Date(2026, 3, 2, hour, 0, 0, 0, loc)
		for i, ins := range [][]Incident{exact, vague} {
			s, err := Forecast(g, ins, Target{Start: from, End: from.Add(8 * time.Hour), Loc: loc})
			if err != nil {
				t.Fatal(err)
			}
			if s.Sample != 100 || math.Abs(s.Total-want[i]) > .05 {
				t.Errorf("shift from %s: %.2f expected from %d incidents, want %.2f", name, s.Total, s.Sample, want[i])
			}
		}
	}
}
