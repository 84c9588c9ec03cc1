package watch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"
)

// againEvery is how often fixes of shifts that are over are looked for.
const againEvery = 5 * time.Minute

// Run lets time pass: silent units, coverage that changed, ends of shifts; and,
// beside it, fixes that come after the end of their shift.
func (w *Watch) Run(ctx context.Context) error {
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() {
		every(ctx, discoverEvery, func() {
			if err := w.discover(ctx); err != nil && ctx.Err() == nil {
				w.cfg.Logger.Error("new districts", "err", err)
			}
		})
	})
	beside.Go(func() {
		w.againAll(ctx)
		every(ctx, max(w.cfg.Real(againEvery), 5*time.Second), func() { w.againAll(ctx) })
	})
	every(ctx, max(w.cfg.Real(time.Second), 250*time.Millisecond), func() { w.beat(ctx) })
	return nil
}

// discoverEvery is how often districts are looked for that a command made beside
// the service.
const discoverEvery = 10 * time.Second

// discover begins to follow districts that are new.
func (w *Watch) discover(ctx context.Context) error {
	ds, err := w.cfg.Source.Districts(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range ds {
		if w.current(d.Ubigeo) == nil {
			failed = append(failed, w.Reload(ctx, d.Ubigeo))
		}
	}
	return errors.Join(failed...)
}

// every does something now and then until ctx ends.
func every(ctx context.Context, period time.Duration, do func()) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do()
		}
	}
}

func (w *Watch) names() []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return slices.Sorted(maps.Keys(w.places))
}

func (w *Watch) againAll(ctx context.Context) {
	for _, u := range w.names() {
		if err := w.again(ctx, u); err != nil && ctx.Err() == nil {
			w.cfg.Logger.Error("shifts that are over", "ubigeo", u, "err", err) // tried again the next time
		}
	}
}

// beat is what Run does each second.
func (w *Watch) beat(ctx context.Context) {
	w.emitUnits(w.cfg.Tracker.Tick(w.cfg.Now()))
	for _, u := range w.names() {
		w.step(ctx, u)
	}
}

// step is one beat of a district.
func (w *Watch) step(ctx context.Context, ubigeo string) {
	on := w.current(ubigeo)
	if on == nil {
		return
	}
	now := w.cfg.Now()
	if !on.shift.Contains(now) {
		if err := w.Reload(ctx, ubigeo); err != nil && ctx.Err() == nil {
			w.cfg.Logger.Error("next shift", "ubigeo", ubigeo, "err", err) // tried again at the next beat
		}
		return
	}
	if on.live == nil {
		return
	}
	if err := on.live.Refresh(ctx); err != nil && ctx.Err() == nil {
		w.cfg.Logger.Warn("coverage of late fixes", "ubigeo", ubigeo, "err", err)
	}
	if err := w.recountStops(ctx, on); err != nil && ctx.Err() == nil {
		w.cfg.Logger.Warn("stops of late fixes", "ubigeo", ubigeo, "err", err)
	}
	if e, ok := on.changes(now); ok {
		w.cfg.Emit(Event{ubigeo, "coverage", e})
	}
}
