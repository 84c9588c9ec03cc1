package trial

import (
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/routing"
)

// Score sets a coverage beside the truth; lengths in km, shares and errors in
// percent of the streets that count.
type Score struct {
	StreetKm    float64 `json:"street_km"`
	TruePct     float64 `json:"true_pct"`
	CertainPct  float64 `json:"certain_pct"`
	ProbablePct float64 `json:"probable_pct"` // beside certain
	EstimatePct float64 `json:"estimate_pct"`
	CertainErr  float64 `json:"certain_error_points"`  // found less true
	EstimateErr float64 `json:"estimate_error_points"` // found less true
	// WrongKm are certain and were not patrolled; MissedKm were, and are neither
	// certain nor probable.
	WrongKm  float64 `json:"wrong_km"`
	MissedKm float64 `json:"missed_km"`
}

// Compare scores the coverage of set from all fixes of its units against the
// truth, by segment.
func Compare(set coverage.Setup, fixes []fleet.Fix, truth []bool) (Score, coverage.Counts, error) {
	cov, counts, err := coverage.Recompute(set, fixes)
	if err != nil {
		return Score{}, counts, err
	}
	snap := cov.Snapshot(set.Shift.End)
	if len(truth) != len(snap.States) {
		return Score{}, counts, fmt.Errorf("%w: the truth has %d street segments, the graph %d", fleet.ErrInvalid, len(truth), len(snap.States))
	}
	t := snap.Totals
	out := Score{StreetKm: t.StreetKm, CertainPct: t.Joint.Pct, ProbablePct: t.Probable.Pct, EstimatePct: t.Estimate.Pct}
	driven := 0.0
	for i, st := range snap.States {
		if st == coverage.Outside {
			continue
		}
		km := set.Graph.Segments[i].Length / 1000
		covered := st != coverage.None && st != coverage.Unknown
		if truth[i] {
			driven += km
		}
		switch {
		case covered && !truth[i]:
			out.WrongKm += km
		case truth[i] && !covered:
			if r, err := cov.Street(routing.SegmentID(i), set.Shift.End); err == nil && !r.Probable {
				out.MissedKm += km
			}
		}
	}
	if out.StreetKm > 0 {
		out.TruePct = 100 * driven / out.StreetKm
	}
	out.CertainErr, out.EstimateErr = out.CertainPct-out.TruePct, out.EstimatePct-out.TruePct
	return out, counts, nil
}
