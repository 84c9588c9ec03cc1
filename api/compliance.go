package api

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/watch"
)

// errNoReport: a shift has no plan to compare with, or nothing is kept of it.
var errNoReport = problem{fleet.ErrNotFound, "De este turno no hay un plan aprobado con el que comparar.", "shift"}

// errNotOver: what units do is told to auditors when they have done it.
var errNotOver = problem{fleet.ErrNotFound, "Lo que cada unidad hizo de su plan se muestra cuando el turno termina.", "shift"}

// GetCompliance tells what the units of a shift did of their plan.
func (s *server) GetCompliance(ctx context.Context, r GetComplianceRequestObject) (GetComplianceResponseObject, error) {
	_, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	report, err := s.complianceFor(ctx, r.Ubigeo, shift.ID)
	if err != nil {
		return nil, err
	}
	if len(report.Units) > 0 {
		// Once a session: a page asks again every half minute.
		row := auditRow(ctx, r.Ubigeo, "compliance.view", string(shift.ID), "")
		if err := s.cfg.Store.AuditOnce(ctx, row, callerOf(ctx).since); err != nil {
			return nil, err
		}
	}
	return GetCompliance200JSONResponse(report), nil
}

// complianceFor gives what the caller may see of what the units of a shift did.
// A report names streets and times and holds the plan, so that those who see
// neither live positions nor plans that were not handed out have less of it: an
// auditor the report of a shift that is over, everybody else the totals.
func (s *server) complianceFor(ctx context.Context, ubigeo string, shift fleet.ShiftID) (compliance.Report, error) {
	report, err := s.complianceOf(ctx, ubigeo, shift)
	role := callerOf(ctx).user.Districts[ubigeo]
	if err != nil || seesDrafts(role) {
		return report, err
	}
	heads, err := s.cfg.Store.PlansOfShift(ctx, ubigeo, shift)
	if err != nil {
		return compliance.Report{}, err
	}
	if !slices.ContainsFunc(heads, func(p patrol.Plan) bool { return p.ID == report.Plan && p.HandedOut }) {
		return compliance.Report{}, errNoReport
	}
	if role != fleet.RoleAuditor {
		report.Units = []compliance.Unit{}
		return report, nil
	}
	if !report.Final {
		return compliance.Report{}, errNotOver
	}
	return report, nil
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
