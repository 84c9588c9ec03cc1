package api

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
)

func unitBody(u fleet.Unit) Unit {
	out := Unit{Id: u.ID, CallSign: u.CallSign, Mode: u.Mode, Plate: some(u.Plate), Integrated: u.Integrated, Active: u.Active, Device: some(u.Device)}
	if u.Base != (orb.Point{}) {
		out.Base = &u.Base
	}
	if len(u.Shifts) > 0 {
		out.Shifts = &u.Shifts
	}
	out.From, out.To = some(u.From), some(u.To)
	if u.MaxKm > 0 {
		out.MaxKm = &u.MaxKm
	}
	if len(u.Sectors) > 0 {
		out.Sectors = &u.Sectors
	}
	return out
}

// GetUnits lists the units, those out of service too.
func (s *server) GetUnits(ctx context.Context, r GetUnitsRequestObject) (GetUnitsResponseObject, error) {
	us, err := s.cfg.Store.Units(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	out := GetUnits200JSONResponse{}
	for _, u := range us {
		out = append(out, unitBody(u))
	}
	return out, nil
}

// SaveUnit adds or changes a unit.
func (s *server) SaveUnit(ctx context.Context, r SaveUnitRequestObject) (SaveUnitResponseObject, error) {
	b := r.Body
	if fleet.CheckUnitID(r.Id) != nil {
		return nil, invalid("id", "El código de la unidad lleva letras, dígitos, punto o guion, hasta 32.")
	}
	u := fleet.Unit{Ubigeo: r.Ubigeo, ID: r.Id, CallSign: strings.TrimSpace(b.CallSign), Mode: b.Mode, Active: true}
	if u.CallSign == "" || len([]rune(u.CallSign)) > fleet.MaxCallSign {
		return nil, invalid("call_sign", "Escriba el nombre de llamada de la unidad, hasta 40 letras.")
	}
	if b.Plate != nil {
		if u.Plate = strings.TrimSpace(*b.Plate); len([]rune(u.Plate)) > fleet.MaxPlate {
			return nil, invalid("plate", "La placa es demasiado larga.")
		}
	}
	if b.Base != nil {
		if err := hotspots.CheckPoint(*b.Base); err != nil {
			return nil, invalid("base", "Marque la base en el mapa.")
		}
		u.Base = *b.Base
		if g, _ := s.cfg.Watch.Graph(r.Ubigeo); g != nil {
			if _, err := patrol.Starts(g, []fleet.Unit{u}); err != nil {
				return nil, invalid("base", "La base queda lejos de toda calle por la que la unidad pueda pasar: márquela a menos de 500 m de una.")
			}
		}
	}
	if b.Integrated != nil {
		u.Integrated = *b.Integrated
	}
	if b.Active != nil {
		u.Active = *b.Active
	}
	if b.Device != nil && *b.Device != "" {
		if err := fleet.CheckDeviceID(*b.Device); err != nil {
			return nil, invalid("device", "El código del equipo lleva letras, dígitos, punto, guion o guion bajo, hasta 64.")
		}
		u.Device = *b.Device
	}
	if b.Shifts != nil {
		defs, err := s.cfg.Store.Shifts(ctx, r.Ubigeo)
		if err != nil {
			return nil, err
		}
		for _, code := range *b.Shifts {
			ok := false
			for _, d := range defs {
				ok = ok || d.Code == code
			}
			if !ok {
				return nil, invalid("shifts", fmt.Sprintf("El distrito no tiene un turno «%s».", code))
			}
			u.Shifts = append(u.Shifts, code)
		}
	}
	if err := s.unitLimits(ctx, &u, b); err != nil {
		return nil, err
	}
	if err := s.cfg.Store.SaveUnit(ctx, u); err != nil {
		return nil, err
	}
	if err := s.audit(ctx, r.Ubigeo, "unit.save", u.ID, u.CallSign); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SaveUnit200JSONResponse(unitBody(u)), nil
}

// maxTrail bounds a look at a track.
const maxTrail = 7 * 24 * time.Hour

// GetTrail gives where a unit was. Every look is audited.
func (s *server) GetTrail(ctx context.Context, r GetTrailRequestObject) (GetTrailResponseObject, error) {
	to := s.cfg.Now()
	if r.Params.To != nil {
		to = *r.Params.To
	}
	from := to.Add(-2 * time.Hour)
	if r.Params.From != nil {
		from = *r.Params.From
	}
	if !from.Before(to) || to.Sub(from) > maxTrail {
		return nil, invalid("from", "El intervalo debe ser de a lo más 7 días y empezar antes de terminar.")
	}
	us, err := s.cfg.Store.Units(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	known := false
	for _, u := range us {
		known = known || u.ID == r.Id
	}
	if !known {
		return nil, fleet.ErrNotFound
	}
	if err := s.audit(ctx, r.Ubigeo, "trail.view", r.Id, from.UTC().Format(time.RFC3339)+" – "+to.UTC().Format(time.RFC3339)); err != nil {
		return nil, err
	}
	fixes, err := s.cfg.Store.FixesOfUnit(ctx, r.Ubigeo, r.Id, from, to)
	if err != nil {
		return nil, err
	}
	out := GetTrail200JSONResponse{Unit: r.Id, Fixes: [][]*float64{}}
	all := r.Params.Doubtful != nil && *r.Params.Doubtful
	if all {
		out.Doubtful = &[]DoubtfulFix{}
	}
	for _, f := range fleet.Assess(fixes) {
		if !f.Clean() {
			if all {
				*out.Doubtful = append(*out.Doubtful, doubtfulBody(f))
			}
			continue
		}
		var speed *float64
		if !math.IsNaN(f.Speed) {
			speed = ptr(math.Round(f.Speed*36) / 10)
		}
		lon, lat := math.Round(f.Point[0]*1e6)/1e6, math.Round(f.Point[1]*1e6)/1e6
		out.Fixes = append(out.Fixes, []*float64{&lon, &lat, ptr(float64(f.Time.UnixMilli()) / 1000), speed})
	}
	return out, nil
}

// doubtfulBody is a fix that does not count, and why.
func doubtfulBody(f fleet.Fix) DoubtfulFix {
	out := DoubtfulFix{At: stamp(f.Time), Received: stamp(f.Received), Device: f.Device, Reasons: (f.Flags & fleet.Doubtful).Reasons()}
	if !math.IsNaN(f.Point[0]) {
		out.Point = &f.Point
	}
	return out
}
