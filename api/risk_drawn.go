package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots/risk"
)

// nearby is how far outside the bounds of a district a shape may be drawn, in
// degrees: what lies just across the border is felt on this side.
const nearby = 0.01

// drawn gives the shape of a line drawn on the map: a place, a line, or an area
// where the line comes back to its beginning.
func drawn(line orb.LineString) orb.Geometry {
	switch {
	case len(line) == 1:
		return line[0]
	case len(line) >= 4 && line[0] == line[len(line)-1]:
		return orb.Polygon{orb.Ring(line)}
	}
	return line
}

// within tells whether all of a line lies in the bounds of a district or nearby.
func within(d fleet.District, line []LonLat) bool {
	return len(d.Boundary) == 0 || !slices.ContainsFunc(line, func(p LonLat) bool { return !d.Boundary.Bound().Pad(nearby).Contains(p) })
}

// checkDrawn words what is wrong with a factor that was drawn.
func checkDrawn(d fleet.District, f risk.Factor, line []LonLat) error {
	if !slices.Contains(risk.Kinds(), f.Kind) {
		return invalid("kind", "Elija el tipo del factor.")
	}
	if !within(d, line) {
		return invalid("line", "El factor queda fuera del distrito: márquelo en el mapa.")
	}
	if f.Check() != nil {
		return invalid("line", "Marque el factor en el mapa, con un nombre de pocas palabras.")
	}
	return nil
}

// AddRiskFactor keeps a factor that was drawn.
func (s *server) AddRiskFactor(ctx context.Context, r AddRiskFactorRequestObject) (AddRiskFactorResponseObject, error) {
	f := risk.Factor{Kind: risk.Kind(r.Body.Kind), Geometry: drawn(r.Body.Line)}
	if r.Body.Name != nil {
		f.Name = strings.TrimSpace(*r.Body.Name)
	}
	f.ID = risk.NewID(f)
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	if err := checkDrawn(d, f, r.Body.Line); err != nil {
		return nil, err
	}
	if err := s.cfg.Store.SaveFactor(ctx, r.Ubigeo, f, auditRow(ctx, r.Ubigeo, "risk.add", f.ID, string(f.Kind))); err != nil {
		return nil, err
	}
	return AddRiskFactor201JSONResponse{Id: f.ID}, nil
}

// ChangeRiskFactor changes a factor. One of a file stays of it: the next file of
// that name says anew what it is.
func (s *server) ChangeRiskFactor(ctx context.Context, r ChangeRiskFactorRequestObject) (ChangeRiskFactorResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	factors, err := s.cfg.Store.Factors(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(factors, func(f risk.Factor) bool { return f.ID == r.Id })
	if i < 0 {
		return nil, fmt.Errorf("%w: risk factor %q", fleet.ErrNotFound, r.Id)
	}
	f := factors[i]
	f.Kind, f.Name = risk.Kind(r.Body.Kind), strings.TrimSpace(r.Body.Name)
	var line []LonLat
	if r.Body.Line != nil {
		line = *r.Body.Line
		f.Geometry = drawn(line)
	}
	if err := checkDrawn(d, f, line); err != nil {
		return nil, err
	}
	return ChangeRiskFactor204Response{}, s.cfg.Store.SaveFactor(ctx, r.Ubigeo, f, auditRow(ctx, r.Ubigeo, "risk.change", f.ID, string(f.Kind)))
}
