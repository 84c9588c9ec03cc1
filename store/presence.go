package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// ReplacePresence makes ps the police presence that a source tells of, in
// place of what it told before. An empty ps takes the source away.
func (s *Store) ReplacePresence(ctx context.Context, ubigeo, source string, ps []patrol.Presence) error {
	source = clean(source)
	var b pgx.Batch
	b.Queue(`DELETE FROM presence WHERE ubigeo = $1 AND source = $2`, ubigeo, source)
	for i, p := range ps {
		if p.Geometry == nil {
			return fmt.Errorf("%w: police presence %q has no geometry", fleet.ErrInvalid, p.Name)
		}
		geometry, err := wkb.Marshal(p.Geometry)
		if err != nil {
			return fmt.Errorf("%w: geometry of police presence %q: %w", fleet.ErrInvalid, p.Name, err)
		}
		body, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("%w: police presence %q: %w", fleet.ErrInvalid, p.Name, err)
		}
		b.Queue(`INSERT INTO presence (ubigeo, source, n, kind, simulated, body, geometry) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			ubigeo, source, i+1, string(p.Kind), p.Simulated, body, geometry)
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "presence", ubigeo); err != nil {
			return err
		}
		batch := b // sending uses a batch up
		return tx.SendBatch(ctx, &batch).Close()
	})
	if err != nil {
		return fmt.Errorf("save police presence of %s: %w", ubigeo, err)
	}
	return nil
}

// Presence gives the police presence of a district, from all sources.
func (s *Store) Presence(ctx context.Context, ubigeo string) ([]patrol.Presence, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (p patrol.Presence, err error) {
		var body, geometry []byte
		if err := r.Scan(&body, &geometry); err != nil {
			return p, err
		}
		if err := json.Unmarshal(body, &p); err != nil {
			return p, err
		}
		p.Geometry, err = wkb.Unmarshal(geometry)
		return p, err
	}, `SELECT body, geometry FROM presence WHERE ubigeo = $1 ORDER BY source, n`, ubigeo)
}
