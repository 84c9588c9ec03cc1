package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveCoverage keeps what a force covered in a shift, in place of what was
// kept before.
func (s *Store) SaveCoverage(ctx context.Context, ubigeo string, shift fleet.ShiftID, force string, body json.RawMessage) error {
	_, err := s.exec(ctx, `INSERT INTO coverage (ubigeo, shift, force, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ubigeo, shift, force) DO UPDATE SET body = excluded.body, saved_at = now()`, ubigeo, string(shift), force, []byte(body))
	if err != nil {
		return fmt.Errorf("save coverage of %s by %s: %w", shift, force, err)
	}
	return nil
}

// Coverage gives what is kept of a shift, by force; empty if nothing is.
func (s *Store) Coverage(ctx context.Context, ubigeo string, shift fleet.ShiftID) (map[string]json.RawMessage, error) {
	type row struct {
		force string
		body  []byte
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (c row, err error) {
		return c, r.Scan(&c.force, &c.body)
	}, `SELECT force, body FROM coverage WHERE ubigeo = $1 AND shift = $2`, ubigeo, string(shift))
	if err != nil {
		return nil, err
	}
	out := make(map[string]json.RawMessage, len(rows))
	for _, r := range rows {
		out[r.force] = r.body
	}
	return out, nil
}
