package main

import (
	"context"
	"errors"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// Facts of days for the joint review: how often days are looked for whose facts
// have to be made, and how far back.
const (
	factsEvery = 15 * time.Minute
	factsBack  = 365 // days; what is older is kept as it is
)

// makeFacts makes facts of days that are over, one day at a time, and sees who came
// to occurrences, until ctx ends. A day that fails is tried again the next time.
func (a *App) makeFacts(ctx context.Context) error {
	tick := time.NewTicker(factsEvery)
	defer tick.Stop()
	for {
		ds, err := a.store.Districts(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("facts of days", "err", err)
		}
		for _, d := range ds {
			now := a.now()
			p := review.Period{From: now.AddDate(0, 0, -factsBack).Format(time.DateOnly), To: now.Format(time.DateOnly)}
			due, err := a.facts.Due(ctx, d.Ubigeo, p, false)
			if err != nil && ctx.Err() == nil {
				a.log.Warn("facts of days", "ubigeo", d.Ubigeo, "err", err)
			}
			if _, err := a.facts.FindReached(ctx, d.Ubigeo, p); err != nil && ctx.Err() == nil {
				a.log.Warn("who came to occurrences", "ubigeo", d.Ubigeo, "err", err)
			}
			for _, date := range due {
				if ctx.Err() != nil {
					return nil
				}
				err := a.facts.Make(ctx, d.Ubigeo, date)
				if errors.Is(err, fleet.ErrNotFound) {
					a.log.Debug("facts of days wait for streets", "ubigeo", d.Ubigeo)
					break
				}
				if err != nil && ctx.Err() == nil {
					a.log.Warn("facts of a day", "ubigeo", d.Ubigeo, "date", date, "err", err)
				}
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
