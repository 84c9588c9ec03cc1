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
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
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
	Coverage(ctx context.Context, ubigeo string, shift fleet.ShiftID) (map[string]json.RawMessage, error)
	DirtyDays(ctx context.Context, ubigeo string) ([]fleet.DirtyDay, error)
	ClearDirtyDay(ctx context.Context, d fleet.DirtyDay) error
	// AnyForgotten tells whether fixes of a period were forgotten by the rule of
	// retention: its coverage cannot be computed again.
	AnyForgotten(ctx context.Context, ubigeo string, from, to time.Time) (bool, error)
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
	// Coverage are the thresholds of a profile; zero: the default ones.
	Coverage coverage.Config
	// Compliance are those for what units did of the plan; zero: the default ones.
	Compliance compliance.Config
	Now        func() time.Time
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

	indexes map[string]*coverage.Index // of the districts' streets, as last used
}

// New makes a Watch that follows nothing until Reload.
func New(cfg Config) *Watch {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Real == nil {
		cfg.Real = func(d time.Duration) time.Duration { return d }
	}
	if len(cfg.Coverage.Resolutions) == 0 {
		cfg.Coverage = coverage.DefaultConfig()
	}
	if cfg.Compliance == (compliance.Config{}) {
		cfg.Compliance = compliance.DefaultConfig()
	}
	return &Watch{cfg: cfg, places: map[string]*place{}, indexes: map[string]*coverage.Index{}}
}

// place is a district and its current shift.
type place struct {
	mu sync.Mutex // one reload at a time

	// Read under Watch.mu, replaced whole.
	on   *onShift // what is shown
	next *onShift // being made ready; it takes fresh fixes too
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

// ReloadFleet reads a district's units and devices anew, and nothing else: what
// follows of them (coverage, rounds) comes with the next Reload.
func (w *Watch) ReloadFleet(ctx context.Context, ubigeo string) error {
	units, err := w.cfg.Source.Units(ctx, ubigeo)
	if err != nil {
		return err
	}
	devices, err := w.cfg.Source.Devices(ctx, ubigeo)
	if err != nil {
		return err
	}
	w.cfg.Tracker.SetFleet(ubigeo, units, devices)
	return nil
}

// open makes the state of the district's current shift, and shows it in place
// of the one before once it knows all that is stored. A shift that is over by
// now is finished first. The caller holds p.mu.
func (w *Watch) open(ctx context.Context, p *place, d fleet.District) error {
	now := w.cfg.Now()
	on, err := w.newShift(ctx, d, now)
	if err != nil {
		return fmt.Errorf("district %s: %w", d.Ubigeo, err)
	}
	old := w.current(d.Ubigeo)
	if old != nil && !now.Before(old.shift.End) {
		if err := w.finish(ctx, old); err != nil { // it is tried again by again
			w.cfg.Logger.Error("end of shift", "ubigeo", d.Ubigeo, "shift", old.shift.ID, "err", err)
		}
	}
	w.cfg.Tracker.SetFleet(d.Ubigeo, on.units, on.devices)
	if old == nil {
		if err := w.recall(ctx, on, now); err != nil {
			return fmt.Errorf("district %s: %w", d.Ubigeo, err)
		}
	}
	// From here on fresh fixes go to the new state too; what came before is
	// loaded after, so that none is missed.
	w.mu.Lock()
	p.next = on
	w.mu.Unlock()
	if on.live != nil {
		err = on.rebuild(ctx, w)
	}
	w.mu.Lock()
	p.next = nil
	if err == nil {
		p.on = on
	}
	w.mu.Unlock()
	if err != nil {
		return fmt.Errorf("district %s: %w", d.Ubigeo, err)
	}
	w.cfg.Emit(Event{d.Ubigeo, "snapshot", nil})
	if old != nil && old.shift.ID != on.shift.ID {
		w.cfg.Emit(Event{d.Ubigeo, "shift", nil})
	}
	return nil
}

// recalled is how far back a restarted service asks for fixes, so that it knows
// since when units stand.
const recalled = time.Hour

// recall tells the tracker what was stored before the service began.
func (w *Watch) recall(ctx context.Context, on *onShift, now time.Time) error {
	fixes, err := w.cfg.Source.LastFixes(ctx, on.d.Ubigeo)
	if err != nil {
		return err
	}
	for _, u := range on.units {
		fs, err := w.cfg.Source.FixesOfUnit(ctx, on.d.Ubigeo, u.ID, now.Add(-recalled), now)
		if err != nil {
			return err
		}
		fixes = append(fixes, fs...)
	}
	w.cfg.Tracker.Apply(fixes, now)
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
		for _, on := range w.following(ubigeo) {
			if err := on.live.OnFresh(fs); err != nil {
				w.cfg.Logger.Error("coverage of fresh fixes", "ubigeo", ubigeo, "err", err)
			}
			on.takeStops(fs)
		}
	}
	w.emitUnits(changed)
}

// following gives the states of a district that take fresh fixes.
func (w *Watch) following(ubigeo string) []*onShift {
	w.mu.RLock()
	defer w.mu.RUnlock()
	p := w.places[ubigeo]
	if p == nil {
		return nil
	}
	var out []*onShift
	for _, on := range []*onShift{p.on, p.next} {
		if on != nil && on.live != nil {
			out = append(out, on)
		}
	}
	return out
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
