package retain

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// RejectedDays is for how many days a district that never said keeps the rows of
// imported files that were rejected. They are as their source wrote them, names
// and addresses among them it may be, and are kept to be corrected, which a
// season is enough for.
const RejectedDays = 90

// RejectedUntil is when the rejected rows of an import made at an instant are old
// enough to be forgotten. days are what the district said; 0: it never did.
func RejectedUntil(imported time.Time, days int) time.Time {
	return imported.Add(time.Duration(cmp.Or(days, RejectedDays)) * day)
}

// rejected forgets the rejected rows of a district's old imports.
func (cfg Config) rejected(ctx context.Context, ubigeo string, now time.Time, run *Run) error {
	days, err := cfg.Store.RejectedRetention(ctx, ubigeo)
	if err != nil {
		return err
	}
	run.Files, run.FilesHeld, err = cfg.Store.ForgetRejected(ctx, ubigeo, Limit(now, cmp.Or(days, RejectedDays)), now)
	if err != nil {
		return fmt.Errorf("rejected rows: %w", err)
	}
	return nil
}
