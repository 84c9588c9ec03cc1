package hotspots

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func clock(t testing.TB, s string, loc *time.Location) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSlots(t *testing.T) {
	lima := zone(t, "America/Lima")
	madrid := zone(t, "Europe/Madrid")
	for _, tc := range []struct {
		name       string
		loc        *time.Location
		start, end string
		perDay     int
		same       [][2]string // pairs in one slot
		apart      [][2]string // pairs a day apart
		others     [][2]string // pairs of different kinds
	}{
		{"night", lima, "2026-11-21 22:00", "2026-11-22 06:00", 3,
			[][2]string{{"2026-11-21 22:00", "2026-11-22 05:59"}, {"2026-11-21 06:00", "2026-11-21 13:59"}},
			[][2]string{{"2026-11-21 23:00", "2026-11-22 22:00"}, {"2026-11-22 05:59", "2026-11-23 00:00"}},
			[][2]string{{"2026-11-21 21:59", "2026-11-21 22:00"}, {"2026-11-22 05:59", "2026-11-22 06:00"}}},
		{"twelve hours", lima, "2026-11-21 19:00", "2026-11-22 07:00", 2,
			[][2]string{{"2026-11-21 19:00", "2026-11-22 06:59"}}, [][2]string{{"2026-11-21 07:00", "2026-11-22 18:59"}}, [][2]string{{"2026-11-21 18:59", "2026-11-21 19:00"}}},
		{"a whole day", lima, "2026-11-21 06:00", "2026-11-22 06:00", 1,
			[][2]string{{"2026-11-21 06:00", "2026-11-22 05:59"}}, [][2]string{{"2026-11-21 06:00", "2026-11-22 06:00"}}, nil},
		{"two hours", lima, "2026-11-21 23:00", "2026-11-22 01:00", 6,
			[][2]string{{"2026-11-21 23:00", "2026-11-22 00:59"}}, [][2]string{{"2026-11-21 23:30", "2026-11-23 00:30"}}, [][2]string{{"2026-11-22 00:59", "2026-11-22 01:00"}}},
		{"clocks go forward in the night", madrid, "2026-03-28 22:00", "2026-03-29 06:00", 3,
			[][2]string{{"2026-03-28 22:00", "2026-03-29 05:59"}}, [][2]string{{"2026-03-27 22:00", "2026-03-29 04:00"}}, [][2]string{{"2026-03-29 05:59", "2026-03-29 06:00"}}},
		{"clocks go back in the night", madrid, "2026-10-24 22:00", "2026-10-25 06:00", 3,
			[][2]string{{"2026-10-24 22:00", "2026-10-25 05:59"}}, [][2]string{{"2026-10-24 22:00", "2026-10-26 04:00"}}, [][2]string{{"2026-10-25 05:59", "2026-10-25 06:00"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newSlotting(clock(t, tc.start, tc.loc), clock(t, tc.end, tc.loc), tc.loc)
			at := func(x string) int { return s.at(clock(t, x, tc.loc)) }
			if s.perDay() != tc.perDay {
				t.Fatalf("%d slots a day, want %d (%v)", s.perDay(), tc.perDay, s)
			}
			for _, p := range tc.same {
				if at(p[0]) != at(p[1]) {
					t.Errorf("%v: slots %d and %d", p, at(p[0]), at(p[1]))
				}
			}
			for _, p := range tc.apart {
				if d := at(p[1]) - at(p[0]); d != s.perDay() && d != 2*s.perDay() || s.kind(at(p[0])) != s.kind(at(p[1])) {
					t.Errorf("%v: slots %d and %d", p, at(p[0]), at(p[1]))
				}
			}
			for _, p := range tc.others {
				if at(p[1]) != at(p[0])+1 || s.perDay() > 1 && s.kind(at(p[0])) == s.kind(at(p[1])) {
					t.Errorf("%v: slots %d and %d", p, at(p[0]), at(p[1]))
				}
			}
		})
	}
}

func TestWeekendSlots(t *testing.T) {
	loc := zone(t, "America/Lima")
	s := newSlotting(clock(t, "2026-11-21 22:00", loc), clock(t, "2026-11-22 06:00", loc), loc)
	for when, want := range map[string]bool{
		"2026-11-20 12:00": false, "2026-11-20 21:00": false, // Friday before 22:00
		"2026-11-20 23:00": true, "2026-11-21 03:00": true, // Friday night
		"2026-11-21 12:00": true, "2026-11-21 23:00": true, "2026-11-22 21:00": true,
		"2026-11-22 23:00": false, "2026-11-23 03:00": false, // Sunday night
	} {
		if got := s.weekend(s.at(clock(t, when, loc))); got != want {
			t.Errorf("%s: weekend %v, want %v", when, got, want)
		}
	}
}

// Spreading must neither lose nor make events, whatever the shape of the grid.
func TestKernelConservesTotal(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8.07, 0.012), box(-78.95, -8.05, 0.004)}, 10)
	rapid.Check(t, func(t *rapid.T) {
		k := newKernel(g, rapid.SampledFrom([]float64{0, 20, 150, 300, 600, 3000}).Draw(t, "sigma"))
		x := make([]float64, g.Len())
		want := 0.0
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			v := rapid.Float64Range(0, 10).Draw(t, "weight")
			x[rapid.IntRange(0, g.Len()-1).Draw(t, "cell")] += v
			want += v
		}
		got := 0.0
		for _, v := range k.spread(x) {
			if v < 0 {
				t.Fatal("negative density")
			}
			got += v
		}
		if math.Abs(got-want) > 1e-9*(1+want) {
			t.Fatalf("total %v after spreading, was %v", got, want)
		}
	})
}

// The lazily decayed, smoothed densities against their definition.
func TestMixtureAgainstDefinition(t *testing.T) {
	g := mustGrid(t, orb.MultiPolygon{box(-79, -8.07, 0.006)}, 10)
	loc := time.UTC
	slots := newSlotting(day("2026-01-01").Add(22*time.Hour), day("2026-01-02").Add(6*time.Hour), loc)
	rapid.Check(t, func(t *rapid.T) {
		memories := mixtureMemories()
		m := newMixture(g, slots, memories, mixtureSigmas)
		var events []event
		slot := slots.at(day("2020-01-01"))
		for range rapid.IntRange(1, 30).Draw(t, "events") {
			slot += rapid.IntRange(0, 1500).Draw(t, "gap")
			events = append(events, event{slot: slot, cell: rapid.IntRange(0, g.Len()-1).Draw(t, "cell"), weight: 1})
			m.bank.add(events[len(events)-1])
		}
		slot += rapid.IntRange(1, 9).Draw(t, "ahead")
		sum := 0.0
		for i := range m.weights {
			m.weights[i] = rapid.Float64Range(0, 1).Draw(t, "w")
			sum += m.weights[i]
		}
		if sum == 0 {
			return
		}
		for i := range m.weights {
			m.weights[i] /= sum
		}
		want := make([]float64, g.Len())
		for c := range want {
			want[c] = m.weights[len(m.weights)-1] / float64(g.Len())
		}
		for mi, mem := range memories {
			for ki, sigma := range mixtureSigmas {
				w := m.weights[mi*len(mixtureSigmas)+ki]
				total := 0.0
				dens := make([]float64, g.Len())
				for _, e := range events {
					if mem.scope != everyEvent && slots.kind(e.slot) != slots.kind(slot) ||
						mem.scope == sameSlotAndWeekend && slots.weekend(e.slot) != slots.weekend(slot) {
						continue
					}
					a := math.Exp2(-(slots.days(slot) - slots.days(e.slot)) / mem.halfLife)
					total += a
					around := map[int]float64{}
					norm := 0.0
					rings := max(1, int(math.Ceil(3*sigma/g.Spacing())))
					if sigma == 0 {
						rings = 0
					}
					disk, err := g.Cell(e.cell).Disk(rings)
					if err != nil {
						t.Fatal(err)
					}
					for n, c := range disk {
						j, ok := g.Index(c)
						if !ok {
							continue
						}
						ring := 0 // disk(r) has 1+3r(r+1) cells
						for 1+3*ring*(ring+1) <= n {
							ring++
						}
						v := 1.0
						if sigma > 0 {
							d := float64(ring) * g.Spacing() / sigma
							v = math.Exp(-d * d / 2)
						}
						around[j] = v
						norm += v
					}
					for j, v := range around {
						dens[j] += a * v / norm
					}
				}
				for c := range want {
					if total > 1e-290 {
						want[c] += w * dens[c] / total
					} else {
						want[c] += w / float64(g.Len())
					}
				}
			}
		}
		got := m.density(slot)
		p := make([]float64, len(m.weights))
		sum = 0
		for c := range got {
			sum += got[c]
			if math.Abs(got[c]-want[c]) > 1e-9 {
				t.Fatalf("cell %d: density %v, want %v", c, got[c], want[c])
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the density adds up to %v", sum)
		}
		c := rapid.IntRange(0, g.Len()-1).Draw(t, "asked")
		m.densitiesAt(slot, c, p)
		at, empty := 0.0, 0.0
		for i, v := range p {
			at += m.weights[i] * v
			if i < len(p)-1 && m.bank.total[m.bank.row(i/len(mixtureSigmas), slot)] == 0 {
				empty += m.weights[i] // density spreads these evenly
			}
		}
		if n := float64(g.Len()); math.Abs((at+empty)/n-got[c]) > 1e-9 {
			t.Fatalf("density at cell %d alone is %v, over all cells %v", c, (at+empty)/n, got[c])
		}
	})
}

// town gives n incidents about two places, more at night.
func town(seed uint64, n int, loc *time.Location) (orb.MultiPolygon, []Incident) {
	rng := rand.New(rand.NewPCG(seed, 9))
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, loc)
	var out []Incident
	for i := range n {
		hot := orb.Point{-79.005, -8.075}
		if i%4 == 0 {
			hot = orb.Point{-78.99, -8.06}
		}
		h := 24 * rng.Float64()
		if rng.Float64() < 0.5 {
			h = 22 + 6*rng.Float64()
		}
		out = append(out, Incident{
			At:    start.Add(time.Duration((float64(rng.IntN(600))*24 + h) * float64(time.Hour))),
			Point: orb.Point{hot[0] + 0.003*rng.NormFloat64(), hot[1] + 0.003*rng.NormFloat64()},
		})
	}
	return orb.MultiPolygon{box(-79, -8.07, 0.02)}, out
}

func TestForecastModels(t *testing.T) {
	loc := zone(t, "America/Lima")
	target := Target{Start: clock(t, "2026-08-28 22:00", loc), End: clock(t, "2026-08-29 06:00", loc), Loc: loc}
	for n, model := range map[int]string{0: "uniform", 1: "kde", 150: "kde", 3000: "mix_shift"} {
		boundary, incidents := town(1, n, loc)
		g := mustGrid(t, boundary, 10)
		s, err := Forecast(g, incidents, target)
		if err != nil {
			t.Fatal(err)
		}
		if s.Model != model || s.Sample > n || s.Sample < n*9/10 {
			t.Errorf("%d incidents: model %s on %d, want %s", n, s.Model, s.Sample, model)
		}
		share, expected := 0.0, 0.0
		for i := range s.Share {
			if !(s.Share[i] > 0) {
				t.Fatalf("%d incidents: cell %d has share %v", n, i, s.Share[i])
			}
			share += s.Share[i]
			expected += s.Expected[i]
		}
		if math.Abs(share-1) > 1e-9 || math.Abs(expected-s.Total) > 1e-9*(1+s.Total) {
			t.Errorf("%d incidents: shares add up to %v, expected %v of %v", n, share, expected, s.Total)
		}
		// Half of all, and the hours' part of the rest, fall into the night.
		if want := float64(n) / 600 * (0.5 + 0.5/3); n > 100 && math.Abs(s.Total-want) > 0.25*want+0.05 {
			t.Errorf("%d incidents: %v expected in the night, want about %v", n, s.Total, want)
		}
		if n < 100 {
			continue
		}
		top := s.Ranked(5)
		for i, r := range top {
			if r.Rank != i+1 || r.Cell != g.Cell(r.Index) || i > 0 && r.Expected > top[i-1].Expected {
				t.Fatalf("ranked %+v", top)
			}
			if p := g.Centre(r.Index); math.Hypot(p[0]+79.005, p[1]+8.075) > 0.006 {
				t.Errorf("%d incidents: rank %d is at %v, far from the hot place", n, r.Rank, p)
			}
		}
	}
}

func TestForecastUsesOnlyWhatWasKnown(t *testing.T) {
	loc := zone(t, "America/Lima")
	boundary, incidents := town(2, 2000, loc)
	g := mustGrid(t, boundary, 10)
	target := Target{Start: clock(t, "2026-05-01 22:00", loc), End: clock(t, "2026-05-02 06:00", loc), Loc: loc}
	base, err := Forecast(g, incidents, target)
	if err != nil {
		t.Fatal(err)
	}
	quiet := g.Centre(0)
	more := append([]Incident(nil), incidents...)
	for i := range 500 {
		at := target.Start.Add(-time.Duration(i+1) * time.Minute)
		more = append(more,
			Incident{At: target.Start.Add(time.Duration(i) * time.Minute), Point: quiet},         // later
			Incident{At: at, Known: target.Start.Add(time.Hour), Point: quiet},                   // not known yet
			Incident{At: at, Point: orb.Point{-78.5, -8.5}},                                      // elsewhere
			Incident{At: at, Point: orb.Point{-79, 512}},                                         // nowhere
			Incident{At: at, Point: quiet, Origin: OriginPatrol, Known: at.Add(time.Nanosecond)}, // found by a patrol
		)
	}
	rand.New(rand.NewPCG(3, 3)).Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
	got, err := Forecast(g, more, target)
	if err != nil {
		t.Fatal(err)
	}
	for i := range base.Share {
		if math.Abs(got.Share[i]-base.Share[i]) > 1e-9 {
			t.Fatalf("cell %d: share %v, was %v without what may not count", i, got.Share[i], base.Share[i])
		}
	}
	if got.Sample != base.Sample || math.Abs(got.Total-base.Total) > 1e-9 {
		t.Fatalf("sample %d and total %v, were %d and %v", got.Sample, got.Total, base.Sample, base.Total)
	}
	if d := got.Count90[0] - base.Count90[0]; d != 500 {
		t.Errorf("%d more counted in the cell, want the 500 that patrols found", d)
	}
	target.PatrolWeight = 1
	if got, err = Forecast(g, more, target); err != nil || got.Share[0] < 10*base.Share[0] {
		t.Errorf("with weight 1 the patrols' cell has share %v, %v", got.Share[0], err)
	}
}

func TestForecastRefusesEmptyWindow(t *testing.T) {
	boundary, incidents := town(1, 10, time.UTC)
	g := mustGrid(t, boundary, 9)
	at := day("2026-01-01")
	if _, err := Forecast(g, incidents, Target{Start: at, End: at}); !errors.Is(err, ErrTarget) {
		t.Fatal(err)
	}
}

func TestRankedTiesKeepTheGridsOrder(t *testing.T) {
	boundary, _ := town(1, 0, time.UTC)
	g := mustGrid(t, boundary, 9)
	s, err := Forecast(g, nil, Target{Start: day("2026-01-01"), End: day("2026-01-02")})
	if err != nil {
		t.Fatal(err)
	}
	var got, want []int
	for i, r := range s.Ranked(-1) {
		got, want = append(got, r.Index), append(want, i)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
}

func BenchmarkForecast(b *testing.B) {
	boundary, incidents := town(1, 6000, time.UTC)
	g := mustGrid(b, boundary, 10)
	target := Target{Start: day("2026-08-28").Add(22 * time.Hour), End: day("2026-08-29").Add(6 * time.Hour)}
	for b.Loop() {
		if _, err := Forecast(g, incidents, target); err != nil {
			b.Fatal(err)
		}
	}
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}
