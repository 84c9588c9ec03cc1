package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Errors of a database that does not fit the program.
var (
	ErrNewer   = errors.New("the database is newer than the program")
	ErrChanged = errors.New("an applied migration was changed")
)

// Migration is one step of the schema. Steps only go forward and are never
// changed once applied anywhere.
type Migration struct {
	Number    int       `json:"number"`
	Name      string    `json:"name"`
	Checksum  string    `json:"checksum"` // SHA-256, hexadecimal
	AppliedAt time.Time `json:"applied_at,omitzero"`

	sql string
}

// migrations reads the steps from files named NNNN_name.sql, numbered from 1
// without gaps.
func migrations(files fs.FS) ([]Migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	out := make([]Migration, 0, len(names))
	for i, name := range names {
		num, rest, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".sql"), "_")
		n, err := strconv.Atoi(num)
		if !ok || err != nil || len(num) != 4 || n != i+1 {
			return nil, fmt.Errorf("migration %s: expected the name %04d_name.sql", name, i+1)
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
		sum := sha256.Sum256(b)
		out = append(out, Migration{Number: n, Name: rest, Checksum: hex.EncodeToString(sum[:]), sql: string(b)})
	}
	return out, nil
}

// Migrate brings the schema up to date and gives the steps that it took. It
// refuses a database that is newer than the program, or whose steps differ.
// Of several programs that start at once, one does the work and the others
// wait.
func (s *Store) Migrate(ctx context.Context) ([]Migration, error) {
	steps, err := migrations(migrationFiles)
	if err != nil {
		return nil, err
	}
	return s.migrate(ctx, steps)
}

// Applied gives the steps that opening this store took.
func (s *Store) Applied() []Migration { return s.applied }

// Migrations gives every step that the database has, in order.
func (s *Store) Migrations(ctx context.Context) ([]Migration, error) {
	return readMigrations(ctx, s.pool)
}

func (s *Store) migrate(ctx context.Context, steps []Migration) ([]Migration, error) {
	have, err := readMigrations(ctx, s.pool)
	if err != nil {
		return nil, err
	}
	if err := compare(steps, have); err != nil || len(have) == len(steps) {
		return nil, err
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Release()
	const key = `hashtextextended('serenazgo migrations ' || current_schema(), 0)`
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(`+key+`)`); err != nil {
		return nil, fmt.Errorf("lock for migrations: %w", err)
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(`+key+`)`) }()
	const table = `CREATE TABLE IF NOT EXISTS schema_migrations (
		number int PRIMARY KEY CHECK (number > 0), name text NOT NULL, checksum text NOT NULL,
		applied_at timestamptz NOT NULL DEFAULT now())`
	if _, err := conn.Exec(ctx, table); err != nil {
		return nil, fmt.Errorf("table of migrations: %w", err)
	}
	if have, err = readMigrations(ctx, conn); err != nil {
		return nil, err
	}
	if err := compare(steps, have); err != nil {
		return nil, err
	}
	var done []Migration
	for _, m := range steps[len(have):] {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			// The simple protocol takes several statements at once.
			if _, err := tx.Conn().PgConn().Exec(ctx, m.sql).ReadAll(); err != nil {
				return err
			}
			return tx.QueryRow(ctx, `INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3) RETURNING applied_at`,
				m.Number, m.Name, m.Checksum).Scan(&m.AppliedAt)
		})
		if err != nil {
			return done, fmt.Errorf("migration %04d_%s: %w", m.Number, m.Name, err)
		}
		s.log.Info("migrated the database", "number", m.Number, "name", m.Name)
		done = append(done, m)
	}
	return done, nil
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// readMigrations gives the steps taken, none for an empty database.
func readMigrations(ctx context.Context, q querier) ([]Migration, error) {
	rows, err := q.Query(ctx, `SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number`)
	if err == nil {
		var out []Migration
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (m Migration, err error) {
			err = r.Scan(&m.Number, &m.Name, &m.Checksum, &m.AppliedAt)
			return m, err
		})
		if err == nil {
			return out, nil
		}
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Code == "42P01" {
		return nil, nil
	}
	return nil, fmt.Errorf("table of migrations: %w", err)
}

// compare refuses a database whose steps are not the first ones of ours.
func compare(steps, have []Migration) error {
	for i, h := range have {
		if i >= len(steps) {
			return fmt.Errorf("%w: it has migration %04d_%s, the program knows %d migrations; use the newer program", ErrNewer, h.Number, h.Name, len(steps))
		}
		if m := steps[i]; h.Number != m.Number || h.Checksum != m.Checksum {
			return fmt.Errorf("%w: the database has %04d_%s (%.12s), the program %04d_%s (%.12s); use the program that made the database, or a new data directory", ErrChanged, h.Number, h.Name, h.Checksum, m.Number, m.Name, m.Checksum)
		}
	}
	return nil
}
