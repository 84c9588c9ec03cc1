package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/relay"
)

// Relay gives how a district hands positions on to the ministry; who never said
// gets relay.Defaults.
func (s *Store) Relay(ctx context.Context, ubigeo string) (relay.Settings, error) {
	out, err := one(ctx, s, "settings of the retransmission", func(r pgx.CollectableRow) (x relay.Settings, err error) {
		var body []byte
		var since time.Time
		if err := r.Scan(&body, &since); err != nil {
			return x, err
		}
		x = relay.Defaults()
		err = json.Unmarshal(body, &x)
		x.Since = since.UTC()
		return x, err
	}, `SELECT body, since FROM relays WHERE ubigeo = $1`, ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return relay.Defaults(), nil
	}
	return out, err
}

// SaveRelay keeps a district's settings. What is stored from now on of its
// vehicles is news for the retransmission; in other processes from a few seconds
// later.
func (s *Store) SaveRelay(ctx context.Context, ubigeo string, x relay.Settings, audit fleet.AuditRow) error {
	if err := x.Check(); err != nil {
		return err
	}
	body, err := json.Marshal(x)
	if err != nil {
		return err
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO relays AS r (ubigeo, body, since) VALUES ($1, $2, $3) ON CONFLICT (ubigeo) DO UPDATE SET body = excluded.body,
				since = CASE WHEN (r.body->>'on')::boolean THEN r.since ELSE excluded.since END, trouble = NULL`, ubigeo, string(body), micros(s.now())); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return err
	}
	return s.loadRelayed(ctx)
}

// RelayTrouble gives what is wrong with a district's platform; false: nothing.
func (s *Store) RelayTrouble(ctx context.Context, ubigeo string) (t relay.Trouble, any bool, err error) {
	all, err := list(ctx, s, func(r pgx.CollectableRow) (t relay.Trouble, err error) {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return t, err
		}
		return t, json.Unmarshal(body, &t)
	}, `SELECT trouble FROM relays WHERE ubigeo = $1 AND trouble IS NOT NULL`, ubigeo)
	if err != nil || len(all) == 0 {
		return t, false, err
	}
	return all[0], true, nil
}

// RelayPauses gives when the next requests of a district may go, as kept last.
func (s *Store) RelayPauses(ctx context.Context, ubigeo string) (p relay.Pauses, err error) {
	all, err := list(ctx, s, func(r pgx.CollectableRow) (p relay.Pauses, err error) {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return p, err
		}
		return p, json.Unmarshal(body, &p)
	}, `SELECT pauses FROM relays WHERE ubigeo = $1 AND pauses IS NOT NULL`, ubigeo)
	if err != nil || len(all) == 0 {
		return p, err
	}
	return all[0], nil
}

// SaveRelayPauses keeps them.
func (s *Store) SaveRelayPauses(ctx context.Context, ubigeo string, p relay.Pauses) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE relays SET pauses = $2 WHERE ubigeo = $1`, ubigeo, string(body))
	return err
}

// SaveRelayTrouble keeps what is wrong with a district's platform; of no kind:
// nothing is.
func (s *Store) SaveRelayTrouble(ctx context.Context, ubigeo string, t relay.Trouble) error {
	var body *string
	if t.Kind != "" {
		t.Detail = clean(t.Detail)
		raw, err := json.Marshal(t)
		if err != nil {
			return err
		}
		body = new(string)
		*body = string(raw)
	}
	_, err := s.exec(ctx, `UPDATE relays SET trouble = $2::json WHERE ubigeo = $1 AND (trouble IS NOT NULL OR $2::json IS NOT NULL)`, ubigeo, body)
	return err
}

// RelayCursors gives how far each vehicle of a district was looked at.
func (s *Store) RelayCursors(ctx context.Context, ubigeo string) (map[string]relay.Cursor, error) {
	out := map[string]relay.Cursor{}
	type row struct {
		unit   string
		cursor relay.Cursor
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (x row, err error) {
		var body []byte
		if err := r.Scan(&x.unit, &body); err != nil {
			return x, err
		}
		return x, json.Unmarshal(body, &x.cursor)
	}, `SELECT unit, body FROM relay_cursors WHERE ubigeo = $1`, ubigeo)
	for _, r := range rows {
		out[r.unit] = r.cursor
	}
	return out, err
}

const saveGap = `INSERT INTO relay_gaps (ubigeo, unit, start, reason, "end", points, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (ubigeo, unit, start, reason) DO UPDATE SET "end" = greatest(relay_gaps."end", excluded."end"), points = relay_gaps.points + excluded.points, detail = excluded.detail`

// SaveRelayPass keeps a unit's cursor with the points and gaps that came of
// news, which are news no more: all or none of it.
func (s *Store) SaveRelayPass(ctx context.Context, ubigeo, unit string, c relay.Cursor, news []relay.Key, points []relay.Queued, gaps []relay.Gap) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	devices, times, seqs := make([]string, len(news)), make([]time.Time, len(news)), make([]int64, len(news))
	for i, k := range news {
		devices[i], times[i], seqs[i] = k.Device, k.Time, k.Seq
	}
	return s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(`INSERT INTO relay_cursors (ubigeo, unit, body) VALUES ($1, $2, $3) ON CONFLICT (ubigeo, unit) DO UPDATE SET body = excluded.body`, ubigeo, unit, string(body))
		b.Queue(`DELETE FROM relay_news WHERE ubigeo = $1 AND unit = $2 AND (time, device, seq) IN (SELECT * FROM unnest($3::timestamptz[], $4::text[], $5::bigint[]))`,
			ubigeo, unit, times, devices, seqs)
		for _, q := range points {
			p, err := json.Marshal(q.Point)
			if err != nil {
				return err
			}
			b.Queue(`INSERT INTO relay_points (ubigeo, unit, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, ubigeo, unit, micros(q.At), string(p))
		}
		for _, g := range gaps {
			b.Queue(saveGap, ubigeo, unit, micros(g.Start), g.Reason, micros(g.End), g.Points, clean(g.Detail))
		}
		return tx.SendBatch(ctx, &b).Close()
	})
}

// RelayQueue gives the oldest points on their way.
func (s *Store) RelayQueue(ctx context.Context, ubigeo string, limit int) ([]relay.Queued, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (q relay.Queued, err error) {
		var body []byte
		if err := r.Scan(&q.Unit, &q.At, &body); err != nil {
			return q, err
		}
		q.At = q.At.UTC()
		return q, json.Unmarshal(body, &q.Point)
	}, `SELECT unit, at, body FROM relay_points WHERE ubigeo = $1 ORDER BY at, unit LIMIT $2`, ubigeo, limit)
}

// RelayWaiting counts the points on their way and gives the time of the oldest.
func (s *Store) RelayWaiting(ctx context.Context, ubigeo string) (n int, oldest time.Time, err error) {
	var first *time.Time
	err = retry(ctx, repeatable, func() error {
		return s.pool.QueryRow(ctx, `SELECT count(*), min(at) FROM relay_points WHERE ubigeo = $1`, ubigeo).Scan(&n, &first)
	})
	return n, orZero(first), named(err)
}

// RelayTaken takes points off the queue, and keeps what was not handed on.
func (s *Store) RelayTaken(ctx context.Context, ubigeo string, points []relay.Queued, gaps []relay.Gap) error {
	units, ats := make([]string, len(points)), make([]time.Time, len(points))
	for i, q := range points {
		units[i], ats[i] = q.Unit, micros(q.At)
	}
	return s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(`DELETE FROM relay_points WHERE ubigeo = $1 AND (unit, at) IN (SELECT * FROM unnest($2::text[], $3::timestamptz[]))`, ubigeo, units, ats)
		for _, g := range gaps {
			b.Queue(saveGap, ubigeo, g.Unit, micros(g.Start), g.Reason, micros(g.End), g.Points, clean(g.Detail))
		}
		return tx.SendBatch(ctx, &b).Close()
	})
}

// RelayGaps lists what the ministry did not get in a period, newest first.
func (s *Store) RelayGaps(ctx context.Context, ubigeo string, from, to time.Time, limit int) ([]relay.Gap, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (g relay.Gap, err error) {
		err = r.Scan(&g.Unit, &g.Start, &g.End, &g.Reason, &g.Points, &g.Detail)
		g.Start, g.End = g.Start.UTC(), g.End.UTC()
		return g, err
	}, `SELECT unit, start, "end", reason, points, detail FROM relay_gaps WHERE ubigeo = $1 AND "end" >= $2 AND start < $3 ORDER BY start DESC, unit LIMIT $4`,
		ubigeo, ceilMicros(from), ceilMicros(to), limit)
}

// Alone calls do while no other process on this database does so by the same
// name; where one does, it does nothing.
func (s *Store) Alone(ctx context.Context, name string, do func(ctx context.Context) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer conn.Release()
	var mine bool
	const key = `hashtextextended('serenazgo ' || $1 || ' ' || current_schema(), 0)`
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+key+`)`, name).Scan(&mine); err != nil || !mine {
		return err
	}
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(`+key+`)`, name); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx)) // the lock goes with it
		}
	}()
	return do(ctx)
}
