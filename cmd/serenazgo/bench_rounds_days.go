package main

import (
	"context"
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// daysFigures are what `bench rounds --days` prints. Cost is by how much the
// mean plan's cover phase takes longer than the best day's: what drawing plans
// costs.
type daysFigures struct {
	patrol.HabitFigures
	CostPct        float64 `json:"cost_pct"`
	CoveragePctMin float64 `json:"coverage_pct_min"`
	SolveS         float64 `json:"solve_s"` // of a day, mean
}

// runDays plans the shift of several days one after the other, each with the
// seed that its date gives, and compares them.
func (c *benchRoundsCmd) runDays(ctx context.Context, in patrol.DraftInput) error {
	var habit patrol.Habit
	out := daysFigures{CoveragePctMin: 100}
	best, sum := math.Inf(1), 0.0
	secret := fmt.Appendf(nil, "bench %d", c.Seed)
	for day := range c.Days {
		in.Seed = patrol.Seed(secret, in.District.Ubigeo, in.Shift.ID, day+1)
		plan, f, err := timedDraft(ctx, in, c.clock(), c.Seconds, fmt.Sprintf("day %d", day+1))
		if err != nil {
			return draftError(err)
		}
		habit.Add(plan, patrol.Span{Start: in.Shift.Start, End: in.Shift.End})
		best, sum = min(best, f.LongestRouteS), sum+f.LongestRouteS
		out.CoveragePctMin = min(out.CoveragePctMin, f.CoveragePct)
		out.SolveS += f.SolveS / float64(c.Days)
	}
	out.HabitFigures = habit.Figures(c.Days)
	out.CostPct = math.Round(1e5*(sum/float64(c.Days)-best)/best) / 1000
	out.SolveS = math.Round(100*out.SolveS) / 100
	if c.JSON {
		return printJSON(out)
	}
	fmt.Printf("%d days: Jaccard of (street, half-hour) mean %.3f, highest %.3f; entropy of arrivals %.1f %% of uniform; cost %.2f %%; least coverage %.2f %%\n",
		out.Days, out.JaccardMean, out.JaccardMax, out.EntropyPct, out.CostPct, out.CoveragePctMin)
	return nil
}
