package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// CorrectionRevision is one change of a local correction.
type CorrectionRevision struct {
	Revision   int                `json:"revision"` // 1..
	Deleted    bool               `json:"deleted"`
	SavedAt    time.Time          `json:"saved_at"`
	Correction routing.Correction `json:"correction"`
}

// SaveCorrection adds a correction or a revision of one; its ID must be set.
func (s *Store) SaveCorrection(ctx context.Context, ubigeo string, c routing.Correction) error {
	if c.ID == "" {
		return fmt.Errorf("%w: a correction of district %s has no id", fleet.ErrInvalid, ubigeo)
	}
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("%w: correction %s: %w", fleet.ErrInvalid, c.ID, err)
	}
	return s.reviseCorrection(ctx, ubigeo, c.ID, func(last []byte, _ bool) ([]byte, bool, error) { return body, false, nil })
}

// DeleteCorrection takes a correction away. Its history stays.
func (s *Store) DeleteCorrection(ctx context.Context, ubigeo, id string) error {
	return s.reviseCorrection(ctx, ubigeo, id, func(last []byte, deleted bool) ([]byte, bool, error) {
		if last == nil || deleted {
			return nil, false, fmt.Errorf("%w: correction %s of district %s", fleet.ErrNotFound, id, ubigeo)
		}
		return last, true, nil
	})
}

// reviseCorrection adds what next makes of the last revision (nil: none).
func (s *Store) reviseCorrection(ctx context.Context, ubigeo, id string, next func(last []byte, deleted bool) ([]byte, bool, error)) error {
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		if err := lockName(ctx, tx, "correction "+id, ubigeo); err != nil {
			return err
		}
		var last []byte
		var deleted bool
		revision := 0
		err := tx.QueryRow(ctx, `SELECT revision, deleted, body FROM corrections WHERE ubigeo = $1 AND id = $2 ORDER BY revision DESC LIMIT 1`, ubigeo, id).
			Scan(&revision, &deleted, &last)
		if err != nil && !noRows(err) {
			return err
		}
		body, gone, err := next(last, deleted)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO corrections (ubigeo, id, revision, deleted, saved_at, body) VALUES ($1, $2, $3, $4, $5, $6)`,
			ubigeo, id, revision+1, gone, micros(s.now()), body)
		return err
	})
	if err != nil {
		return fmt.Errorf("correction %s: %w", id, err)
	}
	return nil
}

// Corrections gives the corrections in force, in the order of their ids.
func (s *Store) Corrections(ctx context.Context, ubigeo string) ([]routing.Correction, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (c routing.Correction, err error) {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return c, err
		}
		return c, json.Unmarshal(body, &c)
	}, `SELECT body FROM (
			SELECT DISTINCT ON (id) id, deleted, body FROM corrections WHERE ubigeo = $1 ORDER BY id, revision DESC
		) AS newest WHERE NOT deleted ORDER BY id`, ubigeo)
}

// CorrectionHistory gives every revision of a correction, oldest first.
func (s *Store) CorrectionHistory(ctx context.Context, ubigeo, id string) ([]CorrectionRevision, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (c CorrectionRevision, err error) {
		var body []byte
		if err := r.Scan(&c.Revision, &c.Deleted, &c.SavedAt, &body); err != nil {
			return c, err
		}
		c.SavedAt = c.SavedAt.UTC()
		return c, json.Unmarshal(body, &c.Correction)
	}, `SELECT revision, deleted, saved_at, body FROM corrections WHERE ubigeo = $1 AND id = $2 ORDER BY revision`, ubigeo, id)
}
