package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/retain"
)

// holdsLock is held while it is decided whether a day is forgotten, and while a
// hold is made: neither may slip past the other. Nobody waits for anything else
// meanwhile.
const holdsLock = `hashtextextended('serenazgo holds ' || current_schema(), 0)`

// heldBy is the time in which a hold keeps a day (UTC): what is made of fixes is
// kept by operational days, which may begin on the day before.
func heldBy(d day) (from, to time.Time) { return (d - 1).start(), (d + 1).start() }

// placeKinds are the kinds of events whose place is an area.
var placeKinds = []string{string(journal.FenceEnter), string(journal.FenceExit)}

// Retention gives for how many days a district keeps positions; 0: it never
// said.
func (s *Store) Retention(ctx context.Context, ubigeo string) (int, error) {
	n, err := one(ctx, s, "retention", pgx.RowTo[int], `SELECT days FROM retention WHERE ubigeo = $1`, ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// SaveRetention sets it.
func (s *Store) SaveRetention(ctx context.Context, ubigeo string, days int, audit fleet.AuditRow) error {
	if days < retain.MinDays || days > retain.MaxDays {
		return fmt.Errorf("%w: positions are kept %d to %d days, not %d", fleet.ErrInvalid, retain.MinDays, retain.MaxDays, days)
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO retention (ubigeo, days) VALUES ($1, $2) ON CONFLICT (ubigeo) DO UPDATE SET days = excluded.days`, ubigeo, days); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// Holds lists a district's holds, released ones too, newest first.
func (s *Store) Holds(ctx context.Context, ubigeo string) ([]retain.Hold, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (h retain.Hold, err error) {
		var released *time.Time
		err = r.Scan(&h.ID, &h.Start, &h.End, &h.Reason, &h.CreatedAt, &h.CreatedBy, &released, &h.ReleasedBy)
		h.Start, h.End, h.CreatedAt, h.ReleasedAt = h.Start.UTC(), h.End.UTC(), h.CreatedAt.UTC(), orZero(released)
		return h, err
	}, `SELECT id, start, "end", reason, created_at, created_by, released_at, released_by FROM legal_holds WHERE ubigeo = $1 ORDER BY created_at DESC, id`, ubigeo)
}

// SaveHold makes a hold. What was forgotten before does not come back.
func (s *Store) SaveHold(ctx context.Context, ubigeo string, h retain.Hold, audit fleet.AuditRow) error {
	if err := h.Check(); err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(`+holdsLock+`)`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO legal_holds (ubigeo, id, start, "end", reason, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			ubigeo, h.ID, micros(h.Start), micros(h.End), clean(h.Reason), micros(h.CreatedAt), h.CreatedBy); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// ReleaseHold ends a hold; one that is released already stays as it was.
func (s *Store) ReleaseHold(ctx context.Context, ubigeo, id string, at time.Time, audit fleet.AuditRow) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE legal_holds SET released_by = CASE WHEN released_at IS NULL THEN $4 ELSE released_by END, released_at = coalesce(released_at, $3)
			WHERE ubigeo = $1 AND id = $2`, ubigeo, id, micros(at), audit.Username)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("%w: hold %s", fleet.ErrNotFound, id)
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// Summed tells whether the coverage of a shift that may hold a part of a day
// (UTC) is kept, or no unit was there to be summed up.
func (s *Store) Summed(ctx context.Context, ubigeo string, at time.Time) (bool, error) {
	d := dayOf(at)
	return one(ctx, s, "coverage", pgx.RowTo[bool], `SELECT NOT EXISTS (SELECT FROM fix_days WHERE ubigeo = $1 AND day = $2 AND unit <> '')
		OR EXISTS (SELECT FROM coverage WHERE ubigeo = $1 AND left(shift, 10) BETWEEN $3 AND $4)`,
		ubigeo, d.start(), (d - 1).start().Format(time.DateOnly), d.start().Format(time.DateOnly))
}

// Forgotten tells whether a district's positions of a day (UTC) were forgotten,
// those from files too, and none came since.
func (s *Store) Forgotten(ctx context.Context, ubigeo string, at time.Time) (bool, error) {
	d := dayOf(at)
	return one(ctx, s, "forgotten day", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM forgotten_days WHERE ubigeo = $1 AND day = $2)
		AND NOT EXISTS (SELECT FROM fixes WHERE `+ofDistrict1+` AND time >= $2 AND time < $3)
		AND NOT EXISTS (SELECT FROM guest_fixes WHERE ubigeo = $1 AND time >= $2 AND time < $3)`, ubigeo, d.start(), (d + 1).start())
}

// AnyForgotten tells whether positions of a period were forgotten: what is kept
// of it cannot be made again.
func (s *Store) AnyForgotten(ctx context.Context, ubigeo string, from, to time.Time) (bool, error) {
	return one(ctx, s, "forgotten days", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM forgotten_days WHERE ubigeo = $1 AND day BETWEEN $2 AND $3)`,
		ubigeo, dayOf(from).start(), dayOf(to.Add(-time.Microsecond)).start())
}

// OldestDay is the first day (UTC) that a district's positions are kept of;
// zero: of none.
func (s *Store) OldestDay(ctx context.Context, ubigeo string) (time.Time, error) {
	days, err := s.fixPartitions(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("oldest day: %w", err)
	}
	for _, d := range days {
		any, err := one(ctx, s, "oldest day", pgx.RowTo[bool], `SELECT EXISTS (SELECT FROM fixes WHERE `+ofDistrict1+` AND time >= $2 AND time < $3)`, ubigeo, d.start(), (d + 1).start())
		if err != nil || any {
			return d.start(), err
		}
	}
	return time.Time{}, nil
}

// heldIn tells whether a hold of a district keeps any of a stretch of time, and
// lets no hold be made until the transaction ends.
func heldIn(ctx context.Context, tx pgx.Tx, ubigeo string, from, to time.Time) (held bool, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(`+holdsLock+`)`); err != nil {
		return false, err
	}
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM legal_holds WHERE ubigeo = $1 AND released_at IS NULL AND start < $3 AND "end" > $2)`, ubigeo, from, to).Scan(&held)
	return held, err
}

// ForgetDay forgets what tells of places of a district on a day (UTC), unless
// one of its holds keeps it: fixes, tracks from files, trails, the places of trips, stops and
// events, points on their way to the ministry, payloads that nobody could read.
// Figures stay.
func (s *Store) ForgetDay(ctx context.Context, ubigeo string, at time.Time) (held bool, err error) {
	d := dayOf(at)
	from, to := heldBy(d)
	start, end := d.start(), (d + 1).start()
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if held, err = heldIn(ctx, tx, ubigeo, from, to); err != nil || held {
			return err
		}
		var b pgx.Batch
		b.Queue(`DELETE FROM fixes WHERE `+ofDistrict1+` AND time >= $2 AND time < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM fix_days WHERE ubigeo = $1 AND day = $2`, ubigeo, start)
		b.Queue(`DELETE FROM guest_fixes WHERE ubigeo = $1 AND time >= $2 AND time < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM unit_trails WHERE ubigeo = $1 AND start >= $2 AND start < $3`, ubigeo, from, start)
		b.Queue(`UPDATE unit_days SET body = (body::jsonb || '{"trips":[],"stops":[],"visits":[]}')::json WHERE ubigeo = $1 AND day = $2`, ubigeo, (d - 1).start())
		// Which zone a unit came to is a place. Of two zones at one instant one stays.
		b.Queue(`DELETE FROM unit_events e USING unit_events o WHERE e.ubigeo = $1 AND e.start >= $2 AND e.start < $3 AND e.kind = ANY($4)
			AND (o.ubigeo, o.day, o.unit, o.kind, o.start) = (e.ubigeo, e.day, e.unit, e.kind, e.start) AND o.place < e.place`, ubigeo, start, end, placeKinds)
		b.Queue(`UPDATE unit_events SET lon = NULL, lat = NULL, place = CASE WHEN kind = ANY($4) THEN '' ELSE place END
			WHERE ubigeo = $1 AND start >= $2 AND start < $3`, ubigeo, start, end, placeKinds)
		b.Queue(`DELETE FROM last_fixes WHERE ubigeo = $1 AND time >= $2 AND time < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM relay_points WHERE ubigeo = $1 AND at >= $2 AND at < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM relay_news WHERE ubigeo = $1 AND time >= $2 AND time < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM dead_letters WHERE ubigeo = $1 AND received >= $2 AND received < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM fix_quarantine WHERE ubigeo = $1 AND received >= $2 AND received < $3`, ubigeo, start, end)
		b.Queue(`DELETE FROM raw_payloads WHERE ubigeo = $1 AND received >= $2 AND received < $3`, ubigeo, start, end)
		b.Queue(`INSERT INTO forgotten_days (ubigeo, day) VALUES ($1, $2) ON CONFLICT DO NOTHING`, ubigeo, start)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		return recountGuests(ctx, tx, ubigeo, start, end)
	})
	if err != nil {
		return false, fmt.Errorf("forget %s: %w", start.Format(time.DateOnly), err)
	}
	s.seen.clear() // a late fix of the day is a fix of it again
	return held, nil
}

// SaveRetentionRun keeps how far a run is. Its end is audited.
func (s *Store) SaveRetentionRun(ctx context.Context, ubigeo string, r retain.Run) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO retention_runs (ubigeo, started, body) VALUES ($1, $2, $3)
			ON CONFLICT (ubigeo, started) DO UPDATE SET body = excluded.body`, ubigeo, micros(r.Started), string(body)); err != nil {
			return err
		}
		if r.Finished.IsZero() && r.Error == "" {
			return nil
		}
		detail := fmt.Sprintf("%d of %d days, %d held", r.Done, r.Days, r.Held)
		if r.Error != "" {
			detail += "; " + r.Error
		}
		return s.auditIn(ctx, tx, fleet.AuditRow{Ubigeo: ubigeo, Action: "retention.run", Subject: r.Started.Format(time.RFC3339), Detail: detail})
	})
}

// RetentionRuns gives the last runs of a district, newest first.
func (s *Store) RetentionRuns(ctx context.Context, ubigeo string, limit int) ([]retain.Run, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (x retain.Run, err error) {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return x, err
		}
		return x, json.Unmarshal(body, &x)
	}, `SELECT body FROM retention_runs WHERE ubigeo = $1 ORDER BY started DESC LIMIT $2`, ubigeo, limit)
}
