package arc

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// names are what the moves are called in tests, in their order.
var names = []string{"relocate", "swap", "or-opt", "2-opt*", "2-opt", "cross"}

// TestMovesCostWhatTheySay makes every move at every pair of tasks that it finds
// to pay, and counts the plan anew, task by task.
func TestMovesCostWhatTheySay(t *testing.T) {
	made := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		d := &dice{rapid.Uint64().Draw(t, "seed")}
		objective := Objective(d.below(2))
		p := scattered(drawn(d, 10, 3*int(objective), objective, d.below(2) == 0), d)
		if objective == Longest {
			p.aim(p.score().longest)
		}
		l := newDescent(p)
		for k, move := range moves {
			for a := range int32(10) {
				for b := range int32(10) {
					if a == b {
						continue
					}
					before := p.price
					if !move(l, p.where[a], p.where[b]) {
						continue
					}
					made[names[k]]++
					sound(t, p, names[k])
					if after := p.total(); after >= before {
						t.Fatalf("%s of %d to %d raised the price from %v to %v", names[k], a, b, before, after)
					}
					if !beside(p, a, b) {
						t.Fatalf("%s of %d to %d: they are no neighbours afterwards", names[k], a, b)
					}
					p.undo()
					if math.Abs(p.price-before) > 1e-6 {
						t.Fatalf("%s undone: price %v, it was %v", names[k], p.price, before)
					}
				}
			}
		}
	})
	for _, n := range names {
		if made[n] == 0 {
			t.Errorf("%s was never made", n)
		}
	}
}

// scattered puts every task where it happens to fit, so that moves pay.
func scattered(p *Problem, d *dice) *plan {
	w := newPlan(newModel(p))
	tasks := slices.Clone(w.out)
	d.shuffle(tasks)
	w.out = w.out[:0]
	for _, t := range tasks {
		var can []*route
		for _, r := range w.routes {
			if r.load+p.Tasks[t].Demand <= w.units[r.unit].capacity {
				can = append(can, r)
			}
		}
		r := can[d.below(len(can))]
		w.insert(r, 1+d.below(len(r.stops)-1), t)
		w.open()
	}
	w.keep()
	w.reprice()
	return w
}

// sound holds every route against a sum over its tasks and directions.
func sound(t rapid.TB, p *plan, after string) {
	var seen []int32
	for _, r := range p.routes {
		load := int64(0)
		for k, s := range r.stops[1 : len(r.stops)-1] {
			seen = append(seen, s.task)
			load += p.p.Tasks[s.task].Demand
			if p.where[s.task] != (place{r.slot, int32(k + 1)}) {
				t.Fatalf("%s: task %d is not where it is said to be", after, s.task)
			}
		}
		if load != r.load || load > p.units[r.unit].capacity {
			t.Fatalf("%s: load %d, counted %d, capacity %d", after, r.load, load, p.units[r.unit].capacity)
		}
		if got := forward(p, r); got != r.raw || got > p.units[r.unit].limit {
			t.Fatalf("%s: a route costs %d, counted %d", after, r.raw, got)
		}
	}
	slices.Sort(seen)
	if len(seen) != len(p.where) || len(slices.Compact(seen)) != len(p.where) {
		t.Fatalf("%s: tasks %v, there are %d", after, seen, len(p.where))
	}
}

// beside tells whether two tasks follow each other.
func beside(p *plan, a, b int32) bool {
	x, y := p.where[a], p.where[b]
	return x.slot == y.slot && (x.stop-y.stop == 1 || y.stop-x.stop == 1)
}

// TestPolishLeavesNothing tries every relocation, every exchange of two tasks and
// every turned part of a route after polish by making the routes anew: none may
// be better where streets cost the same both ways, and polish never makes a plan
// worse.
func TestPolishLeavesNothing(t *testing.T) {
	for seed := range uint64(40) {
		d := &dice{seed}
		p := drawn(d, 8, 0, Total, false)
		w := scattered(p, d)
		before, _ := w.figures()
		w.polish(nil)
		sound(t, w, "polish")
		least, _ := w.figures()
		if least > before {
			t.Fatalf("seed %d: polish raised the cost from %d to %d", seed, before, least)
		}
		var routes [][]int32
		for _, r := range w.plan().Routes {
			routes = append(routes, r.Tasks)
		}
		for _, try := range neighbours(routes) {
			if got := worthOf(w.model, try); got < least {
				t.Errorf("seed %d: %v costs %d, there is %v of %d", seed, routes, least, try, got)
			}
		}
	}
}

// neighbours gives all routes that one task moved, two exchanged or one part
// turned make.
func neighbours(routes [][]int32) (out [][][]int32) {
	add := func(change func(r [][]int32)) {
		r := make([][]int32, 0, len(routes)+1)
		for _, x := range routes {
			r = append(r, slices.Clone(x))
		}
		change(r)
		out = append(out, slices.DeleteFunc(r, func(x []int32) bool { return len(x) == 0 }))
	}
	for a := range routes {
		for i := range routes[a] {
			for b := range routes {
				for j := range routes[b] {
					add(func(r [][]int32) { r[a][i], r[b][j] = r[b][j], r[a][i] })
					add(func(r [][]int32) {
						t := r[a][i]
						r[a] = slices.Delete(r[a], i, i+1)
						r[b] = slices.Insert(r[b], min(j, len(r[b])), t)
					})
				}
				add(func(r [][]int32) {
					t := r[a][i]
					r[a] = slices.Delete(r[a], i, i+1)
					r[b] = append(r[b], t)
				})
			}
			for j := i + 1; j < len(routes[a]); j++ {
				add(func(r [][]int32) { slices.Reverse(r[a][i : j+1]) })
			}
		}
	}
	return out
}

func BenchmarkPolish(b *testing.B) {
	for _, rows := range []int{10, 24} {
		p := town(b, rows, rows, []Unit{{Capacity: 20}}, Total, 0)
		b.Run(fmt.Sprintf("streets=%d", len(p.Tasks)), func(b *testing.B) {
			start := construct(newModel(p), &dice{1})
			for b.Loop() {
				w := newPlan(newModel(p))
				if err := w.take(start); err != nil {
					b.Fatal(err)
				}
				w.polish(nil)
			}
		})
	}
}
