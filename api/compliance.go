package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// GetCompliance tells what the units of a shift did of their plan.
func (s *server) GetCompliance(ctx context.Context, r GetComplianceRequestObject) (GetComplianceResponseObject, error) {
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	none := problem{fleet.ErrNotFound, "De este turno no hay un plan aprobado con el que comparar.", "shift"}
	if cur, ok := s.cfg.Watch.Shift(r.Ubigeo); ok && cur.ID == shift.ID {
		report, err := s.cfg.Watch.Compliance(r.Ubigeo)
		if errors.Is(err, watch.ErrNoPlan) {
			return nil, none
		}
		if err != nil {
			return nil, err
		}
		return GetCompliance200JSONResponse(report.Brief()), nil
	}
	kept, err := s.cfg.Store.Coverage(ctx, r.Ubigeo, shift.ID)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return nil, err
	}
	raw, ok := kept["joint"]
	if !ok {
		return nil, none
	}
	f, err := watch.ReadFinal(raw)
	if err != nil {
		return nil, fmt.Errorf("shift %s: %w", shift.ID, err)
	}
	if f.Compliance == nil {
		return nil, none
	}
	return GetCompliance200JSONResponse(*f.Compliance), nil
}
