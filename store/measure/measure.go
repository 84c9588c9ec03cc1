// Package measure looks at a store from outside, for benchmarks: what is in the
// table of fixes, found without the help of its key, and how fast PostgreSQL
// takes the same rows when nothing is asked of it.
package measure

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Number is what a fix of a benchmark carries: its device and the number of its
// message.
type Number struct {
	Device string
	Seq    int64
}

// Fixes gives how many rows the table of fixes has, how many of them repeat the
// device and number of another, and every pair that occurs. Neither count
// looks at the table's key, which has the fix time in it as well.
func Fixes(ctx context.Context, url, ubigeo string) (rows, duplicates int64, numbers map[Number]bool, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("measure: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = conn.QueryRow(ctx, `SELECT count(*), count(*) - count(DISTINCT (device, seq)) FROM fixes WHERE ubigeo = $1`, ubigeo).Scan(&rows, &duplicates)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("measure: count fixes: %w", err)
	}
	found, err := conn.Query(ctx, `SELECT device, seq FROM fixes WHERE ubigeo = $1`, ubigeo)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("measure: read fixes: %w", err)
	}
	numbers = make(map[Number]bool, rows)
	var n Number
	if _, err := pgx.ForEachRow(found, []any{&n.Device, &n.Seq}, func() error {
		numbers[n] = true
		return nil
	}); err != nil {
		return 0, 0, nil, fmt.Errorf("measure: read fixes: %w", err)
	}
	return rows, duplicates, numbers, nil
}

// Count gives how many fixes of a district are stored.
func Count(ctx context.Context, url, ubigeo string) (rows int64, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, fmt.Errorf("measure: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM fixes WHERE ubigeo = $1`, ubigeo).Scan(&rows); err != nil {
		return 0, fmt.Errorf("measure: count fixes: %w", err)
	}
	return rows, nil
}

// Copy gives the rows a second at which PostgreSQL takes the rows of the table
// of fixes by COPY into a table without key, check or index: the limit of this
// machine. They are copied over and again for at least a second, each time into
// an empty table.
func Copy(ctx context.Context, url, ubigeo string) (rowsPerSecond float64, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, fmt.Errorf("measure: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	found, err := conn.Query(ctx, `SELECT * FROM fixes WHERE ubigeo = $1`, ubigeo)
	if err != nil {
		return 0, fmt.Errorf("measure: read fixes: %w", err)
	}
	var columns []string
	for _, f := range found.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	rows, err := pgx.CollectRows(found, func(r pgx.CollectableRow) ([]any, error) { return r.Values() })
	if err != nil {
		return 0, fmt.Errorf("measure: read fixes: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	if _, err := conn.Exec(ctx, `CREATE TABLE measured_copy AS SELECT * FROM fixes WITH NO DATA`); err != nil {
		return 0, fmt.Errorf("measure: make a table: %w", err)
	}
	defer func() { _, _ = conn.Exec(context.WithoutCancel(ctx), `DROP TABLE measured_copy`) }()
	var copied int
	var spent time.Duration
	for copied == 0 || spent < time.Second {
		begun := time.Now()
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{"measured_copy"}, columns, pgx.CopyFromRows(rows)); err != nil {
			return 0, fmt.Errorf("measure: copy fixes: %w", err)
		}
		spent += time.Since(begun)
		copied += len(rows)
		if _, err := conn.Exec(ctx, `TRUNCATE measured_copy`); err != nil {
			return 0, fmt.Errorf("measure: %w", err)
		}
	}
	return float64(copied) / spent.Seconds(), nil
}
