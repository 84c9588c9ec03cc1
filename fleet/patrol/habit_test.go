package patrol

import (
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
