package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

func (s *server) shift(f fleet.Shift, now time.Time) Shift {
	return Shift{Id: string(f.ID), Code: f.Code, Name: f.Name, Start: f.Start.UTC(), End: f.End.UTC(), Current: f.Contains(now)}
}

// GetShifts lists the shifts of a date.
func (s *server) GetShifts(ctx context.Context, r GetShiftsRequestObject) (GetShiftsResponseObject, error) {
	d, err := s.cfg.Store.District(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	date := ""
	if r.Params.Date != nil {
		date = *r.Params.Date
	} else if cur, ok := s.cfg.Watch.Shift(r.Ubigeo); ok {
		date, _, _ = cur.ID.Split()
	} else {
		date = now.In(loc).Format(time.DateOnly)
	}
	out := GetShifts200JSONResponse{}
	for _, def := range defs {
		f, err := def.On(date, loc)
		if err != nil {
			return nil, invalid("date", "La fecha debe tener la forma AAAA-MM-DD.")
		}
		out = append(out, s.shift(f, now))
	}
	return out, nil
}

// GetShiftDefs lists the shifts by their local clock times, as they are set.
func (s *server) GetShiftDefs(ctx context.Context, r GetShiftDefsRequestObject) (GetShiftDefsResponseObject, error) {
	defs, err := s.cfg.Store.Shifts(ctx, r.Ubigeo)
	if err != nil {
		return nil, err
	}
	return GetShiftDefs200JSONResponse(shiftDefs(defs)), nil
}

// SaveShiftDefs sets the shifts of the district, all of them at once: two that
// change places would overlap on the way.
func (s *server) SaveShiftDefs(ctx context.Context, r SaveShiftDefsRequestObject) (SaveShiftDefsResponseObject, error) {
	var defs []fleet.ShiftDef
	var said []string
	for _, d := range *r.Body {
		defs = append(defs, fleet.ShiftDef{Code: d.Code, Name: strings.TrimSpace(d.Name), Start: d.Start, End: d.End})
		said = append(said, fmt.Sprintf("%s %s-%s", d.Code, d.Start, d.End))
	}
	err := s.cfg.Store.SaveShifts(ctx, r.Ubigeo, defs, auditRow(ctx, r.Ubigeo, "shifts.save", "", strings.Join(said, ", ")))
	if err != nil {
		return nil, aboutShifts(err, defs)
	}
	if defs, err = s.cfg.Store.Shifts(ctx, r.Ubigeo); err != nil {
		return nil, err
	}
	s.cfg.Changed(ctx, r.Ubigeo)
	return SaveShiftDefs200JSONResponse(shiftDefs(defs)), nil
}

func shiftDefs(defs []fleet.ShiftDef) []ShiftDef {
	out := []ShiftDef{}
	for _, d := range defs {
		out = append(out, ShiftDef{Code: d.Code, Name: d.Name, Start: d.Start, End: d.End})
	}
	return out
}

// aboutShifts says in Spanish what is wrong with shifts, by their names.
func aboutShifts(err error, defs []fleet.ShiftDef) error {
	var m fleet.ShiftMistake
	var used fleet.ShiftInUse
	switch {
	case errors.As(err, &used) && used.Plan != "":
		date, _, _ := used.Plan.Split()
		return problem{fleet.ErrConflict, fmt.Sprintf("El turno «%s» tiene un plan para el %s; quítelo cuando haya terminado, o cambie sus horas.", used.Code, date), "code"}
	case errors.As(err, &used):
		return problem{fleet.ErrConflict, fmt.Sprintf("La unidad %s trabaja en el turno «%s»; cámbiela primero en Unidades y GPS.", used.Unit, used.Code), "code"}
	case !errors.As(err, &m):
		return err
	}
	name := func(code string) string {
		for _, d := range defs {
			if d.Code == code && d.Name != "" {
				return d.Name
			}
		}
		return code
	}
	switch m.What {
	case "count":
		return invalid("", "Deje al menos un turno, y no más de 12.")
	case "code":
		return invalid("code", fmt.Sprintf("El código «%s» no sirve: use letras minúsculas sin tilde, dígitos y guion, como «noche».", m.Code))
	case "name":
		return invalid("name", "Escriba el nombre de cada turno, hasta 40 letras.")
	case "line":
		return invalid("name", "El nombre de un turno tiene un carácter que no se puede mostrar; escríbalo en una línea.")
	case "clock":
		return invalid("start", fmt.Sprintf("Al turno «%s» le falta una hora; escriba inicio y fin, como 06:00.", name(m.Code)))
	case "twice":
		return invalid("code", fmt.Sprintf("El código «%s» está dos veces.", m.Code))
	}
	return invalid("start", fmt.Sprintf("Los turnos «%s» y «%s» se cruzan. Termine uno donde empieza el otro.", name(m.Other), name(m.Code)))
}
