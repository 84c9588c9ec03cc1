package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// LoginFailed notes a failed login of a subject, which is whatever the caller
// throttles by: a user name, an address.
func (s *Store) LoginFailed(ctx context.Context, subject string, at time.Time) error {
	return s.execOnce(ctx, `INSERT INTO login_failures (ubigeo, subject, at) VALUES ($1, $2, $3)`, nowhere, clean(subject), micros(at))
}

// LoginFailures counts the failed logins of a subject after since, and tells
// when the last one was (zero: none).
func (s *Store) LoginFailures(ctx context.Context, subject string, since time.Time) (count int, last time.Time, err error) {
	var at *time.Time
	err = retry(ctx, repeatable, func() error {
		return s.pool.QueryRow(ctx, `SELECT count(*), max(at) FROM login_failures WHERE ubigeo = $1 AND subject = $2 AND at > $3`,
			nowhere, clean(subject), since).Scan(&count, &at)
	})
	return count, orZero(at), named(err)
}

// ClearLoginFailures forgets the failed logins of a subject.
func (s *Store) ClearLoginFailures(ctx context.Context, subject string) error {
	_, err := s.exec(ctx, `DELETE FROM login_failures WHERE ubigeo = $1 AND subject = $2`, nowhere, clean(subject))
	return err
}

// PruneLoginFailures forgets all failed logins before an instant.
func (s *Store) PruneLoginFailures(ctx context.Context, before time.Time) error {
	_, err := s.exec(ctx, `DELETE FROM login_failures WHERE ubigeo = $1 AND at < $2`, nowhere, before)
	return err
}

// SaveSetupToken keeps the hash of a one-time token that makes the first
// account, in place of any earlier one.
func (s *Store) SaveSetupToken(ctx context.Context, hash [32]byte, expires time.Time) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM setup_tokens WHERE ubigeo = $1`, nowhere); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO setup_tokens (ubigeo, token_hash, expires_at) VALUES ($1, $2, $3)`, nowhere, hash[:], micros(expires))
		return err
	})
}

// SetupTokenWorks tells whether a set-up token could be used at now; it is not
// used up.
func (s *Store) SetupTokenWorks(ctx context.Context, hash [32]byte, now time.Time) (bool, error) {
	return one(ctx, s, "set-up token", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM setup_tokens WHERE ubigeo = $1 AND token_hash = $2 AND expires_at > $3)
		AND NOT EXISTS (SELECT FROM users)`, nowhere, hash[:], now)
}

// ConsumeSetupToken uses the token up. It fails with fleet.ErrNotFound if the
// token is wrong, used or expired at now: of two that try, one wins.
func (s *Store) ConsumeSetupToken(ctx context.Context, hash [32]byte, now time.Time) error {
	return s.inTxOnce(ctx, func(tx pgx.Tx) error { return consumeToken(ctx, tx, hash, now) })
}

func consumeToken(ctx context.Context, tx pgx.Tx, hash [32]byte, now time.Time) error {
	tag, err := tx.Exec(ctx, `DELETE FROM setup_tokens WHERE ubigeo = $1 AND token_hash = $2 AND expires_at > $3`, nowhere, hash[:], now)
	if err == nil && tag.RowsAffected() == 0 {
		err = fmt.Errorf("%w: the set-up token is wrong, used or expired", fleet.ErrNotFound)
	}
	return err
}

// CreateFirstUser uses the token up and adds the account, both or neither.
// fleet.ErrNotFound: the token is wrong, used or expired; fleet.ErrConflict:
// there are accounts already.
func (s *Store) CreateFirstUser(ctx context.Context, hash [32]byte, now time.Time, u fleet.User) error {
	if u.CreatedAt.IsZero() {
		u.CreatedAt = now
	}
	return s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := consumeToken(ctx, tx, hash, now); err != nil {
			return err
		}
		var taken bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM users)`).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return fmt.Errorf("%w: the installation has accounts already", fleet.ErrConflict)
		}
		return putUser(ctx, tx, u, true)
	})
}
