package hotspots

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestChoose(t *testing.T) {
	share := []float64{0.1, 0.4, 0.2, 0.3, 0}
	all := func(int) bool { return true }
	tests := []struct {
		name             string
		waited           []int
		k                int
		explore          float64
		usable           func(int) bool
		chosen, explored []int
	}{
		{"the forecast alone", nil, 3, 0, all, []int{1, 3, 2}, nil},
		{"one by its waiting", []int{0, 9, 5, 9, 7}, 3, 0.4, all, []int{1, 3}, []int{4}},
		{"too few to explore", []int{0, 0, 0, 0, 9}, 4, 0.2, all, []int{1, 3, 2, 0}, nil},
		{"not all can be used", []int{0, 0, 0, 0, 9}, 2, 0.5, func(i int) bool { return i != 1 && i != 4 }, []int{3}, nil},
		{"more than there are", nil, 9, 0, all, []int{1, 3, 2, 0, 4}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			chosen, explored := Choose(share, tt.waited, tt.k, tt.explore, 7, tt.usable)
			if d := cmp.Diff(tt.chosen, chosen); d != "" {
				t.Error(d)
			}
			if tt.explored != nil {
				if d := cmp.Diff(tt.explored, explored); d != "" {
					t.Error(d)
				}
			}
		})
	}
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(r, "cells")
		share, waited := make([]float64, n), make([]int, n)
		for i := range share {
			share[i], waited[i] = rapid.Float64Range(0, 1).Draw(r, "share"), rapid.IntRange(0, 3).Draw(r, "waited")
		}
		k, part := rapid.IntRange(0, 50).Draw(r, "k"), rapid.Float64Range(0, 1).Draw(r, "explore")
		chosen, explored := Choose(share, waited, k, part, 1, all)
		both := slices.Concat(chosen, explored)
		slices.Sort(both)
		if len(both) != min(k, n) && len(chosen)+len(explored) != n || len(slices.Compact(both)) != len(chosen)+len(explored) || len(explored) > int(part*float64(k)) {
			r.Fatalf("%d of %d cells: %v and %v", k, n, chosen, explored)
		}
	})
}

// loop is a district whose record steers the patrols that make the record.
type loop struct {
	grid         *Grid
	rate         []float64 // true incidents a day, by cell
	over         []bool    // cells whose past was recorded twice as much
	patrolWeight float64
	explore      float64
}

// outcome is what became of a loop.
type outcome struct {
	bias    float64 // forecast of the over-recorded cells over their true part
	visited float64 // cells that a patrol looked at in the last eight weeks
	caught  float64 // true incidents in patrolled cells over those of the best cells
}

// run walks through the days after three months of skewed record. Half of what happens
// is reported by somebody; of the rest a patrol finds the half where it is.
func (l loop) run(t *testing.T, days int, seed uint64) outcome {
	t.Helper()
	const history, every, part = 90, 365, 15
	r := rand.New(rand.NewPCG(seed, 12))
	start := time.Date(2024, 1, 1, 6, 0, 0, 0, time.UTC)
	n := l.grid.Len()
	var ins []Incident
	draw := func(day, cell int, p float64, origin Origin) {
		if r.Float64() < p {
			ins = append(ins, Incident{At: start.AddDate(0, 0, day).Add(time.Duration(r.IntN(24*3600)) * time.Second), Point: l.grid.Centre(cell), Origin: origin})
		}
	}
	for day := -history; day < 0; day++ {
		for i, rate := range l.rate {
			p := rate / 2
			if l.over[i] {
				p *= 2
			}
			draw(day, i, p, OriginCall)
		}
	}
	waited, last := make([]int, n), make([]int, n)
	for i := range last {
		last[i] = -1000
	}
	best := slices.Clone(l.rate)
	slices.SortFunc(best, func(a, b float64) int {
		if a > b {
			return -1
		}
		return 1
	})
	var out outcome
	var share []float64
	caught, could := 0.0, 0.0
	forecast := func(day int) {
		at := start.AddDate(0, 0, day)
		s, err := Forecast(l.grid, ins, Target{Start: at, End: at.AddDate(0, 0, 1), Loc: time.UTC, PatrolWeight: l.patrolWeight})
		if err != nil {
			t.Fatal(err)
		}
		share = s.Share
	}
	for day := range days {
		if day%every == 0 {
			forecast(day)
		}
		chosen, explored := Choose(share, waited, part, l.explore, uint64(day), func(int) bool { return true })
		for i := range waited {
			waited[i]++
		}
		patrolled := make([]bool, n)
		for _, i := range slices.Concat(chosen, explored) {
			patrolled[i], waited[i], last[i] = true, 0, day
		}
		for i, rate := range l.rate {
			draw(day, i, rate/2, OriginCall)
			if patrolled[i] {
				draw(day, i, rate/4, OriginPatrol)
				caught += rate
			}
		}
		for _, rate := range best[:part] {
			could += rate
		}
	}
	forecast(days)
	mine, yours, truth, all := 0.0, 0.0, 0.0, 0.0
	for i := range share {
		all += l.rate[i]
		yours += share[i]
		if l.over[i] {
			mine += share[i]
			truth += l.rate[i]
		}
		if last[i] >= days-56 {
			out.visited += 1 / float64(n)
		}
	}
	out.bias = (mine / yours) / (truth / all)
	out.caught = caught / could
	return out
}

// TestPatrolsDoNotConfirmThemselves: half of 148 cells were recorded twice as
// much for three months. After two years of patrols by the forecast the skew is gone and
// nearly every cell was looked at, if patrols' own finds do not count and a part
// of the stops goes where nobody was; else not.
func TestPatrolsDoNotConfirmThemselves(t *testing.T) {
	west := orb.MultiPolygon{{{{-87.735, 41.85}, {-87.735, 41.8915}, {-87.6936, 41.8915}, {-87.6936, 41.85}, {-87.735, 41.85}}}}
	g, err := NewGrid(west, 9)
	if err != nil {
		t.Fatal(err)
	}
	if g.Len() != 148 {
		t.Fatalf("%d cells", g.Len())
	}
	r := rand.New(rand.NewPCG(5, 6))
	l := loop{grid: g, rate: make([]float64, g.Len()), over: make([]bool, g.Len())}
	for i := range l.rate {
		l.rate[i] = 0.01 + 0.09*r.ExpFloat64()*r.ExpFloat64()
		l.rate[i] = min(0.5, l.rate[i])
		l.over[i] = i%2 == 0
	}
	r.Shuffle(len(l.over), func(i, j int) { l.over[i], l.over[j] = l.over[j], l.over[i] })
	fair := l
	fair.explore = DefaultExplore
	// One run's bias differs from another's by ±.016 by chance, that of eight
	// together by a third of it.
	const runs = 8
	var got outcome
	for seed := range uint64(runs) {
		o := fair.run(t, 730, seed)
		t.Logf("%d cells; with the floor: bias %.3f, %.0f %% visited, %.2f of the risk caught", g.Len(), o.bias, 100*o.visited, o.caught)
		got.bias, got.visited, got.caught = got.bias+o.bias/runs, got.visited+o.visited/runs, got.caught+o.caught/runs
	}
	t.Logf("mean: bias %.3f, %.0f %% visited, %.2f of the risk caught", got.bias, 100*got.visited, got.caught)
	if got.bias > 1.05 || got.bias < 0.95 {
		t.Errorf("bias %.3f, want 0.95 to 1.05", got.bias)
	}
	if got.visited < 0.75 {
		t.Errorf("%.0f %% of the cells visited, want at least 75 %%", 100*got.visited)
	}
	if got.caught < 0.7 {
		t.Errorf("%.2f of the risk caught: the price of exploring is too high", got.caught)
	}
	blind := l
	blind.patrolWeight = 1
	worse := blind.run(t, 730, 0)
	t.Logf("finds of patrols counted, no floor: bias %.3f, %.0f %% visited, %.2f caught", worse.bias, 100*worse.visited, worse.caught)
	// The cells that are looked at tell the two apart; two years let the bias of both fade.
	if worse.visited > 0.4 || worse.visited >= got.visited {
		t.Errorf("without the floor %.0f %% of the cells are visited: the simulation shows nothing", 100*worse.visited)
	}
}
