package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
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
