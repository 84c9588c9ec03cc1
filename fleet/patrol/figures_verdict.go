package patrol

import (
	"fmt"
	"math"
	"strings"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/rounds"
)

// planMargin is by how much plans take longer than their bound, as measured on
// real districts with all units at one base; the number of units that is likely
// to suffice leaves it.
const planMargin = 0.05

// Verdict says what the units of a shift can reach, what the plan reached, and
// what it would take to visit every street. Every number but ReachedPct holds
// for any plan of these units that stops as long as this one while it covers.
type Verdict struct {
	CeilingPct float64      `json:"ceiling_pct"` // of the street length; no plan reaches more
	ReachedPct float64      `json:"reached_pct"`
	Limit      rounds.Limit `json:"limit"`             // what keeps the ceiling below 100
	NeedKm     float64      `json:"need_km"`           // to be driven for every street: length and floor of repeats
	CanKm      float64      `json:"can_km"`            // that the units can drive in their time, stops taken off
	TooFarKm   float64      `json:"too_far_km"`        // of street that no unit can visit and be back in time
	WorkS      float64      `json:"work_bound_s"`      // least time of the longest round, work shared out evenly
	DepotKm    float64      `json:"depot_cut_km"`      // of repeats at least, for all that must leave one base and return; the floor or more
	FarthestS  float64      `json:"farthest_s"`        // least time to visit the farthest street and return
	HotGapMin  float64      `json:"hot_gap_bound_min"` // least possible worst gap with as many stops as the plan makes
	Shifts     int          `json:"shifts_at_least"`   // in how many such shifts every street can be visited at best
	Enough     []EnoughOf   `json:"enough"`
	// PostsOut are the fixed posts that no unit can take beside the others: nobody
	// who may is free, or gets there in time.
	PostsOut []string `json:"posts_out,omitempty"`
}

// EnoughOf is how many units of a mode, the others as they are, it takes to
// visit every street that is not too far.
type EnoughOf struct {
	Mode    routing.Mode `json:"mode"`
	Have    int          `json:"have"`
	AtLeast int          `json:"at_least"` // with fewer no plan can
	Likely  int          `json:"likely"`   // with what plans need beyond their bound
	Missing int          `json:"missing"`  // likely − have; 0 if they suffice
}

// verdict judges the units of a plan that stand still for stops seconds.
func (sc *scene) verdict(f *Figures, b rounds.Bounds, units []rounds.Unit, stops float64) Verdict {
	j := b.Judge(units, stops, planMargin)
	v := Verdict{CeilingPct: round3(100 * j.Ceiling), ReachedPct: round3(f.CoveragePct), Limit: j.Limit, NeedKm: round3(j.Need / 1000),
		CanKm: round3(j.Can / 1000), TooFarKm: round3(j.TooFar / 1000), FarthestS: math.Round(b.Farthest), Shifts: j.Shifts}
	speeds := make([]float64, len(units))
	for i, u := range units {
		speeds[i] = u.Speed
	}
	cut := b.Floor
	if len(sc.g.Segments) <= rotationStreets { // it takes a matching of its own
		if c, err := rounds.DepotCut(sc.g, units, b.Floor); err == nil {
			cut = c
		}
	}
	v.DepotKm = round3(cut / 1000)
	v.WorkS = math.Round(rounds.Work(speeds, b.Street+cut, 0))
	for _, e := range j.Enough {
		v.Enough = append(v.Enough, EnoughOf{e.Mode, e.Have, e.AtLeast, e.Likely, max(0, e.Likely-e.Have)})
	}
	return v
}

func round3(x float64) float64 { return math.Round(x*1000) / 1000 }

// Words says a verdict in a sentence or two, for the command line.
func (v Verdict) Words() string {
	var have, more []string
	for _, e := range v.Enough {
		have = append(have, fmt.Sprintf("%d %s", e.Have, unitsWord(e.Mode, e.Have)))
		if e.Missing > 0 {
			more = append(more, fmt.Sprintf("%d more %s", e.Missing, unitsWord(e.Mode, e.Missing)))
		}
	}
	s := fmt.Sprintf("with %s the ceiling is %.1f %%; this plan reaches %.1f %%", strings.Join(have, " and "), v.CeilingPct, v.ReachedPct)
	switch v.Limit {
	case rounds.TimeLimit:
		s += fmt.Sprintf(": every street takes %.0f km of driving and there is time for %.0f km", v.NeedKm, v.CanKm)
	case rounds.DistantLimit:
		s += fmt.Sprintf(": %.1f km of street are too far from the bases to be visited and back in the shift", v.TooFarKm)
	}
	if v.Limit == rounds.TimeLimit && len(more) > 0 {
		s += fmt.Sprintf("; for 100 %% it takes %s; in %d shifts these can visit every street at best", strings.Join(more, ", or "), v.Shifts)
	}
	if len(v.PostsOut) > 0 {
		s += "; no unit is free in time for the post " + strings.Join(v.PostsOut, ", nor for ")
	}
	return s
}

func unitsWord(m routing.Mode, n int) string {
	w := map[routing.Mode]string{routing.Car: "car", routing.Motorcycle: "motorcycle", routing.Bicycle: "bicycle", routing.Foot: "unit on foot"}[m]
	switch {
	case n == 1:
		return w
	case m == routing.Foot:
		return "units on foot"
	}
	return w + "s"
}
