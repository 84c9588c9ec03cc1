package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

const reviewSessionColumns = `ubigeo, body, figures`

func rowOfReviewSession(r pgx.CollectableRow) (s session.Session, err error) {
	var ubigeo string
	var body, figures []byte
	if err := r.Scan(&ubigeo, &body, &figures); err != nil {
		return s, err
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return s, fmt.Errorf("kept review session: %w", err)
	}
	s.Ubigeo, s.Figures = ubigeo, figures
	return s, nil
}

// bodyOf writes a session without its figures, which have a column of their own.
func bodyOf(s session.Session) (body, figures []byte, err error) {
	figures = s.Figures
	s.Figures = nil
	body, err = json.Marshal(s)
	return body, figures, err
}

// ReviewSession gives a version of a session; fleet.ErrNotFound if there is none.
func (s *Store) ReviewSession(ctx context.Context, ubigeo, id string) (session.Session, error) {
	return one(ctx, s, "review session "+id, rowOfReviewSession, `SELECT `+reviewSessionColumns+` FROM review_sessions WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
}

// ReviewSessions gives a district's sessions without their figures, those of the
// latest periods first, newest version first.
func (s *Store) ReviewSessions(ctx context.Context, ubigeo string, limit int) ([]session.Session, error) {
	return list(ctx, s, rowOfReviewSession, `SELECT ubigeo, body, NULL::json FROM review_sessions WHERE ubigeo = $1
		ORDER BY date_to DESC, date_from DESC, sector, shift, version DESC LIMIT $2`, ubigeo, limit)
}

// LastSigned gives the newest version of the session, of the sector, that was
// signed last of those whose period ended before a day; fleet.ErrNotFound if
// there is none. A sector's sessions follow each other, whatever the shift.
func (s *Store) LastSigned(ctx context.Context, ubigeo, sector, before string) (session.Session, error) {
	return one(ctx, s, "signed review session before "+before, rowOfReviewSession, `SELECT ubigeo, body, NULL::json FROM review_sessions
		WHERE ubigeo = $1 AND sector = $2 AND date_to < $3 AND state = 'locked' ORDER BY date_to DESC, changed DESC, version DESC LIMIT 1`, ubigeo, sector, before)
}

// reviewSessionID names a version: period, sector and shift where it has one of
// them, version. No sector or shift holds the sign between them.
func reviewSessionID(s session.Session) string {
	id := strings.ReplaceAll(s.Query.From, "-", "") + "-" + strings.ReplaceAll(s.Query.To, "-", "")
	if s.Query.Sector != "" || s.Query.Shift != "" {
		id += "~" + s.Query.Sector + "~" + s.Query.Shift
	}
	return fmt.Sprintf("%s-v%d", id, s.Version)
}

// AddReviewSession keeps a new draft as the next version of its period, sector
// and shift and records it. While another version is open it is
// fleet.ErrConflict.
func (s *Store) AddReviewSession(ctx context.Context, in session.Session, audit fleet.AuditRow) (session.Session, error) {
	out := in
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		out = in
		if err := lockName(ctx, tx, "review sessions", in.Ubigeo); err != nil {
			return err
		}
		var open int
		if err := tx.QueryRow(ctx, `SELECT coalesce(max(version), 0) + 1, count(*) FILTER (WHERE state <> 'locked') FROM review_sessions
			WHERE ubigeo = $1 AND date_from = $2 AND date_to = $3 AND sector = $4 AND shift = $5`,
			in.Ubigeo, in.Query.From, in.Query.To, in.Query.Sector, in.Query.Shift).Scan(&out.Version, &open); err != nil {
			return err
		}
		if open > 0 {
			return fmt.Errorf("%w: a version of this session is open; finish it first", fleet.ErrConflict)
		}
		out.ID = reviewSessionID(out)
		body, figures, err := bodyOf(out)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO review_sessions (ubigeo, id, date_from, date_to, sector, shift, version, state, changed, hash, body, figures)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, out.Ubigeo, out.ID, out.Query.From, out.Query.To, out.Query.Sector, out.Query.Shift,
			out.Version, string(out.State), micros(out.Changed), out.Hash, body, rawOrNull(figures)); err != nil {
			return err
		}
		audit.Subject = out.ID
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return session.Session{}, fmt.Errorf("review session of %s to %s: %w", in.Query.From, in.Query.To, err)
	}
	return out, nil
}

// ChangeReviewSession changes a session one caller after another and records
// it; what change refuses changes nothing. One that is locked is
// fleet.ErrConflict, whatever change says.
func (s *Store) ChangeReviewSession(ctx context.Context, ubigeo, id string, change func(*session.Session) error, audit fleet.AuditRow) (session.Session, error) {
	var out session.Session
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+reviewSessionColumns+` FROM review_sessions WHERE ubigeo = $1 AND id = $2 FOR UPDATE`, ubigeo, id)
		if err != nil {
			return err
		}
		if out, err = pgx.CollectExactlyOneRow(rows, rowOfReviewSession); err != nil {
			if noRows(err) {
				return fmt.Errorf("%w: there is none", fleet.ErrNotFound)
			}
			return err
		}
		if err := change(&out); err != nil {
			return err
		}
		body, figures, err := bodyOf(out)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE review_sessions SET state = $3, changed = $4, hash = $5, body = $6, figures = $7 WHERE ubigeo = $1 AND id = $2`,
			ubigeo, id, string(out.State), micros(out.Changed), out.Hash, body, rawOrNull(figures)); err != nil {
			return signedAlready(err)
		}
		audit.Subject = id
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return session.Session{}, fmt.Errorf("review session %s: %w", id, err)
	}
	return out, nil
}

// DropReviewSession forgets a draft and records it. One that was given to both
// sides, or signed, is fleet.ErrConflict.
func (s *Store) DropReviewSession(ctx context.Context, ubigeo, id string, audit fleet.AuditRow) error {
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var state session.State
		err := tx.QueryRow(ctx, `SELECT state FROM review_sessions WHERE ubigeo = $1 AND id = $2 FOR UPDATE`, ubigeo, id).Scan(&state)
		switch {
		case noRows(err):
			return fmt.Errorf("%w: there is none", fleet.ErrNotFound)
		case err != nil:
			return err
		case state != session.Draft:
			return fmt.Errorf("%w: it is in state %s; only a draft can be dropped", fleet.ErrConflict, state)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM review_sessions WHERE ubigeo = $1 AND id = $2`, ubigeo, id); err != nil {
			return err
		}
		audit.Subject = id
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("drop review session %s: %w", id, err)
	}
	return nil
}

// signedAlready turns the database's refusal to change what is signed into a
// conflict.
func signedAlready(err error) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.Code == "23001" {
		return fmt.Errorf("%w: %s", fleet.ErrConflict, pe.Message)
	}
	return err
}
