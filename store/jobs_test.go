package store_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestJobsThatWait(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	body := json.RawMessage(`{"id": "a", "shift": "2026-11-21/noche"}`)
	asked := json.RawMessage(`{"seconds": 20}`)
	of := func(ubigeo, id string, request json.RawMessage) store.PlanJob {
		return store.PlanJob{Ubigeo: ubigeo, ID: id, Owner: "first", Body: body, Request: request}
	}
	check(t, s.SaveJob(ctx, of(here, "begun", nil)))
	check(t, s.ReleaseJob(ctx, of(here, "begun too", nil)))
	check(t, s.SaveJob(ctx, of(here, "waiting", asked)))
	same(t, "another process speaks of it", 0, len(must(s.TakeJobs(ctx, "first", time.Hour))(t)))
	check(t, s.ReleaseJob(ctx, of(here, "waiting", asked)))
	check(t, s.ReleaseJob(ctx, of("010204", "waiting", asked)))
	taken := must(s.TakeJobs(ctx, "first", time.Hour))(t)
	if len(taken) != 2 || taken[0].Ubigeo != here || taken[0].ID != "waiting" || string(taken[0].Request) != string(asked) || taken[1].Ubigeo != "010204" {
		t.Fatalf("taken over: %+v", taken)
	}
	same(t, "taken only once", 0, len(must(s.TakeJobs(ctx, "first", time.Hour))(t)))
	check(t, s.SaveJob(ctx, of(here, "waiting", nil)))
	same(t, "begun ones are not taken", 1, len(must(s.TakeJobs(ctx, "first", -time.Hour))(t))) // the other district's, at once

	all := must(s.Jobs(ctx, here, "2026-11-21/noche"))(t)
	if len(all) != 3 || all[0].Silent > time.Hour || all[1].Silent < time.Hour {
		t.Errorf("of the shift: %+v", all)
	}
	same(t, "of another shift", 0, len(must(s.Jobs(ctx, here, fleet.ShiftID("2026-11-22/noche")))(t)))
}

// A process that was cut off, and whose calculation another has taken over,
// can neither tell how far it is nor save what came of it.
func TestAJobIsFinishedByItsOwner(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	job := store.PlanJob{Ubigeo: here, ID: "a", Owner: "first", Body: json.RawMessage(`{"shift": "2026-11-21/noche"}`), Request: json.RawMessage(`{}`)}
	check(t, s.ReleaseJob(ctx, job))
	taken := must(s.TakeJobs(ctx, "second", time.Hour))(t)
	if len(taken) != 1 || taken[0].Owner != "second" {
		t.Fatalf("taken over: %+v", taken)
	}
	plan := patrol.Plan{Ubigeo: here, Shift: "2026-11-21/noche"}
	_, err := s.SavePlanOf(ctx, plan, job)
	for what, err := range map[string]error{"its progress": s.SaveJob(ctx, job), "its release": s.ReleaseJob(ctx, job), "its plan": err} {
		if !errors.Is(err, store.ErrTaken) || !errors.Is(err, fleet.ErrConflict) {
			t.Errorf("%s, by the first owner: %v", what, err)
		}
	}
	same(t, "plans by then", 0, len(must(s.PlansOfShift(ctx, here, plan.Shift))(t)))
	if saved, err := s.SavePlanOf(ctx, plan, taken[0]); err != nil || saved.Version != 1 {
		t.Errorf("its plan, by the second: %+v, %v", saved, err)
	}
	same(t, "one that has its plan is not taken", 0, len(must(s.TakeJobs(ctx, "third", -time.Hour))(t)))
}
