package main

import (
	"context"
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// daysFigures are what `bench rounds --days` prints. Cost is by how much the
// mean plan's cover phase takes longer than the best day's: what drawing plans
// costs, and what luck a search of so little time has. Of that the choice among
// the plans of a day's pool is PoolCostPct, the mean above the pool's best.
type daysFigures struct {
	patrol.HabitFigures
	CostPct        float64 `json:"cost_pct"`
	PoolCostPct    float64 `json:"pool_cost_pct"`
	PoolPlans      float64 `json:"pool_plans"` // a day, mean
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
	in.Pool = c.Pool
	for day := range c.Days {
		in.Seed = patrol.Seed(secret, in.District.Ubigeo, in.Shift.ID, day+1)
		plan, f, err := timedDraft(ctx, in, c.clock(), c.Seconds, fmt.Sprintf("day %d", day+1))
		if err != nil {
			return draftError(err)
		}
		span := patrol.Span{Start: in.Shift.Start, End: in.Shift.End}
		habit.Add(plan, span)
		in.Past = append(in.Past, patrol.PastShift{Span: span, Rounds: plan.Rounds})
		in.Past = in.Past[max(0, len(in.Past)-patrol.PastDays):]
		if p := f.Pool; p != nil {
			out.PoolCostPct += p.CostPct / float64(c.Days)
			out.PoolPlans += float64(len(p.Plans)) / float64(c.Days)
		}
		best, sum = min(best, f.LongestRouteS), sum+f.LongestRouteS
		out.CoveragePctMin = min(out.CoveragePctMin, f.CoveragePct)
		out.SolveS += f.SolveS / float64(c.Days)
	}
	out.HabitFigures = habit.Figures(c.Days)
	out.CostPct = math.Round(1e5*(sum/float64(c.Days)-best)/best) / 1000
	out.SolveS = math.Round(100*out.SolveS) / 100
	out.PoolCostPct, out.PoolPlans = math.Round(1000*out.PoolCostPct)/1000, math.Round(10*out.PoolPlans)/10
	if c.JSON {
		return printJSON(out)
	}
	fmt.Printf("%d days: Jaccard of (street, half-hour) mean %.3f, highest %.3f, by chance %.3f; entropy of arrivals %.1f %% of uniform, by chance %.1f %%, by chance with streets covered first %.1f %%; cost %.2f %%, of which the choice %.2f %%; least coverage %.2f %%\n",
		out.Days, out.JaccardMean, out.JaccardMax, out.JaccardChance, out.EntropyPct, out.EntropyChancePct, out.EntropyPhasesPct, out.CostPct, out.PoolCostPct, out.CoveragePctMin)
	return nil
}
