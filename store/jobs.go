package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// jobsKept is how long a calculation can be asked for.
const jobsKept = 7 * 24 * time.Hour

// SaveJob keeps what is known of a calculation, and that a process works on it
// at this moment.
func (s *Store) SaveJob(ctx context.Context, ubigeo, id string, body json.RawMessage) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM plan_jobs WHERE ubigeo = $1 AND seen_at < clock_timestamp() - $2::interval`, ubigeo, jobsKept); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO plan_jobs (ubigeo, id, seen_at, body) VALUES ($1, $2, clock_timestamp(), $3)
			ON CONFLICT (ubigeo, id) DO UPDATE SET seen_at = excluded.seen_at, body = excluded.body`, ubigeo, id, body)
		return err
	})
	if err != nil {
		return fmt.Errorf("save job %s: %w", id, err)
	}
	return nil
}

// Job gives a calculation, and how long ago a process said that it works on it.
func (s *Store) Job(ctx context.Context, ubigeo, id string) (body json.RawMessage, silent time.Duration, err error) {
	body, err = one(ctx, s, "job "+id+" of district "+ubigeo, func(r pgx.CollectableRow) (b json.RawMessage, err error) {
		err = r.Scan(&b, &silent)
		return b, err
	}, `SELECT body, clock_timestamp() - seen_at FROM plan_jobs WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
	return body, silent, err
}
