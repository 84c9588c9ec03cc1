package api

import (
	"encoding/json"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// finalCoverage reads the coverage of a shift as it was kept at its end.
func finalCoverage(shift fleet.Shift, raw json.RawMessage) (GetCoverageResponseObject, error) {
	f, err := watch.ReadFinal(raw)
	if err != nil {
		return nil, fmt.Errorf("shift %s: %w", shift.ID, err)
	}
	return GetCoverage200JSONResponse{Shift: string(shift.ID), Final: true, At: shift.End.UTC(), Bar: &f.Bar, Streets: some(f.Streets), Presence: &f.Presence, Matching: f.Matching}, nil
}
