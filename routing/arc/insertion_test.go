package arc

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// filled makes a plan in which every task has a place.
func filled(p *Problem, d *dice) *plan {
	w := newPlan(newModel(p))
	w.toll, w.slack = 1, math.MaxInt64/4
	newRecreate(w, d).run()
	w.keep()
	return w
}

// forward computes the raw cost of a route with all directions tried in turn.
func forward(p *plan, r *route) int64 {
	f := [2]int64{}
	to := p.units[r.unit].start.to
	for _, s := range r.stops[1:] {
		var g [2]int64
		for w := range 2 {
			g[w] = min(f[0]+int64(p.d.At(to[0], s.from[w])), f[1]+int64(p.d.At(to[1], s.from[w]))) + int64(s.cost[w])
		}
		f, to = g, s.to
	}
	return min(f[0], f[1])
}

// TestInsertionCostsWhatItSays compares what every way of looking says about
// every place with the route after the task was put there.
func TestInsertionCostsWhatItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &dice{rapid.Uint64().Draw(t, "seed")}
		even := rapid.Bool().Draw(t, "even")
		p := filled(drawn(d, 8, 0, Total, !even), d)
		if even && !p.mirror {
			t.Fatal("streets are not seen as mirrors")
		}
		task := int32(d.below(8))
		w := p.where[task]
		p.cut(p.routes[w.slot], int(w.stop), int(w.stop)+1)
		p.out = append(p.out, task)
		p.keep()
		q := p.rowsOf(task)
		for _, r := range p.routes {
			for k := 1; k < len(r.stops); k++ {
				said := q.with(&r.stops[k-1], &r.stops[k])
				if s := p.withSparse(&q.ends, &r.stops[k-1], &r.stops[k]); s != said {
					t.Fatalf("place %d: %d by rows, %d by pairs", k, said, s)
				}
				p.insert(r, k, task)
				if got := forward(p, r); got != said || r.raw != said {
					t.Fatalf("place %d: said to cost %d; costs %d, counted anew %d", k, said, r.raw, got)
				}
				p.undo()
			}
		}
		c := newRecreate(p, d)
		c.left = math.MaxInt
		all, near := choice{price: must}, choice{price: must}
		c.everywhere(task, &all)
		c.around(task, &near)
		if near.price != all.price {
			t.Fatalf("the best place costs %v everywhere, %v around", all.price, near.price)
		}
	})
}

// TestMemoHolds compares what is remembered about routes with a fresh look, after
// steps that were kept and steps that were undone, and both scans with each other.
func TestMemoHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &dice{rapid.Uint64().Draw(t, "seed")}
		p := filled(drawn(d, 9, 0, Total, d.below(2) == 0), d)
		ruin, recreate := newRuin(p, d), newRecreate(p, d)
		for range 20 {
			ruin.run()
			recreate.run()
			if d.below(2) == 0 {
				p.undo()
			} else {
				p.keep()
			}
			for task := range p.where {
				for _, r := range p.routes {
					m := recreate.memos(int32(task))[r.slot]
					at, raw := recreate.scan(int32(task), r, 0)
					if m.stamp == r.stamp && (int(m.at) != at || int64(m.raw) != raw) {
						t.Fatalf("task %d: place %d of cost %d is remembered, found is %d of %d", task, m.at, m.raw, at, raw)
					}
					if p.mirror {
						p.mirror = false
						k, x := recreate.scan(int32(task), r, 0)
						if p.mirror = true; k != at || x != raw {
							t.Fatalf("task %d: place %d of cost %d, mirrored %d of %d", task, k, x, at, raw)
						}
					}
				}
			}
		}
	})
}

// TestUndo holds a plan after any changes and undo against what it was.
func TestUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &dice{rapid.Uint64().Draw(t, "seed")}
		p := filled(drawn(d, 9, 3, Longest, d.below(2) == 0), d)
		before, where, price := p.plan(), slices.Clone(p.where), p.price
		ruin, recreate := newRuin(p, d), newRecreate(p, d)
		ruin.run()
		if d.below(2) == 0 {
			recreate.run()
		}
		sum := 0.0
		for _, r := range p.routes {
			sum += r.price
		}
		for _, t := range p.out {
			sum += p.skip[t]
		}
		if got := p.total(); math.Abs(got-sum) > 1e-6*sum {
			t.Fatalf("price %v, but routes add up to %v", got, sum)
		}
		p.undo()
		if diff := cmp.Diff(before, p.plan()); diff != "" {
			t.Fatalf("plan after undo (-was +is):\n%s", diff)
		}
		if !slices.Equal(where, p.where) || p.price != price {
			t.Fatal("places or price differ after undo")
		}
	})
}
