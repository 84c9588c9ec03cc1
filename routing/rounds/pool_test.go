package rounds

import (
	"context"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
	"pgregory.net/rapid"
)

// TestDrivenAgainstSets compares the bits with plain sets.
func TestDrivenAgainstSets(t *testing.T) {
	type at struct{ segment, slot int }
	rapid.Check(t, func(t *rapid.T) {
		segments, slots := rapid.IntRange(1, 40).Draw(t, "segments"), rapid.IntRange(1, 20).Draw(t, "slots")
		var days [2]*Driven
		var sets [2]map[at]bool
		for k := range days {
			days[k], sets[k] = NewDriven(segments, float64(slots)*DrivenSlot), map[at]bool{}
			for range rapid.IntRange(0, 60).Draw(t, "passages") {
				seg := rapid.IntRange(0, segments-1).Draw(t, "segment")
				when := rapid.Float64Range(-DrivenSlot, float64(slots+1)*DrivenSlot).Draw(t, "when")
				days[k].Set(routing.SegmentID(seg), when)
				if slot := int(math.Floor(when / DrivenSlot)); slot >= 0 && slot < slots {
					sets[k][at{seg, slot}] = true
				}
			}
		}
		both, either := 0, len(sets[1])
		for k := range sets[0] {
			if sets[1][k] {
				both++
			} else {
				either++
			}
		}
		want := 1.0
		if either > 0 {
			want = float64(both) / float64(either)
		}
		if got := days[0].Jaccard(days[1]); got != want {
			t.Fatalf("likeness %g, want %g", got, want)
		}
		h := newHabit(days[:], segments)
		for seg := range segments {
			for slot := range slots {
				want := 0.0
				for k := range sets {
					if sets[k][at{seg, slot}] != days[k].Has(routing.SegmentID(seg), slot) {
						t.Fatalf("segment %d, slot %d differs", seg, slot)
					}
					if sets[k][at{seg, slot}] { // the day before yesterday, yesterday
						want += [2]float64{forget, 1}[k] / (1 + forget)
					}
				}
				if got := h.at(seg, (float64(slot)+0.5)*DrivenSlot); math.Abs(got-want) > 1e-6 {
					t.Fatalf("habit %g, want %g", got, want)
				}
			}
		}
	})
}

// cars is a town with some cars at one base for five hours.
func cars(n int, seed uint64) *Problem {
	p := &Problem{Graph: routingtest.City(routingtest.Usual(7, 6, 6)), Seed: seed}
	base, _ := p.Graph.DefaultBase(routing.Car)
	for range n {
		p.Units = append(p.Units, Unit{Mode: routing.Car, Base: base, Speed: 5, End: 5 * 3600, Break: 1200})
	}
	return p
}

func solve(t *testing.T, p *Problem) *Solution {
	t.Helper()
	sol, err := Solve(context.Background(), p, Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	checkRoutes(t, p, sol)
	return sol
}

// TestPoolIsUnlikeTheDaysBefore plans the day after days that are known.
func TestPoolIsUnlikeTheDaysBefore(t *testing.T) {
	var past []*Driven
	p := cars(2, 1)
	for seed := range uint64(3) {
		p.Seed = seed + 1
		past = append(past, drivenBy(solve(t, p).Routes, NewDriven(len(p.Graph.Segments), 5*3600)))
	}
	p.Seed = 9
	alone := solve(t, p)
	plain := drivenBy(alone.Routes, past[0]).Alike(past)
	p.Pool, p.Past, p.PoolWorse = 4, past, 0.02
	sol := solve(t, p)
	if len(sol.Pool) != 4 || !sol.Pool[sol.Chosen].Kept {
		t.Fatalf("chosen is %d of %+v", sol.Chosen, sol.Pool)
	}
	best := math.Inf(1)
	for i, m := range sol.Pool {
		best = min(best, m.Longest)
		if m.Kept && m.Alike < sol.Pool[sol.Chosen].Alike {
			t.Errorf("plan %d is less alike than the chosen %d: %+v", i, sol.Chosen, sol.Pool)
		}
	}
	chosen := sol.Pool[sol.Chosen]
	if chosen.Longest > (1+p.PoolWorse)*best {
		t.Errorf("the chosen plan is %g s long, the best %g s", chosen.Longest, best)
	}
	if got := drivenBy(sol.Routes, past[0]).Alike(past); got != sol.Alike || got >= plain {
		t.Errorf("likeness is %g, said to be %g, and %g without a pool", got, sol.Alike, plain)
	}
	was, all := visited(p, alone)
	if got, _ := visited(p, sol); got < was {
		t.Errorf("%g m of %g are visited, %g without a pool", got, all, was)
	}
	if diff := cmp.Diff(sol.Routes, solve(t, p).Routes); diff != "" {
		t.Errorf("the same seed gives another plan (-first +second):\n%s", diff)
	}
}

// TestPoolIsDrawnWithoutDaysBefore: which plan it is depends on the seed.
func TestPoolIsDrawnWithoutDaysBefore(t *testing.T) {
	chosen := map[int]bool{}
	for seed := range uint64(4) {
		p := cars(2, seed)
		p.Pool = 3
		chosen[solve(t, p).Chosen] = true
	}
	if len(chosen) < 2 {
		t.Errorf("four seeds take plan %v only", chosen)
	}
}

func TestPoolRefusesOtherDays(t *testing.T) {
	p := cars(1, 1)
	p.Pool, p.Past = 2, []*Driven{NewDriven(len(p.Graph.Segments), 5*3600), NewDriven(3, 5*3600)}
	if _, err := Solve(context.Background(), p, Control{}); err == nil {
		t.Error("days on other streets are accepted")
	}
}
