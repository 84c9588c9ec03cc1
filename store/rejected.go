package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/hotspots"
)

// saveRejected keeps the rows of an import that were left out.
func saveRejected(ctx context.Context, tx pgx.Tx, ubigeo, id string, rows []hotspots.Rejected) error {
	for first := 0; first < len(rows); first += incidentChunk {
		part := rows[first:min(first+incidentChunk, len(rows))]
		n := len(part)
		at, numbers, reasons, raws, codes := make([]int32, n), make([]int32, n), make([]string, n), make([][]byte, n), make([]string, n)
		for i, r := range part {
			at[i], numbers[i], reasons[i], raws[i], codes[i] = int32(first+i+1), int32(r.Row), clean(r.Reason), []byte(r.Raw), clean(r.Code)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO rejected_rows (ubigeo, source, n, row, reason, raw, code)
			SELECT $1, $2, * FROM unnest($3::int[], $4::int[], $5::text[], $6::bytea[], $7::text[])`, ubigeo, id, at, numbers, reasons, raws, codes); err != nil {
			return err
		}
	}
	return nil
}

// Rejected gives the rows of an import that were left out, in their order.
func (s *Store) Rejected(ctx context.Context, ubigeo, id string) ([]hotspots.Rejected, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (out hotspots.Rejected, err error) {
		var raw []byte
		err = r.Scan(&out.Row, &out.Reason, &raw, &out.Code)
		out.Raw = string(raw)
		return out, err
	}, `SELECT row, reason, raw, code FROM rejected_rows WHERE ubigeo = $1 AND source = $2 ORDER BY n`, ubigeo, id)
}
