package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// simulatedTables hold what may be made up, by kind.
var simulatedTables = map[fleet.Simulated]string{fleet.SimulatedIncidents: "incidents", fleet.SimulatedPolice: "presence"}

// DeleteSimulated takes away what is made up of one kind of a district's data,
// and the district's label with the last of it.
func (s *Store) DeleteSimulated(ctx context.Context, ubigeo string, kind fleet.Simulated) (deleted int, err error) {
	table, ok := simulatedTables[kind]
	if !ok {
		return 0, fmt.Errorf("%w: no kind of data is called %q", fleet.ErrInvalid, kind)
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "imports", ubigeo); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE ubigeo = $1 AND simulated`, ubigeo)
		if err != nil {
			return err
		}
		deleted = int(tag.RowsAffected())
		if kind == fleet.SimulatedIncidents {
			if err := dropSimulatedCopies(ctx, tx, ubigeo); err != nil {
				return err
			}
		}
		return unlabel(ctx, tx, ubigeo)
	})
	return deleted, err
}

// dropSimulatedCopies takes away what is made up of what imports say beside the
// incidents, and lets the true take the place of those that are gone.
func dropSimulatedCopies(ctx context.Context, tx pgx.Tx, ubigeo string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM incident_copies WHERE ubigeo = $1 AND simulated`, ubigeo); err != nil {
		return err
	}
	_, err := takeOver(ctx, tx, ubigeo)
	return err
}

// unlabel takes the district's label away if nothing of its data is made up any
// more.
func unlabel(ctx context.Context, tx pgx.Tx, ubigeo string) error {
	_, err := tx.Exec(ctx, `UPDATE districts SET simulated = EXISTS (SELECT FROM incidents WHERE ubigeo = $1 AND simulated)
			OR EXISTS (SELECT FROM presence WHERE ubigeo = $1 AND simulated)
		WHERE ubigeo = $1 AND simulated`, ubigeo)
	return err
}

// SimulatedKinds gives which kinds of a district's data are made up, or are in
// part.
func (s *Store) SimulatedKinds(ctx context.Context, ubigeo string) ([]fleet.Simulated, error) {
	kinds, err := list(ctx, s, func(r pgx.CollectableRow) (k fleet.Simulated, err error) { return k, r.Scan(&k) },
		`SELECT 'incidents' WHERE EXISTS (SELECT FROM incidents WHERE ubigeo = $1 AND simulated)
			UNION ALL SELECT 'police' WHERE EXISTS (SELECT FROM presence WHERE ubigeo = $1 AND simulated)`, ubigeo)
	if err != nil {
		return nil, fmt.Errorf("simulated data of %s: %w", ubigeo, err)
	}
	return kinds, nil
}
