package store

import (
	"context"
	"fmt"
	"slices"

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
	_, err = s.exec(ctx, `INSERT INTO fences (ubigeo, id, name, kind, geometry) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ubigeo, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, geometry = excluded.geometry`,
		ubigeo, f.ID, clean(f.Name), string(f.Kind), shape)
	return err
}

// Fences gives a district's geofences in the order of their ids.
func (s *Store) Fences(ctx context.Context, ubigeo string) ([]journal.Fence, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (f journal.Fence, err error) {
		var raw []byte
		if err := r.Scan(&f.ID, &f.Name, &f.Kind, &raw); err != nil {
			return f, err
		}
		g, err := wkb.Unmarshal(raw)
		if err != nil {
			return f, fmt.Errorf("fence %s: %w", f.ID, err)
		}
		f.Geometry, _ = g.(orb.MultiPolygon)
		return f, nil
	}, `SELECT id, name, kind, geometry FROM fences WHERE ubigeo = $1 ORDER BY id`, ubigeo)
}

// DeleteFence takes a geofence away; what is kept of visits to it stays. One
// that a unit is bound to must not go: fleet.SectorInUse.
func (s *Store) DeleteFence(ctx context.Context, ubigeo, id string) error {
	units, err := s.Units(ctx, ubigeo)
	if err != nil {
		return err
	}
	for _, u := range units {
		if slices.Contains(u.Sectors, id) {
			return fleet.SectorInUse{Sector: id, Unit: u.CallSign}
		}
	}
	n, err := s.exec(ctx, `DELETE FROM fences WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
	if err == nil && n == 0 {
		return fmt.Errorf("%w: fence %s", fleet.ErrNotFound, id)
	}
	return err
}
