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

// SaveGuests keeps the tracks of a file and records it; positions that are kept
// already stay as they are. The facts of the days that the file tells of are
// stale then. A file that brings nothing new leaves nothing behind.
func (s *Store) SaveGuests(ctx context.Context, ubigeo string, f guest.File, fixes []fleet.Fix, audit fleet.AuditRow) (out guest.File, err error) {
	if len(fixes) == 0 {
		return f, fmt.Errorf("%w: %s has no positions", fleet.ErrInvalid, f.Name)
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
		tag, err := tx.Exec(ctx, `INSERT INTO guest_fixes (ubigeo, unit, time, lon, lat, speed, file)
			SELECT $1, unit, time, lon, lat, speed, $2 FROM guest_new ORDER BY unit, time ON CONFLICT DO NOTHING`, ubigeo, out.ID)
		if err != nil {
			return err
		}
		out.Fixes = int(tag.RowsAffected())
		if out.Fixes == 0 {
			_, err := tx.Exec(ctx, `DELETE FROM guest_files WHERE ubigeo = $1 AND id = $2`, ubigeo, out.ID)
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE guest_files SET fixes = $3 WHERE ubigeo = $1 AND id = $2`, ubigeo, out.ID, out.Fixes); err != nil {
			return err
		}
		if err := staleReviews(ctx, tx, ubigeo, f.First, f.Last); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
	if err != nil {
		return f, fmt.Errorf("tracks of %s: %w", f.Name, err)
	}
	return out, nil
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

// DropGuestFile takes a file of tracks back and records it.
func (s *Store) DropGuestFile(ctx context.Context, ubigeo string, id int64, audit fleet.AuditRow) error {
	err := s.inTxOnce(ctx, func(tx pgx.Tx) error {
		var first, last time.Time
		err := tx.QueryRow(ctx, `DELETE FROM guest_files WHERE ubigeo = $1 AND id = $2 RETURNING first, last`, ubigeo, id).Scan(&first, &last)
		if noRows(err) {
			return fmt.Errorf("%w: there is none", fleet.ErrNotFound)
		}
		if err != nil {
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
