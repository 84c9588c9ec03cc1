package patrol

import (
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

func TestVerdictInWords(t *testing.T) {
	tests := []struct {
		name string
		v    Verdict
		want string
	}{
		{"enough", Verdict{CeilingPct: 100, ReachedPct: 100, Limit: rounds.NoLimit, Enough: []EnoughOf{{routing.Car, 10, 5, 5, 0}}},
			"with 10 cars the ceiling is 100.0 %; this plan reaches 100.0 %"},
		{"short of time", Verdict{CeilingPct: 83, ReachedPct: 82.6, Limit: rounds.TimeLimit, NeedKm: 612, CanKm: 431, Shifts: 2,
			Enough: []EnoughOf{{routing.Car, 1, 3, 3, 2}, {routing.Foot, 2, 20, 21, 19}}},
			"with 1 car and 2 units on foot the ceiling is 83.0 %; this plan reaches 82.6 %: every street takes 612 km of driving and there is time for 431 km; for 100 % it takes 2 more cars, or 19 more units on foot; in 2 shifts these can visit every street at best"},
		{"too far", Verdict{CeilingPct: 99, ReachedPct: 98, Limit: rounds.DistantLimit, TooFarKm: 4.2, Enough: []EnoughOf{{routing.Motorcycle, 2, 2, 2, 0}}},
			"with 2 motorcycles the ceiling is 99.0 %; this plan reaches 98.0 %: 4.2 km of street are too far from the bases to be visited and back in the shift"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.v.Words(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}
