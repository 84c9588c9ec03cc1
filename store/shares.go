package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

const shareColumns = `ubigeo, id, units, note, created_at, created_by, expires_at, revoked_at, revoked_by, looks, looked_at`

func rowOfShare(r pgx.CollectableRow) (l fleet.ShareLink, err error) {
	var revoked, looked *time.Time
	err = r.Scan(&l.Ubigeo, &l.ID, &l.Units, &l.Note, &l.CreatedAt, &l.CreatedBy, &l.ExpiresAt, &revoked, &l.RevokedBy, &l.Looks, &looked)
	l.CreatedAt, l.ExpiresAt, l.RevokedAt, l.LookedAt = l.CreatedAt.UTC(), l.ExpiresAt.UTC(), orZero(revoked), orZero(looked)
	return l, err
}

// SaveShare keeps a new link by the hash of its token.
func (s *Store) SaveShare(ctx context.Context, l fleet.ShareLink, tokenHash [32]byte, audit fleet.AuditRow) error {
	if err := l.Check(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO share_links (ubigeo, id, token_hash, units, note, created_at, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			l.Ubigeo, l.ID, tokenHash[:], l.Units, clean(l.Note), micros(l.CreatedAt), l.CreatedBy, micros(l.ExpiresAt))
		if err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// Shares lists a district's links, newest first.
func (s *Store) Shares(ctx context.Context, ubigeo string, limit int) ([]fleet.ShareLink, error) {
	return list(ctx, s, rowOfShare, `SELECT `+shareColumns+` FROM share_links WHERE ubigeo = $1 ORDER BY created_at DESC, id LIMIT $2`, ubigeo, limit)
}

// LookAtShare finds the link of a token that is open at an instant, and counts
// the look. fleet.ErrNotFound: there is none, or it is over.
func (s *Store) LookAtShare(ctx context.Context, tokenHash [32]byte, now time.Time) (fleet.ShareLink, error) {
	return one(ctx, s, "link", rowOfShare, `UPDATE share_links SET looks = looks + 1, looked_at = $2
		WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2 RETURNING `+shareColumns, tokenHash[:], micros(now))
}

// RevokeShare ends a link. One that is revoked already stays as it was.
func (s *Store) RevokeShare(ctx context.Context, ubigeo, id string, at time.Time, audit fleet.AuditRow) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE share_links SET revoked_at = coalesce(revoked_at, $3), revoked_by = CASE WHEN revoked_at IS NULL THEN $4 ELSE revoked_by END
			WHERE ubigeo = $1 AND id = $2`, ubigeo, id, micros(at), audit.Username)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: link %s", fleet.ErrNotFound, id)
		}
		return s.auditIn(ctx, tx, audit)
	})
}
