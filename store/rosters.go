package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

func rowOfRoster(r pgx.CollectableRow) (out fleet.Roster, err error) {
	var date time.Time
	var code string
	err = r.Scan(&date, &code, &out.Units, &out.At, &out.By)
	out.Shift = fleet.ShiftID(date.Format(time.DateOnly) + "/" + code)
	out.At = out.At.UTC()
	return out, err
}

// Roster gives who goes out in a shift; fleet.ErrNotFound if nobody has said so:
// then the units that are bound to it do.
func (s *Store) Roster(ctx context.Context, ubigeo string, shift fleet.ShiftID) (fleet.Roster, error) {
	date, code, err := shift.Split()
	if err != nil {
		return fleet.Roster{}, err
	}
	return one(ctx, s, "roster of "+string(shift), rowOfRoster,
		`SELECT date, code, units, saved_at, saved_by FROM rosters WHERE ubigeo = $1 AND date = $2 AND code = $3`, ubigeo, date, code)
}

// RosterBefore gives the last roster of the same shift on an earlier day;
// fleet.ErrNotFound if there is none.
func (s *Store) RosterBefore(ctx context.Context, ubigeo string, shift fleet.ShiftID) (fleet.Roster, error) {
	date, code, err := shift.Split()
	if err != nil {
		return fleet.Roster{}, err
	}
	return one(ctx, s, "roster before "+string(shift), rowOfRoster,
		`SELECT date, code, units, saved_at, saved_by FROM rosters WHERE ubigeo = $1 AND code = $3 AND date < $2 ORDER BY date DESC LIMIT 1`, ubigeo, date, code)
}

// SaveRoster keeps who goes out in a shift and records it. Every unit must be
// registered.
func (s *Store) SaveRoster(ctx context.Context, ubigeo string, r fleet.Roster, audit fleet.AuditRow) error {
	if err := r.Check(); err != nil {
		return err
	}
	date, code, err := r.Shift.Split()
	if err != nil {
		return err
	}
	units, err := s.Units(ctx, ubigeo)
	if err != nil {
		return err
	}
	for _, id := range r.Units {
		if !slices.ContainsFunc(units, func(u fleet.Unit) bool { return u.ID == id }) {
			return fmt.Errorf("%w: unit %s of the roster is not registered in district %s", fleet.ErrInvalid, id, ubigeo)
		}
	}
	err = s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO rosters (ubigeo, date, code, units, saved_at, saved_by) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (ubigeo, date, code) DO UPDATE SET units = excluded.units, saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
			ubigeo, date, code, r.Units, micros(r.At), clean(r.By)); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("roster of %s: %w", r.Shift, err)
	}
	return nil
}
