package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

const (
	// jobsKept is how long a calculation can be asked for.
	jobsKept = 7 * 24 * time.Hour
	// jobReleased is how long ago a process is said to have worked on a
	// calculation that it gives up before it has begun.
	jobReleased = 24 * time.Hour
)

// ErrTaken is told to a process that another one has taken a calculation from:
// it has not been heard of for too long.
var ErrTaken = fmt.Errorf("%w: another process has taken the calculation over", fleet.ErrConflict)

// PlanJob is a calculation as the store has it.
type PlanJob struct {
	Ubigeo, ID string
	Owner      string          // the process that has it
	Body       json.RawMessage // how far it is
	Request    json.RawMessage // what was asked of one that waits; nil once it has begun
}

// SaveJob keeps what is known of a calculation, and that its owner works on it
// at this moment; ErrTaken, and nothing is kept, if it is another one's.
func (s *Store) SaveJob(ctx context.Context, j PlanJob) error { return s.saveJob(ctx, j, 0) }

// ReleaseJob keeps a calculation that waits for whichever process takes it.
func (s *Store) ReleaseJob(ctx context.Context, j PlanJob) error {
	return s.saveJob(ctx, j, jobReleased)
}

func (s *Store) saveJob(ctx context.Context, j PlanJob, ago time.Duration) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM plan_jobs WHERE ubigeo = $1 AND seen_at < clock_timestamp() - $2::interval`, j.Ubigeo, jobsKept); err != nil {
			return err
		}
		done, err := tx.Exec(ctx, `INSERT INTO plan_jobs AS j (ubigeo, id, seen_at, body, request, owner) VALUES ($1, $2, clock_timestamp() - $5::interval, $3, $4, $6)
			ON CONFLICT (ubigeo, id) DO UPDATE SET seen_at = excluded.seen_at, body = excluded.body, request = excluded.request WHERE j.owner = excluded.owner`,
			j.Ubigeo, j.ID, j.Body, j.Request, ago, j.Owner)
		return ofOwner(done, err)
	})
	if err != nil {
		return fmt.Errorf("save job %s: %w", j.ID, err)
	}
	return nil
}

// ofOwner is ErrTaken where nothing of the owner was there to change.
func ofOwner(done pgconn.CommandTag, err error) error {
	if err == nil && done.RowsAffected() == 0 {
		return ErrTaken
	}
	return err
}

// SavePlanOf keeps the plan that a calculation came to, unless another process
// has taken the calculation over: then it is ErrTaken. From then on nobody can
// take it.
func (s *Store) SavePlanOf(ctx context.Context, p patrol.Plan, job PlanJob) (patrol.Plan, error) {
	return s.savePlan(ctx, p, func(tx pgx.Tx) error {
		return ofOwner(tx.Exec(ctx, `UPDATE plan_jobs SET request = NULL, seen_at = clock_timestamp() WHERE ubigeo = $1 AND id = $2 AND owner = $3`,
			job.Ubigeo, job.ID, job.Owner))
	}, patrol.Same{}, nil)
}

// TakeJobs gives the calculations that wait and that no process has spoken of
// for so long, oldest first. They are owner's from now on.
func (s *Store) TakeJobs(ctx context.Context, owner string, silent time.Duration) ([]PlanJob, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (PlanJob, error) {
		j := PlanJob{Owner: owner}
		err := r.Scan(&j.Ubigeo, &j.ID, &j.Body, &j.Request)
		return j, err
	}, `WITH taken AS (
			UPDATE plan_jobs SET seen_at = clock_timestamp(), owner = $2 WHERE request IS NOT NULL AND seen_at < clock_timestamp() - $1::interval
			RETURNING ubigeo, id, body, request, created_at
		) SELECT ubigeo, id, body, request FROM taken ORDER BY created_at, id`, silent, owner)
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
