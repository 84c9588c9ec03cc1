package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// ReviewBands gives the bands of the traffic light that a district has set last;
// of version 0 if it never did.
func (s *Store) ReviewBands(ctx context.Context, ubigeo string) (review.OwnBands, error) {
	out, err := one(ctx, s, "bands of "+ubigeo, func(r pgx.CollectableRow) (b review.OwnBands, err error) {
		var body []byte
		if err := r.Scan(&b.Version, &b.SetAt, &b.SetBy, &body); err != nil || body == nil {
			return b, err
		}
		if err := json.Unmarshal(body, &b.Bands); err != nil {
			return b, fmt.Errorf("kept bands of %s: %w", ubigeo, err)
		}
		return b, nil
	}, `SELECT version, set_at, set_by, body FROM review_bands WHERE ubigeo = $1 ORDER BY version DESC LIMIT 1`, ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return review.OwnBands{}, nil
	}
	return out, err
}

// SaveReviewBands keeps the bands as the next version, nil for those of the
// profile again, and records it.
func (s *Store) SaveReviewBands(ctx context.Context, ubigeo string, b *review.Bands, audit fleet.AuditRow) error {
	var body []byte
	if b != nil {
		if err := b.Check(); err != nil {
			return fmt.Errorf("%w: %w", fleet.ErrInvalid, err)
		}
		var err error
		if body, err = json.Marshal(b); err != nil {
			return err
		}
	}
	return s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "review bands", ubigeo); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO review_bands (ubigeo, version, set_at, set_by, body)
			SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM review_bands WHERE ubigeo = $1`, ubigeo, micros(audit.At), audit.Username, rawOrNull(body)); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}
