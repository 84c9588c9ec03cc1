package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// Shifts gives a district's shifts by their start, the usual ones if it has
// not set any.
func (s *Store) Shifts(ctx context.Context, ubigeo string) ([]fleet.ShiftDef, error) {
	out, err := list(ctx, s, func(r pgx.CollectableRow) (d fleet.ShiftDef, err error) {
		err = r.Scan(&d.Code, &d.Name, &d.Start, &d.End)
		return d, err
	}, `SELECT code, name, start, "end" FROM shifts WHERE ubigeo = $1 ORDER BY start, code`, ubigeo)
	if err == nil && len(out) == 0 {
		return fleet.DefaultShifts(), nil
	}
	return out, err
}

// SaveShift adds a shift or changes one. A district that had only the usual
// shifts gets those as its own first.
func (s *Store) SaveShift(ctx context.Context, ubigeo string, d fleet.ShiftDef) error {
	for _, clock := range []string{d.Start, d.End} {
		if _, err := fleet.ParseClock(clock); err != nil {
			return fmt.Errorf("shift %s: %w", d.Code, err)
		}
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "shifts", ubigeo); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM shifts WHERE ubigeo = $1`, ubigeo).Scan(&n); err != nil {
			return err
		}
		defs := []fleet.ShiftDef{d}
		if n == 0 {
			defs = append(fleet.DefaultShifts(), d)
		}
		for _, d := range defs {
			_, err := tx.Exec(ctx, `INSERT INTO shifts (ubigeo, code, name, start, "end") VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (ubigeo, code) DO UPDATE SET name = excluded.name, start = excluded.start, "end" = excluded."end"`,
				ubigeo, d.Code, clean(d.Name), d.Start, d.End)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save shift %s of %s: %w", d.Code, ubigeo, err)
	}
	return nil
}
