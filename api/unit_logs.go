package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// maxLogDays bounds the period of which logs are given at once.
const maxLogDays = 366

// GetUnitLogs gives what was noted of odometers and fuel.
func (s *server) GetUnitLogs(ctx context.Context, r GetUnitLogsRequestObject) (GetUnitLogsResponseObject, error) {
	if r.Params.Shift != nil {
		return s.logsOfShift(ctx, r.Ubigeo, fleet.ShiftID(*r.Params.Shift))
	}
	if r.Params.From == nil && r.Params.To == nil {
		on, ok := s.cfg.Watch.Shift(r.Ubigeo)
		if !ok {
			return GetUnitLogs200JSONResponse{Logs: []fleet.UnitLog{}, Before: map[string]float64{}}, nil
		}
		return s.logsOfShift(ctx, r.Ubigeo, on.ID)
	}
	if r.Params.From == nil || r.Params.To == nil || r.Params.To.Before(r.Params.From.Time) || r.Params.To.Sub(r.Params.From.Time) >= maxLogDays*24*time.Hour {
		return nil, invalid("to", fmt.Sprintf("Elija un turno, o un período de 1 a %d días.", maxLogDays))
	}
	logs, err := s.cfg.Store.UnitLogs(ctx, r.Ubigeo, "", r.Params.From.Format(time.DateOnly), r.Params.To.Format(time.DateOnly))
	return GetUnitLogs200JSONResponse{Logs: append([]fleet.UnitLog{}, logs...), Before: map[string]float64{}}, err
}

// logsOfShift gives those of a shift, and what the odometers showed before it:
// in the shifts of earlier dates, and in those of its date that begin earlier.
func (s *server) logsOfShift(ctx context.Context, ubigeo string, shift fleet.ShiftID) (GetUnitLogsResponseObject, error) {
	date, _, err := shift.Split()
	if err != nil {
		return nil, invalid("shift", "El turno debe tener la forma AAAA-MM-DD/código.")
	}
	d, err := s.cfg.Store.District(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	loc, err := d.Location()
	if err != nil {
		return nil, err
	}
	defs, err := s.cfg.Store.Shifts(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	begins := func(id fleet.ShiftID) time.Time {
		x, err := fleet.ResolveShift(id, defs, loc)
		if err != nil { // of a shift that is not worked any more
			return time.Time{}
		}
		return x.Start
	}
	logs, err := s.cfg.Store.UnitLogs(ctx, ubigeo, "", date, date)
	if err != nil {
		return nil, err
	}
	before, err := s.cfg.Store.OdometersBefore(ctx, ubigeo, date)
	if err != nil {
		return nil, err
	}
	out := GetUnitLogs200JSONResponse{Logs: []fleet.UnitLog{}, Before: before}
	for _, l := range logs {
		if l.Shift == shift {
			out.Logs = append(out.Logs, l)
		} else if begins(l.Shift).Before(begins(shift)) {
			for _, km := range []*float64{l.KmOut, l.KmIn} {
				if km != nil {
					out.Before[l.Unit] = max(out.Before[l.Unit], *km)
				}
			}
		}
	}
	return out, nil
}

// logMistakes are the Spanish words of what can be wrong with a log.
var logMistakes = map[string]string{
	"shift":  "El turno debe tener la forma AAAA-MM-DD/código.",
	"unit":   "No existe la unidad %s.",
	"km_out": fmt.Sprintf("El kilometraje de salida de %%s debe estar entre 0 y %d.", fleet.MaxOdometer),
	"km_in":  fmt.Sprintf("El kilometraje de llegada de %%s debe ser mayor que el de salida, por no más de %d km.", fleet.MaxShiftKm),
	"fuel_l": fmt.Sprintf("El combustible de %%s debe estar entre 0 y %d litros.", fleet.MaxFuel),
	"note":   fmt.Sprintf("La nota de %%s debe ser una línea de hasta %d letras.", fleet.MaxLogNote),
}

// aboutLog says in Spanish what is wrong with a log.
func aboutLog(err error, unit string) error {
	var m fleet.LogMistake
	if !errors.As(err, &m) || logMistakes[m.Field] == "" {
		return err
	}
	return invalid(m.Field, strings.ReplaceAll(logMistakes[m.Field], "%s", cmp.Or(unit, m.Unit)))
}

// SaveUnitLogs notes odometers and fuel of a shift: nothing if one row is wrong.
func (s *server) SaveUnitLogs(ctx context.Context, r SaveUnitLogsRequestObject) (SaveUnitLogsResponseObject, error) {
	if len(r.Body.Logs) == 0 {
		return nil, invalid("logs", "Escriba el kilometraje o el combustible de alguna unidad.")
	}
	logs := make([]fleet.UnitLog, len(r.Body.Logs))
	for i, x := range r.Body.Logs {
		l := fleet.UnitLog{Ubigeo: r.Ubigeo, Unit: x.Unit, Shift: fleet.ShiftID(r.Body.Shift), KmOut: x.KmOut, KmIn: x.KmIn, Fuel: x.FuelL,
			SavedAt: s.cfg.Now().UTC(), SavedBy: callerOf(ctx).user.Username}
		if x.Note != nil {
			l.Note = strings.TrimSpace(*x.Note)
		}
		if err := l.Check(); err != nil {
			return nil, aboutLog(err, x.Unit)
		}
		logs[i] = l
	}
	audit := make([]fleet.AuditRow, len(logs))
	for i, l := range logs {
		audit[i] = auditRow(ctx, r.Ubigeo, "unit.log", l.Unit+" "+r.Body.Shift, saidOf(l))
	}
	if err := s.cfg.Store.SaveUnitLogs(ctx, logs, audit); err != nil {
		return nil, aboutLog(err, "")
	}
	return SaveUnitLogs204Response{}, nil
}

// saidOf tells what a log says, for the audit.
func saidOf(l fleet.UnitLog) string {
	said := []string{l.Note}
	for name, v := range map[string]*float64{"km_out": l.KmOut, "km_in": l.KmIn, "fuel_l": l.Fuel} {
		if v != nil {
			said = append(said, fmt.Sprintf("%s %g", name, *v))
		}
	}
	slices.Sort(said)
	return strings.TrimSpace(strings.Join(said, " "))
}
