package hotspots

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCommonLabels(t *testing.T) {
	of := func(counts ...int) (out []event) {
		for l, n := range counts {
			for range n {
				out = append(out, event{label: l, weight: 1})
			}
		}
		return out
	}
	many := []int{0}
	for n := range 20 {
		many = append(many, typeLeast+n)
	}
	for _, tc := range []struct {
		name string
		past []event
		want []int
	}{
		{"nothing", nil, nil},
		{"one type only", of(0, 500), nil},
		{"one type and what has none", of(500, 500), nil},
		{"the commonest first, rare ones not", of(900, 100, 99, 300), []int{3, 1}},
		{"equal ones in the order of their coming", of(0, 200, 200), []int{1, 2}},
		{"no more than so many", of(many...), []int{20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9}},
	} {
		if d := cmp.Diff(tc.want, commonLabels(tc.past)); d != "" {
			t.Errorf("%s: %s", tc.name, d)
		}
	}
}

// Types of family and sexual violence have no density of their own.
func TestLabelsLeaveSensitiveTypesOut(t *testing.T) {
	ls, ks := labels{}, kinds{}
	var got []int
	for _, s := range []string{"Hurto", "Violación sexual", "Robo agravado", "Violencia familiar", "Hurto"} {
		kind := [3]string{"", "", s}
		got = append(got, ls.of(kind, ks.of(kind)))
	}
	if d := cmp.Diff([]int{1, 0, 2, 0, 1}, got); d != "" {
		t.Error(d)
	}
}

// Where types have places and hours of their own, their densities foretell
// better; where the source tells no types the model is that without them, and
// the simpler one is chosen.
func TestTypesForetell(t *testing.T) {
	g, ins, target := someTown(t, 6000)
	for i, in := range ins { // each type at its own part of the day
		hour := 2
		if in.Type[2] == "Hurto" {
			hour = 12
		}
		ins[i].At = in.At.Truncate(24 * time.Hour).Add(time.Duration(hour) * time.Hour)
	}
	gains := func(ins []Incident) (shift, typed Score, chosen string) {
		b := Backtest{Grid: g, Incidents: ins, Fit: DayRange{target.Start.AddDate(-1, 0, 0), target.Start.AddDate(0, -4, 0)},
			Test: DayRange{target.Start.AddDate(0, -4, 0), target.Start.AddDate(0, 0, -1)}, Models: []string{mixShift, mixType}}
		r, err := b.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		of := func(model string) Score {
			return r.Scores[slices.IndexFunc(r.Scores, func(s Score) bool { return s.Model == model && s.Horizon == HorizonDay })]
		}
		return of(mixShift), of(mixType), r.Chosen
	}
	shift, typed, _ := gains(ins)
	t.Logf("gain a day %.4f, with types %.4f", shift.Gain, typed.Gain)
	if typed.Gain == shift.Gain {
		t.Error("the types change nothing")
	}
	if typed.Gain < shift.Gain-tie {
		t.Errorf("with types the gain is %.4f, without %.4f", typed.Gain, shift.Gain)
	}
	for i := range ins {
		ins[i].Type = [3]string{}
	}
	shift, typed, chosen := gains(ins)
	typed.Model = shift.Model
	if d := cmp.Diff(shift, typed); d != "" || chosen != mixShift {
		t.Errorf("without types they differ, chosen %s: %s", chosen, d)
	}
}
