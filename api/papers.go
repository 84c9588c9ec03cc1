package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// paperFile is an answer that was made as a whole.
type paperFile struct {
	name, mime string
	raw        []byte
}

func (f paperFile) write(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", f.mime)
	w.Header().Set("Content-Disposition", `inline; filename="`+f.name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(f.raw)
	return err
}

// VisitGetPaperResponse writes the file.
func (f paperFile) VisitGetPaperResponse(w http.ResponseWriter) error { return f.write(w) }

// paperAs writes a form as a file of a format.
func paperAs(p templates.Paper, f export.Format) (paperFile, error) {
	var raw bytes.Buffer
	err := p.Write(&raw, f)
	return paperFile{p.FileName(f), templates.Mime(f), raw.Bytes()}, err
}

// GetPaper gives a form of a shift.
func (s *server) GetPaper(ctx context.Context, r GetPaperRequestObject) (GetPaperResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	p, err := s.paperOf(ctx, d, shift, r)
	if err != nil {
		return nil, err
	}
	f := formatOr(r.Params.Format)
	if err := s.audit(ctx, r.Ubigeo, "paper."+string(r.Paper), string(shift.ID), p.FileName(f)); err != nil {
		return nil, err
	}
	return paperAs(p, f)
}

// paperOf makes the form that is asked for.
func (s *server) paperOf(ctx context.Context, d fleet.District, shift fleet.Shift, r GetPaperRequestObject) (templates.Paper, error) {
	switch kind := string(r.Paper); kind {
	case templates.KindStops:
		return s.stopLog(ctx, d, shift)
	case templates.KindUnits:
		return s.unitTable(ctx, d, shift)
	default:
		return s.paperOfPlan(ctx, d, shift, kind, r.Params)
	}
}

// paperOfPlan makes a form of a shift's plan.
func (s *server) paperOfPlan(ctx context.Context, d fleet.District, shift fleet.Shift, kind string, params GetPaperParams) (templates.Paper, error) {
	plan, err := s.planToPrint(ctx, d, shift, params.Plan)
	if errors.Is(err, fleet.ErrNotFound) && params.Plan == nil {
		if err = nil; kind != templates.KindRoster {
			return templates.Paper{}, problem{fleet.ErrNotFound, "Este turno no tiene plan que imprimir.", "shift"}
		}
	}
	if err != nil {
		return templates.Paper{}, err
	}
	src, err := forms.Read(ctx, s.cfg.Store, d, shift.ID, plan, s.streetsFor(ctx, d))
	if err != nil {
		return templates.Paper{}, err
	}
	var units []string
	if params.Unit != nil {
		units = *params.Unit
	}
	if kind == templates.KindRoster {
		roster, err := s.roster(ctx, d, shift)
		if err != nil {
			return templates.Paper{}, err
		}
		units = roster.Units
	}
	p, err := templates.OfPlan(kind, src, units, s.cfg.Now())
	if errors.Is(err, fleet.ErrNotFound) {
		return p, problem{fleet.ErrNotFound, "El plan no tiene ronda para esta unidad.", "unit"}
	}
	return p, err
}

// whatWasDone gives what the units of a shift did, as the caller may see it, and
// what the forms of it are made of.
func (s *server) whatWasDone(ctx context.Context, d fleet.District, shift fleet.ShiftID) (forms.Source, compliance.Report, error) {
	report, err := s.complianceFor(ctx, d.Ubigeo, shift)
	if err != nil {
		return forms.Source{}, report, err
	}
	plan, err := s.cfg.Planner.Plan(ctx, d.Ubigeo, report.Plan)
	if err != nil {
		return forms.Source{}, report, err
	}
	src, err := forms.Read(ctx, s.cfg.Store, d, shift, &plan, func(_, _ time.Time) (*routing.Graph, error) { return nil, nil })
	return src, report, err
}

func (s *server) stopLog(ctx context.Context, d fleet.District, shift fleet.Shift) (templates.Paper, error) {
	src, report, err := s.whatWasDone(ctx, d, shift.ID)
	if err != nil {
		return templates.Paper{}, err
	}
	return templates.StopLog(forms.NewStopLog(src, report), s.cfg.Now()), nil
}

// unitTable makes the table of the day on which a shift begins.
func (s *server) unitTable(ctx context.Context, d fleet.District, shift fleet.Shift) (templates.Paper, error) {
	date, _, err := shift.ID.Split()
	if err != nil {
		return templates.Paper{}, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return templates.Paper{}, err
	}
	var sources []forms.Source
	var reports []compliance.Report
	for _, def := range defs {
		src, report, err := s.whatWasDone(ctx, d, fleet.ShiftID(date+"/"+def.Code))
		if errors.Is(err, fleet.ErrNotFound) {
			continue
		}
		if err != nil {
			return templates.Paper{}, err
		}
		sources, reports = append(sources, src), append(reports, report)
	}
	if len(sources) == 0 {
		return templates.Paper{}, errNoReport
	}
	return templates.UnitTable(forms.NewUnitTable(date, sources, reports), s.cfg.Now()), nil
}

// streetsFor gives the streets of a window for maps; none is no error.
func (s *server) streetsFor(ctx context.Context, d fleet.District) func(from, to time.Time) (*routing.Graph, error) {
	return func(from, to time.Time) (*routing.Graph, error) {
		g, _, err := s.cfg.Streets(ctx, d, [2]time.Time{from, to})
		if errors.Is(err, fleet.ErrNotFound) {
			return nil, nil
		}
		return g, err
	}
}

// planToPrint finds the version of a shift's plan that is asked for and that
// the caller may see: by its id, or the one that was handed out, or the newest.
func (s *server) planToPrint(ctx context.Context, d fleet.District, shift fleet.Shift, id *string) (*patrol.Plan, error) {
	sees := func(p patrol.Plan) bool {
		return seesDrafts(callerOf(ctx).user.Districts[d.Ubigeo]) || p.HandedOut
	}
	if id == nil {
		heads, err := s.cfg.Store.PlansOfShift(ctx, d.Ubigeo, shift.ID)
		if err != nil {
			return nil, err
		}
		best, ok := patrol.ToPrint(heads, sees)
		if !ok {
			return nil, fleet.ErrNotFound
		}
		id = &best.ID
	}
	p, err := s.cfg.Planner.Plan(ctx, d.Ubigeo, *id)
	if err != nil {
		return nil, err
	}
	if p.Shift != shift.ID || !sees(p) {
		return nil, fleet.ErrNotFound
	}
	return &p, nil
}
