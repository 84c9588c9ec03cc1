package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveUnitState enters a unit's state in the register, and takes the unit into
// service or out of it: planning and the live view follow. It fails with
// fleet.ErrNotFound if there is no such unit.
func (s *Store) SaveUnitState(ctx context.Context, r fleet.UnitReadiness) error {
	if err := fleet.CheckReadiness(r); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		// An entry for a time before the last one changes the past, not the unit.
		tag, err := tx.Exec(ctx, `UPDATE units SET active = CASE WHEN EXISTS (SELECT FROM unit_states WHERE ubigeo = $1 AND unit = $2 AND since > $4) THEN active ELSE $3 END
			WHERE ubigeo = $1 AND id = $2`, r.Ubigeo, r.Unit, r.State == fleet.Operational, micros(r.Since))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: unit %s", fleet.ErrNotFound, r.Unit)
		}
		_, err = tx.Exec(ctx, `INSERT INTO unit_states (ubigeo, unit, since, state, expected, reason, username) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (ubigeo, unit, since) DO UPDATE SET state = excluded.state, expected = excluded.expected, reason = excluded.reason, username = excluded.username`,
			r.Ubigeo, r.Unit, micros(r.Since), string(r.State), orNull(r.Expected), clean(r.Reason), r.Username)
		return err
	})
}

// UnitStates gives the register's entries of a unit ("" for the last one of
// each unit), newest first.
func (s *Store) UnitStates(ctx context.Context, ubigeo, unit string, limit int) ([]fleet.UnitReadiness, error) {
	scan := func(r pgx.CollectableRow) (u fleet.UnitReadiness, err error) {
		var expected *time.Time
		err = r.Scan(&u.Ubigeo, &u.Unit, &u.Since, &u.State, &expected, &u.Reason, &u.Username)
		u.Since, u.Expected = u.Since.UTC(), orZero(expected)
		return u, err
	}
	if unit == "" {
		return list(ctx, s, scan, `SELECT DISTINCT ON (unit) ubigeo, unit, since, state, expected, reason, username FROM unit_states
			WHERE ubigeo = $1 ORDER BY unit, since DESC LIMIT $2`, ubigeo, limit)
	}
	return list(ctx, s, scan, `SELECT ubigeo, unit, since, state, expected, reason, username FROM unit_states
		WHERE ubigeo = $1 AND unit = $2 ORDER BY since DESC LIMIT $3`, ubigeo, unit, limit)
}
