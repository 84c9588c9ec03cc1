package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/hotspots"
)

// SaveRejected keeps the rows of a source that could not be read, instead of
// those of its last import.
func (s *Store) SaveRejected(ctx context.Context, ubigeo, source string, rows []hotspots.Rejected) error {
	source = clean(source)
	n := len(rows)
	numbers, reasons, raws := make([]int32, n), make([]string, n), make([][]byte, n)
	for i, r := range rows {
		numbers[i], reasons[i], raws[i] = int32(r.Row), clean(r.Reason), []byte(r.Raw)
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM rejected_rows WHERE ubigeo = $1 AND source = $2`, ubigeo, source); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO rejected_rows (ubigeo, source, n, row, reason, raw)
			SELECT $1, $2, n, row, reason, raw FROM unnest($3::int[], $4::text[], $5::bytea[]) WITH ORDINALITY AS t(row, reason, raw, n)`,
			ubigeo, source, numbers, reasons, raws)
		return err
	})
}

// Rejected gives the rejected rows of a source in their order.
func (s *Store) Rejected(ctx context.Context, ubigeo, source string) ([]hotspots.Rejected, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (out hotspots.Rejected, err error) {
		var raw []byte
		err = r.Scan(&out.Row, &out.Reason, &raw)
		out.Raw = string(raw)
		return out, err
	}, `SELECT row, reason, raw FROM rejected_rows WHERE ubigeo = $1 AND source = $2 ORDER BY n`, ubigeo, clean(source))
}
