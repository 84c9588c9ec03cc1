package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/serenazgo/serenazgo/fleet"
)

// patience is how long work is tried again while the server is away.
const patience = 15 * time.Second

// undone tells whether the server certainly did not do the work: it may be
// tried again whatever it is.
func undone(err error) bool {
	if errors.Is(err, pgconn.ErrConnClosed) {
		// The driver calls this safe to repeat, and says it also of a statement
		// that was sent and whose answer met the end of the connection.
		return false
	}
	if pgconn.SafeToRetry(err) {
		return true
	}
	var ce *pgconn.ConnectError
	if errors.As(err, &ce) {
		return true
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch pe.Code {
		case "40001", // serialization failure
			"40P01",                   // deadlock
			"55P03",                   // lock not available
			"57P01", "57P02", "57P03", // shut down, crashed, starting up
			"53300": // too many connections
			return true
		}
	}
	return false
}

// lost tells whether the connection broke, so that nobody knows whether the
// work was done.
func lost(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return strings.HasPrefix(pe.Code, "08")
	}
	var ne net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &ne) || errors.Is(err, pgconn.ErrConnClosed)
}

// retry runs fn again while again says that its error allows it.
func retry(ctx context.Context, again func(error) bool, fn func() error) error {
	end := time.Now().Add(patience)
	wait := 5 * time.Millisecond
	for {
		err := fn()
		if err == nil || ctx.Err() != nil || !again(err) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait + rand.N(wait)):
		}
		wait = min(2*wait, 500*time.Millisecond)
	}
}

func repeatable(err error) bool { return undone(err) || lost(err) }

// exec runs one statement that does no harm when done twice.
func (s *Store) exec(ctx context.Context, sql string, args ...any) (rows int64, err error) {
	err = retry(ctx, repeatable, func() error {
		tag, err := s.pool.Exec(ctx, sql, args...)
		rows = tag.RowsAffected()
		return err
	})
	return rows, named(err)
}

// execOnce runs one statement that must not be done twice.
func (s *Store) execOnce(ctx context.Context, sql string, args ...any) error {
	return named(retry(ctx, undone, func() error {
		_, err := s.pool.Exec(ctx, sql, args...)
		return err
	}))
}

// inTx runs fn in a transaction that does no harm when done twice.
func (s *Store) inTx(ctx context.Context, fn func(pgx.Tx) error) error {
	return named(retry(ctx, repeatable, func() error { return pgx.BeginFunc(ctx, s.pool, fn) }))
}

// inTxOnce runs fn in a transaction that must not be committed twice.
func (s *Store) inTxOnce(ctx context.Context, fn func(pgx.Tx) error) error {
	return named(retry(ctx, undone, func() error { return pgx.BeginFunc(ctx, s.pool, fn) }))
}

// list reads all rows of a query.
func list[T any](ctx context.Context, s *Store, scan pgx.RowToFunc[T], sql string, args ...any) ([]T, error) {
	var out []T
	err := retry(ctx, repeatable, func() error {
		rows, err := s.pool.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scan)
		return err
	})
	return out, named(err)
}

// one reads the only row of a query; what names it when there is none.
func one[T any](ctx context.Context, s *Store, what string, scan pgx.RowToFunc[T], sql string, args ...any) (T, error) {
	var out T
	err := retry(ctx, repeatable, func() error {
		rows, err := s.pool.Query(ctx, sql, args...)
		if err != nil {
			return err
		}
		out, err = pgx.CollectExactlyOneRow(rows, scan)
		return err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return out, fmt.Errorf("%w: %s", fleet.ErrNotFound, what)
	}
	return out, named(err)
}

// named gives the server's error the kind that the domain knows.
func named(err error) error {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return err
	}
	detail := pe.Message
	if pe.Detail != "" {
		detail += " (" + pe.Detail + ")"
	}
	switch {
	case pe.Code == "53100":
		return fmt.Errorf("%w: %s: %w", fleet.ErrStoreFull, detail, err)
	case pe.Code == "23505":
		return fmt.Errorf("%w: %s: %w", fleet.ErrConflict, detail, err)
	case strings.HasPrefix(pe.Code, "22"), strings.HasPrefix(pe.Code, "23"):
		return fmt.Errorf("%w: %s: %w", fleet.ErrInvalid, detail, err)
	}
	return err
}

// clean makes text from outside storable: PostgreSQL takes neither broken
// UTF-8 nor zero bytes.
func clean(text string) string {
	if utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
		return text
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// micros cuts an instant to what the database keeps.
func micros(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Microsecond)
}

// orNull stores the zero instant as NULL.
func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = micros(t)
	return &t
}

// orZero reads what orNull stored.
func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func noRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }
