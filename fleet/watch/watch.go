// Package watch follows districts live: it knows each one's current shift,
// joins what the tracker, the coverage and the plan say, and turns it into what
// a control room sees.
//
// A Watch holds no clock and no connection: time is a parameter of Config, and
// the sources are small interfaces. Fixes enter by OnFresh after their COMMIT;
// everything else is read again on Reload (after an import, an edit of the
// fleet, a new plan) and when a shift ends.
package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// Source is what is kept of the districts. Fixes come in any order.
type Source interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	District(ctx context.Context, ubigeo string) (fleet.District, error)
	Shifts(ctx context.Context, ubigeo string) ([]fleet.ShiftDef, error)
	Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error)
	Devices(ctx context.Context, ubigeo string) ([]fleet.Device, error)
	Presence(ctx context.Context, ubigeo string) ([]patrol.Presence, error)
	Incidents(ctx context.Context, ubigeo string, from, to time.Time) ([]hotspots.Incident, error)
	PlansOfShift(ctx context.Context, ubigeo string, shift fleet.ShiftID) ([]patrol.Plan, error)
	Plan(ctx context.Context, ubigeo, id string) (patrol.Plan, error)
	LastFixes(ctx context.Context, ubigeo string) ([]fleet.Fix, error)
	FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error)
	SaveCoverage(ctx context.Context, ubigeo string, shift fleet.ShiftID, force string, body json.RawMessage) error
}

// Streets gives the street graph of a district with its corrections applied for
// a window of time, and the name of its version.
type Streets func(ctx context.Context, d fleet.District, window [2]time.Time) (*routing.Graph, string, error)

// Event is a change that the page is told of.
type Event struct {
	Ubigeo string
	Type   string // "units", "coverage", "plan", "shift", "snapshot"
	Body   any
}

// Config sets up a Watch. All fields but Logger are required.
type Config struct {
	Source  Source
	Streets Streets
	Tracker *fleet.Tracker
	Now     func() time.Time
	// Real is how long d takes on the wall clock: shorter in a demonstration
	// whose clock runs faster. nil: the same.
	Real   func(d time.Duration) time.Duration
	Emit   func(Event)
	Logger *slog.Logger
}

// Watch follows every district of the installation.
type Watch struct {
	cfg    Config
	mu     sync.RWMutex
	places map[string]*place
}

// New makes a Watch that follows nothing until Reload.
func New(cfg Config) *Watch {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Real == nil {
		cfg.Real = func(d time.Duration) time.Duration { return d }
	}
	return &Watch{cfg: cfg, places: map[string]*place{}}
}

// place is a district and its current shift.
type place struct {
	mu sync.Mutex // one reload or roll at a time
	on *onShift   // replaced whole; read under Watch.mu
}

// ReloadAll reads every district.
func (w *Watch) ReloadAll(ctx context.Context) error {
	ds, err := w.cfg.Source.Districts(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range ds {
		if err := w.Reload(ctx, d.Ubigeo); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// Reload reads a district anew: its streets, fleet, plan and police presence.
func (w *Watch) Reload(ctx context.Context, ubigeo string) error {
	d, err := w.cfg.Source.District(ctx, ubigeo)
	if err != nil {
		return err
	}
	w.mu.Lock()
	p := w.places[ubigeo]
	if p == nil {
		p = &place{}
		w.places[ubigeo] = p
	}
	w.mu.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	return w.open(ctx, p, d)
}

// open makes the state of the district's current shift. The caller holds p.mu.
func (w *Watch) open(ctx context.Context, p *place, d fleet.District) error {
	on, err := w.newShift(ctx, d, w.cfg.Now())
	if err != nil {
		return fmt.Errorf("district %s: %w", d.Ubigeo, err)
	}
	w.cfg.Tracker.SetFleet(d.Ubigeo, on.units, on.devices)
	last, err := w.cfg.Source.LastFixes(ctx, d.Ubigeo)
	if err != nil {
		return fmt.Errorf("district %s: %w", d.Ubigeo, err)
	}
	w.cfg.Tracker.Apply(last, w.cfg.Now())
	// From here on fresh fixes go to the new state; what came before is loaded
	// after, so that none is missed.
	w.mu.Lock()
	p.on = on
	w.mu.Unlock()
	if on.live != nil {
		if err := on.rebuild(ctx, w); err != nil {
			return fmt.Errorf("district %s: %w", d.Ubigeo, err)
		}
	}
	w.cfg.Emit(Event{d.Ubigeo, "snapshot", nil})
	return nil
}

func (w *Watch) current(ubigeo string) *onShift {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if p := w.places[ubigeo]; p != nil {
		return p.on
	}
	return nil
}

// OnFresh takes fixes that were just committed.
func (w *Watch) OnFresh(fixes []fleet.Fix) {
	changed := w.cfg.Tracker.Apply(fixes, w.cfg.Now())
	for ubigeo, fs := range byDistrict(fixes) {
		on := w.current(ubigeo)
		if on == nil || on.live == nil {
			continue
		}
		if err := on.live.OnFresh(fs); err != nil {
			w.cfg.Logger.Error("coverage of fresh fixes", "ubigeo", ubigeo, "err", err)
		}
		on.takeStops(fs)
	}
	w.emitUnits(changed)
}

func byDistrict(fixes []fleet.Fix) map[string][]fleet.Fix {
	if len(fixes) == 0 {
		return nil
	}
	if !slices.ContainsFunc(fixes, func(f fleet.Fix) bool { return f.Ubigeo != fixes[0].Ubigeo }) {
		return map[string][]fleet.Fix{fixes[0].Ubigeo: fixes}
	}
	m := map[string][]fleet.Fix{}
	for _, f := range fixes {
		m[f.Ubigeo] = append(m[f.Ubigeo], f)
	}
	return m
}

func (w *Watch) emitUnits(changed []fleet.UnitState) {
	m := map[string][]UnitView{}
	now := w.cfg.Now()
	for _, s := range changed {
		if on := w.current(s.Ubigeo); on != nil {
			m[s.Ubigeo] = append(m[s.Ubigeo], on.view(s, now))
		}
	}
	for u, vs := range m {
		w.cfg.Emit(Event{u, "units", vs})
	}
}

// Run lets time pass: silent units, coverage that changed, ends of shifts.
func (w *Watch) Run(ctx context.Context) error {
	tick := time.NewTicker(max(w.cfg.Real(time.Second), 250*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			w.step(ctx)
		}
	}
}

// step is one beat of Run.
func (w *Watch) step(ctx context.Context) {
	now := w.cfg.Now()
	w.emitUnits(w.cfg.Tracker.Tick(now))
	w.mu.RLock()
	names := make([]string, 0, len(w.places))
	for u := range w.places {
		names = append(names, u)
	}
	w.mu.RUnlock()
	for _, u := range names {
		on := w.current(u)
		if on == nil {
			continue
		}
		if !on.shift.Contains(now) {
			w.roll(ctx, u, on)
			continue
		}
		if on.live == nil {
			continue
		}
		if err := on.live.Refresh(ctx); err != nil && ctx.Err() == nil {
			w.cfg.Logger.Warn("coverage of late fixes", "ubigeo", u, "err", err)
		}
		if err := w.recountStops(ctx, on); err != nil && ctx.Err() == nil {
			w.cfg.Logger.Warn("stops of late fixes", "ubigeo", u, "err", err)
		}
		if e, ok := on.changes(now); ok {
			w.cfg.Emit(Event{u, "coverage", e})
		}
	}
}

// roll ends a shift: its coverage is decided, computed a second time from all
// its stored fixes, and kept; then the next shift begins.
func (w *Watch) roll(ctx context.Context, ubigeo string, on *onShift) {
	if err := w.finish(ctx, on); err != nil {
		w.cfg.Logger.Error("end of shift", "ubigeo", ubigeo, "shift", on.shift.ID, "err", err)
	}
	if err := w.Reload(ctx, ubigeo); err != nil {
		w.cfg.Logger.Error("next shift", "ubigeo", ubigeo, "err", err)
		return
	}
	w.cfg.Emit(Event{ubigeo, "shift", nil})
}
