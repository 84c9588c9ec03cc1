package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// UnknownSeen tells what is kept of the devices of a district that reported
// without having been registered.
func (s *Store) UnknownSeen(ctx context.Context, ubigeo string) (map[string]fleet.Seen, error) {
	type row struct {
		device string
		seen   fleet.Seen
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (o row, err error) {
		var first, last *time.Time
		err = r.Scan(&o.device, &o.seen.Fixes, &o.seen.Unassigned, &first, &last)
		o.seen.First, o.seen.Last = orZero(first), orZero(last)
		return o, err
	}, `SELECT d.device, f.n, f.unassigned, f.first, f.last FROM (SELECT ubigeo, id AS device, known FROM devices) AS d
		CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE unit = '') AS unassigned, min(received) AS first, max(received) AS last
			FROM fixes WHERE `+ofDevice+`) AS f
		WHERE d.ubigeo = $1 AND NOT d.known`, ubigeo)
	out := make(map[string]fleet.Seen, len(rows))
	for _, r := range rows {
		out[r.device] = r.seen
	}
	return out, err
}

// RecentFixes gives the newest fixes of each device of a district since an
// instant, at most n of each, in time order.
func (s *Store) RecentFixes(ctx context.Context, ubigeo string, since time.Time, n int) ([]fleet.Fix, error) {
	return list(ctx, s, rowOfFix, `SELECT f.* FROM (SELECT ubigeo, id AS device FROM devices) AS d
		CROSS JOIN LATERAL (SELECT `+fixColumns+` FROM fixes WHERE `+ofDevice+` AND time >= $2
			ORDER BY time DESC, seq DESC LIMIT $3) AS f
		WHERE d.ubigeo = $1 ORDER BY f.device, f.time, f.seq`, ubigeo, ceilMicros(since), n)
}

// ClaimFixes gives a unit those fixes of a device that are of no unit, from one
// instant up to, not including, another, and marks their days to be computed
// again. It tells how many there were; claiming again finds none.
func (s *Store) ClaimFixes(ctx context.Context, ubigeo, device, unit string, from, to time.Time) (n int64, err error) {
	if unit == "" {
		return 0, fmt.Errorf("%w: the fixes of device %s are claimed for no unit", fleet.ErrInvalid, device)
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `WITH moved AS (
				UPDATE fixes SET unit = $3 WHERE `+ofDevice12+` AND unit = '' AND time >= $4 AND time < $5 RETURNING time
			), days AS (
				SELECT time::date AS day, min(time) AS first, max(time) AS last, count(*) AS n FROM moved GROUP BY 1
			), carried AS (
				INSERT INTO fix_days (ubigeo, unit, day, device) SELECT $1, $3, day, $2 FROM days ON CONFLICT DO NOTHING
			), dirty AS (
				INSERT INTO dirty_days AS d (ubigeo, unit, day, first, last, fixes, mark) SELECT $1, $3, day, first, last, n, 1 FROM days
				ON CONFLICT (ubigeo, unit, day) DO UPDATE SET first = least(d.first, excluded.first),
					last = greatest(d.last, excluded.last), fixes = d.fixes + excluded.fixes, mark = d.mark + 1
			) SELECT coalesce(sum(n), 0)::bigint FROM days`, ubigeo, device, unit, ceilMicros(from), ceilMicros(to)).Scan(&n)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE last_fixes SET unit = $3 WHERE ubigeo = $1 AND device = $2 AND unit = '' AND time >= $4 AND time < $5`,
			ubigeo, device, unit, ceilMicros(from), ceilMicros(to))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("claim the fixes of device %s: %w", device, err)
	}
	return n, nil
}
