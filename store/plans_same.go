package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// packChanged packs the rounds of a plan but those that it has from another.
func packChanged(p patrol.Plan, same patrol.Same) ([]packedRound, error) {
	var fresh []patrol.Round
	for i, r := range p.Rounds {
		if r.Number == 0 {
			r.Number = i + 1
		}
		if !same.Has(r.Unit) {
			fresh = append(fresh, r)
		}
	}
	return packRounds(fresh)
}

// copySame gives plan p the rounds that it has from another plan, packed as
// they are there.
func copySame(ctx context.Context, tx pgx.Tx, p patrol.Plan, same patrol.Same) error {
	if len(same.Units) == 0 {
		return nil
	}
	tag, err := tx.Exec(ctx, `INSERT INTO rounds (ubigeo, plan, number, unit, body, legs)
		SELECT ubigeo, $3, number, unit, body, legs FROM rounds WHERE ubigeo = $1 AND plan = $2 AND unit = ANY($4)`, p.Ubigeo, same.Plan, p.ID, same.Units)
	if err != nil {
		return err
	}
	if n := int(tag.RowsAffected()); n != len(same.Units) {
		return fmt.Errorf("%w: plan %s has %d of the %d rounds that are to be taken from it", fleet.ErrInvalid, same.Plan, n, len(same.Units))
	}
	return nil
}

// PlanHead gives a plan without its rounds.
func (s *Store) PlanHead(ctx context.Context, ubigeo, id string) (patrol.Plan, error) {
	return one(ctx, s, "plan "+id+" of district "+ubigeo, rowOfPlan, `SELECT `+planColumns+` FROM plans WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
}

// NewestPlan gives the newest plan of a shift without its rounds;
// fleet.ErrNotFound if it has none.
func (s *Store) NewestPlan(ctx context.Context, ubigeo string, shift fleet.ShiftID) (patrol.Plan, error) {
	return one(ctx, s, "plan of "+string(shift)+" of district "+ubigeo, rowOfPlan,
		`SELECT `+planColumns+` FROM plans WHERE ubigeo = $1 AND shift = $2 ORDER BY version DESC LIMIT 1`, ubigeo, string(shift))
}
