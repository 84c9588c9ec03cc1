package arc

import (
	"fmt"
	"math"
	"testing"
)

// drawn makes a small problem: places on a plane, ways that differ by direction
// where uneven, streets of one or two ways.
func drawn(d *dice, tasks, units int, objective Objective, uneven bool) *Problem {
	n := 4 + d.below(5)
	x, y := make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], y[i] = 100*d.unit(), 100*d.unit()
	}
	costs := make([]int32, n*n)
	for a := range n {
		for b := range n {
			costs[a*n+b] = int32(math.Hypot(x[a]-x[b], y[a]-y[b]))
			if uneven && a != b {
				costs[a*n+b] += int32(d.below(30))
			}
		}
	}
	for k := range n {
		for a := range n {
			for b := range n {
				costs[a*n+b] = min(costs[a*n+b], costs[a*n+k]+costs[k*n+b])
			}
		}
	}
	dist, err := NewMatrix(n, costs)
	if err != nil {
		panic(err)
	}
	p := &Problem{Distances: dist, Objective: objective}
	for range tasks {
		a, b := int32(d.below(n)), int32(d.below(n))
		t := Task{Ways: []Way{{a, b, dist.At(a, b) + int32(d.below(20))}}, Demand: int64(1 + d.below(5))}
		if !uneven {
			t.Ways = append(t.Ways, Way{b, a, t.Ways[0].Cost})
		} else if d.below(3) > 0 {
			t.Ways = append(t.Ways, Way{b, a, dist.At(b, a) + int32(d.below(20))})
		}
		p.Tasks = append(p.Tasks, t)
	}
	u := Unit{Fixed: int64(d.below(20)), Count: units}
	if objective == Total {
		u.Capacity = int64(6 + d.below(8))
	}
	p.Units = []Unit{u}
	return p
}

// oneRoute gives the least raw cost of a route over each set of tasks, by
// dynamic programming over all orders and directions.
func oneRoute(p *Problem) []int64 {
	n, u := len(p.Tasks), p.Units[0]
	best := make([]int64, 1<<n)
	last := make([][][2]int64, 1<<n)
	for set := 1; set < 1<<n; set++ {
		last[set] = make([][2]int64, n)
		best[set] = math.MaxInt64 / 4
		for t := range n {
			for w := range 2 {
				last[set][t][w] = math.MaxInt64 / 4
				if set>>t&1 == 0 || w >= len(p.Tasks[t].Ways) {
					continue
				}
				way, rest := p.Tasks[t].Ways[w], set&^(1<<t)
				c := int64(p.Distances.At(u.Start, way.From))
				if rest != 0 {
					c = math.MaxInt64 / 4
					for s := range n {
						for v, from := range p.Tasks[s].Ways {
							if rest>>s&1 != 0 {
								c = min(c, last[rest][s][v]+int64(p.Distances.At(from.To, way.From)))
							}
						}
					}
				}
				last[set][t][w] = c + int64(way.Cost)
				best[set] = min(best[set], c+int64(way.Cost)+int64(p.Distances.At(way.To, u.End)))
			}
		}
	}
	return best
}

// brute gives the value of the best plan of all.
func brute(p *Problem) int64 {
	n, u := len(p.Tasks), p.Units[0]
	route := oneRoute(p)
	routes := u.Count
	if routes == 0 {
		routes = n
	}
	best := make([]int64, 1<<n)
	for set := 1; set < 1<<n; set++ {
		best[set] = math.MaxInt64 / 4
	}
	for range routes {
		next := append([]int64(nil), best...)
		for set := 1; set < 1<<n; set++ {
			for sub := set; sub > 0; sub = (sub - 1) & set {
				load := int64(0)
				for t := range n {
					if sub>>t&1 != 0 {
						load += p.Tasks[t].Demand
					}
				}
				if u.Capacity > 0 && load > u.Capacity {
					continue
				}
				cost := route[sub] + u.Fixed
				if p.Objective == Total {
					cost += best[set&^sub]
				} else {
					cost = max(cost, best[set&^sub])
				}
				next[set] = min(next[set], cost)
			}
		}
		best = next
	}
	return best[1<<n-1]
}

// TestImproveAgainstBruteForce holds small problems against the best of all
// plans, and the plan's own figures against a sum over its routes.
func TestImproveAgainstBruteForce(t *testing.T) {
	for seed := range uint64(12) {
		for _, c := range []struct {
			name      string
			objective Objective
			units     int
			uneven    bool
		}{
			{"total, even", Total, 0, false},
			{"total, uneven", Total, 0, true},
			{"longest, even", Longest, 3, false},
			{"longest, uneven", Longest, 2, true},
		} {
			t.Run(fmt.Sprintf("%s, seed %d", c.name, seed), func(t *testing.T) {
				p := drawn(&dice{seed}, 2+int(seed%6), c.units, c.objective, c.uneven)
				plan, err := Improve(t.Context(), p, Plan{}, Config{Seed: seed, Iterations: 5000})
				if err != nil {
					t.Fatal(err)
				}
				value := plan.Total
				if c.objective == Longest {
					value = plan.Longest
				}
				if want := brute(p); value != want {
					t.Errorf("value %d, the best of all plans has %d", value, want)
				}
				verify(t, p, plan)
			})
		}
	}
}

// verify adds a plan up anew.
func verify(t *testing.T, p *Problem, plan Plan) {
	t.Helper()
	seen := make([]bool, len(p.Tasks))
	var total, longest int64
	used := make([]int, len(p.Units))
	for i, r := range plan.Routes {
		u := p.Units[r.Unit]
		used[r.Unit]++
		at, raw, load := u.Start, int64(0), int64(0)
		for k, task := range r.Tasks {
			if seen[task] {
				t.Errorf("task %d is done twice", task)
			}
			seen[task] = true
			x := p.Tasks[task]
			if x.Units != 0 && x.Units>>r.Unit&1 == 0 {
				t.Errorf("unit %d may not do task %d", r.Unit, task)
			}
			w := x.Ways[r.Ways[k]]
			raw += int64(p.Distances.At(at, w.From)) + int64(w.Cost)
			at, load = w.To, load+x.Demand
		}
		raw += int64(p.Distances.At(at, u.End))
		rate := u.Rate
		if rate == 0 {
			rate = 1
		}
		cost := int64(math.Round(float64(raw)*rate + float64(u.Fixed)))
		if cost != r.Cost || load != r.Load {
			t.Errorf("route %d costs %d with load %d; the plan says %d and %d", i, cost, load, r.Cost, r.Load)
		}
		if u.Capacity > 0 && load > u.Capacity || u.Limit > 0 && cost > u.Limit {
			t.Errorf("route %d: load %d, cost %d are too much for its unit", i, load, cost)
		}
		total, longest = total+cost, max(longest, cost)
	}
	for k, n := range used {
		if c := p.Units[k].Count; c > 0 && n > c {
			t.Errorf("%d routes of kind %d, of which there are %d", n, k, c)
		}
	}
	for _, task := range plan.Skipped {
		if seen[task] {
			t.Errorf("task %d is skipped and done", task)
		}
		seen[task] = true
		total += p.Tasks[task].Skip
	}
	for task, ok := range seen {
		if !ok {
			t.Errorf("task %d is neither done nor skipped", task)
		}
	}
	if total != plan.Total || longest != plan.Longest {
		t.Errorf("total %d, longest %d; the plan says %d and %d", total, longest, plan.Total, plan.Longest)
	}
}
