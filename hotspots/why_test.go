package hotspots

import (
	"math"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// The parts of a forecast add up, and say what the incidents were made of.
func TestWhy(t *testing.T) {
	loc := time.UTC
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8, .01)}, 10)
	start := time.Date(2026, 6, 1, 22, 0, 0, 0, loc)
	far, near := 0, g.Len()-1
	var ins []Incident
	for d := 1; d <= 700; d++ {
		ins = append(ins, Incident{At: start.AddDate(0, 0, -d), Point: g.Centre(far)}) // every night, the same cell
	}
	ins = append(ins, Incident{At: start.AddDate(0, 0, -1), Point: g.Centre(near)})
	s, err := Forecast(g, ins, Target{Start: start, End: start.Add(8 * time.Hour), Loc: loc})
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []int{far, near, g.Len() / 2} {
		sum := 0.0
		for _, r := range s.Why(cell) {
			if sum += r.Share; r.Share < 0 {
				t.Errorf("%+v", r)
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("cell %d: shares add up to %v", cell, sum)
		}
	}
	// The shares are those of the density itself.
	p := make([]float64, len(s.fit.mix.weights))
	s.fit.mix.densitiesAt(s.fit.slot, far, p)
	all := 0.0
	for i, w := range s.fit.mix.weights {
		all += w * p[i]
	}
	if want := s.Share[far] * float64(g.Len()); math.Abs(all-want) > 1e-9*want {
		t.Errorf("parts add up to %v, the density is %v", all, want)
	}
	if w := s.Why(near); w[len(w)-1].Because != EveryWhere {
		t.Errorf("%+v", w)
	}
	if empty, err := Forecast(g, nil, Target{Start: start, End: start.Add(8 * time.Hour)}); err != nil || len(empty.Why(0)) != 1 {
		t.Errorf("%v %v", empty, err)
	}
}

func TestTrend(t *testing.T) {
	for _, tc := range []struct{ last, before, change int }{
		{0, 0, 0}, {1, 3, 0}, {5, 5, 0}, {7, 5, 1}, {0, 8, 0}, {0, 12, -1}, {10, 30, 0}, {20, 30, 1}, {300, 300, 1}, {100, 600, -1},
	} {
		if got := trendOf(tc.last, tc.before); got.Change != tc.change {
			t.Errorf("%d after %d: %d, want %d", tc.last, tc.before, got.Change, tc.change)
		}
	}
}

func TestPastOf(t *testing.T) {
	loc := zone(t, "America/Lima")
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8, .01)}, 10)
	now := clock(t, "2026-06-01 22:00", loc)
	at := func(s string) time.Time { return clock(t, s, loc) }
	ins := []Incident{
		{At: at("2026-05-31 23:30"), Point: g.Centre(3)}, // a Sunday
		{At: at("2026-05-30 08:00"), Until: at("2026-05-30 10:30"), Point: g.Centre(3)},
		{At: at("2026-03-15 10:00"), Point: g.Centre(3)},
		{At: at("2026-05-31 23:30"), Point: g.Centre(5)},
		{At: at("2025-05-31 23:30"), Point: g.Centre(3)},
		{At: at("2026-06-01 22:30"), Point: g.Centre(3)},
	}
	p := PastOf(g, ins, 3, now, loc)
	if p.Count != 3 || p.Trend.Last != 2 || p.Trend.Before != 1 || p.Trend.Change != 0 {
		t.Errorf("%+v", p.Trend)
	}
	for _, want := range []struct {
		day, hour int
		n         float64
	}{{0, 23, 1}, {6, 8, .4}, {6, 9, .4}, {6, 10, .2}, {0, 10, 1}, {6, 11, 0}} {
		if got := p.Week[want.day][want.hour]; math.Abs(got-want.n) > 1e-9 {
			t.Errorf("day %d hour %d: %v, want %v", want.day, want.hour, got, want.n)
		}
	}
}
