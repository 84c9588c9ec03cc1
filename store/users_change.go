package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/serenazgo/serenazgo/fleet"
)

// SetPassword gives an account another password, ends its sessions, forgets its
// failed logins and records it: all or nothing. The session whose token's hash
// is keep stays; nil: none does. fleet.ErrNotFound: there is no such account.
func (s *Store) SetPassword(ctx context.Context, username, passwordHash string, keep *[32]byte, audit fleet.AuditRow) error {
	return s.changeUser(ctx, username, audit, func(tx pgx.Tx) error {
		if err := touch(tx.Exec(ctx, `UPDATE users SET password_hash = $2 WHERE username = $1`, clean(username), passwordHash)); err != nil {
			return err
		}
		kept := []byte{} // the hash of no token
		if keep != nil {
			kept = keep[:]
		}
		var b pgx.Batch
		b.Queue(`DELETE FROM sessions WHERE username = $1 AND token_hash <> $2`, clean(username), kept)
		b.Queue(`DELETE FROM login_failures WHERE ubigeo = $1 AND subject = $2`, nowhere, "user:"+clean(username))
		return tx.SendBatch(ctx, &b).Close()
	})
}

// SetDisabled closes an account and ends its sessions, or opens it again, and
// records it. fleet.ErrNotFound: there is no such account.
func (s *Store) SetDisabled(ctx context.Context, username string, disabled bool, audit fleet.AuditRow) error {
	return s.changeUser(ctx, username, audit, func(tx pgx.Tx) error {
		if err := touch(tx.Exec(ctx, `UPDATE users SET disabled = $2 WHERE username = $1`, clean(username), disabled)); err != nil || !disabled {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE username = $1`, clean(username))
		return err
	})
}

// SetRole changes what an account may do in a district that it belongs to, and
// records it. fleet.ErrNotFound: it does not belong to it.
func (s *Store) SetRole(ctx context.Context, ubigeo, username string, role fleet.Role, audit fleet.AuditRow) error {
	return s.changeUser(ctx, username, audit, func(tx pgx.Tx) error {
		return touch(tx.Exec(ctx, `UPDATE user_districts SET role = $3 WHERE ubigeo = $1 AND username = $2`, ubigeo, clean(username), string(role)))
	})
}

func (s *Store) changeUser(ctx context.Context, username string, audit fleet.AuditRow, change func(tx pgx.Tx) error) error {
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("change user %q: %w", username, err)
	}
	return nil
}

// touch turns a change of nothing into fleet.ErrNotFound.
func touch(tag pgconn.CommandTag, err error) error {
	if err == nil && tag.RowsAffected() == 0 {
		return fleet.ErrNotFound
	}
	return err
}
