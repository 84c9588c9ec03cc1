package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// Fixes lie in one partition a day (UTC), named fixes_YYYYMMDD.

// The days around the reception of a fix for which a partition is made. A
// device may give back what it kept for over a year; a time further off is a
// broken clock.
const (
	daysBack  = 400
	daysAhead = 2
)

// day numbers days (UTC) from 1970-01-01.
type day int64

func dayOf(t time.Time) day {
	s := t.Unix()
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return day(d)
}

func (d day) start() time.Time  { return time.Unix(int64(d)*86400, 0).UTC() }
func (d day) partition() string { return "fixes_" + d.start().Format("20060102") }

// dayRange is a range of days, both ends included.
type dayRange struct{ first, last day }

// fixDays are the days that fixes received at t may belong to.
func fixDays(t time.Time) dayRange { return dayRange{dayOf(t) - daysBack, dayOf(t) + daysAhead} }

func (r dayRange) has(t time.Time) bool {
	d := dayOf(t)
	return d >= r.first && d <= r.last
}

// daySet is a set of days, safe for concurrent use.
type daySet struct {
	mu   sync.RWMutex
	days map[day]bool
}

func (s *daySet) has(d day) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.days[d]
}

func (s *daySet) add(d day) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.days == nil {
		s.days = make(map[day]bool)
	}
	s.days[d] = true
}

func (s *daySet) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.days = nil
}

// fixPartitions lists the days that have a partition, in order.
func (s *Store) fixPartitions(ctx context.Context) ([]day, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (day, error) {
		var name string
		if err := r.Scan(&name); err != nil {
			return 0, err
		}
		t, err := time.Parse("fixes_20060102", name)
		if err != nil {
			return 0, fmt.Errorf("partition %s of the table of fixes does not belong there: %w", name, err)
		}
		return dayOf(t), nil
	}, `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'fixes'::regclass AND NOT i.inhdetachpending ORDER BY c.relname`)
}

func (s *Store) loadDays(ctx context.Context) error {
	days, err := s.fixPartitions(ctx)
	for _, d := range days {
		s.days.add(d)
	}
	return err
}

// makeDays makes the partitions that fixes need and that are not there.
func (s *Store) makeDays(ctx context.Context, fixes []fleet.Fix) error {
	last := day(0)
	for i := range fixes {
		d := dayOf(fixes[i].Time)
		if i > 0 && d == last {
			continue
		}
		last = d
		if !s.days.has(d) {
			if err := s.makeDay(ctx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// makeDay makes the partition of one day. It is made as a table of its own
// and then attached, which does not stop those who read and write fixes.
func (s *Store) makeDay(ctx context.Context, d day) error {
	name := pgx.Identifier{d.partition()}.Sanitize()
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('serenazgo partitions ' || current_schema(), 0))`); err != nil {
			return err
		}
		// A day whose dropping was cut short may have its table and not be a part
		// of fixes any more, or only half.
		var there, attached, pending bool
		if err := tx.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL, coalesce(bool_or(NOT inhdetachpending), false), coalesce(bool_or(inhdetachpending), false)
			FROM pg_inherits WHERE inhrelid = to_regclass($1) AND inhparent = 'fixes'::regclass`, name).Scan(&there, &attached, &pending); err != nil || attached {
			return err
		}
		if !there {
			if _, err := tx.Exec(ctx, `CREATE TABLE `+name+` (LIKE fixes INCLUDING ALL)`); err != nil {
				return err
			}
		}
		if pending {
			if _, err := tx.Exec(ctx, `ALTER TABLE fixes DETACH PARTITION `+name+` FINALIZE`); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, fmt.Sprintf(`ALTER TABLE fixes ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')`,
			name, d.start().Format(time.RFC3339), (d+1).start().Format(time.RFC3339)))
		return err
	})
	if err != nil {
		return fmt.Errorf("partition of fixes for %s: %w", d.start().Format(time.DateOnly), err)
	}
	s.days.add(d)
	return nil
}

// makeDaysAhead makes the partitions of today and the days to come.
func (s *Store) makeDaysAhead(ctx context.Context) error {
	today := dayOf(s.now())
	for d := today; d <= today+daysAhead; d++ {
		if s.days.has(d) {
			continue
		}
		if err := retry(ctx, repeatable, func() error { return s.makeDay(ctx, d) }); err != nil {
			return err
		}
	}
	return nil
}

// keepDaysAhead makes partitions ahead as time goes by. If it cannot, the
// first fix of a day makes its partition.
func (s *Store) keepDaysAhead(ctx context.Context) {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := s.makeDaysAhead(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("partitions could not be made ahead", "error", err)
			}
		}
	}
}

// FixDays lists the days (UTC) that fixes are kept of, oldest first.
func (s *Store) FixDays(ctx context.Context) ([]time.Time, error) {
	days, err := s.fixPartitions(ctx)
	if err != nil {
		return nil, fmt.Errorf("days of fixes: %w", err)
	}
	out := make([]time.Time, len(days))
	for i, d := range days {
		out[i] = d.start()
	}
	return out, nil
}
