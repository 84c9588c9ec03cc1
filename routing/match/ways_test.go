package match

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// relaxed gives the least cost and its metres from the end of source to the tail
// of every arc, by going over all turns until nothing gets shorter.
func relaxed(g *routing.Graph, mode routing.Mode, uturn float64, source routing.Arc) (cost, metres []float64) {
	n := 2 * len(g.Segments)
	cost, metres = slices.Repeat([]float64{math.Inf(1)}, n), make([]float64, n)
	turn := func(in, out routing.Arc) float64 {
		if out != in.Opposite() {
			return 0
		}
		for _, o := range g.Out(g.Head(in)) {
			if o != out && g.Allowed(o, mode) && g.TurnAllowed(in, o, mode) {
				return uturn
			}
		}
		return 0
	}
	for again := true; again; {
		again = false
		for in := range routing.Arc(n) {
			at, driven := cost[in]+g.Segment(in).Length, metres[in]+g.Segment(in).Length
			if in == source {
				at, driven = 0, 0 // whichever way leads back to it
			}
			for _, out := range g.Out(g.Head(in)) {
				if !g.Allowed(out, mode) || !g.TurnAllowed(in, out, mode) {
					continue
				}
				if c := at + turn(in, out); c < cost[out]-1e-9 {
					cost[out], metres[out], again = c, driven, true
				}
			}
		}
	}
	return cost, metres
}

// TestWaysAreShortest holds rows against going over all turns, for limits asked
// in any order, with one-way streets and U-turns.
func TestWaysAreShortest(t *testing.T) {
	g := routingtest.City(routingtest.Usual(5, 9, 9))
	for _, mode := range []routing.Mode{routing.Car, routing.Foot} {
		w := newWays(g, mode, 60, &budget{most: waysKept})
		r := rand.New(rand.NewPCG(2, 4))
		for range 40 {
			source := routing.Arc(r.IntN(2 * len(g.Segments)))
			cost, metres := relaxed(g, mode, 60, source)
			for _, limit := range []float64{250, 90, 500} {
				got := w.from(source, limit)
				for a := range routing.Arc(len(cost)) {
					i := got.find(a)
					if i == noWay {
						if cost[a] <= limit {
							t.Fatalf("%v from %d: no way to %d, %.1f m away, within %v m", mode, source, a, cost[a], limit)
						}
						continue
					}
					v := got.ways[i]
					if math.Abs(float64(v.cost)-cost[a]) > 0.01 || math.Abs(float64(v.metres)-metres[a]) > 0.01 {
						t.Fatalf("%v from %d to %d: %.2f, %.2f m, want %.2f, %.2f", mode, source, a, v.cost, v.metres, cost[a], metres[a])
					}
					sum, at := 0.0, source
					for _, b := range append(got.via(nil, i), a) {
						if g.Head(at) != g.Tail(b) || !g.TurnAllowed(at, b, mode) {
							t.Fatalf("%v from %d to %d: %d does not follow %d", mode, source, a, b, at)
						}
						if b != a {
							sum += g.Segment(b).Length
						}
						at = b
					}
					if math.Abs(sum-metres[a]) > 0.01 {
						t.Fatalf("%v from %d to %d: its streets sum to %.2f m, want %.2f", mode, source, a, sum, metres[a])
					}
				}
			}
		}
	}
}

// TestTableChangesNothing matches one track with a full table, an empty one, one
// that may keep nothing and one that four matchers fill at once.
func TestTableChangesNothing(t *testing.T) {
	g := routingtest.City(routingtest.Usual(3, 12, 12))
	r := rand.New(rand.NewPCG(1, 1))
	var fixes []Fix
	nan := math.NaN()
	at := g.Nodes[len(g.Nodes)/2].Point
	for i := range 300 {
		fixes = append(fixes, Fix{Time: time.Date(2026, 1, 5, 12, 0, 8*i, 0, time.UTC), Point: at, Speed: nan, Course: nan, Accuracy: nan})
		at = orb.Point{at[0] + 7e-4*(r.Float64()-0.5), at[1] + 7e-4*(r.Float64()-0.5)}
	}
	cfg := DefaultConfig(routing.Car).OffLine()
	var want []Traversal
	for i, most := range []int64{waysKept, 0, 500} {
		w := newWays(g, cfg.Mode, cfg.UTurn, &budget{most: most})
		for range 2 { // an empty table, and the one that this filled
			m := &Matcher{g: g, cfg: cfg, ways: w}
			got, _ := m.All(fixes)
			if i == 0 && want == nil {
				want = got
			}
			if d := cmp.Diff(known(want), known(got)); d != "" {
				t.Fatalf("a table of at most %d ways (-want +got):\n%s", most, d)
			}
		}
	}
	w := newWays(g, cfg.Mode, cfg.UTurn, &budget{most: waysKept})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			m := &Matcher{g: g, cfg: cfg, ways: w}
			got, _ := m.All(fixes)
			if d := cmp.Diff(known(want), known(got)); d != "" {
				t.Errorf("four at once (-want +got):\n%s", d)
			}
		})
	}
	all.Wait()
	sum := int64(0)
	for i := range w.rows {
		if r := w.rows[i].Load(); r != nil {
			sum += int64(len(r.ways))
		}
	}
	if sum == 0 || w.kept.Load() != sum || w.budget.kept.Load() != sum {
		t.Errorf("%d ways are kept, the table counts %d, the budget %d", sum, w.kept.Load(), w.budget.kept.Load())
	}
	if len(want) < 50 {
		t.Fatalf("only %d traversals to compare", len(want))
	}
}

// TestBudgetIsShared fills two tables of one budget: together they keep what it
// holds and one row at most, and a table that is gone gives its part back.
func TestBudgetIsShared(t *testing.T) {
	g := routingtest.City(routingtest.Usual(5, 9, 9))
	b := &budget{most: 3000}
	fill := func(mode routing.Mode) *ways {
		w := newWays(g, mode, 60, b)
		for a := range routing.Arc(2 * len(g.Segments)) {
			before := b.kept.Load()
			if r := w.from(a, 200); (r == nil) != (before >= b.most) {
				t.Fatalf("a row with %d of %d ways kept: %v", before, b.most, r != nil)
			}
		}
		return w
	}
	first := fill(routing.Car)
	full := b.kept.Load()
	second := fill(routing.Foot)
	if first.kept.Load() != full || full < b.most || second.kept.Load() != 0 || b.kept.Load() != full {
		t.Fatalf("%d and %d ways are kept of %d, the budget counts %d", first.kept.Load(), second.kept.Load(), b.most, b.kept.Load())
	}
	first = nil
	for b.kept.Load() != 0 {
		runtime.GC() // gone is what a collection found; the pool of searches takes two
		runtime.Gosched()
	}
	if second.from(0, 200) == nil || second.kept.Load() == 0 || b.kept.Load() != second.kept.Load() {
		t.Errorf("after the first is gone the second keeps %d, the budget counts %d", second.kept.Load(), b.kept.Load())
	}
}

// known replaces speeds that are not known, which compare unequal.
func known(ts []Traversal) []Traversal {
	out := slices.Clone(ts)
	for i := range out {
		if math.IsNaN(out[i].Speed) {
			out[i].Speed = -1
		}
	}
	return out
}
