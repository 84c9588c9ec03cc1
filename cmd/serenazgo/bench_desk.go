package main

import (
	"context"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// fleetOr sets the units where none was asked for.
func (c *benchRoundsCmd) fleetOr(cars, motorcycles int) {
	if c.Cars+c.Motorcycles+c.Bicycles+c.Foot == 0 {
		c.Cars, c.Motorcycles = cars, motorcycles
	}
}

// desk plans a district from files and opens the plan for changes; prepared is
// how long the opening took, which is done once a shift, in seconds.
func (c *benchRoundsCmd) desk(ctx context.Context) (in patrol.DraftInput, plan patrol.Plan, desk *patrol.Desk, prepared float64, err error) {
	if in, err = c.input(ctx); err != nil {
		return in, plan, nil, 0, err
	}
	if plan, _, err = timedDraft(ctx, in, c.clock(), c.Seconds, "planning"); err != nil {
		return in, plan, nil, 0, draftError(err)
	}
	plan.ID = "bench"
	prepare := c.stopwatch()
	if desk, err = patrol.NewDesk(in); err != nil {
		return in, plan, nil, 0, draftError(err)
	}
	return in, plan, desk, prepare(), nil
}
