package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// EditPlan changes the newest version of a plan by hand.
func (s *server) EditPlan(ctx context.Context, r EditPlanRequestObject) (EditPlanResponseObject, error) {
	begun := time.Now()
	d, p, err := s.newestPlan(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	c, err := s.cfg.Planner.Edit(ctx, d, p, r.Body.Edits)
	if err != nil {
		return nil, refusedEdit(err)
	}
	brief := r.Body.Brief != nil && *r.Body.Brief
	out, err := s.keepChange(ctx, p, c, changing{dry: r.Body.DryRun, brief: brief, action: "plan.edit", words: editWords(r.Body.Edits), begun: begun})
	return EditPlan200JSONResponse(out), err
}

// ReplanShift makes the newest version of a plan anew in the middle of its shift.
func (s *server) ReplanShift(ctx context.Context, r ReplanShiftRequestObject) (ReplanShiftResponseObject, error) {
	begun := time.Now()
	d, p, err := s.newestPlan(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	at := s.cfg.Now().UTC()
	if r.Body.At != nil {
		at = r.Body.At.UTC()
	}
	c, err := s.cfg.Planner.Replan(ctx, d, p, at, r.Body.Events)
	if err != nil {
		return nil, refusedEdit(err)
	}
	words := ""
	for i, e := range r.Body.Events {
		if i > 0 {
			words += ", "
		}
		words += string(e.Kind) + " " + e.Unit
	}
	out, err := s.keepChange(ctx, p, c, changing{dry: r.Body.DryRun, action: "plan.replan", words: words, begun: begun})
	return ReplanShift200JSONResponse(out), err
}

// newestPlan finds a plan that somebody wants to change: it must be the newest
// version of its shift.
func (s *server) newestPlan(ctx context.Context, ubigeo, id string) (fleet.District, patrol.Plan, error) {
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return d, patrol.Plan{}, err
	}
	p, err := s.cfg.Planner.Plan(ctx, ubigeo, id)
	if err != nil {
		return d, p, err
	}
	newest, err := s.cfg.Store.NewestPlan(ctx, ubigeo, p.Shift)
	if err == nil && newest.ID != id {
		err = s.overtaken(newest)
	}
	return d, p, err
}

// overtaken says who changed a plan meanwhile.
func (s *server) overtaken(newest patrol.Plan) error {
	return problem{fleet.ErrConflict, fmt.Sprintf("%s cambió este plan; ahora es la v%d. Compare antes de guardar.", newest.CreatedBy, newest.Version), "version"}
}

// changing is how a change was asked for.
type changing struct {
	dry           *bool // only what would become of the plan
	brief         bool  // without the rounds
	action, words string
	begun         time.Time
}

// keepChange saves what became of a plan as its next version, unless it was
// only asked what would become of it.
func (s *server) keepChange(ctx context.Context, old patrol.Plan, c patrol.Change, how changing) (PlanChange, error) {
	p := c.Plan
	if how.dry == nil || !*how.dry {
		by := callerOf(ctx).user.Username
		p.CreatedAt, p.CreatedBy = s.cfg.Now().UTC(), by
		audit := auditRow(ctx, old.Ubigeo, how.action, "", how.words)
		saved, err := s.cfg.Planner.Keep(ctx, p, old.ID, c.Same(), audit)
		if errors.Is(err, fleet.ErrConflict) {
			if newest, nerr := s.cfg.Store.NewestPlan(ctx, old.Ubigeo, old.Shift); nerr == nil {
				return PlanChange{}, s.overtaken(newest)
			}
		}
		if err != nil {
			return PlanChange{}, err
		}
		p = saved
		if err := s.cfg.Hub.Publish(p.Ubigeo, "plan", PlanEventOf(p)); err != nil {
			return PlanChange{}, err
		}
	}
	out := PlanChange{Units: c.Units, Notes: c.Notes, Violations: violations(p, c.Violations), Before: c.Before, After: c.After, Rounds: []Round{}}
	if p.ID != "" {
		out.Head = ptr(planHead(p))
	}
	for _, r := range p.Rounds {
		for _, u := range c.Units {
			if u == r.Unit && !how.brief {
				out.Rounds = append(out.Rounds, roundBody(r))
			}
		}
	}
	out.TookMs = float64(time.Since(how.begun).Microseconds()) / 1000
	return out, nil
}

// RestorePlan makes the newest version a copy of an older one.
func (s *server) RestorePlan(ctx context.Context, r RestorePlanRequestObject) (RestorePlanResponseObject, error) {
	p, err := s.cfg.Planner.Plan(ctx, r.Ubigeo, r.Id)
	if err != nil {
		return nil, err
	}
	_, newest, err := s.newestPlan(ctx, r.Ubigeo, r.Body.Newest)
	if err != nil {
		return nil, err
	}
	if newest.Shift != p.Shift {
		return nil, invalid("newest", "Los dos planes no son del mismo turno.")
	}
	was := p.Version
	p.State, p.ApprovedAt, p.ApprovedBy = patrol.Draft, time.Time{}, ""
	p.CreatedAt, p.CreatedBy = s.cfg.Now().UTC(), callerOf(ctx).user.Username
	saved, err := s.cfg.Planner.Keep(ctx, p, newest.ID, patrol.Whole(p), auditRow(ctx, r.Ubigeo, "plan.restore", "", fmt.Sprintf("v%d", was)))
	if err != nil {
		return nil, err
	}
	if err := s.cfg.Hub.Publish(r.Ubigeo, "plan", PlanEventOf(saved)); err != nil {
		return nil, err
	}
	return RestorePlan200JSONResponse(planHead(saved)), nil
}

// ComparePlans tells what differs between two versions of a shift's plan.
func (s *server) ComparePlans(ctx context.Context, r ComparePlansRequestObject) (ComparePlansResponseObject, error) {
	with := r.Id
	if r.Params.With != nil {
		with = *r.Params.With
	} else if older, err := s.olderPlan(ctx, r.Ubigeo, r.Id); err != nil {
		return nil, err
	} else if older != "" {
		with = older
	}
	var ps [2]patrol.Plan
	for i, id := range [...]string{with, r.Id} {
		p, err := s.cfg.Planner.Plan(ctx, r.Ubigeo, id)
		if err != nil {
			return nil, err
		}
		if !seesDrafts(callerOf(ctx).user.Districts[r.Ubigeo]) && !p.HandedOut {
			return nil, fleet.ErrNotFound
		}
		ps[i] = p
	}
	if ps[0].Shift != ps[1].Shift {
		return nil, invalid("with", "Los dos planes no son del mismo turno.")
	}
	g, _ := s.cfg.Watch.Graph(r.Ubigeo)
	c := patrol.Compare(ps[0], ps[1], g)
	handed, err := c.GeoJSON()
	if err != nil {
		return nil, err
	}
	return ComparePlans200JSONResponse{BeforeVersion: ps[0].Version, AfterVersion: ps[1].Version, Before: c.Before, After: c.After,
		CoveredKm: c.CoverageKm[:], OverlapPct: c.OverlapPct, Units: c.Units, HandedKm: c.HandedKm, HandedStreets: c.HandedCount, Handed: handed}, nil
}

// olderPlan gives the version that a plan was made from, or else the one before
// it; empty: the caller sees none.
func (s *server) olderPlan(ctx context.Context, ubigeo, id string) (string, error) {
	p, err := s.cfg.Planner.Plan(ctx, ubigeo, id)
	if err != nil {
		return "", err
	}
	heads, err := s.cfg.Store.PlansOfShift(ctx, ubigeo, p.Shift)
	if err != nil {
		return "", err
	}
	older := ""
	for _, h := range heads { // the newest comes first
		if !seesDrafts(callerOf(ctx).user.Districts[ubigeo]) && !h.HandedOut {
			continue
		}
		if h.ID == p.Parent {
			return h.ID, nil
		}
		if older == "" && h.Version < p.Version {
			older = h.ID
		}
	}
	return older, nil
}

// refusedEdit says in Spanish why a change cannot be made at all.
func refusedEdit(err error) error {
	for _, m := range [...]struct {
		is   error
		text string
	}{
		{patrol.ErrLocked, "Está bloqueado en su ronda; desbloquéelo primero."},
		{patrol.ErrUnknownUnit, "Esa unidad no tiene ronda en este plan."},
		{patrol.ErrUnknownStreet, "Esa calle ya no está en el mapa; vuelva a generar el plan."},
		{patrol.ErrUnknownStop, "Esa parada ya no está en la ronda."},
		{patrol.ErrNoWay, "La unidad no puede llegar ahí y volver por calles permitidas."},
		{patrol.ErrTime, "A esa hora el turno no está en curso."},
		{patrol.ErrEdit, "Ese cambio no se entiende o no corresponde al plan."},
	} {
		if errors.Is(err, m.is) {
			return problem{err, m.text, ""}
		}
	}
	return err
}

// editWords is what the audit says of edits.
func editWords(edits []patrol.Edit) string {
	words := ""
	for i, e := range edits {
		if i == 3 {
			return fmt.Sprintf("%s, … (%d)", words, len(edits))
		}
		if i > 0 {
			words += ", "
		}
		words += string(e.Op)
		if e.Unit != "" {
			words += " " + e.Unit
		}
		if e.To != "" {
			words += " → " + e.To
		}
		if n := len(e.Segments); n > 0 {
			words += fmt.Sprintf(" (%d calles)", n)
		}
	}
	return words
}
