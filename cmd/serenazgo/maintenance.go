package main

import (
	"context"
	"time"
)

// retention is how long raw positions are kept if nobody says otherwise; the
// coverage of each shift, which names no position, stays.
const retention = 180 * 24 * time.Hour

// maintain drops positions that are older than the retention, once a day.
func (a *App) maintain(ctx context.Context) error {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		days, err := a.store.DropFixesBefore(ctx, a.now().Add(-a.cfg.Retention))
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			a.log.Error("drop old positions", "err", err)
		case len(days) > 0:
			a.log.Info("dropped positions older than the retention", "days", len(days))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
