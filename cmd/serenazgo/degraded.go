package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

// The service is degraded while its store takes nothing: devices keep their
// positions and everything on the page may be old. Whoever looks at the page is
// told, since nobody in a control room reads logs.
const (
	alarmEvery = 2 * time.Second // the store is looked at
	alarmAgain = 5 * time.Second // a page that has come since is told
	alarmPing  = 5 * time.Second // for a database to answer
)

// storeAlarm raises the alarm and takes it back.
type storeAlarm struct {
	failing func() (since time.Time, why error) // of the writer
	ping    func(ctx context.Context) error
	tell    func(api.ServiceEvent) // every page
	log     *slog.Logger

	bad   time.Time // since when either of them has found fault without a pause
	state api.ServiceState
	since time.Time
	told  time.Time
}

// look looks at the store at now.
func (s *storeAlarm) look(ctx context.Context, now time.Time) {
	since, why := s.failing()
	if why == nil {
		once, cancel := context.WithTimeout(ctx, alarmPing)
		why, since = s.ping(once), now
		cancel()
	}
	// The writer gives up and begins again while the database is away all the time.
	if why == nil {
		s.bad = time.Time{}
	} else if s.bad.IsZero() || since.Before(s.bad) {
		s.bad = since
	}
	since = s.bad
	state := api.ServiceWorks
	switch {
	case why == nil, now.Sub(since) < failingAfter:
	case errors.Is(why, fleet.ErrStoreFull):
		state = api.ServiceDiskFull
	default:
		state = api.ServiceNoStore
	}
	if ctx.Err() != nil {
		return
	}
	changed := state != s.state
	switch {
	case changed && state == api.ServiceWorks:
		s.log.Info("the store works again", "failed_since", s.since)
	case changed:
		s.log.Error("degraded: the store takes nothing; devices keep their positions and send them again", "state", state, "since", since, "error", why)
	}
	s.state, s.since = state, since
	if changed || state != api.ServiceWorks && now.Sub(s.told) >= alarmAgain {
		s.told = now
		s.tell(api.ServiceEvent{State: state, Since: since.UTC()})
	}
}

// watchStore looks at the store until ctx ends.
func (a *App) watchStore(ctx context.Context) error {
	alarm := &storeAlarm{failing: a.ingest.Failing, ping: a.store.Ping, log: a.log, state: api.ServiceWorks, tell: func(e api.ServiceEvent) {
		if err := a.hub.PublishAll("service", e); err != nil {
			a.log.Error("live event", "type", "service", "err", err)
		}
	}}
	tick := time.NewTicker(alarmEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			alarm.look(ctx, time.Now())
			state := alarm.state
			a.degraded.Store(&state)
		}
	}
}
