package store

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// PlanSecret gives the secret from which the seeds of a district's plans are
// drawn, 32 bytes; the first call makes it.
func (s *Store) PlanSecret(ctx context.Context, ubigeo string) ([]byte, error) {
	const purpose = "plans"
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, err
	}
	if _, err := s.exec(ctx, `INSERT INTO secrets (ubigeo, purpose, secret) VALUES ($1, $2, $3) ON CONFLICT (ubigeo, purpose) DO NOTHING`,
		ubigeo, purpose, fresh); err != nil {
		return nil, fmt.Errorf("secret of district %s: %w", ubigeo, err)
	}
	return one(ctx, s, "secret of district "+ubigeo, func(r pgx.CollectableRow) (b []byte, err error) {
		err = r.Scan(&b)
		return b, err
	}, `SELECT secret FROM secrets WHERE ubigeo = $1 AND purpose = $2`, ubigeo, purpose)
}
