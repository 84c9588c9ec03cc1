package patrol

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestHabit(t *testing.T) {
	start := time.Date(2026, 11, 21, 22, 0, 0, 0, time.UTC)
	shift := Span{start, start.Add(2 * time.Hour)} // four half-hours
	day := func(slots ...int) Plan {
		var r Round
		for _, s := range slots {
			r.Legs = append(r.Legs, Leg{Kind: Service, Segment: "a", End: start.Add(time.Duration(s)*habitSlot + time.Minute)})
		}
		return Plan{Rounds: []Round{r}}
	}
	tests := []struct {
		name             string
		days             []Plan
		jaccard, entropy float64
	}{
		{"always the same", []Plan{day(1), day(1), day(1)}, 1, 0},
		{"never the same", []Plan{day(0), day(1), day(2), day(3)}, 0, 100},
		{"half of it", []Plan{day(0, 1), day(1, 2)}, 1.0 / 3, 75},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var h Habit
			for _, p := range tt.days {
				h.Add(p, shift)
			}
			f := h.Figures(len(tt.days))
			if d := f.JaccardMean - tt.jaccard; d > 0.001 || d < -0.001 || f.EntropyPct != tt.entropy {
				t.Errorf("Jaccard %g, entropy %g %%; want %g and %g %%", f.JaccardMean, f.EntropyPct, tt.jaccard, tt.entropy)
			}
		})
	}
}

// TestChancePartAgainstDraws: what arrivals drawn evenly over some half-hours
// add to the entropy of all.
func TestChancePartAgainstDraws(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, tt := range []struct{ n, slots, all int }{{1, 1, 1}, {3, 1, 5}, {1, 4, 1}, {2, 4, 2}, {7, 4, 7}, {7, 4, 12}, {30, 16, 30}, {12, 6, 40}} {
		sum, draws := 0.0, 20_000
		for range draws {
			row := make([]float64, tt.slots)
			for range tt.n {
				row[r.IntN(tt.slots)]++
			}
			for _, c := range row {
				if p := c / float64(tt.all); p > 0 {
					sum -= p * math.Log(p)
				}
			}
		}
		if got, want := chancePart(tt.n, tt.slots, tt.all), sum/float64(draws); math.Abs(got-want) > 0.01 {
			t.Errorf("%d of %d arrivals over %d half-hours: %.4f, drawn %.4f", tt.n, tt.all, tt.slots, got, want)
		}
	}
}

// TestHabitKnowsThePhases: where streets are covered in the first half-hour and
// never again, no entropy is to be had.
func TestHabitKnowsThePhases(t *testing.T) {
	start := time.Date(2026, 11, 21, 22, 0, 0, 0, time.UTC)
	var h Habit
	for range 5 {
		h.Add(Plan{Rounds: []Round{{Legs: []Leg{{Kind: Service, Segment: "a", End: start.Add(time.Minute)}}}}}, Span{start, start.Add(2 * time.Hour)})
	}
	if f := h.Figures(5); f.EntropyPhasesPct != 0 || !(f.EntropyChancePct > 50) {
		t.Errorf("entropy by chance is %g %%, and %g %% with streets covered first", f.EntropyChancePct, f.EntropyPhasesPct)
	}
}
