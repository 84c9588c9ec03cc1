package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/serenazgo/serenazgo/fleet"
)

// The first and last instants that the quarantine keeps as they are.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
)

// quarantine keeps fixes whose times no day partition takes.
func (s *Store) quarantine(ctx context.Context, fixes []fleet.Fix) error {
	kept := make([]fleet.Fix, len(fixes))
	for i, f := range fixes {
		if f.Time.Before(earliest) {
			f.Time = earliest
		}
		if f.Time.After(latest) {
			f.Time = latest
		}
		kept[i] = f
	}
	args := append(fixArgs(kept), fmt.Sprintf("the time is not between %d days before and %d days after the reception", daysBack, daysAhead))
	return retry(ctx, repeatable, func() error {
		return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			var b pgx.Batch
			b.Queue(`INSERT INTO fix_quarantine (`+fixColumns+`, reason) SELECT g.*, $20 FROM (`+fixArrays+`) AS g WHERE `+notAmongFixes("g")+` ON CONFLICT DO NOTHING`, args...)
			ubigeos, devices := deviceArrays(kept)
			b.Queue(insertUnknown, ubigeos, devices)
			return tx.SendBatch(ctx, &b).Close()
		})
	})
}

// QuarantinedFix is a fix with an impossible time.
type QuarantinedFix struct {
	fleet.Fix
	Reason string
}

// notAmongFixes keeps out what is in the table of fixes: a fix that came again
// after the clock of this machine had been set right.
func notAmongFixes(q string) string {
	return `NOT EXISTS (SELECT FROM fixes f WHERE fix_source(f.ubigeo, f.device) = fix_source(` + q + `.ubigeo, ` + q + `.device) AND (f.ubigeo, f.device, f.time, f.seq) = (` + q + `.ubigeo, ` + q + `.device, ` + q + `.time, ` + q + `.seq))`
}

// Quarantine gives the fixes of a district whose times are out of range, the
// last received first.
func (s *Store) Quarantine(ctx context.Context, ubigeo string, limit int) ([]QuarantinedFix, error) {
	return list(ctx, s, func(r pgx.CollectableRow) (q QuarantinedFix, err error) {
		q.Fix, err = scanFix(r, &q.Reason)
		return q, err
	}, `SELECT `+fixColumns+`, reason FROM fix_quarantine AS q WHERE ubigeo = $1 AND `+notAmongFixes("q")+` ORDER BY received DESC, device, time LIMIT $2`, ubigeo, limit)
}
