package store

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

const incidentChunk = 2000

// SaveIncidents keeps incidents, all or none of them. One whose key is
// already there is left as it is and counted as a duplicate.
func (s *Store) SaveIncidents(ctx context.Context, ubigeo string, incidents []hotspots.Incident) (inserted, duplicates int, err error) {
	for _, i := range incidents {
		if err := checkIncident(i); err != nil {
			return 0, 0, err
		}
	}
	err = s.inTxOnce(ctx, func(tx pgx.Tx) error {
		inserted = 0
		for part := range slices.Chunk(incidents, incidentChunk) {
			n, err := insertIncidents(ctx, tx, ubigeo, "", part)
			if err != nil {
				return err
			}
			if err := saveAnswers(ctx, tx, ubigeo, "", part); err != nil {
				return err
			}
			inserted += n
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("save incidents of %s: %w", ubigeo, err)
	}
	return inserted, len(incidents) - inserted, nil
}

func checkIncident(i hotspots.Incident) error {
	where := fmt.Sprintf("incident %q", i.Key)
	if i.Row > 0 {
		where = fmt.Sprintf("%s (%s, line %d)", where, i.Source, i.Row)
	}
	lon, lat := i.Point[0], i.Point[1]
	switch {
	case i.Key == "":
		return fmt.Errorf("%w: %s has no key", fleet.ErrInvalid, where)
	case i.At.IsZero():
		return fmt.Errorf("%w: %s has no time", fleet.ErrInvalid, where)
	case math.IsNaN(lon) || math.IsNaN(lat) || math.Abs(lon) > 180 || math.Abs(lat) > 90:
		return fmt.Errorf("%w: %s lies at %g, %g, which is no place on Earth", fleet.ErrInvalid, where, lon, lat)
	}
	return nil
}

// insertIncidents keeps those whose key is not there, as part of an import
// ("": of none). What an import says of those that are there is kept beside them,
// for the time when what brought them is taken back.
func insertIncidents(ctx context.Context, tx pgx.Tx, ubigeo, id string, incidents []hotspots.Incident) (int, error) {
	n := len(incidents)
	keys, origins, sources, notes := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	var types [3][]string
	for k := range types {
		types[k] = make([]string, n)
	}
	at, until, known, grades := make([]time.Time, n), make([]*time.Time, n), make([]*time.Time, n), make([]string, n)
	lon, lat := make([]float64, n), make([]float64, n)
	rows, simulated := make([]int32, n), make([]bool, n)
	for i, in := range incidents {
		keys[i], origins[i], sources[i], notes[i] = clean(in.Key), clean(string(in.Origin)), clean(in.Source), clean(in.Note)
		for k := range types {
			types[k][i] = clean(in.Type[k])
		}
		at[i], until[i], known[i], grades[i] = micros(in.At), orNull(in.Until), orNull(in.Known), string(in.Grade)
		lon[i], lat[i], rows[i], simulated[i] = in.Point[0], in.Point[1], int32(in.Row), in.Simulated
	}
	var inserted int
	err := tx.QueryRow(ctx, `WITH t AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
			$8::float8[], $9::float8[], $10::text[], $11::text[], $12::int[], $13::boolean[], $14::text[], $15::timestamptz[], $16::text[]) AS t (`+incidentColumns+`)),
		new AS (INSERT INTO incidents (ubigeo, `+incidentColumns+`, import) SELECT $1, t.*, $17 FROM t ON CONFLICT DO NOTHING RETURNING key),
		copies AS (INSERT INTO incident_copies (ubigeo, `+incidentColumns+`, import)
			SELECT $1, t.*, $17 FROM t WHERE $17 <> '' AND key NOT IN (SELECT key FROM new)
				AND NOT EXISTS (SELECT FROM incidents i WHERE i.ubigeo = $1 AND i.key = t.key AND i.import = $17)
			ON CONFLICT DO NOTHING)
		SELECT count(*) FROM new`,
		ubigeo, keys, types[0], types[1], types[2], at, known, lon, lat, origins, sources, rows, simulated, notes, until, grades, id).Scan(&inserted)
	return inserted, err
}

const incidentColumns = `key, type1, type2, type3, at, known, lon, lat, origin, source, row, simulated, note, until, grade`

func rowOfIncident(r pgx.CollectableRow) (i hotspots.Incident, err error) {
	var known, until *time.Time
	err = r.Scan(&i.Key, &i.Type[0], &i.Type[1], &i.Type[2], &i.At, &known, &i.Point[0], &i.Point[1], &i.Origin, &i.Source, &i.Row, &i.Simulated, &i.Note, &until, &i.Grade)
	i.At, i.Known, i.Until = i.At.UTC(), orZero(known), orZero(until)
	return i, err
}

// Incidents gives a district's incidents from one instant up to, not
// including, another, in time order.
func (s *Store) Incidents(ctx context.Context, ubigeo string, from, to time.Time) ([]hotspots.Incident, error) {
	return list(ctx, s, rowOfIncident, `SELECT `+incidentColumns+` FROM incidents WHERE ubigeo = $1 AND at >= $2 AND at < $3 ORDER BY at, key`,
		ubigeo, ceilMicros(from), ceilMicros(to))
}

// RecentIncidents gives the last incidents of a district, newest first.
func (s *Store) RecentIncidents(ctx context.Context, ubigeo string, limit int) ([]hotspots.Incident, error) {
	return list(ctx, s, rowOfIncident, `SELECT `+incidentColumns+` FROM incidents WHERE ubigeo = $1 ORDER BY at DESC, key LIMIT $2`, ubigeo, limit)
}
