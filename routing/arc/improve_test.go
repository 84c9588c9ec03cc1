package arc

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// town makes a problem on a grid of streets, every street a task.
func town(t testing.TB, rows, columns int, units []Unit, objective Objective, skip int64) *Problem {
	t.Helper()
	var roads []Road
	p := &Problem{Objective: objective, Units: units}
	street := func(a, b int) {
		c := int32(50 + (a*7+b*13)%50)
		x, y := int32(a), int32(b)
		roads = append(roads, Road{x, y, c}, Road{y, x, c})
		p.Tasks = append(p.Tasks, Task{Ways: []Way{{x, y, c}, {y, x, c}}, Demand: 1, Skip: skip})
	}
	places := make([]int32, rows*columns)
	for i := range rows {
		for j := range columns {
			n := i*columns + j
			places[n] = int32(n)
			if j+1 < columns {
				street(n, n+1)
			}
			if i+1 < rows {
				street(n, n+columns)
			}
		}
	}
	g, err := NewRoads(rows*columns, roads)
	if err != nil {
		t.Fatal(err)
	}
	if p.Distances, err = g.Matrix(places); err != nil {
		t.Fatal(err)
	}
	if len(p.Tasks) > wholeTasks {
		p.Distances = newSparse(g, places)
	}
	return p
}

// TestImproveIsRepeatable: the same seed and number of steps give the same plan,
// whole or by windows, in one thread or two.
func TestImproveIsRepeatable(t *testing.T) {
	for _, c := range []struct {
		name    string
		rows    int
		units   []Unit
		goal    Objective
		skip    int64
		threads int
	}{
		{"whole", 5, []Unit{{Capacity: 12}}, Total, 0, 1},
		{"whole, two threads", 5, []Unit{{Capacity: 12}}, Total, 0, 2},
		{"longest of three", 5, []Unit{{Count: 3}}, Longest, 0, 2},
		{"windows, longest", 24, []Unit{{Count: 6}}, Longest, 0, 1},
		{"moves and windows, not enough units", 24, []Unit{{Count: 4, Limit: 15000}, {Count: 2, Start: 9, End: 9, Rate: 0.5, Limit: 9000}}, Total, 1000, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := town(t, c.rows, c.rows, c.units, c.goal, c.skip)
			cfg := Config{Seed: 5, Iterations: 400, Threads: c.threads}
			a, err := Improve(t.Context(), p, Plan{}, cfg)
			if err != nil {
				t.Fatal(err)
			}
			verify(t, p, a)
			b, err := Improve(t.Context(), p, Plan{}, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("two runs differ:\n%s", diff)
			}
			if len(p.Tasks) > wholeTasks {
				return
			}
			// A start is never made worse.
			cfg.Iterations = 64
			again, err := Improve(t.Context(), p, a, cfg)
			if err != nil {
				t.Fatal(err)
			}
			verify(t, p, again)
			if c.goal == Total && again.Total > a.Total || c.goal == Longest && again.Longest > a.Longest {
				t.Errorf("from total %d, longest %d to %d and %d", a.Total, a.Longest, again.Total, again.Longest)
			}
		})
	}
}

// TestImproveStops: a context that is done gives a plan at once, a bound that is
// reached ends the search.
func TestImproveStops(t *testing.T) {
	p := town(t, 3, 3, []Unit{{Count: 12}}, Longest, 0)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	plan, err := Improve(done, p, Plan{}, Config{})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, p, plan)
	bound, err := FarthestBound(p)
	if err != nil {
		t.Fatal(err)
	}
	plan, err = Improve(t.Context(), p, Plan{}, Config{Bound: bound, Iterations: 1 << 40})
	if err != nil {
		t.Fatal(err)
	}
	if plan.Longest != bound {
		t.Errorf("longest %d, bound %d", plan.Longest, bound)
	}
}

func TestImproveRefuses(t *testing.T) {
	good := func() *Problem { return town(t, 2, 2, []Unit{{Count: 2, Limit: 5000}}, Total, 0) }
	for _, c := range []struct {
		name  string
		spoil func(p *Problem)
		start Plan
		want  string
	}{
		{"no units", func(p *Problem) { p.Units = nil }, Plan{}, "kinds of units"},
		{"base off the map", func(p *Problem) { p.Units[0].Start = 4 }, Plan{}, "unit 0"},
		{"street off the map", func(p *Problem) { p.Tasks[1].Ways[0].To = -1 }, Plan{}, "task 1"},
		{"three ways", func(p *Problem) { p.Tasks[0].Ways = make([]Way, 3) }, Plan{}, "task 0"},
		{"unknown kind", func(p *Problem) { p.Tasks[0].Units = 2 }, Plan{}, "beyond"},
		{"longest of any number", func(p *Problem) { p.Objective, p.Units[0].Count = Longest, 0 }, Plan{}, "give their count"},
		{"task twice", nil, Plan{Routes: []Route{{Tasks: []int32{0, 0}}}}, "named twice"},
		{"task unknown", nil, Plan{Routes: []Route{{Tasks: []int32{9}}}}, "unknown"},
		{"unit unknown", nil, Plan{Routes: []Route{{Unit: 1, Tasks: []int32{0}}}}, "1 kinds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := good()
			if c.spoil != nil {
				c.spoil(p)
			}
			_, err := Improve(t.Context(), p, c.start, Config{Iterations: 10})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; it should name %q", err, c.want)
			}
		})
	}
}

// TestSplit tries every way to cut a drive.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &dice{rapid.Uint64().Draw(t, "seed")}
		objective := Objective(d.below(2))
		p := drawn(d, 7, 3*int(objective), objective, d.below(2) == 0)
		m := newModel(p)
		tour := []int32{0, 1, 2, 3, 4, 5, 6}
		d.shuffle(tour)
		best := int64(1) << 60
		for cuts := range 1 << 6 {
			var routes [][]int32
			from := 0
			for i := 1; i <= 7; i++ {
				if i == 7 || cuts>>(i-1)&1 != 0 {
					routes, from = append(routes, tour[from:i]), i
				}
			}
			best = min(best, worthOf(m, routes))
		}
		if got := worthOf(m, m.split(tour)); got != best {
			t.Fatalf("split costs %d, the best cut %d", got, best)
		}
	})
}

// worthOf gives the objective's value of routes, or a huge one if they cannot be
// driven.
func worthOf(m *model, routes [][]int32) int64 {
	var plan Plan
	for _, r := range routes {
		plan.Routes = append(plan.Routes, Route{Tasks: r})
	}
	p := newPlan(m)
	if p.take(plan) != nil {
		return 1 << 60
	}
	total, longest := p.figures()
	if m.p.Objective == Longest {
		return longest
	}
	return total
}

func BenchmarkImprove(b *testing.B) {
	for _, rows := range []int{6, 10, 24} {
		p := town(b, rows, rows, []Unit{{Capacity: 20}}, Total, 0)
		b.Run(fmt.Sprintf("streets=%d", len(p.Tasks)), func(b *testing.B) {
			if _, err := Improve(b.Context(), p, Plan{}, Config{Iterations: int64(b.N)}); err != nil {
				b.Fatal(err)
			}
		})
	}
}
