package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// SaveDay keeps what a unit did on a day and its events, in place of what was
// kept of them before.
func (s *Store) SaveDay(ctx context.Context, ubigeo string, d journal.Day) error {
	kept := d
	kept.Events = nil
	body, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("day %s of unit %s: %w", d.Date, d.Unit, err)
	}
	n := len(d.Events)
	kinds, places, devices := make([]string, n), make([]string, n), make([]string, n)
	starts, ends := make([]time.Time, n), make([]*time.Time, n)
	lons, lats, values := make([]float64, n), make([]float64, n), make([]*float64, n)
	for i, e := range d.Events {
		kinds[i], places[i], devices[i] = string(e.Kind), clean(e.Place), clean(e.Device)
		starts[i], ends[i] = micros(e.Start), orNull(e.End)
		lons[i], lats[i], values[i] = e.Point[0], e.Point[1], e.Value
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		var b pgx.Batch
		b.Queue(`INSERT INTO unit_days (ubigeo, unit, day, body) VALUES ($1, $2, $3::text::date, $4)
			ON CONFLICT (ubigeo, day, unit) DO UPDATE SET body = excluded.body, saved_at = now()`, ubigeo, d.Unit, d.Date, string(body))
		b.Queue(`DELETE FROM unit_events WHERE ubigeo = $1 AND day = $2::text::date AND unit = $3
			AND (kind, place, start) NOT IN (SELECT * FROM unnest($4::text[], $5::text[], $6::timestamptz[]))`, ubigeo, d.Date, d.Unit, kinds, places, starts)
		b.Queue(`INSERT INTO unit_events (ubigeo, day, unit, kind, place, start, "end", lon, lat, value, device)
			SELECT $1, $2::text::date, $3, k, p, s, e, nullif(x, 'NaN'), nullif(y, 'NaN'), v, d
			FROM unnest($4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[], $8::float8[], $9::float8[], $10::float8[], $11::text[]) AS g(k, p, s, e, x, y, v, d)
			ON CONFLICT (ubigeo, day, unit, kind, place, start) DO UPDATE SET "end" = excluded."end", lon = excluded.lon, lat = excluded.lat,
				value = excluded.value, device = excluded.device`,
			ubigeo, d.Date, d.Unit, kinds, places, starts, ends, lons, lats, values, devices)
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return fmt.Errorf("save day %s of unit %s: %w", d.Date, d.Unit, err)
	}
	return nil
}

// LastsOver lists the kinds of power cuts and low batteries that a day kept of a
// unit has going on at its end, in order.
func (s *Store) LastsOver(ctx context.Context, ubigeo, unit, date string, end time.Time) ([]journal.Kind, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (k journal.Kind, err error) { return k, r.Scan(&k) },
		`SELECT kind FROM unit_events WHERE ubigeo = $1 AND unit = $2 AND day = $3::text::date
			AND kind = ANY($4) AND ("end" IS NULL OR "end" = $5) ORDER BY kind`,
		ubigeo, unit, date, []string{string(journal.PowerCut), string(journal.LowBattery)}, ceilMicros(end))
}

// Days gives what units did on the days from one date to another, both
// included, without events; unit "" is every unit.
func (s *Store) Days(ctx context.Context, ubigeo, unit, from, to string) ([]journal.Day, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (d journal.Day, err error) {
		var body []byte
		if err := r.Scan(&body); err != nil {
			return d, err
		}
		err = json.Unmarshal(body, &d)
		return d, err
	}, `SELECT body FROM unit_days WHERE ubigeo = $1 AND ($2 = '' OR unit = $2) AND day BETWEEN $3::text::date AND $4::text::date ORDER BY day, unit`,
		ubigeo, unit, from, to)
}

// Events gives what happened from one instant up to, not including, another,
// newest first; unit "" is every unit.
func (s *Store) Events(ctx context.Context, ubigeo, unit string, from, to time.Time, limit int) ([]journal.Event, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (e journal.Event, err error) {
		var end *time.Time
		var lon, lat *float64
		err = r.Scan(&e.Unit, &e.Kind, &e.Place, &e.Start, &end, &lon, &lat, &e.Value, &e.Device)
		e.Start, e.End, e.Point = e.Start.UTC(), orZero(end), orb.Point{orNaN(lon), orNaN(lat)}
		return e, err
	}, `SELECT unit, kind, place, start, "end", lon, lat, value, device FROM unit_events
		WHERE ubigeo = $1 AND ($2 = '' OR unit = $2) AND start >= $3 AND start < $4 ORDER BY start DESC, unit, kind, place LIMIT $5`,
		ubigeo, unit, ceilMicros(from), ceilMicros(to), limit)
}

// JournalDirty lists the days (UTC) of units whose journal has to be computed
// again, oldest first.
func (s *Store) JournalDirty(ctx context.Context, ubigeo string) ([]fleet.DirtyDay, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (d fleet.DirtyDay, err error) {
		err = r.Scan(&d.Ubigeo, &d.Unit, &d.Day, &d.First, &d.Last, &d.Mark)
		d.Day, d.First, d.Last = d.Day.UTC(), d.First.UTC(), d.Last.UTC()
		return d, err
	}, `SELECT ubigeo, unit, day, first, last, mark FROM journal_dirty WHERE ubigeo = $1 ORDER BY day, unit`, ubigeo)
}

// ClearJournalDirty says that d was computed again. If more late fixes came
// since d was read, the day stays dirty.
func (s *Store) ClearJournalDirty(ctx context.Context, d fleet.DirtyDay) error {
	_, err := s.exec(ctx, `DELETE FROM journal_dirty WHERE ubigeo = $1 AND unit = $2 AND day = $3 AND mark = $4`, d.Ubigeo, d.Unit, d.Day, d.Mark)
	return err
}
