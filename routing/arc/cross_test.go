package arc

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCross: a plan crossed from two has every task at most once, in the order of
// one of them, and after restart every task once, at the price it says.
func TestCross(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &dice{rapid.Uint64().Draw(t, "seed")}
		p := drawn(d, 9, 0, Total, d.below(2) == 0)
		x, y := eliteOf(filled(p, d)), eliteOf(filled(p, d))
		a := newAnneal(newPlan(newModel(p)), d.next())
		a.toll, a.slack = 1, int64(d.below(6))
		routes := a.cross(x, y, d)
		if len(routes) > max(len(x.routes), len(y.routes)) {
			t.Fatalf("%d routes of %d and %d", len(routes), len(x.routes), len(y.routes))
		}
		seen := make([]bool, len(p.Tasks))
		for _, r := range routes {
			for _, task := range r.Tasks {
				if seen[task] {
					t.Fatalf("task %d twice", task)
				}
				seen[task] = true
			}
		}
		a.restart(routes)
		a.restart(a.cross(x, y, d)) // over a plan that has routes
		at := make([]bool, len(p.Tasks))
		sum, over := 0.0, int64(0)
		for _, r := range a.routes {
			sum, over = sum+r.price, over+r.over
			for _, s := range r.stops[1 : len(r.stops)-1] {
				if at[s.task] || a.where[s.task].slot != r.slot {
					t.Fatalf("task %d twice, or not where it is said to be", s.task)
				}
				at[s.task] = true
			}
			if got := forward(a.plan, r); got != r.raw {
				t.Fatalf("a route of cost %d is said to cost %d", got, r.raw)
			}
		}
		if slices.Contains(at, false) || len(a.out) > 0 {
			t.Fatal("not every task has a place")
		}
		if math.Abs(sum-a.price) > 1e-6*sum || over != a.over {
			t.Fatalf("price %v, overload %d; routes add up to %v, %d", a.price, a.over, sum, over)
		}
	})
}

func TestElites(t *testing.T) {
	var l elites
	for _, price := range []float64{9, 5, 7, 5, 3, 8, 6, 10, 4} {
		l.add(elite{price: price})
	}
	var got []float64
	for _, e := range l {
		got = append(got, e.price)
	}
	if slices.Sort(got); !slices.Equal(got, []float64{3, 4, 5, 6, 7, 8}) {
		t.Errorf("kept %v", got)
	}
	d := &dice{1}
	for range 100 {
		if a, b := l.pair(d); a.price == b.price {
			t.Fatal("a plan paired with itself")
		}
	}
}
