package api

import (
	"context"
	"errors"
	"fmt"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// errNoReport: a shift has no plan to compare with, or nothing is kept of it.
var errNoReport = problem{fleet.ErrNotFound, "De este turno no hay un plan aprobado con el que comparar.", "shift"}

// GetCompliance tells what the units of a shift did of their plan.
func (s *server) GetCompliance(ctx context.Context, r GetComplianceRequestObject) (GetComplianceResponseObject, error) {
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	report, err := s.complianceOf(ctx, r.Ubigeo, shift.ID)
	return GetCompliance200JSONResponse(report), err
}

// complianceOf gives what the units of a shift did, live or as it was kept.
func (s *server) complianceOf(ctx context.Context, ubigeo string, shift fleet.ShiftID) (compliance.Report, error) {
	if cur, ok := s.cfg.Watch.Shift(ubigeo); ok && cur.ID == shift {
		report, err := s.cfg.Watch.Compliance(ubigeo)
		if errors.Is(err, watch.ErrNoPlan) {
			return report, errNoReport
		}
		return report.Brief(), err
	}
	kept, err := s.cfg.Store.Coverage(ctx, ubigeo, shift)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return compliance.Report{}, err
	}
	raw, ok := kept["joint"]
	if !ok {
		return compliance.Report{}, errNoReport
	}
	f, err := watch.ReadFinal(raw)
	if err != nil {
		return compliance.Report{}, fmt.Errorf("shift %s: %w", shift, err)
	}
	if f.Compliance == nil {
		return compliance.Report{}, errNoReport
	}
	return *f.Compliance, nil
}
