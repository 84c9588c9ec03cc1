package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// DropFixDay forgets the fixes of a day (UTC) of all districts at once, unless a
// legal hold of any of them keeps it. Readers and writers of other days go on
// meanwhile, and so does who makes a hold: taking the day out of the table may
// wait for long readers, and a hold made in that time brings the day back.
func (s *Store) DropFixDay(ctx context.Context, at time.Time) (held bool, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	if err := s.finishDrops(ctx, conn.Conn()); err != nil {
		return false, err
	}
	d := dayOf(at)
	if held, err = heldDay(ctx, conn.Conn(), d); err != nil || held {
		return held, err
	}
	if _, err = conn.Exec(ctx, `ALTER TABLE fixes DETACH PARTITION `+pgx.Identifier{d.partition()}.Sanitize()+` CONCURRENTLY`); err == nil {
		s.days.clear()
		held, err = s.dropDetached(ctx, conn.Conn(), d)
	}
	if err != nil {
		return false, fmt.Errorf("drop the fixes of %s: %w", d.start().Format(time.DateOnly), err)
	}
	if held {
		return true, s.makeDay(ctx, d)
	}
	s.seen.clear()
	if _, err = conn.Exec(ctx, `DELETE FROM fix_days WHERE day = $1`, d.start()); err != nil {
		return false, err
	}
	// A fix of a day before that is no day to keep it under; a day that is still
	// kept, for another district or a hold, stays forgotten.
	oldest := dayOf(s.now()) - daysBack - 2
	kept, err := s.fixPartitions(ctx)
	if err != nil {
		return false, err
	}
	if len(kept) > 0 {
		oldest = min(oldest, kept[0])
	}
	_, err = conn.Exec(ctx, `DELETE FROM forgotten_days WHERE day < $1`, oldest.start())
	return false, err
}

// heldDay tells whether a hold of any district keeps a day.
func heldDay(ctx context.Context, q interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}, d day) (held bool, err error) {
	from, to := heldBy(d)
	err = q.QueryRow(ctx, `SELECT EXISTS (SELECT FROM legal_holds WHERE released_at IS NULL AND start < $2 AND "end" > $1)`, from, to).Scan(&held)
	return held, err
}

// dropDetached drops a day's table that is no part of fixes any more, unless it
// is held by now.
func (s *Store) dropDetached(ctx context.Context, conn *pgx.Conn, d day) (held bool, err error) {
	name := pgx.Identifier{d.partition()}.Sanitize()
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(`+holdsLock+`)`); err != nil {
			return err
		}
		if held, err = heldDay(ctx, tx, d); err != nil || held {
			return err
		}
		// A late fix may have made it a part again: the next pass sees to it.
		var alone bool
		if err := tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1))`, name).Scan(&alone); err != nil || !alone {
			return err
		}
		_, err := tx.Exec(ctx, `DROP TABLE IF EXISTS `+name)
		return err
	})
	return held, err
}

// finishDrops drops the tables of days whose dropping was cut short; days that a
// hold keeps by now come back.
func (s *Store) finishDrops(ctx context.Context, conn *pgx.Conn) error {
	type left struct {
		Name    string
		Pending bool
	}
	rows, err := conn.Query(ctx, `SELECT c.relname, i.inhrelid IS NOT NULL FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname ~ '^fixes_[0-9]{8}$' AND (i.inhrelid IS NULL OR i.inhdetachpending)`)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[left])
	if err != nil {
		return err
	}
	for _, x := range all {
		t, err := time.Parse("fixes_20060102", x.Name)
		if err != nil {
			continue // no day of ours
		}
		if held, err := heldDay(ctx, conn, dayOf(t)); err != nil {
			return err
		} else if held {
			if err := s.makeDay(ctx, dayOf(t)); err != nil {
				return err
			}
			continue
		}
		if x.Pending {
			if _, err := conn.Exec(ctx, `ALTER TABLE fixes DETACH PARTITION `+pgx.Identifier{x.Name}.Sanitize()+` FINALIZE`); err != nil {
				return fmt.Errorf("finish dropping %s: %w", x.Name, err)
			}
		}
		if _, err := s.dropDetached(ctx, conn, dayOf(t)); err != nil {
			return fmt.Errorf("finish dropping %s: %w", x.Name, err)
		}
	}
	return nil
}
