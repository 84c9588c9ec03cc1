package api

import (
	"context"
	"net/http"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export/templates"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/forms"
)

// VisitGetRiskPaperResponse writes the file.
func (f paperFile) VisitGetRiskPaperResponse(w http.ResponseWriter) error { return f.write(w) }

// GetRiskPaper gives the joint map as a file.
func (s *server) GetRiskPaper(ctx context.Context, r GetRiskPaperRequestObject) (GetRiskPaperResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	p, err := s.jointPaper(ctx, d, shift)
	if err != nil {
		return nil, err
	}
	f := formatOr(r.Params.Format)
	if err := s.audit(ctx, r.Ubigeo, "paper.joint", string(shift.ID), p.FileName(f)); err != nil {
		return nil, err
	}
	return paperAs(p, f)
}

// jointPaper makes the paper of a shift's joint map.
func (s *server) jointPaper(ctx context.Context, d fleet.District, shift fleet.Shift) (templates.Paper, error) {
	loc, err := d.Location()
	if err != nil {
		return templates.Paper{}, err
	}
	surface, err := s.cfg.Planner.Forecast(ctx, d, shift)
	if err != nil {
		return templates.Paper{}, err
	}
	id := string(shift.ID)
	_, joint, factors, err := s.jointMap(ctx, d.Ubigeo, &id)
	if err != nil {
		return templates.Paper{}, err
	}
	g, err := s.streetsFor(ctx, d)(s.cfg.Now(), s.cfg.Now())
	if err != nil {
		return templates.Paper{}, err
	}
	m := forms.NewJointMap(d, shift, loc, joint, surface, factors, func(p orb.Point) string { return place(g, p) })
	return templates.OfJointMap(m, templates.StreetsOf(g), s.cfg.Now()), nil
}
