package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/store"
)

// poolPlans is how many plans are made at most to choose from.
const poolPlans = 6

// pastShifts gives what was in force in the same shift on the days before, which
// a new plan is to be unlike; the newest day last. Days without a published plan
// are left out.
func pastShifts(ctx context.Context, st *store.Store, d fleet.District, shift fleet.Shift, loc *time.Location) ([]patrol.PastShift, error) {
	date, code, err := shift.ID.Split()
	if err != nil {
		return nil, err
	}
	defs, err := st.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	day, err := time.Parse(time.DateOnly, date) // of the calendar alone: midnight need not exist everywhere
	if err != nil {
		return nil, err
	}
	var out []patrol.PastShift
	for ago := patrol.PastDays; ago > 0; ago-- {
		id := fleet.ShiftID(day.AddDate(0, 0, -ago).Format(time.DateOnly) + "/" + code)
		plans, err := st.PlansOfShift(ctx, d.Ubigeo, id)
		if err != nil {
			return nil, err
		}
		k := slices.IndexFunc(plans, func(p patrol.Plan) bool { return p.State == patrol.Published })
		if k < 0 {
			continue
		}
		p, err := st.Plan(ctx, d.Ubigeo, plans[k].ID)
		if errors.Is(err, fleet.ErrNotFound) {
			continue // taken away meanwhile
		}
		if err != nil {
			return nil, err
		}
		s, err := fleet.ResolveShift(id, defs, loc)
		if err != nil {
			return nil, err
		}
		out = append(out, patrol.PastShift{Span: patrol.Span{Start: s.Start, End: s.End}, Rounds: p.Rounds})
	}
	return out, nil
}
