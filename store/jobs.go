package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

const (
	// jobsKept is how long a calculation can be asked for.
	jobsKept = 7 * 24 * time.Hour
	// jobReleased is how long ago a process is said to have worked on a
	// calculation that it gives up before it has begun.
	jobReleased = 24 * time.Hour
)

// WaitingJob is a calculation that waits for its turn.
type WaitingJob struct {
	Ubigeo, ID    string
	Body, Request json.RawMessage
}

// SaveJob keeps what is known of a calculation, and that a process works on it
// at this moment. request is what was asked of one that waits; nil once it has
// begun.
func (s *Store) SaveJob(ctx context.Context, ubigeo, id string, body, request json.RawMessage) error {
	return s.saveJob(ctx, ubigeo, id, body, request, 0)
}

// ReleaseJob keeps a calculation that waits for whichever process takes it.
func (s *Store) ReleaseJob(ctx context.Context, ubigeo, id string, body, request json.RawMessage) error {
	return s.saveJob(ctx, ubigeo, id, body, request, jobReleased)
}

func (s *Store) saveJob(ctx context.Context, ubigeo, id string, body, request json.RawMessage, ago time.Duration) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM plan_jobs WHERE ubigeo = $1 AND seen_at < clock_timestamp() - $2::interval`, ubigeo, jobsKept); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO plan_jobs (ubigeo, id, seen_at, body, request) VALUES ($1, $2, clock_timestamp() - $5::interval, $3, $4)
			ON CONFLICT (ubigeo, id) DO UPDATE SET seen_at = excluded.seen_at, body = excluded.body, request = excluded.request`, ubigeo, id, body, request, ago)
		return err
	})
	if err != nil {
		return fmt.Errorf("save job %s: %w", id, err)
	}
	return nil
}

// TakeJobs gives the calculations that wait and that no process has spoken of
// for so long, oldest first. They are the caller's from now on.
func (s *Store) TakeJobs(ctx context.Context, silent time.Duration) ([]WaitingJob, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (j WaitingJob, err error) {
		err = r.Scan(&j.Ubigeo, &j.ID, &j.Body, &j.Request)
		return j, err
	}, `WITH taken AS (
			UPDATE plan_jobs SET seen_at = clock_timestamp() WHERE request IS NOT NULL AND seen_at < clock_timestamp() - $1::interval
			RETURNING ubigeo, id, body, request, created_at
		) SELECT ubigeo, id, body, request FROM taken ORDER BY created_at, id`, silent)
}

// KeptJob is a calculation, and how long ago a process spoke of it.
type KeptJob struct {
	Body   json.RawMessage
	Silent time.Duration
}

// Jobs gives the calculations of a shift that were asked for in the last day,
// newest first.
func (s *Store) Jobs(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]KeptJob, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (j KeptJob, err error) {
		err = r.Scan(&j.Body, &j.Silent)
		return j, err
	}, `SELECT body, clock_timestamp() - seen_at FROM plan_jobs
		WHERE ubigeo = $1 AND body->>'shift' = $2 AND created_at > clock_timestamp() - '1 day'::interval ORDER BY created_at DESC, id LIMIT 50`, ubigeo, string(shift))
}

// Job gives a calculation, and how long ago a process said that it works on it.
func (s *Store) Job(ctx context.Context, ubigeo, id string) (body json.RawMessage, silent time.Duration, err error) {
	body, err = one(ctx, s, "job "+id+" of district "+ubigeo, func(r pgx.CollectableRow) (b json.RawMessage, err error) {
		err = r.Scan(&b, &silent)
		return b, err
	}, `SELECT body, clock_timestamp() - seen_at FROM plan_jobs WHERE ubigeo = $1 AND id = $2`, ubigeo, id)
	return body, silent, err
}
