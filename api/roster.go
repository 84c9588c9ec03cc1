package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/serenazgo/serenazgo/fleet"
)

// GetRoster tells who goes out in a shift.
func (s *server) GetRoster(ctx context.Context, r GetRosterRequestObject) (GetRosterResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, r.Params.Shift)
	if err != nil {
		return nil, err
	}
	out, err := s.roster(ctx, d, shift)
	return GetRoster200JSONResponse(out), err
}

// roster gives what was said of a shift, or the units that are bound to it.
func (s *server) roster(ctx context.Context, d fleet.District, shift fleet.Shift) (RosterOf, error) {
	out := RosterOf{Shift: string(shift.ID), Units: []string{}, HandOutAt: stamp(shift.Start.Add(-s.cfg.HandOutAhead))}
	now, err := s.cfg.Store.Roster(ctx, d.Ubigeo, shift.ID)
	switch {
	case err == nil:
		out.Set, out.Units, out.SavedBy, out.SavedAt = true, now.Units, some(now.By), ptr(stamp(now.At))
	case !errors.Is(err, fleet.ErrNotFound):
		return out, err
	default:
		loc, err := d.Location()
		if err != nil {
			return out, err
		}
		units, err := s.cfg.Store.Units(ctx, d.Ubigeo)
		if err != nil {
			return out, err
		}
		for _, u := range units {
			if _, _, works := u.Out(shift, loc); works && u.Active && (len(u.Shifts) == 0 || slices.Contains(u.Shifts, shift.Code)) {
				out.Units = append(out.Units, u.ID)
			}
		}
	}
	before, err := s.cfg.Store.RosterBefore(ctx, d.Ubigeo, shift.ID)
	if errors.Is(err, fleet.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.Before = &struct {
		Shift string   `json:"shift"`
		Units []string `json:"units"`
	}{string(before.Shift), before.Units}
	return out, nil
}

// SaveRoster says who goes out in a shift.
func (s *server) SaveRoster(ctx context.Context, r SaveRosterRequestObject) (SaveRosterResponseObject, error) {
	d, shift, err := s.shiftOf(ctx, r.Ubigeo, &r.Body.Shift)
	if err != nil {
		return nil, err
	}
	by := callerOf(ctx).user.Username
	roster := fleet.Roster{Shift: shift.ID, Units: r.Body.Units, By: by, At: s.cfg.Now().UTC()}
	if err := roster.Check(); err != nil {
		return nil, invalid("units", fmt.Sprintf("Elija de 1 a %d unidades, cada una una vez.", fleet.MaxRoster))
	}
	if err := s.outInShift(ctx, d, shift, roster.Units); err != nil {
		return nil, err
	}
	err = s.cfg.Store.SaveRoster(ctx, r.Ubigeo, roster, auditRow(ctx, r.Ubigeo, "roster.save", string(shift.ID), strings.Join(roster.Units, ", ")))
	if errors.Is(err, fleet.ErrInvalid) {
		return nil, invalid("units", "Una de las unidades ya no está registrada. Vuelva a abrir el rol.")
	}
	if err != nil {
		return nil, err
	}
	out, err := s.roster(ctx, d, shift)
	return SaveRoster200JSONResponse(out), err
}

// outInShift refuses units whose own hours lie outside a shift. Units that are
// not registered are left to the store.
func (s *server) outInShift(ctx context.Context, d fleet.District, shift fleet.Shift, ids []string) error {
	loc, err := d.Location()
	if err != nil {
		return err
	}
	units, err := s.cfg.Store.Units(ctx, d.Ubigeo)
	if err != nil {
		return err
	}
	for _, u := range units {
		if _, _, works := u.Out(shift, loc); !works && slices.Contains(ids, u.ID) {
			return invalid("units", fmt.Sprintf("La unidad %s trabaja de %s a %s, fuera de este turno. Quítela del rol o cambie su horario en Ajustes, Unidades.", cmp.Or(u.CallSign, u.ID), u.From, u.To))
		}
	}
	return nil
}
