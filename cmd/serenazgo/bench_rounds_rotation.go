package main

import (
	"context"
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// rotationFigures are what `bench rounds --rotation` prints.
type rotationFigures struct {
	AtLeast    int       `json:"shifts_at_least"` // for every street, by any plan
	Promised   int       `json:"shifts_promised"` // by the first shift's rotation; 0: none was found
	Needed     int       `json:"shifts_needed"`   // until every street was driven; 0: not within the shifts simulated
	LeftKm     float64   `json:"left_km"`         // never driven at the end
	OldestLast int       `json:"oldest_shifts"`   // how many shifts the street waited at the end that waited longest
	CoveredPct []float64 `json:"covered_pct"`     // of the streets, so far, after each shift
	SolveS     float64   `json:"solve_s"`         // of a shift, mean
}

// runRotation plans shift after shift, each from what was driven in those
// before, and counts them until every street was driven. Shifts named by --miss
// are planned and not driven.
func (c *benchRoundsCmd) runRotation(ctx context.Context, in patrol.DraftInput) error {
	starts, err := patrol.Starts(in.Graph, in.Units)
	if err != nil {
		return badInput(err)
	}
	var days patrol.Rota
	var out rotationFigures
	secret := fmt.Appendf(nil, "bench %d", c.Seed)
	in.Rotate = true
	all := 0.0
	for shift := range c.Rotation {
		in.Seed = patrol.Seed(secret, in.District.Ubigeo, in.Shift.ID, shift+1)
		in.Ages = days.Ages(len(in.Graph.Segments))
		plan, f, err := timedDraft(ctx, in, c.clock(), c.Seconds, fmt.Sprintf("shift %d", shift+1))
		if err != nil {
			return draftError(err)
		}
		if shift == 0 {
			all = f.StreetKm
			out.AtLeast = f.Verdict.Shifts
			if f.Rotation != nil {
				out.AtLeast = f.Rotation.AtLeast
				if f.Rotation.LeftKm == 0 {
					out.Promised = f.Rotation.Shifts
				}
			}
		}
		if f.Rotation != nil && !c.JSON {
			fmt.Printf("shift %d: %s\n", shift+1, f.Rotation.Words())
		}
		if shift+1 == c.Miss {
			plan.Rounds = nil
		}
		days.Drive(plan, in.Graph)
		out.LeftKm = math.Round(days.Left(in.Graph, starts)) / 1000
		out.CoveredPct = append(out.CoveredPct, math.Round(1000*100*(1-out.LeftKm/all))/1000)
		if out.LeftKm == 0 && out.Needed == 0 {
			out.Needed = shift + 1
		}
		out.SolveS += f.SolveS / float64(c.Rotation)
	}
	out.SolveS = math.Round(100*out.SolveS) / 100
	out.OldestLast = days.Oldest(in.Graph, starts)
	if c.JSON {
		return printJSON(out)
	}
	for k, pct := range out.CoveredPct {
		fmt.Printf("after shift %d: %.1f %% of the streets driven\n", k+1, pct)
	}
	if out.Needed > 0 {
		fmt.Printf("every street in %d shifts; at least %d are needed, %d were promised; at the end no street waited longer than %d\n", out.Needed, out.AtLeast, out.Promised, out.OldestLast)
	} else {
		fmt.Printf("%.1f km were not driven in %d shifts; at least %d are needed, %d were promised\n", out.LeftKm, c.Rotation, out.AtLeast, out.Promised)
	}
	return nil
}
