package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// LastFixes gives the newest usable fix of each device of a district; of those
// that another process stored, as of half a minute ago.
func (s *Store) LastFixes(ctx context.Context, ubigeo string) ([]fleet.Fix, error) {
	if err := s.writeLastFixes(ctx); err != nil {
		return nil, err
	}
	return list(ctx, s, rowOfFix, `SELECT `+fixColumns+` FROM last_fixes WHERE ubigeo = $1 ORDER BY device`, ubigeo)
}

// Fixes gives a device's fixes from one instant up to, not including, another,
// in time order, flagged ones too.
func (s *Store) Fixes(ctx context.Context, ubigeo, device string, from, to time.Time) ([]fleet.Fix, error) {
	return list(ctx, s, rowOfFix, `SELECT `+fixColumns+` FROM fixes
		WHERE `+ofDevice12+` AND time >= $3 AND time < $4 ORDER BY time, seq`, ubigeo, device, ceilMicros(from), ceilMicros(to))
}

// FixesOfUnit gives the fixes that were received for a unit, from whichever
// device, from one instant up to, not including, another, in time order.
func (s *Store) FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error) {
	devices, err := list(ctx, s, pgx.RowTo[string], `SELECT DISTINCT device FROM fix_days
		WHERE ubigeo = $1 AND unit = $2 AND day BETWEEN $3 AND $4`, ubigeo, unit, dayOf(from).start(), dayOf(to).start())
	if err != nil || len(devices) == 0 {
		return nil, err
	}
	fixes, err := s.fixesInto(ctx, nil, ubigeo, unit, devices, from, to)
	if err != nil {
		return nil, fmt.Errorf("fixes of unit %s: %w", unit, named(err))
	}
	slices.SortFunc(fixes, func(a, b fleet.Fix) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.Device, b.Device), cmp.Compare(a.Seq, b.Seq))
	})
	return fixes, nil
}

// ceilMicros rounds up to the next instant that the database can tell apart,
// so that half-open ranges mean the same there.
func ceilMicros(t time.Time) time.Time {
	if c := micros(t); !c.Equal(t) {
		return c.Add(time.Microsecond)
	}
	return micros(t)
}

// FixCount counts the fixes of a district.
type FixCount struct {
	Rows     int64
	Distinct int64 // different (device, number) pairs
}

// CountFixes counts a district's rows and, apart from the table's key, the
// different numbers of each device among them.
func (s *Store) CountFixes(ctx context.Context, ubigeo string) (FixCount, error) {
	var c FixCount
	err := retry(ctx, repeatable, func() error {
		return s.pool.QueryRow(ctx, `SELECT count(*), count(DISTINCT (device, seq)) FROM fixes WHERE ubigeo = $1`, ubigeo).Scan(&c.Rows, &c.Distinct)
	})
	return c, named(err)
}

// FixesReceived gives the fixes of a device from one instant to another, both
// included, that were received at a third or later, in time order.
func (s *Store) FixesReceived(ctx context.Context, ubigeo, device string, from, to, received time.Time) ([]fleet.Fix, error) {
	return list(ctx, s, rowOfFix, `SELECT `+fixColumns+` FROM fixes
		WHERE `+ofDevice12+` AND time BETWEEN $3 AND $4 AND received >= $5 ORDER BY time, seq`,
		ubigeo, device, micros(from), micros(to), micros(received))
}
