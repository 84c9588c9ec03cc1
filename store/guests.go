package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/guest"
)

// SaveGuests keeps the tracks of a file and records it. A position of an instant
// that is kept already is the later file's from then on, so that taking back the
// earlier one does not take what the later one said too; a file of which nothing
// is left goes. The facts of the days that the file tells of are stale then. A
// file that repeats what is kept and nothing else leaves nothing behind. known is
// how many instants were kept already.
//
// What a legal hold keeps is not changed: fleet.ErrConflict.
func (s *Store) SaveGuests(ctx context.Context, ubigeo string, f guest.File, fixes []fleet.Fix, audit fleet.AuditRow) (out guest.File, known int, err error) {
	if len(fixes) == 0 {
		return f, 0, fmt.Errorf("%w: %s has no positions", fleet.ErrInvalid, f.Name)
	}
	f.Units, f.First, f.Last = nil, fixes[0].Time, fixes[0].Time
	for i := range fixes {
		if x := &fixes[i]; !slices.Contains(f.Units, x.Unit) {
			f.Units = append(f.Units, x.Unit)
		}
		if fixes[i].Time.Before(f.First) {
			f.First = fixes[i].Time
		}
		if fixes[i].Time.After(f.Last) {
			f.Last = fixes[i].Time
		}
	}
	slices.Sort(f.Units)
	err = s.inTxOnce(ctx, func(tx pgx.Tx) error {
		out = f
		if err := lockName(ctx, tx, "guest tracks", ubigeo); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `INSERT INTO guest_files (ubigeo, name, username, at, units, first, last, fixes) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) RETURNING id`,
			ubigeo, clean(f.Name), f.By, micros(f.At), f.Units, micros(f.First), micros(f.Last)).Scan(&out.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `CREATE TEMP TABLE guest_new (unit text, time timestamptz, lon float8, lat float8, speed real) ON COMMIT DROP`); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"guest_new"}, []string{"unit", "time", "lon", "lat", "speed"}, pgx.CopyFromSlice(len(fixes), func(i int) ([]any, error) {
			x := &fixes[i]
			var speed any
			if !math.IsNaN(x.Speed) {
				speed = float32(x.Speed)
			}
			return []any{x.Unit, micros(x.Time), x.Point[0], x.Point[1], speed}, nil
		})); err != nil {
			return err
		}
		var from, to *time.Time // of positions that the file says otherwise
		if err := tx.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE d.differs), min(n.time) FILTER (WHERE d.differs), max(n.time) FILTER (WHERE d.differs)
			FROM guest_new n JOIN guest_fixes g ON g.ubigeo = $1 AND g.unit = n.unit AND g.time = n.time
			CROSS JOIN LATERAL (SELECT (g.lon, g.lat, g.speed) IS DISTINCT FROM (n.lon, n.lat, n.speed) AS differs) d`, ubigeo).Scan(&known, &out.Replaced, &from, &to); err != nil {
			return err
		}
		if known == len(fixes) && from == nil {
			_, err := tx.Exec(ctx, `DELETE FROM guest_files WHERE ubigeo = $1 AND id = $2`, ubigeo, out.ID)
			return err
		}
		if from != nil {
			if err := freeOfHolds(ctx, tx, ubigeo, *from, *to); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO guest_fixes (ubigeo, unit, time, lon, lat, speed, file)
			SELECT $1, unit, time, lon, lat, speed, $2 FROM guest_new ORDER BY unit, time
			ON CONFLICT (ubigeo, unit, time) DO UPDATE SET lon = excluded.lon, lat = excluded.lat, speed = excluded.speed, file = excluded.file`, ubigeo, out.ID); err != nil {
			return err
		}
		out.Fixes = len(fixes)
		if err := recountGuests(ctx, tx, ubigeo, f.First, f.Last); err != nil {
			return err
		}
		if err := staleReviews(ctx, tx, ubigeo, f.First, f.Last); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return f, 0, fmt.Errorf("tracks of %s: %w", f.Name, err)
	}
	return out, known, nil
}

// recountGuests has the files of tracks that reach into a stretch of time say
// what is left of them, and forgets those of which nothing is.
func recountGuests(ctx context.Context, tx pgx.Tx, ubigeo string, first, last time.Time) error {
	if _, err := tx.Exec(ctx, `DELETE FROM guest_files f WHERE ubigeo = $1 AND first <= $3 AND last >= $2
		AND NOT EXISTS (SELECT FROM guest_fixes g WHERE g.ubigeo = f.ubigeo AND g.file = f.id)`, ubigeo, micros(first), micros(last)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE guest_files f SET fixes = k.fixes, first = k.first, last = k.last, units = k.units
		FROM (SELECT g.file, count(*) AS fixes, min(g.time) AS first, max(g.time) AS last, array_agg(DISTINCT g.unit COLLATE "C" ORDER BY g.unit COLLATE "C") AS units
			FROM guest_files o JOIN guest_fixes g ON g.ubigeo = o.ubigeo AND g.file = o.id
			WHERE o.ubigeo = $1 AND o.first <= $3 AND o.last >= $2 GROUP BY g.file) k
		WHERE f.ubigeo = $1 AND f.id = k.file`, ubigeo, micros(first), micros(last))
	return err
}

// freeOfHolds is fleet.ErrConflict if a hold keeps a day of a stretch of time,
// both ends included. None is made until the transaction ends.
func freeOfHolds(ctx context.Context, tx pgx.Tx, ubigeo string, first, last time.Time) error {
	from, _ := heldBy(dayOf(first))
	_, to := heldBy(dayOf(last))
	held, err := heldIn(ctx, tx, ubigeo, from, to)
	if err == nil && held {
		return fmt.Errorf("%w: a legal hold keeps positions of %s to %s; release it first", fleet.ErrConflict, first.UTC().Format(time.DateOnly), last.UTC().Format(time.DateOnly))
	}
	return err
}

// GuestDays lists the days (UTC) that tracks from files are kept of and that end
// by an instant, oldest first.
func (s *Store) GuestDays(ctx context.Context, ubigeo string, until time.Time) ([]time.Time, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (at time.Time, err error) {
		err = r.Scan(&at)
		return at.UTC(), err
	}, `SELECT d AT TIME ZONE 'UTC' FROM generate_series((SELECT date_trunc('day', min(time) AT TIME ZONE 'UTC') FROM guest_fixes WHERE ubigeo = $1),
			$2::timestamptz AT TIME ZONE 'UTC' - interval '1 day', interval '1 day') d
		WHERE EXISTS (SELECT FROM guest_fixes WHERE ubigeo = $1 AND time >= d AT TIME ZONE 'UTC' AND time < (d + interval '1 day') AT TIME ZONE 'UTC') ORDER BY d`, ubigeo, until)
}

// staleReviews marks the days whose facts a stretch of time, both ends included,
// belongs to.
func staleReviews(ctx context.Context, tx pgx.Tx, ubigeo string, first, last time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE review_days SET mark = mark + 1 WHERE ubigeo = $1 AND start <= $3 AND "end" > $2`, ubigeo, micros(first), micros(last))
	return err
}

// GuestFiles lists the files of tracks of a district, the last first.
func (s *Store) GuestFiles(ctx context.Context, ubigeo string) ([]guest.File, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (f guest.File, err error) {
		err = r.Scan(&f.ID, &f.Name, &f.By, &f.At, &f.Units, &f.First, &f.Last, &f.Fixes)
		return f, err
	}, `SELECT id, name, username, at, units, first, last, fixes FROM guest_files WHERE ubigeo = $1 ORDER BY at DESC, id DESC`, ubigeo)
}

// DropGuestFile takes a file of tracks back and records it. What a legal hold
// keeps stays: fleet.ErrConflict.
func (s *Store) DropGuestFile(ctx context.Context, ubigeo string, id int64, audit fleet.AuditRow) error {
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var first, last time.Time
		if err := lockName(ctx, tx, "guest tracks", ubigeo); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT first, last FROM guest_files WHERE ubigeo = $1 AND id = $2`, ubigeo, id).Scan(&first, &last)
		if noRows(err) {
			return fmt.Errorf("%w: there is none", fleet.ErrNotFound)
		}
		if err != nil {
			return err
		}
		if err := freeOfHolds(ctx, tx, ubigeo, first, last); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM guest_files WHERE ubigeo = $1 AND id = $2`, ubigeo, id); err != nil {
			return err
		}
		if err := staleReviews(ctx, tx, ubigeo, first, last); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return fmt.Errorf("file of tracks %d: %w", id, err)
	}
	return nil
}

// GuestFixes gives the positions of vehicles that are known from files, from one
// instant up to, not including, another, by vehicle and time.
func (s *Store) GuestFixes(ctx context.Context, ubigeo string, from, to time.Time) ([]fleet.Fix, error) {
	nan := math.NaN()
	return list(ctx, s, func(r pgx.CollectableRow) (fleet.Fix, error) {
		f := fleet.Fix{Ubigeo: ubigeo, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}
		var speed *float32
		var lon, lat float64
		err := r.Scan(&f.Unit, &f.Time, &lon, &lat, &speed)
		f.Device, f.Received, f.Point = f.Unit, f.Time, orb.Point{lon, lat}
		if speed != nil {
			f.Speed = float64(*speed)
		}
		return f, err
	}, `SELECT unit, time, lon, lat, speed FROM guest_fixes WHERE ubigeo = $1 AND time >= $2 AND time < $3 ORDER BY unit, time`, ubigeo, ceilMicros(from), ceilMicros(to))
}
