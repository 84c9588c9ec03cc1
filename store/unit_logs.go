package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveUnitLogs keeps what was noted of units in a shift, each with its audit row:
// all of it, or none where one is wrong. One that says nothing takes back what
// was noted before.
func (s *Store) SaveUnitLogs(ctx context.Context, logs []fleet.UnitLog, audit []fleet.AuditRow) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		for i, l := range logs {
			if err := saveUnitLog(ctx, tx, l); err != nil {
				return err
			}
			if err := s.auditIn(ctx, tx, audit[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func saveUnitLog(ctx context.Context, tx pgx.Tx, l fleet.UnitLog) error {
	if err := l.Check(); err != nil {
		return err
	}
	date, code, err := l.Shift.Split()
	if err != nil {
		return err
	}
	if l.Empty() {
		_, err := tx.Exec(ctx, `DELETE FROM unit_logs WHERE ubigeo = $1 AND date = $2::text::date AND code = $3 AND unit = $4`, l.Ubigeo, date, code, l.Unit)
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO unit_logs (ubigeo, unit, date, code, km_out, km_in, fuel_l, note, saved_at, saved_by)
		SELECT $1, $2, $3::text::date, $4, $5, $6, $7, $8, $9, $10 WHERE EXISTS (SELECT FROM units WHERE ubigeo = $1 AND id = $2)
		ON CONFLICT (ubigeo, date, code, unit) DO UPDATE SET km_out = excluded.km_out, km_in = excluded.km_in, fuel_l = excluded.fuel_l, note = excluded.note,
			saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
		l.Ubigeo, l.Unit, date, code, l.KmOut, l.KmIn, l.Fuel, clean(l.Note), micros(l.SavedAt), l.SavedBy)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fleet.LogMistake{Field: "unit", Text: "there is no unit " + l.Unit, Unit: l.Unit}
	}
	return nil
}

// UnitLogs gives what was noted of a district's units ("" for every one) in the
// shifts that begin on the dates from one to another, both included, in order.
func (s *Store) UnitLogs(ctx context.Context, ubigeo, unit, from, to string) ([]fleet.UnitLog, error) {
	return list(ctx, s, rowOfLog, `SELECT `+logColumns+` FROM unit_logs WHERE ubigeo = $1 AND ($2 = '' OR unit = $2) AND date BETWEEN $3::text::date AND $4::text::date
		ORDER BY date, code, unit`, ubigeo, unit, from, to)
}

// OdometersBefore gives, by unit, what each odometer showed last in the shifts
// that begin before a date.
func (s *Store) OdometersBefore(ctx context.Context, ubigeo, date string) (map[string]float64, error) {
	type row struct {
		Unit string
		Km   float64
	}
	rows, err := list(ctx, s, pgx.RowToStructByPos[row], `SELECT DISTINCT ON (unit) unit, greatest(km_out, km_in) FROM unit_logs
		WHERE ubigeo = $1 AND date < $2::text::date AND (km_out IS NOT NULL OR km_in IS NOT NULL) ORDER BY unit, date DESC, greatest(km_out, km_in) DESC`, ubigeo, date)
	out := make(map[string]float64, len(rows))
	for _, r := range rows {
		out[r.Unit] = r.Km
	}
	return out, err
}

const logColumns = `ubigeo, unit, to_char(date, 'YYYY-MM-DD') || '/' || code, km_out, km_in, fuel_l, note, saved_at, saved_by`

func rowOfLog(r pgx.CollectableRow) (l fleet.UnitLog, err error) {
	err = r.Scan(&l.Ubigeo, &l.Unit, &l.Shift, &l.KmOut, &l.KmIn, &l.Fuel, &l.Note, &l.SavedAt, &l.SavedBy)
	l.SavedAt = l.SavedAt.UTC()
	return l, err
}
