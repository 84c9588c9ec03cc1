package journal

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/track"
)

// Source is what is kept of districts, and where days go.
type Source interface {
	Districts(ctx context.Context) ([]fleet.District, error)
	District(ctx context.Context, ubigeo string) (fleet.District, error)
	Units(ctx context.Context, ubigeo string) ([]fleet.Unit, error)
	Devices(ctx context.Context, ubigeo string) ([]fleet.Device, error)
	Fences(ctx context.Context, ubigeo string) ([]Fence, error)
	FixesOfUnit(ctx context.Context, ubigeo, unit string, from, to time.Time) ([]fleet.Fix, error)
	JournalDirty(ctx context.Context, ubigeo string) ([]fleet.DirtyDay, error)
	ClearJournalDirty(ctx context.Context, d fleet.DirtyDay) error
	// AnyForgotten tells whether fixes of a period were forgotten by the rule of
	// retention.
	AnyForgotten(ctx context.Context, ubigeo string, from, to time.Time) (bool, error)
	SaveDay(ctx context.Context, ubigeo string, d Day) error
	// LastsOver lists the kinds of events with a duration that a day kept of a unit
	// has going on at its end, in order.
	LastsOver(ctx context.Context, ubigeo, unit, date string, end time.Time) ([]Kind, error)
	SaveTrail(ctx context.Context, ubigeo string, p track.Part) error
	// DaysWithoutTrail lists the days before an instant on which a unit was heard
	// and of which no trail is kept, newest first.
	DaysWithoutTrail(ctx context.Context, ubigeo string, before time.Time) ([]UnitDay, error)
}

// LiveFor is the age up to which an event is told live. What is older came
// late: it is kept and listed, and alarms nobody.
const LiveFor = 5 * time.Minute

// KeeperConfig sets up a Keeper. Source, Now and Emit are required.
type KeeperConfig struct {
	Source Source
	Now    func() time.Time
	// Emit is told of new events as they happen; alert says that one of them
	// should be seen at once.
	Emit   func(ubigeo string, events []Event, alert bool)
	Logger *slog.Logger

	Pace time.Duration // between looks at units that reported; default 2 s
	Rest time.Duration // between looks at all, and at late fixes; default 15 s
}

// Keeper follows every unit's day live and keeps it. It feeds its machines from
// the store, in the order of the fixes' times; so it does not matter which
// process took a fix in, and a restart loses nothing.
type Keeper struct {
	cfg KeeperConfig

	mu      sync.Mutex
	touched map[unitKey]bool
	stale   map[string]bool // districts to read anew
	newest  map[carrierKey]time.Time
	behind  map[unitKey]bool // units of which a fix was overtaken by a newer one

	places map[string]*district // of Run's goroutine only
}

type unitKey struct{ ubigeo, unit string }

// carrierKey is a device of a unit: fixes of two devices come in any order.
type carrierKey struct {
	unitKey
	device string
}

// district is what is known of one.
type district struct {
	loc      *time.Location
	base     Config
	interval map[string]time.Duration // longest of the unit's devices
	names    []string
	units    map[string]*follower
	stale    bool // to be read anew
	asked    bool // for old
	old      []UnitDay
}

// follower is a unit's machine and what was said of it.
type follower struct {
	m     *Machine
	w     Window
	saved [sha256.Size]byte
	told  map[eventKey]bool
}

type eventKey struct {
	kind  Kind
	place string
	start int64
}

func keyOf(e Event) eventKey { return eventKey{e.Kind, e.Place, e.Start.UnixMicro()} }

// NewKeeper makes a keeper that works while Run does.
func NewKeeper(cfg KeeperConfig) *Keeper {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Pace <= 0 {
		cfg.Pace = 2 * time.Second
	}
	if cfg.Rest <= 0 {
		cfg.Rest = 15 * time.Second
	}
	return &Keeper{cfg: cfg, touched: map[unitKey]bool{}, stale: map[string]bool{}, places: map[string]*district{},
		newest: map[carrierKey]time.Time{}, behind: map[unitKey]bool{}}
}

// OnFresh notes whose fixes were just committed, by this process or another one.
func (k *Keeper) OnFresh(fixes []fleet.Fix) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, f := range fixes {
		if f.Unit == "" {
			continue
		}
		u := unitKey{f.Ubigeo, f.Unit}
		k.touched[u] = true
		switch c := (carrierKey{u, f.Device}); {
		case f.Usable() && f.Time.Before(k.newest[c]):
			k.behind[u] = true
		case f.Usable():
			k.newest[c] = f.Time
		}
	}
}

// Reload has a district's units, devices and fences read anew.
func (k *Keeper) Reload(ubigeo string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stale[ubigeo] = true
}

// Run follows the units until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	pace := time.NewTicker(k.cfg.Pace)
	defer pace.Stop()
	var rested time.Time
	for {
		all := time.Since(rested) >= k.cfg.Rest
		if all {
			rested = time.Now()
		}
		if err := k.Pass(ctx, all); err != nil && ctx.Err() == nil {
			k.cfg.Logger.Error("journal of units", "err", err) // tried again at the next pass
		}
		select {
		case <-ctx.Done():
			return nil
		case <-pace.C:
		}
	}
}

// Pass looks at the units that reported since the last pass, or at all of them
// and at what came late.
func (k *Keeper) Pass(ctx context.Context, all bool) error {
	k.mu.Lock()
	touched, stale, behind := k.touched, k.stale, k.behind
	k.touched, k.stale, k.behind = map[unitKey]bool{}, map[string]bool{}, map[unitKey]bool{}
	k.mu.Unlock()
	for u := range stale {
		if p := k.places[u]; p != nil {
			p.stale = true
		}
	}
	var failed []error
	if all {
		ds, err := k.cfg.Source.Districts(ctx)
		if err != nil {
			return err
		}
		for _, d := range ds {
			p, err := k.place(ctx, d.Ubigeo)
			if err == nil {
				err = k.late(ctx, d.Ubigeo, p)
			}
			if err != nil {
				failed = append(failed, err)
				continue
			}
			for _, unit := range p.names {
				touched[unitKey{d.Ubigeo, unit}] = true
			}
		}
	}
	for u := range touched {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p, err := k.place(ctx, u.ubigeo)
		if err == nil && slices.Contains(p.names, u.unit) {
			if behind[u] { // a machine takes no fix before its last one
				if err = k.anew(ctx, u, p); err != nil {
					k.mu.Lock()
					k.behind[u], k.touched[u] = true, true // at the next pass
					k.mu.Unlock()
				}
			}
			if err == nil {
				err = k.follow(ctx, u, p)
			}
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("unit %s/%s: %w", u.ubigeo, u.unit, err))
		}
	}
	return errors.Join(append(failed, k.backlogs(ctx))...)
}

// place reads what is to be known of a district.
func (k *Keeper) place(ctx context.Context, ubigeo string) (*district, error) {
	old := k.places[ubigeo]
	if old != nil && !old.stale {
		return old, nil
	}
	src := k.cfg.Source
	d, err := src.District(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	p := &district{base: DefaultConfig(), interval: map[string]time.Duration{}, units: map[string]*follower{}}
	if p.loc, err = d.Location(); err != nil {
		return nil, err
	}
	p.base.District = d.Boundary
	if p.base.Fences, err = src.Fences(ctx, ubigeo); err != nil {
		return nil, err
	}
	units, err := src.Units(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		p.names = append(p.names, u.ID)
	}
	devices, err := src.Devices(ctx, ubigeo)
	if err != nil {
		return nil, err
	}
	for _, x := range devices {
		p.interval[x.Unit] = max(p.interval[x.Unit], x.Interval)
	}
	if old != nil { // other thresholds, the same people to tell
		p.asked, p.old = old.asked, old.old
		for name, f := range old.units {
			n := &follower{w: f.w, told: f.told}
			if n.m, _, err = k.machine(ctx, unitKey{ubigeo, name}, p, f.w); err != nil {
				return nil, err
			}
			p.units[name] = n
		}
	}
	k.places[ubigeo] = p
	return p, nil
}

func (p *district) config(unit string) Config {
	cfg := p.base
	cfg.Silence = SilenceOf(p.interval[unit])
	return cfg
}

// follow brings a unit's day up to date, keeps it if it changed and tells of
// new events.
func (k *Keeper) follow(ctx context.Context, u unitKey, p *district) error {
	now := k.cfg.Now()
	w := WindowAt(now, p.loc)
	f := p.units[u.unit]
	if f != nil && f.w != w {
		f = nil // the day is over
	}
	if f == nil {
		// Nobody may have been there to see the day before end.
		if _, err := k.again(ctx, u, p, p.before(w)); err != nil {
			return err
		}
		f = &follower{w: w, told: map[eventKey]bool{}}
		p.units[u.unit] = f
		if err := k.anew(ctx, u, p); err != nil {
			delete(p.units, u.unit)
			return err
		}
	}
	from := w.Start
	if last, ok := f.m.Last(); ok {
		from = last.Time
	}
	fixes, err := k.cfg.Source.FixesOfUnit(ctx, u.ubigeo, u.unit, from, w.End)
	if err != nil {
		return err
	}
	slices.SortFunc(fixes, Compare)
	last, any := f.m.Last()
	for _, x := range fixes {
		if !any || Compare(x, last) > 0 {
			f.m.Step(x)
		}
	}
	d := f.m.Day(now)
	if d.Fixes == 0 {
		return nil
	}
	if err := k.keep(ctx, u.ubigeo, f, d); err != nil {
		return err
	}
	k.tell(u.ubigeo, f, d, now)
	return nil
}

// keep saves a day that changed.
func (k *Keeper) keep(ctx context.Context, ubigeo string, f *follower, d Day) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	if sum == f.saved {
		return nil
	}
	if err := k.cfg.Source.SaveDay(ctx, ubigeo, d); err != nil {
		return err
	}
	f.saved = sum
	return nil
}

// tell emits the events that are new and not old.
func (k *Keeper) tell(ubigeo string, f *follower, d Day, now time.Time) {
	var news []Event
	alert := false
	for _, e := range d.Events {
		key := keyOf(e)
		if f.told[key] {
			continue
		}
		f.told[key] = true
		since := e.Start
		switch e.Kind { // known only after a while
		case Silence:
			since = since.Add(f.m.cfg.Silence)
		case OutsideDistrict:
			since = since.Add(f.m.cfg.OutsideMin)
		}
		if now.Sub(since) <= LiveFor {
			news = append(news, e)
			alert = alert || e.Alerts(f.m.cfg.Fences)
		}
	}
	if len(news) > 0 {
		k.cfg.Emit(ubigeo, news, alert)
	}
}

// late computes again the days of which fixes came late. The running day is
// begun anew, with what was told of it.
func (k *Keeper) late(ctx context.Context, ubigeo string, p *district) error {
	days, err := k.cfg.Source.JournalDirty(ctx, ubigeo)
	if err != nil {
		return err
	}
	today := WindowAt(k.cfg.Now(), p.loc)
	for _, d := range days {
		u := unitKey{ubigeo, d.Unit}
		for w := WindowAt(d.First, p.loc); !w.Start.After(d.Last); w = WindowAt(w.End, p.loc) {
			if err := k.onward(ctx, u, p, w, today); err != nil {
				return err
			}
			if w == today {
				break
			}
		}
		if err := k.cfg.Source.ClearJournalDirty(ctx, d); err != nil {
			return err
		}
	}
	return nil
}
