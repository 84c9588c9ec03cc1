package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet/review"
)

// BeginReviewDay says that the facts of a day, whose shifts span a time, are
// about to be made, and gives the mark to keep them with. Fixes that come late
// from now on make them stale.
func (s *Store) BeginReviewDay(ctx context.Context, ubigeo, date string, from, to time.Time) (mark int64, err error) {
	return one(ctx, s, "facts of "+date, pgx.RowTo[int64], `INSERT INTO review_days AS d (ubigeo, day, start, "end") VALUES ($1, $2::text::date, $3, $4)
		ON CONFLICT (ubigeo, day) DO UPDATE SET start = excluded.start, "end" = excluded."end" RETURNING mark`, ubigeo, date, micros(from), micros(to))
}

// SaveReviewDay keeps the facts of a day that BeginReviewDay began, in place of
// what was kept of it.
func (s *Store) SaveReviewDay(ctx context.Context, ubigeo string, k review.Kept) error {
	_, err := s.exec(ctx, `UPDATE review_days SET made = $3, profile = $4, streets = $5, body = $6 WHERE ubigeo = $1 AND day = $2::text::date`,
		ubigeo, k.Date, k.Mark, k.Profile, k.Streets, k.Body)
	if err != nil {
		return fmt.Errorf("save facts of %s: %w", k.Date, err)
	}
	return nil
}

// ReviewDays gives the facts that are kept of the days from one date to another,
// both included, in order.
func (s *Store) ReviewDays(ctx context.Context, ubigeo, from, to string) ([]review.Kept, error) {
	return s.reviewDays(ctx, ubigeo, from, to, "body")
}

// ReviewMarks is ReviewDays without the facts themselves.
func (s *Store) ReviewMarks(ctx context.Context, ubigeo, from, to string) ([]review.Kept, error) {
	return s.reviewDays(ctx, ubigeo, from, to, "NULL::bytea")
}

func (s *Store) reviewDays(ctx context.Context, ubigeo, from, to, body string) ([]review.Kept, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (k review.Kept, err error) {
		var day time.Time
		err = r.Scan(&day, &k.Mark, &k.Profile, &k.Streets, &k.Stale, &k.Body)
		k.Date = day.Format(time.DateOnly)
		return k, err
	}, `SELECT day, made, profile, streets, made <> mark, `+body+` FROM review_days
		WHERE ubigeo = $1 AND made >= 0 AND day BETWEEN $2::text::date AND $3::text::date ORDER BY day`, ubigeo, from, to)
}

// HeardDates lists the dates (UTC) of a period, both ends included, on which any
// unit reported, or a vehicle whose track was uploaded, in order.
func (s *Store) HeardDates(ctx context.Context, ubigeo, from, to string) ([]string, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (string, error) {
		var day time.Time
		err := r.Scan(&day)
		return day.Format(time.DateOnly), err
	}, `SELECT day FROM fix_days WHERE ubigeo = $1 AND unit <> '' AND day BETWEEN $2::text::date AND $3::text::date
		UNION SELECT d::date FROM generate_series($2::text::date::timestamp, $3::text::date::timestamp, interval '1 day') d
		WHERE EXISTS (SELECT FROM guest_fixes WHERE ubigeo = $1 AND time >= d AT TIME ZONE 'UTC' AND time < (d + interval '1 day') AT TIME ZONE 'UTC') ORDER BY day`, ubigeo, from, to)
}
