package main

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// A plan that takes another one's place is told to the units whose rounds are
// not what they were, and to all when there was none before.
func TestWhoIsToldOfAPlan(t *testing.T) {
	ctx, at := t.Context(), time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	a := &App{store: storetest.New(t), log: slog.New(slog.DiscardHandler)}
	a.planner = newPlanner(a)
	round := func(number int, unit, segment string) patrol.Round {
		return patrol.Round{Number: number, Unit: unit, Legs: []patrol.Leg{{Seq: 1, Kind: patrol.Service, Start: at, End: at.Add(time.Minute), Segment: segment,
			Line: orb.LineString{{-79, -8}, {-79.001, -8}}}}}
	}
	hand := func(rounds ...patrol.Round) (units []string, all bool) {
		t.Helper()
		p, err := a.store.SavePlan(ctx, patrol.Plan{Ubigeo: "130102", Shift: "2026-11-21/noche", CreatedAt: at, Rounds: rounds})
		must(t, err)
		for _, way := range [][2]patrol.State{{patrol.Draft, patrol.Approved}, {patrol.Approved, patrol.Published}} {
			at = at.Add(time.Minute)
			must(t, a.store.SetPlanState(ctx, p.Ubigeo, p.ID, way[0], way[1], "eva", at))
		}
		p, err = a.store.Plan(ctx, p.Ubigeo, p.ID)
		must(t, err)
		units, all = a.toTell(ctx, p)
		slices.Sort(units)
		return units, all
	}
	for _, c := range []struct {
		name   string
		rounds []patrol.Round
		want   []string
		all    bool
	}{
		{"the first plan", []patrol.Round{round(1, "C01", "a"), round(2, "C02", "b"), round(3, "C03", "c")}, nil, true},
		{"a street moves", []patrol.Round{round(1, "C01", "a"), round(2, "C02", "c"), round(3, "C03", "b")}, []string{"C02", "C03"}, false},
		{"nothing moves", []patrol.Round{round(1, "C01", "a"), round(2, "C02", "c"), round(3, "C03", "b")}, nil, false},
		{"a unit falls out", []patrol.Round{round(1, "C01", "a"), round(3, "C03", "b")}, []string{"C02"}, false},
		{"and comes back", []patrol.Round{round(1, "C01", "a"), round(2, "C02", "c"), round(3, "C03", "b")}, []string{"C02"}, false},
	} {
		if units, all := hand(c.rounds...); !slices.Equal(units, c.want) || all != c.all {
			t.Errorf("%s: told %v, all: %t; want %v, %t", c.name, units, all, c.want, c.all)
		}
	}
}
