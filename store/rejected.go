package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/hotspots"
)

// saveRejected keeps the rows of an import that could not be read.
func saveRejected(ctx context.Context, tx pgx.Tx, ubigeo, id string, rows []hotspots.Rejected) error {
	for first := 0; first < len(rows); first += incidentChunk {
		part := rows[first:min(first+incidentChunk, len(rows))]
		n := len(part)
		at, numbers, reasons, raws := make([]int32, n), make([]int32, n), make([]string, n), make([][]byte, n)
		for i, r := range part {
			at[i], numbers[i], reasons[i], raws[i] = int32(first+i+1), int32(r.Row), clean(r.Reason), []byte(r.Raw)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO rejected_rows (ubigeo, source, n, row, reason, raw)
			SELECT $1, $2, * FROM unnest($3::int[], $4::int[], $5::text[], $6::bytea[])`, ubigeo, id, at, numbers, reasons, raws); err != nil {
			return err
		}
	}
	return nil
}

// Rejected gives the rejected rows of an import in their order.
func (s *Store) Rejected(ctx context.Context, ubigeo, id string) ([]hotspots.Rejected, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (out hotspots.Rejected, err error) {
		var raw []byte
		err = r.Scan(&out.Row, &out.Reason, &raw)
		out.Raw = string(raw)
		return out, err
	}, `SELECT row, reason, raw FROM rejected_rows WHERE ubigeo = $1 AND source = $2 ORDER BY n`, ubigeo, id)
}
