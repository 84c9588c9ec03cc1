package main

import (
	"context"
	"time"

	"github.com/serenazgo/serenazgo/fleet/retain"
)

// retention is how long positions are kept of districts that never said.
const retention = 180 * 24 * time.Hour

// maintain forgets positions that are old enough, once a day. One of several
// processes does it.
func (a *App) maintain(ctx context.Context) error {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		err := a.store.Alone(ctx, "retention", func(ctx context.Context) error {
			return retain.Pass(ctx, retain.Config{Store: a.store, Now: a.now, Days: int(a.cfg.Retention / (24 * time.Hour)), Logger: a.log})
		})
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			a.log.Error("forget old positions", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
