package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// CopyRate measures how fast the database takes the same rows by COPY into a
// table without keys or checks, in rows/s: the physical limit that StoreFixes
// is compared with. It is the median of three runs, each with its commit; the
// table is dropped.
func (s *Store) CopyRate(ctx context.Context, fixes []fleet.Fix) (float64, error) {
	rates := make([]float64, 3)
	for i := range rates {
		took, err := s.copyOnce(ctx, fixes)
		if err != nil {
			return 0, fmt.Errorf("measure COPY: %w", err)
		}
		rates[i] = float64(len(fixes)) / took.Seconds()
	}
	slices.Sort(rates)
	return rates[1], nil
}

func (s *Store) copyOnce(ctx context.Context, fixes []fleet.Fix) (time.Duration, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	table := fmt.Sprintf("copy_rate_%d", conn.Conn().PgConn().PID())
	name := pgx.Identifier{table}.Sanitize()
	if _, err := conn.Exec(ctx, `CREATE TABLE `+name+` AS SELECT `+fixColumns+` FROM fixes WITH NO DATA`); err != nil {
		return 0, err
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), `DROP TABLE `+name) }()
	columns := []string{"ubigeo", "device", "time", "seq", "unit", "received", "lon", "lat", "speed", "course", "accuracy", "altitude", "battery", "ignition", "event", "flags", "odometer", "engine", "power"}
	start := time.Now()
	_, err = conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromSlice(len(fixes), func(i int) ([]any, error) {
		f := &fixes[i]
		return []any{f.Ubigeo, f.Device, f.Time, f.Seq, f.Unit, f.Received, f.Point[0], f.Point[1], f.Speed, f.Course, f.Accuracy, f.Altitude, f.Battery, f.Ignition, f.Event, int32(f.Flags), nil, nil, f.Power}, nil
	}))
	return time.Since(start), err
}
