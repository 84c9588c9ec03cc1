package main

import (
	"context"
	"slices"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// toTell lists the units that have to be told of a plan that was handed out in
// the place of another one: those whose rounds are not what they were. all: no
// plan of the shift was in force before, or it cannot be told.
func (a *App) toTell(ctx context.Context, p patrol.Plan) (units []string, all bool) {
	heads, err := a.store.PlansOfShift(ctx, p.Ubigeo, p.Shift)
	if err != nil {
		a.log.Error("who has to be told of the plan", "ubigeo", p.Ubigeo, "plan", p.ID, "err", err)
		return nil, true
	}
	// The one that was in force was approved last of those that no longer are.
	heads = slices.DeleteFunc(heads, func(h patrol.Plan) bool {
		return h.State != patrol.Superseded || h.ApprovedAt.IsZero() || h.ApprovedAt.After(p.ApprovedAt)
	})
	if len(heads) == 0 {
		return nil, true
	}
	old := slices.MaxFunc(heads, func(a, b patrol.Plan) int { return a.ApprovedAt.Compare(b.ApprovedAt) })
	before, err := a.planner.Plan(ctx, p.Ubigeo, old.ID)
	if err != nil {
		a.log.Error("who has to be told of the plan", "ubigeo", p.Ubigeo, "plan", p.ID, "err", err)
		return nil, true
	}
	return patrol.Touched(before, p), false
}
