package patrol

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/serenazgo/serenazgo/routing"
)

// TestDraftIsUnlikeTheDaysBefore plans a night after two that are known, and
// measures the likeness from the legs alone.
func TestDraftIsUnlikeTheDaysBefore(t *testing.T) {
	in := town(t, 3, routing.Car, routing.Car)
	type pass struct {
		segment string
		slot    int
	}
	passes := func(p Plan, start time.Time) map[pass]bool {
		out := map[pass]bool{}
		for _, r := range p.Rounds {
			for _, l := range r.Legs {
				if l.Kind != Stop && l.Kind != Break {
					out[pass{l.Segment, int(l.End.Sub(start) / (30 * time.Minute))}] = true
				}
			}
		}
		return out
	}
	var before []map[pass]bool
	shift := Span{Start: in.Shift.Start, End: in.Shift.End}
	for day := 2; day > 0; day-- {
		in.Seed = int64(100 + day)
		plan, f, err := NewDraft(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Pool != nil {
			t.Fatalf("a plan without a pool has one: %+v", f.Pool)
		}
		before = append(before, passes(plan, shift.Start))
		// The same plan, as it was so many days before.
		past := PastShift{Span: Span{shift.Start.AddDate(0, 0, -day), shift.End.AddDate(0, 0, -day)}}
		for _, r := range plan.Rounds {
			legs := make([]Leg, len(r.Legs))
			for i, l := range r.Legs {
				l.Start, l.End = l.Start.AddDate(0, 0, -day), l.End.AddDate(0, 0, -day)
				legs[i] = l
			}
			r.Legs = legs
			past.Rounds = append(past.Rounds, r)
		}
		in.Past = append(in.Past, past)
	}
	in.Past = append(in.Past, PastShift{Span: Span{shift.Start, shift.Start.Add(time.Hour)}}) // another shift then: does not count
	in.Seed, in.Pool = 1, 3
	plan, f, err := NewDraft(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if f.Pool == nil || f.Pool.Days != 2 || len(f.Pool.Plans) != 3 || !f.Pool.Plans[f.Pool.Chosen].Kept || f.Pool.CostPct > f.Pool.Worse {
		t.Fatalf("pool is %+v", f.Pool)
	}
	now, want := passes(plan, shift.Start), 0.0
	for _, day := range before {
		both := 0
		for k := range now {
			if day[k] {
				both++
			}
		}
		want += float64(both) / float64(len(now)+len(day)-both) / 2
	}
	if math.Abs(f.Pool.Alike-want) > 0.001 {
		t.Errorf("likeness is said to be %g and is %g", f.Pool.Alike, want)
	}
	again, _, err := NewDraft(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan, again); diff != "" {
		t.Errorf("an audit does not find the plan again (-first +second):\n%s", diff)
	}
}

// TestChance: what is expected of passes at half-hours by chance, counted out.
func TestChance(t *testing.T) {
	// Two arrivals at two half-hours: both in one of them, or one in each (ln 2).
	if got, want := chanceEntropy(2, 2), math.Ln2/2; math.Abs(got-want) > 1e-9 {
		t.Errorf("entropy %g, want %g", got, want)
	}
	// 3 at 2: one apart from two in 6 of 8 cases.
	one := -(math.Log(1.0/3)/3 + 2*math.Log(2.0/3)/3)
	if got, want := chanceEntropy(3, 2), 0.75*one; math.Abs(got-want) > 1e-9 {
		t.Errorf("entropy %g, want %g", got, want)
	}
	h := Habit{slots: 4, held: []float64{10, 20}} // over 10 days: 1 and 2 of 4 half-hours a day
	want := (1.0/16 + 1.0/4) / (2.0/4 - 1.0/16 + 1 - 1.0/4)
	if got := h.chanceJaccard(10); math.Abs(got-want) > 1e-9 {
		t.Errorf("likeness %g, want %g", got, want)
	}
}
