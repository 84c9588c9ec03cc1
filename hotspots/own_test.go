package hotspots

import (
	"errors"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// TestOwnRanges: the last quarter is foretold, in whole periods, and a short
// history is refused with what it has.
func TestOwnRanges(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8, .01)}, 10)
	first := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	daily := func(days, each int) (ins []Incident) {
		for d := range days {
			for range each {
				ins = append(ins, Incident{At: first.AddDate(0, 0, d), Point: g.Centre(d % g.Len())})
			}
		}
		return ins
	}
	for _, c := range []struct {
		name       string
		days, each int
		part       int // 0: refused
	}{
		{"two months", 60, 9, 0}, {"few", 150, 1, 0}, {"half a year", 180, 2, 28}, {"two years", 730, 1, 168}, {"ten years", 3650, 1, 364},
	} {
		t.Run(c.name, func(t *testing.T) {
			fit, test, err := OwnRanges(g, daily(c.days, c.each), time.UTC)
			if c.part == 0 {
				var few FewError
				if !errors.As(err, &few) || !errors.Is(err, ErrBacktest) || few.Incidents != c.days*c.each {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			end := first.AddDate(0, 0, c.days-1).Truncate(24 * time.Hour)
			if !test.To.Equal(end) || test.To.Sub(test.From) != time.Duration(c.part)*24*time.Hour || !fit.To.Equal(test.From) || fit.To.Sub(fit.From) != test.To.Sub(test.From) {
				t.Errorf("fit %s, test %s, want %d days up to %s", fit, test, c.part, end)
			}
		})
	}
	if _, _, err := OwnRanges(g, nil, time.UTC); err == nil {
		t.Error("a backtest of nothing")
	}
}
