package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

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

// SaveShifts makes defs the shifts of a district in place of those it had, and
// records it. A shift that a unit is bound to, or that is planned and not over,
// must not go: fleet.ShiftInUse. What was planned and covered before in a shift
// that goes is kept; it is seen again when its code comes back.
func (s *Store) SaveShifts(ctx context.Context, ubigeo string, defs []fleet.ShiftDef, audit fleet.AuditRow) error {
	if err := fleet.CheckShifts(defs); err != nil {
		return err
	}
	codes := make([]string, len(defs))
	for i, d := range defs {
		codes[i] = d.Code
	}
	old, err := s.Shifts(ctx, ubigeo)
	if err != nil {
		return err
	}
	d, err := s.District(ctx, ubigeo)
	if err != nil && !errors.Is(err, fleet.ErrNotFound) {
		return err
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	err = s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "shifts", ubigeo); err != nil {
			return err
		}
		var bound fleet.ShiftInUse
		err := tx.QueryRow(ctx, `SELECT call_sign, code FROM units, unnest(shifts) AS code WHERE ubigeo = $1 AND code <> ALL($2) ORDER BY id LIMIT 1`,
			ubigeo, codes).Scan(&bound.Unit, &bound.Code)
		if err == nil {
			return bound
		}
		if !noRows(err) {
			return err
		}
		if err := s.planned(ctx, tx, ubigeo, old, loc, codes); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM shifts WHERE ubigeo = $1`, ubigeo); err != nil {
			return err
		}
		for _, d := range defs {
			if _, err := tx.Exec(ctx, `INSERT INTO shifts (ubigeo, code, name, start, "end") VALUES ($1, $2, $3, $4, $5)`,
				ubigeo, d.Code, strings.TrimSpace(clean(d.Name)), d.Start, d.End); err != nil {
				return err
			}
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("shifts of %s: %w", ubigeo, err)
	}
	return nil
}

// planned tells with a fleet.ShiftInUse of a plan whose shift is not over and
// has none of the codes that stay. old are the shifts as they were.
func (s *Store) planned(ctx context.Context, tx pgx.Tx, ubigeo string, old []fleet.ShiftDef, loc *time.Location, stay []string) error {
	now := s.now()
	rows, err := tx.Query(ctx, `SELECT DISTINCT shift FROM plans WHERE ubigeo = $1 AND state <> 'superseded'
		AND left(shift, 10) >= $2 AND substr(shift, 12) <> ALL($3) ORDER BY shift`, ubigeo, now.In(loc).AddDate(0, 0, -1).Format(time.DateOnly), stay)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[fleet.ShiftID])
	if err != nil {
		return err
	}
	for _, id := range ids {
		shift, err := fleet.ResolveShift(id, old, loc)
		if errors.Is(err, fleet.ErrNotFound) {
			continue // of a shift that went before
		}
		if err != nil {
			return err
		}
		if shift.End.After(now) {
			return fleet.ShiftInUse{Code: shift.Code, Plan: id}
		}
	}
	return nil
}
