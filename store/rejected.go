package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/retain"
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

// RejectedRetention gives for how many days a district keeps rejected rows; 0: it
// never said.
func (s *Store) RejectedRetention(ctx context.Context, ubigeo string) (int, error) {
	n, err := one(ctx, s, "retention of rejected rows", pgx.RowTo[int], `SELECT days FROM rejected_retention WHERE ubigeo = $1`, ubigeo)
	if errors.Is(err, fleet.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// SaveRejectedRetention sets it.
func (s *Store) SaveRejectedRetention(ctx context.Context, ubigeo string, days int, audit fleet.AuditRow) error {
	if days < retain.MinDays || days > retain.MaxDays {
		return fmt.Errorf("%w: rejected rows are kept %d to %d days, not %d", fleet.ErrInvalid, retain.MinDays, retain.MaxDays, days)
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO rejected_retention (ubigeo, days) VALUES ($1, $2) ON CONFLICT (ubigeo) DO UPDATE SET days = excluded.days`, ubigeo, days); err != nil {
			return err
		}
		return s.auditIn(ctx, tx, audit)
	})
}

// ForgetRejected forgets, at an instant, the rejected rows of imports made before
// another, unless a hold keeps the time of the import or any of that of its
// incidents, and tells of how many imports they are gone and held.
func (s *Store) ForgetRejected(ctx context.Context, ubigeo string, until, at time.Time) (forgotten, held int, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(`+holdsLock+`)`); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `WITH old AS (SELECT id, EXISTS (SELECT FROM legal_holds h WHERE h.ubigeo = $1 AND h.released_at IS NULL
					AND (h.start <= m.at AND h."end" > m.at OR h.start <= m.last AND h."end" > m.first)) AS held
				FROM incident_imports m WHERE ubigeo = $1 AND at < $2 AND forgotten_at IS NULL AND undone_at IS NULL AND (rejected > 0 OR duplicates > 0)),
			gone AS (DELETE FROM rejected_rows WHERE ubigeo = $1 AND source IN (SELECT id FROM old WHERE NOT held)),
			told AS (UPDATE incident_imports SET forgotten_at = $3 WHERE ubigeo = $1 AND id IN (SELECT id FROM old WHERE NOT held))
			SELECT count(*) FILTER (WHERE NOT held), count(*) FILTER (WHERE held) FROM old`, ubigeo, micros(until), micros(at)).Scan(&forgotten, &held)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("forget rejected rows of %s: %w", ubigeo, err)
	}
	return forgotten, held, nil
}
