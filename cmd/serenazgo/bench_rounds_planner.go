package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing/rounds"
	"github.com/serenazgo/serenazgo/routing/rounds/naive"
)

// planners are those that `bench rounds --planner` knows beside ours.
var planners = map[string]func(context.Context, *rounds.Problem, rounds.Control) (*rounds.Solution, error){
	"postman": naive.Postman,
	"random":  naive.Random,
}

// draw writes a picture of the plan.
func (c *benchRoundsCmd) draw(plan patrol.Plan, in patrol.DraftInput, f patrol.Figures) error {
	caption := fmt.Sprintf("%s, %d units, shift of %g h: %.1f %% of %.0f km driven", c.Planner, len(in.Units), c.Hours, f.CoveragePct, f.StreetKm)
	var until time.Time
	if c.PictureHours > 0 {
		until = in.Shift.Start.Add(time.Duration(c.PictureHours * float64(time.Hour)))
		caption += fmt.Sprintf("; drawn: what is driven after %g h", c.PictureHours)
	}
	return writeWhole(c.Picture, "picture", func(w io.Writer) error { return patrol.Draw(w, plan, in.Graph, until, caption) })
}
