package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// Audit records who did or looked at what. A row of no district is kept under
// "000000".
func (s *Store) Audit(ctx context.Context, a fleet.AuditRow) error {
	sql, args := s.auditSQL(a)
	return s.execOnce(ctx, sql, args...)
}

// AuditOnce records an action unless the same user's has been recorded from the
// same address since an instant, such as the beginning of a session.
func (s *Store) AuditOnce(ctx context.Context, a fleet.AuditRow, since time.Time) error {
	_, args := s.auditSQL(a)
	return s.execOnce(ctx, `INSERT INTO audit (ubigeo, at, username, action, subject, detail, remote)
		SELECT $1, $2::timestamptz, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT FROM audit
			WHERE ubigeo = $1 AND at >= $8 AND username = $3 AND action = $4 AND subject = $5 AND remote = $7)`, append(args, since)...)
}

// auditIn records what a transaction does, so that neither happens without the
// other.
func (s *Store) auditIn(ctx context.Context, tx pgx.Tx, a fleet.AuditRow) error {
	sql, args := s.auditSQL(a)
	_, err := tx.Exec(ctx, sql, args...)
	return err
}

func (s *Store) auditSQL(a fleet.AuditRow) (sql string, args []any) {
	if a.Ubigeo == "" {
		a.Ubigeo = nowhere
	}
	if a.At.IsZero() {
		a.At = s.now()
	}
	return `INSERT INTO audit (ubigeo, at, username, action, subject, detail, remote) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		[]any{a.Ubigeo, micros(a.At), clean(a.Username), clean(a.Action), clean(a.Subject), clean(a.Detail), clean(a.Remote)}
}

// AuditRows gives the last rows of a district, newest first.
func (s *Store) AuditRows(ctx context.Context, ubigeo string, limit int) ([]fleet.AuditRow, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (a fleet.AuditRow, err error) {
		err = r.Scan(&a.Ubigeo, &a.At, &a.Username, &a.Action, &a.Subject, &a.Detail, &a.Remote)
		a.At = a.At.UTC()
		return a, err
	}, `SELECT ubigeo, at, username, action, subject, detail, remote FROM audit WHERE ubigeo = $1 ORDER BY at DESC, id DESC LIMIT $2`, ubigeo, limit)
}
