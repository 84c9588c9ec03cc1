package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// SaveSession keeps a new login.
func (s *Store) SaveSession(ctx context.Context, v fleet.Session) error {
	_, err := s.exec(ctx, `INSERT INTO sessions (ubigeo, token_hash, username, csrf, created_at, expires_at, remote) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ubigeo, token_hash) DO NOTHING`,
		v.Ubigeo, v.TokenHash[:], v.Username, v.CSRF, micros(v.CreatedAt), micros(v.ExpiresAt), clean(v.Remote))
	return err
}

// ProlongSession moves the end of a login. One that was ended meanwhile stays
// ended.
func (s *Store) ProlongSession(ctx context.Context, tokenHash [32]byte, expires time.Time) error {
	_, err := s.exec(ctx, `UPDATE sessions SET expires_at = $2 WHERE token_hash = $1`, tokenHash[:], micros(expires))
	return err
}

// Session gives the login of a token by its hash. Whether it has expired is
// for the caller to judge, by its clock.
func (s *Store) Session(ctx context.Context, tokenHash [32]byte) (fleet.Session, error) {
	return one(ctx, s, "session", func(r pgx.CollectableRow) (v fleet.Session, err error) {
		var hash []byte
		err = r.Scan(&v.Ubigeo, &hash, &v.Username, &v.CSRF, &v.CreatedAt, &v.ExpiresAt, &v.Remote)
		copy(v.TokenHash[:], hash)
		v.CreatedAt, v.ExpiresAt = v.CreatedAt.UTC(), v.ExpiresAt.UTC()
		return v, err
	}, `SELECT ubigeo, token_hash, username, csrf, created_at, expires_at, remote FROM sessions WHERE token_hash = $1`, tokenHash[:])
}

// DeleteSession ends a login; one that is not there is no error.
func (s *Store) DeleteSession(ctx context.Context, tokenHash [32]byte) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash[:])
	return err
}

// DeleteSessionsOf ends all logins of a user.
func (s *Store) DeleteSessionsOf(ctx context.Context, username string) error {
	_, err := s.exec(ctx, `DELETE FROM sessions WHERE username = $1`, username)
	return err
}

// DeleteExpiredSessions forgets the logins that have expired at now, and gives
// their number.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) (int64, error) {
	return s.exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, now)
}
