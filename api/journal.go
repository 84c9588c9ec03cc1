package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// UnitEvents is the body of "events": what just happened to units.
type UnitEvents struct {
	Events []journal.Event `json:"events"`
	Alert  bool            `json:"alert"` // one of them should be seen at once
}

// Bounds of a look at the journal.
const (
	maxEventsSpan = 93 * 24 * time.Hour
	maxDays       = 32 // a month from any hour on
	defaultEvents = 500
)

// GetEvents lists what happened. Every look is audited.
func (s *server) GetEvents(ctx context.Context, r GetEventsRequestObject) (GetEventsResponseObject, error) {
	p := r.Params
	to := s.cfg.Now()
	if p.To != nil {
		to = *p.To
	}
	from := to.Add(-24 * time.Hour)
	if p.From != nil {
		from = *p.From
	}
	if !from.Before(to) || to.Sub(from) > maxEventsSpan {
		return nil, invalid("from", "El intervalo debe ser de a lo más 93 días y empezar antes de terminar.")
	}
	unit, limit := "", defaultEvents
	if p.Unit != nil {
		unit = *p.Unit
	}
	if p.Limit != nil {
		limit = *p.Limit
	}
	if err := s.audit(ctx, r.Ubigeo, "events.view", unit, from.UTC().Format(time.RFC3339)+" – "+to.UTC().Format(time.RFC3339)); err != nil {
		return nil, err
	}
	es, err := s.cfg.Store.Events(ctx, r.Ubigeo, unit, from, to, limit)
	if err != nil {
		return nil, err
	}
	out := GetEvents200JSONResponse{}
	for _, e := range es {
		b := UnitEvent{Unit: e.Unit, Kind: string(e.Kind), Place: some(e.Place), Start: stamp(e.Start), Value: e.Value, Device: e.Device}
		if !e.End.IsZero() {
			b.End = ptr(stamp(e.End))
		}
		if !math.IsNaN(e.Point[0]) {
			b.Point = &e.Point
		}
		out = append(out, b)
	}
	return out, nil
}

// GetDays gives what units did day by day. Every look is audited.
func (s *server) GetDays(ctx context.Context, r GetDaysRequestObject) (GetDaysResponseObject, error) {
	from, to, unit := r.Params.From.Time, r.Params.From.Time, ""
	if r.Params.To != nil {
		to = r.Params.To.Time
	}
	if to.Before(from) || to.Sub(from) >= maxDays*24*time.Hour {
		return nil, invalid("to", fmt.Sprintf("Elija de 1 a %d días.", maxDays))
	}
	if r.Params.Unit != nil {
		unit = *r.Params.Unit
	}
	first, last := from.Format(time.DateOnly), to.Format(time.DateOnly)
	if err := s.audit(ctx, r.Ubigeo, "days.view", unit, first+" – "+last); err != nil {
		return nil, err
	}
	ds, err := s.cfg.Store.Days(ctx, r.Ubigeo, unit, first, last)
	return GetDays200JSONResponse(append([]journal.Day{}, ds...)), err
}

// GetFences gives the geofences as GeoJSON.
func (s *server) GetFences(ctx context.Context, r GetFencesRequestObject) (GetFencesResponseObject, error) {
	fs, err := s.cfg.Store.Fences(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := geojson.NewFeatureCollection()
	out.Features = []*geojson.Feature{}
	for _, f := range fs {
		x := geojson.NewFeature(f.Geometry)
		x.Properties = geojson.Properties{"id": f.ID, "name": f.Name, "kind": string(f.Kind)}
		f.Term.Properties(x.Properties)
		out.Append(x)
	}
	return GetFences200JSONResponse(*out), nil
}

// SaveFences adds or replaces geofences: all of them, or none if one is bad.
func (s *server) SaveFences(ctx context.Context, r SaveFencesRequestObject) (SaveFencesResponseObject, error) {
	var fs []journal.Fence
	for i, x := range r.Body.Features {
		f := journal.Fence{}
		if x == nil {
			return nil, invalid("features", fmt.Sprintf("La zona %d está vacía.", i+1))
		}
		f.ID, _ = x.Properties["id"].(string)
		f.Name, _ = x.Properties["name"].(string)
		kind, _ := x.Properties["kind"].(string)
		f.Kind, f.Term = journal.FenceKind(kind), journal.TermOf(x.Properties)
		switch g := x.Geometry.(type) {
		case orb.Polygon:
			f.Geometry = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			f.Geometry = g
		default:
			return nil, invalid("features", fmt.Sprintf("La zona %d no es un polígono.", i+1))
		}
		if err := journal.CheckFence(f); err != nil {
			return nil, invalid("features", fmt.Sprintf("La zona %d no vale: %s", i+1, strings.TrimPrefix(err.Error(), fleet.ErrInvalid.Error()+": ")))
		}
		fs = append(fs, f)
	}
	for _, f := range fs {
		if err := s.cfg.Store.SaveFence(ctx, r.Ubigeo, f); err != nil {
			return nil, err
		}
		if err := s.audit(ctx, r.Ubigeo, "fence.save", f.ID, f.Name); err != nil {
			return nil, err
		}
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SaveFences200JSONResponse{Saved: len(fs)}, nil
}

// DeleteFence takes a geofence away.
func (s *server) DeleteFence(ctx context.Context, r DeleteFenceRequestObject) (DeleteFenceResponseObject, error) {
	var used fleet.SectorInUse
	if err := s.cfg.Store.DeleteFence(ctx, r.Ubigeo, r.Id); errors.As(err, &used) {
		return nil, problem{fleet.ErrConflict, fmt.Sprintf("La unidad %s patrulla este sector; cámbiela primero en Unidades y GPS.", used.Unit), "id"}
	} else if err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "fence.delete", r.Id, ""); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return DeleteFence204Response{}, nil
}

// GetUnitStates gives a unit's register.
func (s *server) GetUnitStates(ctx context.Context, r GetUnitStatesRequestObject) (GetUnitStatesResponseObject, error) {
	us, err := s.cfg.Store.UnitStates(ctx, r.Ubigeo, r.Id, 200)
	return GetUnitStates200JSONResponse(append([]fleet.UnitReadiness{}, us...)), err
}

// SaveUnitState enters a unit's state in its register.
func (s *server) SaveUnitState(ctx context.Context, r SaveUnitStateRequestObject) (SaveUnitStateResponseObject, error) {
	e := fleet.UnitReadiness{Ubigeo: r.Ubigeo, Unit: r.Id, Since: s.cfg.Now().UTC(), State: r.Body.State, Username: callerOf(ctx).user.Username}
	if r.Body.Since != nil {
		e.Since = r.Body.Since.UTC()
	}
	if r.Body.Expected != nil {
		e.Expected = r.Body.Expected.UTC()
	}
	if r.Body.Reason != nil {
		e.Reason = strings.TrimSpace(*r.Body.Reason)
	}
	switch {
	case e.State != fleet.Operational && e.Reason == "":
		return nil, invalid("reason", "Escriba por qué la unidad no puede salir.")
	case !e.Expected.IsZero() && !e.Expected.After(e.Since):
		return nil, invalid("expected", "El regreso debe ser posterior a la salida de servicio.")
	case e.Since.After(s.cfg.Now().Add(time.Minute)):
		return nil, invalid("since", "El cambio rige desde ahora o desde antes.")
	}
	if err := s.cfg.Store.SaveUnitState(ctx, e); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "unit.state", r.Id, string(e.State)+" "+e.Reason); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SaveUnitState200JSONResponse(e), nil
}
