package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// CreateUser adds an account; fleet.ErrConflict if the name is taken,
// whichever district has it.
func (s *Store) CreateUser(ctx context.Context, u fleet.User) error {
	return s.writeUser(ctx, u, true)
}

// SaveUser adds an account or replaces what is known of it, with its roles. A
// name that another district's account has is fleet.ErrConflict: nobody takes
// over an account by making it anew.
func (s *Store) SaveUser(ctx context.Context, u fleet.User) error { return s.writeUser(ctx, u, false) }

func (s *Store) writeUser(ctx context.Context, u fleet.User, create bool) error {
	if u.CreatedAt.IsZero() {
		u.CreatedAt = s.now()
	}
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error { return putUser(ctx, tx, u, create) })
	if err != nil {
		return fmt.Errorf("save user %q: %w", u.Username, err)
	}
	return nil
}

func putUser(ctx context.Context, tx pgx.Tx, u fleet.User, create bool) error {
	onConflict := `ON CONFLICT (username) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash, disabled = excluded.disabled
		WHERE users.ubigeo = excluded.ubigeo`
	if create {
		onConflict = `ON CONFLICT (username) DO NOTHING`
	}
	tag, err := tx.Exec(ctx, `INSERT INTO users (ubigeo, username, name, password_hash, disabled, created_at) VALUES ($1, $2, $3, $4, $5, $6) `+onConflict,
		u.Ubigeo, u.Username, clean(u.Name), u.PasswordHash, u.Disabled, micros(u.CreatedAt))
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("%w: the name is taken", fleet.ErrConflict)
	}
	var b pgx.Batch
	b.Queue(`DELETE FROM user_districts WHERE username = $1`, u.Username)
	for ubigeo, role := range u.Districts {
		b.Queue(`INSERT INTO user_districts (ubigeo, username, home, role) VALUES ($1, $2, $3, $4)`, ubigeo, u.Username, u.Ubigeo, string(role))
	}
	return tx.SendBatch(ctx, &b).Close()
}

// selectUsers reads accounts with their districts; a condition follows.
const selectUsers = `SELECT u.ubigeo, u.username, u.name, u.password_hash, u.disabled, u.created_at,
		array(SELECT d.ubigeo FROM user_districts d WHERE d.username = u.username ORDER BY d.ubigeo),
		array(SELECT d.role FROM user_districts d WHERE d.username = u.username ORDER BY d.ubigeo)
	FROM users u `

func rowOfUser(r pgx.CollectableRow) (u fleet.User, err error) {
	var districts, roles []string
	var created time.Time
	if err := r.Scan(&u.Ubigeo, &u.Username, &u.Name, &u.PasswordHash, &u.Disabled, &created, &districts, &roles); err != nil {
		return u, err
	}
	u.CreatedAt = created.UTC()
	u.Districts = make(map[string]fleet.Role, len(districts))
	for i, d := range districts {
		u.Districts[d] = fleet.Role(roles[i])
	}
	return u, nil
}

// UserByName gives an account, disabled ones too.
func (s *Store) UserByName(ctx context.Context, username string) (fleet.User, error) {
	return one(ctx, s, fmt.Sprintf("user %q", clean(username)), rowOfUser, selectUsers+`WHERE u.username = $1`, clean(username))
}

// Users gives the accounts that may see a district, by name.
func (s *Store) Users(ctx context.Context, ubigeo string) ([]fleet.User, error) {
	return list(ctx, s, rowOfUser, selectUsers+`WHERE u.username IN (SELECT username FROM user_districts WHERE ubigeo = $1) ORDER BY u.username`, ubigeo)
}

// CountUsers counts the accounts of the installation.
func (s *Store) CountUsers(ctx context.Context) (int, error) {
	return one(ctx, s, "accounts", pgx.RowTo[int], `SELECT count(*)::int FROM users`)
}
