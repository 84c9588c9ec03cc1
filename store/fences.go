package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// SaveFence adds a geofence or replaces the one of its id.
func (s *Store) SaveFence(ctx context.Context, ubigeo string, f journal.Fence) error {
	if err := journal.CheckFence(f); err != nil {
		return err
	}
	shape, err := wkb.Marshal(f.Geometry)
	if err != nil {
		return fmt.Errorf("%w: fence %s: %v", fleet.ErrInvalid, f.ID, err)
	}
	term, err := json.Marshal(f.Term)
	if err != nil {
		return fmt.Errorf("%w: fence %s: %v", fleet.ErrInvalid, f.ID, err)
	}
	_, err = s.exec(ctx, `INSERT INTO fences (ubigeo, id, name, kind, geometry, term) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (ubigeo, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, geometry = excluded.geometry, term = excluded.term`,
		ubigeo, f.ID, clean(f.Name), string(f.Kind), shape, term)
	return err
}

// Fences gives a district's geofences in the order of their ids.
func (s *Store) Fences(ctx context.Context, ubigeo string) ([]journal.Fence, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (f journal.Fence, err error) {
		var raw, term []byte
		if err := r.Scan(&f.ID, &f.Name, &f.Kind, &raw, &term); err != nil {
			return f, err
		}
		if err := json.Unmarshal(term, &f.Term); err != nil {
			return f, fmt.Errorf("fence %s: %w", f.ID, err)
		}
		g, err := wkb.Unmarshal(raw)
		if err != nil {
			return f, fmt.Errorf("fence %s: %w", f.ID, err)
		}
		f.Geometry, _ = g.(orb.MultiPolygon)
		return f, nil
	}, `SELECT id, name, kind, geometry, term FROM fences WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}

// DeleteFence takes a geofence away; what is kept of visits to it stays. One
// that a unit is bound to must not go: fleet.SectorInUse.
func (s *Store) DeleteFence(ctx context.Context, ubigeo, id string) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "fences", ubigeo); err != nil {
			return err
		}
		var unit *string
		if err := tx.QueryRow(ctx, `SELECT min(call_sign) FROM units WHERE ubigeo = $1 AND $2 = ANY(sectors)`, ubigeo, id).Scan(&unit); err != nil {
			return err
		}
		if unit != nil {
			return fleet.SectorInUse{Sector: id, Unit: *unit}
		}
		tag, err := tx.Exec(ctx, `DELETE FROM fences WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
		if err == nil && tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: fence %s", fleet.ErrNotFound, id)
		}
		return err
	})
}

// holdFences keeps fences from being deleted until the transaction ends, and
// refuses those that are not there.
func holdFences(ctx context.Context, tx pgx.Tx, ubigeo string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := lockName(ctx, tx, "fences", ubigeo); err != nil {
		return err
	}
	var missing *string
	err := tx.QueryRow(ctx, `SELECT min(x) FROM unnest($2::text[]) AS x WHERE NOT EXISTS (SELECT FROM fences WHERE ubigeo = $1 AND id = x)`, ubigeo, ids).Scan(&missing)
	if err == nil && missing != nil {
		return fmt.Errorf("%w: there is no sector %s", fleet.ErrInvalid, *missing)
	}
	return err
}
