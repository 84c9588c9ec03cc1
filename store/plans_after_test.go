package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// edited is what an editor makes of a plan.
func edited(p patrol.Plan, who string) patrol.Plan {
	p.Parent, p.CreatedBy = p.ID, who
	p.Edits = []patrol.Edit{{Op: patrol.LockRound, Unit: "C01"}}
	p.Rules.Locks = []patrol.Lock{{Unit: "C01"}}
	return p
}

// TestTwoEditors lets many save an edit of the same version at once: one is
// kept and the others are told, and the audit knows of the kept one only.
func TestTwoEditors(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	first := must(s.SavePlan(ctx, samplePlan()))(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var kept []patrol.Plan
	for _, who := range []string{"ana", "eva", "luz", "rosa"} {
		wg.Go(func() {
			p, err := s.SavePlanAfter(ctx, edited(first, who), first.ID, patrol.Same{}, fleet.AuditRow{Ubigeo: here, At: noon, Username: who, Action: "plan.edit"})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				kept = append(kept, p)
			case !errors.Is(err, fleet.ErrConflict):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(kept) != 1 {
		t.Fatalf("%d edits of one version were kept", len(kept))
	}
	if kept[0].Version != 2 || kept[0].ID == first.ID || kept[0].Parent != first.ID {
		t.Errorf("kept as %s, version %d, of %s", kept[0].ID, kept[0].Version, kept[0].Parent)
	}
	same(t, "read", kept[0], must(s.Plan(ctx, here, kept[0].ID))(t))
	same(t, "the version that was edited", first, must(s.Plan(ctx, here, first.ID))(t))
	if list := must(s.PlansOfShift(ctx, here, tonight))(t); len(list) != 2 {
		t.Errorf("%d plans of the shift", len(list))
	}
	rows := must(s.AuditRows(ctx, here, 10))(t)
	if len(rows) != 1 || rows[0].Subject != kept[0].ID || rows[0].Username != kept[0].CreatedBy {
		t.Errorf("audit: %+v", rows)
	}
}

// TestAuditOfAnEditFails keeps no plan whose audit cannot be written.
func TestAuditOfAnEditFails(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	first := must(s.SavePlan(ctx, samplePlan()))(t)
	if _, err := s.SavePlanAfter(ctx, edited(first, "ana"), first.ID, patrol.Same{}, fleet.AuditRow{Ubigeo: here, At: noon}); err == nil {
		t.Fatal("an audit row without an action was written")
	}
	if list := must(s.PlansOfShift(ctx, here, tonight))(t); len(list) != 1 {
		t.Errorf("%d plans of the shift", len(list))
	}
}

// TestSameRoundsAreTaken keeps a plan whose rounds are partly another's: it
// reads as if all had been written, also when the other one is no more.
func TestSameRoundsAreTaken(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	first := must(s.SavePlan(ctx, samplePlan()))(t)
	next := edited(first, "ana")
	next.Rounds = slices.Clone(next.Rounds)
	next.Rounds[1].Metres = 77
	change := patrol.Change{Plan: next, Units: []string{"C02"}}
	saved := must(s.SavePlanAfter(ctx, next, first.ID, change.Same()))(t)
	next.ID, next.Version = saved.ID, 2
	same(t, "read", next, must(s.Plan(ctx, here, saved.ID))(t))
	back := must(s.SavePlanAfter(ctx, first, saved.ID, patrol.Whole(first)))(t)
	same(t, "restored", first.Rounds, must(s.Plan(ctx, here, back.ID))(t).Rounds)

	_, err := s.SavePlanAfter(ctx, next, back.ID, patrol.Same{Plan: first.ID, Units: []string{"C01", "C09"}})
	wantKind(t, "a round that the other plan does not have", err, fleet.ErrInvalid)
	if newest := must(s.NewestPlan(ctx, here, tonight))(t); newest.ID != back.ID || newest.Rounds != nil {
		t.Errorf("the newest is %s with %d rounds", newest.ID, len(newest.Rounds))
	}
	_, err = s.NewestPlan(ctx, here, "2026-11-20/noche")
	wantKind(t, "a shift without plans", err, fleet.ErrNotFound)
}
