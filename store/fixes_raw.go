package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

// A month of one unit is half a million rows. They are read as the server sends
// them, in its binary form: to scan them by the driver took longer than all that
// is made of them.

// readRaw are the columns that rawFix reads, in its order.
const readRaw = `SELECT device, time, seq, received, lon, lat, speed, course, accuracy, altitude, battery, ignition, event, flags, odometer, engine, power
	FROM fixes WHERE fix_source(ubigeo, device) = ANY(ARRAY(SELECT fix_source($1, d) FROM unnest($2::text[]) AS g(d)))
	AND ubigeo = $1 AND device = ANY($2) AND time >= $3 AND time < $4 AND unit = $5`

// fixesInto reads fixes of some devices into a slice that may be used again.
func (s *Store) fixesInto(ctx context.Context, into []fleet.Fix, ubigeo, unit string, devices []string, from, to time.Time) ([]fleet.Fix, error) {
	names := make(map[string]string, len(devices)) // so that a day has one string a device
	for _, d := range devices {
		names[d] = d
	}
	err := retry(ctx, repeatable, func() error {
		into = into[:0]
		rows, err := s.pool.Query(ctx, readRaw, pgx.QueryResultFormats{pgx.BinaryFormatCode}, ubigeo, devices, ceilMicros(from), ceilMicros(to), unit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			f := fleet.Fix{Ubigeo: ubigeo, Unit: unit}
			if err := rawFix(rows.RawValues(), names, &f); err != nil {
				return err
			}
			into = append(into, f)
		}
		return rows.Err()
	})
	slices.SortFunc(into, journal.Compare) // they mostly are
	return into, err
}

// rawFix reads a row of readRaw in the binary form, in which a number is big
// endian, an instant counts microseconds from epoch, and NULL is nil.
func rawFix(row [][]byte, names map[string]string, f *fleet.Fix) error {
	const columns = 17
	if len(row) != columns {
		return fmt.Errorf("a fix has %d columns, not %d", len(row), columns)
	}
	for i, size := range [columns]int{1: 8, 2: 8, 3: 8, 4: 8, 5: 8, 6: 8, 7: 8, 8: 8, 9: 8, 10: 8, 11: 1, 13: 4, 14: 8, 15: 8, 16: 1} {
		if size > 0 && len(row[i]) != size && row[i] != nil {
			return fmt.Errorf("column %d of a fix has %d bytes, not %d", i+1, len(row[i]), size)
		}
	}
	long := func(i int) uint64 {
		if row[i] == nil {
			return 0
		}
		return binary.BigEndian.Uint64(row[i])
	}
	number := func(i int) float64 {
		if row[i] == nil {
			return math.NaN()
		}
		return math.Float64frombits(long(i))
	}
	f.Device = names[string(row[0])]
	f.Time, f.Seq, f.Received = fromEpoch(long(1)), int64(long(2)), fromEpoch(long(3))
	f.Point = orb.Point{number(4), number(5)}
	f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery = number(6), number(7), number(8), number(9), number(10)
	f.Ignition, f.Power = truth(row[11]), truth(row[16])
	f.Odometer, f.Engine = math.Float64frombits(long(14)), math.Float64frombits(long(15))
	if len(row[12]) > 0 {
		f.Event = string(row[12])
	}
	if row[13] != nil {
		f.Flags = fleet.FixFlag(binary.BigEndian.Uint32(row[13]))
	}
	return nil
}

// truth reads a boolean.
func truth(v []byte) *bool {
	if v == nil {
		return nil
	}
	is := v[0] != 0
	return &is
}

// fromEpoch is the instant so many microseconds after epoch.
func fromEpoch(micros uint64) time.Time { return time.UnixMicro(int64(micros) + epoch).UTC() }
