package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// finalCoverage reads the coverage of a shift as it was kept at its end.
func finalCoverage(shift fleet.Shift, raw json.RawMessage) (GetCoverageResponseObject, error) {
	f, err := watch.ReadFinal(raw)
	if err != nil {
		return nil, fmt.Errorf("shift %s: %w", shift.ID, err)
	}
	return GetCoverage200JSONResponse{Shift: string(shift.ID), Final: true, At: shift.End.UTC(), Bar: &f.Bar, Streets: some(f.Streets), Presence: &f.Presence, Matching: f.Matching, Cells: cellsOf(f.Snapshot.Cells)}, nil
}

// cellsOf gives the presence by cell of the coarsest resolution, the longest time
// without anybody first.
func cellsOf(all []coverage.CellReport) *[]CellPresence {
	coarsest := math.MaxInt
	for _, c := range all {
		coarsest = min(coarsest, c.Res)
	}
	out := []CellPresence{}
	for _, c := range all {
		centre, err := c.Cell.Centre()
		if c.Res != coarsest || err != nil {
			continue
		}
		out = append(out, CellPresence{
			Cell: c.Cell.String(), Centre: centre, MunicipalMin: c.DwellS.Municipal / 60, PoliceMin: c.DwellS.Police / 60, IntegratedMin: c.DwellS.Integrated / 60,
			Visits: c.Visits, LongestGapMin: c.MaxGapS / 60,
		})
	}
	slices.SortStableFunc(out, func(a, b CellPresence) int { return cmp.Compare(b.LongestGapMin, a.LongestGapMin) })
	return &out
}
