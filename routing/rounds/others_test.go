package rounds

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWorthBesideAgainstDraws: what a visit is expected to be worth is the mean
// over shifts in which the others' passes are drawn.
func TestWorthBesideAgainstDraws(t *testing.T) {
	for _, tt := range []struct {
		name   string
		others []Pass
		since  float64
		at     float64
	}{
		{"nobody else", nil, 5000, 9000},
		{"one pass, certain", []Pass{{0, 28800, 1, 1}}, 6000, 14400},
		{"a patrol that may not come", []Pass{{0, 28800, 6, 0.5}}, 7200, 20000},
		{"a sector driven again and again", []Pass{{0, 28800, 20, 0.5}}, 9000, 20000},
		{"a patrol that is over", []Pass{{0, 3600, 4, 1}}, 9000, 12000},
		{"a patrol still to come", []Pass{{20000, 28800, 8, 1}}, 9000, 18000},
		{"two at once", []Pass{{0, 14400, 3, 0.5}, {7200, 21600, 3, 1}}, 8000, 12000},
		{"ours just before", []Pass{{0, 28800, 6, 1}}, 600, 12000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, n, sum := rand.New(rand.NewPCG(7, 7)), 100_000, 0.0
			for range n {
				age := tt.since
				for _, v := range tt.others {
					if r.Float64() >= v.Trust {
						continue
					}
					for at := v.Start; ; { // gaps of a Poisson process
						at += r.ExpFloat64() * (v.End - v.Start) / v.Expected
						if at >= v.End {
							break
						}
						if at <= tt.at {
							age = min(age, tt.at-at)
						}
					}
				}
				sum += freshness(age)
			}
			if got, want := freshnessBeside(tt.others, tt.since, tt.at), sum/float64(n); math.Abs(got-want) > 0.01 {
				t.Errorf("freshness is %.4f, drawn %.4f", got, want)
			}
		})
	}
}

// TestWorthBesideCountsTheirVisits: a street that others drove is worth less
// than one that they did not, and as much as before once none of them counts.
func TestWorthBesideCountsTheirVisits(t *testing.T) {
	over := []Pass{{Start: 0, End: 3600, Expected: 1, Trust: 1}}
	if got, want := worthBeside(over, 1, 1e6, 1e6), 0.5; math.Abs(got-want) > 1e-9 {
		t.Errorf("after one visit of ours and one of theirs, long ago: %g, want %g", got, want)
	}
	if got, want := worthBeside(nil, 2, 3600, 9000), visitValue(2, 3600); got != want {
		t.Errorf("without others: %g, want %g", got, want)
	}
	over[0].Trust = 0
	if got, want := worthBeside(over, 1, 5000, 9000), visitValue(1, 5000); math.Abs(got-want) > 1e-9 {
		t.Errorf("nobody believes in theirs: %g, want %g", got, want)
	}
}
