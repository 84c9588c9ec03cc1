package store

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/track"
)

// SaveTrail keeps where a unit was on a day that is over, in place of what was
// kept of it before. Times are kept to the tenth of a second.
func (s *Store) SaveTrail(ctx context.Context, ubigeo string, p track.Part) error {
	var b bytes.Buffer
	if err := track.Write(&b, p.Start, []track.Track{p.Track}); err != nil {
		return err
	}
	_, err := s.exec(ctx, `INSERT INTO unit_trails (ubigeo, unit, start, "end", body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (ubigeo, unit, start) DO UPDATE SET "end" = excluded."end", body = excluded.body`, ubigeo, p.Track.Unit, micros(p.Start), micros(p.End), b.Bytes())
	if err != nil {
		return fmt.Errorf("trail of unit %s from %s: %w", p.Track.Unit, p.Start, err)
	}
	return nil
}

// DaysWithoutTrail lists the days (UTC) before that of an instant on which a unit
// was heard and in which no trail begins that is kept, newest first.
func (s *Store) DaysWithoutTrail(ctx context.Context, ubigeo string, before time.Time) ([]journal.UnitDay, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (d journal.UnitDay, err error) {
		err = r.Scan(&d.Unit, &d.Day)
		d.Day = d.Day.UTC()
		return d, err
	}, `SELECT DISTINCT f.unit, f.day FROM fix_days f WHERE f.ubigeo = $1 AND f.day < $2 AND NOT EXISTS (
			SELECT FROM unit_trails t WHERE t.ubigeo = f.ubigeo AND t.unit = f.unit AND t.start >= f.day AND t.start < f.day + 1
		) ORDER BY f.day DESC, f.unit`, ubigeo, dayOf(before).start())
}

// Trails gives what is kept of a unit's days that lie within a period whole, in
// order.
func (s *Store) Trails(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]track.Part, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (p track.Part, err error) {
		var body []byte
		if err := r.Scan(&p.Start, &p.End, &body); err != nil {
			return p, err
		}
		ts, err := track.Decode(body)
		if err == nil && len(ts) != 1 {
			err = fmt.Errorf("%d tracks", len(ts))
		}
		if err != nil {
			return p, fmt.Errorf("trail of unit %s from %s: %w", unit, p.Start, err)
		}
		p.Start, p.End, p.Track = p.Start.UTC(), p.End.UTC(), ts[0]
		return p, nil
	}, `SELECT start, "end", body FROM unit_trails WHERE ubigeo = $1 AND unit = $2 AND start >= $3 AND "end" <= $4 ORDER BY start`,
		ubigeo, unit, ceilMicros(from), micros(to))
}
