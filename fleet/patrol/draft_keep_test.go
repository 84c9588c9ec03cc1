package patrol

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

func TestLockedRoundsSurvive(t *testing.T) {
	for seed := range uint64(3) {
		in := town(t, seed+1, routing.Car, routing.Car, routing.Motorcycle)
		first, _, err := NewDraft(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		first.Rules.Locks = []Lock{{Unit: "B"}, {Unit: "A", Segment: first.Rounds[0].Legs[0].Segment}}
		in.Keep, in.Seed = first.LockedRounds(), in.Seed+100
		if len(in.Keep) != 1 || in.Keep[0].Unit != "B" {
			t.Fatalf("%d rounds are locked as a whole", len(in.Keep))
		}
		next, f, err := NewDraft(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first.Rounds[1], next.Rounds[1]); d != "" {
			t.Fatalf("seed %d: the locked round changed: %s", seed, d)
		}
		for i, unit := range []string{"A", "B", "C"} {
			if r := next.Rounds[i]; r.Unit != unit || r.Number != i+1 {
				t.Errorf("round %d of %s in place %d", r.Number, r.Unit, i+1)
			}
		}
		if cmp.Equal(first.Rounds[0].Legs, next.Rounds[0].Legs) {
			t.Error("the other rounds were not planned anew")
		}
		if vs := Review(next, in.Graph, Span{in.Shift.Start, in.Shift.End}); len(vs) > 0 {
			t.Errorf("seed %d: %+v", seed, vs[0])
		}
		if f.CoveragePct != 100 {
			t.Errorf("seed %d: coverage %g %%", seed, f.CoveragePct)
		}
		firsts := map[string]int{}
		for _, r := range next.Rounds {
			for _, l := range r.Legs {
				if l.Kind == Service {
					firsts[l.Segment]++
				}
			}
		}
		for id, n := range firsts {
			if n != 1 {
				t.Errorf("seed %d: %d first visits of %s", seed, n, id)
			}
		}
		if got := next.LockedRounds(); len(got) != 1 || got[0].Unit != "B" {
			t.Errorf("seed %d: locks %+v", seed, next.Rules.Locks)
		}
	}
}

func TestWhatCannotBeKept(t *testing.T) {
	in := town(t, 1, routing.Car, routing.Car)
	first, _, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	a := first.Rounds[0]
	moved, other, gone := a, a, a
	moved.Base = orb.Point{-79, -8}
	other.Unit = "Z"
	gone.Legs = []Leg{{Seq: 1, Kind: Service, Segment: "no such street"}}
	for _, tt := range []struct {
		name string
		keep []Round
		want error
	}{
		{"every round", first.Rounds, ErrAllKept},
		{"another base", []Round{moved}, ErrKept},
		{"a unit that does not work", []Round{other}, ErrKept},
		{"a street that is gone", []Round{gone}, ErrKept},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in.Keep = tt.keep
			if _, _, err := NewDraft(context.Background(), in); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
		})
	}
}

// A unit that comes when all rounds are locked drives what these drive, again.
func TestNewUnitBesideLockedRounds(t *testing.T) {
	in := town(t, 2, routing.Car, routing.Car)
	first, _, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	more := in.Units[0]
	more.ID = "C"
	in.Units, in.Keep = append(in.Units, more), first.Rounds
	next, f, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range first.Rounds {
		if d := cmp.Diff(r.Legs, next.Rounds[i].Legs); d != "" {
			t.Errorf("locked round %d changed: %s", i+1, d)
		}
	}
	c := next.Rounds[2]
	if c.Unit != "C" || c.Metres < 1000 {
		t.Errorf("unit %s drives %.0f m", c.Unit, c.Metres)
	}
	for _, l := range c.Legs {
		if l.Kind == Service {
			t.Errorf("%s is visited by a kept round and a first visit all the same", l.Segment)
		}
	}
	if vs := Review(next, in.Graph, Span{in.Shift.Start, in.Shift.End}); len(vs) > 0 {
		t.Errorf("%+v", vs[0])
	}
	if f.CoveragePct != 100 {
		t.Errorf("coverage %g %%", f.CoveragePct)
	}
}
