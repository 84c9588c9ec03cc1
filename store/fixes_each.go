package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// EachFixes gives the fixes that were received for a unit, from whichever
// device, from one instant up to, not including, another, in the order in which
// fixes are taken (journal.Compare), a day (UTC) in each part; do must not keep
// a part. While do works on one day the next one is read, so a long period costs
// the memory of two days.
func (s *Store) EachFixes(ctx context.Context, ubigeo, unit string, from, to time.Time, do func(part []fleet.Fix) error) error {
	if !from.Before(to) {
		return nil
	}
	type row struct {
		day    time.Time
		device string
	}
	rows, err := list(ctx, s, func(r pgx.CollectableRow) (x row, err error) {
		return x, r.Scan(&x.day, &x.device)
	}, `SELECT day, device FROM fix_days WHERE ubigeo = $1 AND unit = $2 AND day BETWEEN $3 AND $4 ORDER BY day, device`,
		ubigeo, unit, dayOf(from).start(), dayOf(to).start())
	if err != nil || len(rows) == 0 {
		return err
	}
	type part struct {
		fixes []fleet.Fix
		err   error
	}
	ctx, stop := context.WithCancel(ctx)
	parts, used := make(chan part), make(chan []fleet.Fix, 2)
	used <- nil
	used <- nil
	done := make(chan struct{})
	defer func() {
		stop()
		<-done
	}()
	go func() {
		defer close(done)
		defer close(parts)
		for len(rows) > 0 {
			day, n := rows[0].day, 1
			for n < len(rows) && rows[n].day.Equal(day) {
				n++
			}
			devices := make([]string, n)
			for i := range devices {
				devices[i] = rows[i].device
			}
			rows = rows[n:]
			d := dayOf(day)
			fixes, err := s.fixesInto(ctx, (<-used)[:0], ubigeo, unit, devices, later(from, d.start()), sooner(to, (d+1).start()))
			select {
			case parts <- part{fixes, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range parts {
		if p.err != nil {
			return fmt.Errorf("fixes of unit %s: %w", unit, named(p.err))
		}
		if len(p.fixes) > 0 {
			if err := do(p.fixes); err != nil {
				return err
			}
		}
		used <- p.fixes
	}
	return ctx.Err()
}

// fixesInto reads fixes of some devices into a slice that may be used again. It
// asks for plain numbers, not for values that may be NULL, which is several
// times faster.
func (s *Store) fixesInto(ctx context.Context, into []fleet.Fix, ubigeo, unit string, devices []string, from, to time.Time) ([]fleet.Fix, error) {
	names := make(map[string]string, len(devices)) // so that a day has one string a device
	for _, d := range devices {
		names[d] = d
	}
	err := retry(ctx, repeatable, func() error {
		into = into[:0]
		rows, err := s.pool.Query(ctx, `SELECT device, time, seq, received, coalesce(lon, 'NaN'), coalesce(lat, 'NaN'), coalesce(speed, 'NaN'),
				coalesce(course, 'NaN'), coalesce(accuracy, 'NaN'), coalesce(altitude, 'NaN'), coalesce(battery, 'NaN'), ignition, event, flags
			FROM fixes WHERE ubigeo = $1 AND device = ANY($2) AND time >= $3 AND time < $4 AND unit = $5`, ubigeo, devices, ceilMicros(from), ceilMicros(to), unit)
		if err != nil {
			return err
		}
		f := fleet.Fix{Ubigeo: ubigeo, Unit: unit}
		var device pgtype.DriverBytes // valid until the next row
		var flags int32
		var p orb.Point
		_, err = pgx.ForEachRow(rows, []any{&device, &f.Time, &f.Seq, &f.Received, &p[0], &p[1], &f.Speed, &f.Course, &f.Accuracy, &f.Altitude, &f.Battery,
			&f.Ignition, &f.Event, &flags}, func() error {
			f.Device, f.Point, f.Flags = names[string(device)], p, fleet.FixFlag(flags)
			f.Time, f.Received = f.Time.UTC(), f.Received.UTC()
			into = append(into, f)
			return nil
		})
		return err
	})
	slices.SortFunc(into, journal.Compare) // they mostly are
	return into, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sooner(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
