package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/hotspots"
)

// SaveStreetSet keeps the ids of streets that facts of days name.
func (s *Store) SaveStreetSet(ctx context.Context, ubigeo, name string, ids []string) error {
	if _, err := s.exec(ctx, `INSERT INTO review_streets (ubigeo, name, ids) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, ubigeo, name, append([]string{}, ids...)); err != nil {
		return fmt.Errorf("save streets of facts: %w", err)
	}
	return nil
}

// StreetSet gives the ids that a name stands for; fleet.ErrNotFound if none.
func (s *Store) StreetSet(ctx context.Context, ubigeo, name string) ([]string, error) {
	return one(ctx, s, "streets "+name, pgx.RowTo[[]string], `SELECT ids FROM review_streets WHERE ubigeo = $1 AND name = $2`, ubigeo, name)
}

func rowOfAnswer(r pgx.CollectableRow) (a review.Answer, err error) {
	var known, until, assigned, arrived, reached *time.Time
	var outcome hotspots.Outcome
	i := &a.Incident
	err = r.Scan(&i.Key, &i.Type[0], &i.At, &known, &until, &i.Point[0], &i.Point[1], &i.Origin, &i.Grade, &i.Simulated, &assigned, &arrived, &outcome, &reached, &a.Mark)
	i.At, i.Known, i.Until, a.Reached = i.At.UTC(), orZero(known), orZero(until), orZero(reached)
	if assigned != nil || arrived != nil || outcome != "" {
		i.Answered = &hotspots.Answered{Assigned: orZero(assigned), Arrived: orZero(arrived), Outcome: outcome}
	}
	return a, err
}

const answers = `SELECT i.key, i.type1, i.at, i.known, i.until, i.lon, i.lat, i.origin, i.grade, i.simulated,
		a.assigned, a.arrived, coalesce(a.outcome, ''), CASE WHEN a.looked <> '' THEN a.reached END, coalesce(a.mark, 0)
	FROM incidents i LEFT JOIN incident_answers a ON a.ubigeo = i.ubigeo AND a.key = i.key
	WHERE i.ubigeo = $1 AND i.at >= $2 AND i.at < $3`

// Answers gives a district's occurrences from one instant up to another, in time
// order, with what is known of how they were answered, without their notes.
func (s *Store) Answers(ctx context.Context, ubigeo string, from, to time.Time) ([]review.Answer, error) {
	return list(ctx, s, rowOfAnswer, answers+` ORDER BY i.at, i.key`, ubigeo, ceilMicros(from), ceilMicros(to))
}

// Unlooked is Answers without those that somebody looked at by the terms of a
// profile, and those of which nobody knows when they were told of.
func (s *Store) Unlooked(ctx context.Context, ubigeo, terms string, from, to time.Time) ([]review.Answer, error) {
	return list(ctx, s, rowOfAnswer, answers+` AND i.known IS NOT NULL AND coalesce(a.looked, '') <> $4 ORDER BY i.at, i.key`, ubigeo, ceilMicros(from), ceilMicros(to), terms)
}

// BeginReached makes rows for occurrences that have none, so that late fixes can
// mark them while positions are read.
func (s *Store) BeginReached(ctx context.Context, ubigeo string, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := s.exec(ctx, `INSERT INTO incident_answers (ubigeo, key) SELECT i.ubigeo, i.key FROM incidents i WHERE i.ubigeo = $1 AND i.key = ANY ($2) ON CONFLICT DO NOTHING`, ubigeo, keys)
	if err != nil {
		return fmt.Errorf("answers of occurrences: %w", err)
	}
	return nil
}

// SaveReached keeps which unit came first to occurrences. Of one whose positions
// came late meanwhile nothing is kept: it is looked at again.
func (s *Store) SaveReached(ctx context.Context, ubigeo string, found []review.Reached) error {
	n := len(found)
	if n == 0 {
		return nil
	}
	keys, units, looked, at, marks := make([]string, n), make([]string, n), make([]string, n), make([]*time.Time, n), make([]int64, n)
	for i, r := range found {
		keys[i], units[i], looked[i], at[i], marks[i] = r.Key, r.Unit, r.Looked, orNull(r.At), r.Mark
	}
	_, err := s.exec(ctx, `UPDATE incident_answers a SET reached = n.at, unit = n.unit, looked = n.looked
		FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[]) AS n (key, unit, looked, at, mark)
		WHERE a.ubigeo = $1 AND a.key = n.key AND a.mark = n.mark`, ubigeo, keys, units, looked, at, marks)
	if err != nil {
		return fmt.Errorf("who came to occurrences: %w", err)
	}
	return nil
}

// saveAnswers keeps what the source of incidents says of how they were answered,
// also of those that are copies of what an earlier import holds.
func saveAnswers(ctx context.Context, tx pgx.Tx, ubigeo, id string, incidents []hotspots.Incident) error {
	var keys, outcomes []string
	var assigned, arrived []*time.Time
	for i := range incidents {
		if a := incidents[i].Answered; a != nil {
			keys, outcomes = append(keys, clean(incidents[i].Key)), append(outcomes, string(a.Outcome))
			assigned, arrived = append(assigned, orNull(a.Assigned)), append(arrived, orNull(a.Arrived))
		}
	}
	if len(keys) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `WITH n AS (SELECT * FROM unnest($3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[]) AS n (key, assigned, arrived, outcome)),
		copies AS (UPDATE incident_copies c SET assigned = n.assigned, arrived = n.arrived, outcome = n.outcome
			FROM n WHERE c.ubigeo = $1 AND c.key = n.key AND c.import = $2)
		INSERT INTO incident_answers (ubigeo, key, assigned, arrived, outcome)
		SELECT i.ubigeo, i.key, n.assigned, n.arrived, n.outcome
		FROM n JOIN incidents i ON i.ubigeo = $1 AND i.key = n.key AND i.import = $2
		ON CONFLICT (ubigeo, key) DO UPDATE SET assigned = excluded.assigned, arrived = excluded.arrived, outcome = excluded.outcome`,
		ubigeo, id, keys, assigned, arrived, outcomes)
	return err
}
