package coverage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// Setup says what is covered, when, by whom.
type Setup struct {
	Graph     *routing.Graph
	Reachable []bool // by segment; nil: all
	Shift     fleet.Shift
	Units     []Unit
	Config    Config
	Index     *Index // of Graph at Config.Resolutions; another one, or nil, is made anew
	// Match gives the matching parameters of a mode; nil: match.DefaultConfig.
	Match func(routing.Mode) match.Config
}

func (s *Setup) matching(m routing.Mode) match.Config {
	if s.Match != nil {
		return s.Match(m)
	}
	return match.DefaultConfig(m)
}

// Load gives all stored fixes of a unit from one instant up to another, in any
// order. A fix that was given to OnFresh before the call must be among them.
type Load func(ctx context.Context, unit string, from, to time.Time) ([]fleet.Fix, error)

// Live keeps the coverage of a shift while fixes come in.
//
// Fixes in order go straight to the unit's matcher. A fix older than one that
// was taken makes the unit dirty: Refresh matches it anew from all its stored
// fixes. So the answer depends on the set of fixes alone, not on the order in
// which they came, nor on how often. After Finish it is what Recompute gives on
// that set: whole tracks take the place of what was decided as fixes came.
//
// All methods may be called from several goroutines.
type Live struct {
	set  Setup
	load Load
	cov  *Coverage

	refreshing sync.Mutex // one Refresh at a time

	mu         sync.RWMutex // of what follows, not of the units' insides
	units      map[string]*liveUnit
	unassigned int
	finished   bool
}

type liveUnit struct {
	mu      sync.Mutex
	unit    Unit
	track   *track
	dirty   bool
	late    int
	pending []fleet.Fix // came while dirty, since the last load began
	whole   bool        // matched as a whole track, after the end of the shift
}

// NewLive starts with no fixes; after a restart call Rebuild.
func NewLive(set Setup, load Load) (*Live, error) {
	cov, err := newOn(set.Index, set.Graph, set.Reachable, set.Shift, set.Config)
	if err != nil {
		return nil, err
	}
	l := &Live{set: set, load: load, cov: cov, units: map[string]*liveUnit{}}
	l.set.Units = nil
	for _, u := range set.Units {
		if err := l.SetUnit(u); err != nil {
			return nil, err
		}
	}
	for _, u := range l.units {
		u.dirty = false // nothing has come yet
	}
	return l, nil
}

// SetUnit puts a unit on the roster, or changes it. Fixes that came before are
// matched at the next Refresh.
func (l *Live) SetUnit(u Unit) error {
	if u.ID == "" {
		return fmt.Errorf("%w: a unit of the roster has no id", fleet.ErrInvalid)
	}
	t, err := newTrack(u, &l.set, l.set.matching(u.Mode))
	if err != nil {
		return fmt.Errorf("unit %s: %w", u.ID, err)
	}
	l.mu.Lock()
	lu := l.units[u.ID]
	if lu == nil {
		lu = &liveUnit{}
		l.units[u.ID] = lu
	}
	l.mu.Unlock()

	lu.mu.Lock()
	defer lu.mu.Unlock()
	if lu.track == nil || lu.unit.Mode != u.Mode || lu.unit.Force != u.Force {
		lu.track, lu.dirty, lu.whole = t, true, false
		if err := l.cov.Replace(u.Force, u.ID, nil, Signal{}); err != nil {
			return err
		}
	}
	lu.unit = u
	return l.cov.Duty(u.ID, u.Force, u.Duty)
}

// Expect takes the plan of the shift; see Coverage.Expect.
func (l *Live) Expect(plan patrol.Plan) (missing int) { return l.cov.Expect(plan) }

// OnFresh takes fixes that were just stored. An error is a defect, not a bad
// fix; bad fixes are counted.
func (l *Live) OnFresh(fixes []fleet.Fix) error {
	byUnit := map[string][]fleet.Fix{}
	var names []string
	for _, f := range fixes {
		if byUnit[f.Unit] == nil {
			names = append(names, f.Unit)
		}
		byUnit[f.Unit] = append(byUnit[f.Unit], f)
	}
	slices.Sort(names)
	var failed []error
	for _, name := range names {
		l.mu.RLock()
		u, finished := l.units[name], l.finished
		l.mu.RUnlock()
		if u == nil {
			l.mu.Lock()
			l.unassigned += len(byUnit[name])
			l.mu.Unlock()
			continue
		}
		if err := l.feed(u, byUnit[name], finished); err != nil {
			failed = append(failed, fmt.Errorf("coverage of unit %s: %w", name, err))
		}
	}
	return errors.Join(failed...)
}

// feed takes some fixes of one unit.
func (l *Live) feed(u *liveUnit, fixes []fleet.Fix, finished bool) error {
	sortFixes(fixes)
	u.mu.Lock()
	defer u.mu.Unlock()
	if finished && !u.dirty {
		u.dirty = slices.ContainsFunc(fixes, func(f fleet.Fix) bool { return f.Usable() && l.set.Shift.Contains(f.Time) })
	}
	if u.dirty {
		u.pending = append(u.pending, fixes...)
		return nil
	}
	var out []match.Traversal
	for i := range fixes {
		ts, v, err := u.track.take(&fixes[i])
		if err != nil {
			return err
		}
		if v == late {
			u.late++
			u.dirty = true
			u.pending = append(u.pending, fixes[i:]...)
			break
		}
		out = append(out, ts...)
	}
	if err := l.cov.Add(u.unit.Force, u.unit.ID, out); err != nil {
		return err
	}
	return l.cov.Signal(u.unit.ID, u.unit.Force, u.track.signal)
}

// Refresh matches the dirty units anew from their stored fixes. Call it now
// and then, and before an answer that must be exact. A unit whose fixes cannot
// be loaded stays dirty.
func (l *Live) Refresh(ctx context.Context) error {
	l.refreshing.Lock()
	defer l.refreshing.Unlock()
	var failed []error
	for _, u := range l.roster() {
		if err := l.refresh(ctx, u); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (l *Live) refresh(ctx context.Context, u *liveUnit) error {
	l.mu.RLock()
	finished := l.finished
	l.mu.RUnlock()
	u.mu.Lock()
	if !u.dirty {
		u.mu.Unlock()
		return nil
	}
	u.pending = nil // stored by now; what comes while loading may not be
	name := u.unit.ID
	u.mu.Unlock()

	fixes, err := l.load(ctx, name, l.set.Shift.Start, l.set.Shift.End)
	if err != nil {
		return fmt.Errorf("coverage of unit %s: load its fixes: %w", name, err)
	}
	fixes = slices.Clone(fixes)

	u.mu.Lock()
	defer u.mu.Unlock()
	match := takeAll
	if finished {
		match = takeWhole
	}
	t, ts, err := match(u.unit, &l.set, append(fixes, u.pending...))
	if err != nil {
		return fmt.Errorf("coverage of unit %s: %w", name, err)
	}
	if err := l.cov.Replace(u.unit.Force, u.unit.ID, ts, t.signal); err != nil {
		return err
	}
	u.track, u.dirty, u.whole, u.pending = t, false, finished, nil
	return nil
}

// Rebuild forgets everything and matches all units from their stored fixes:
// after a restart.
func (l *Live) Rebuild(ctx context.Context) error {
	for _, u := range l.roster() {
		u.mu.Lock()
		u.dirty = true
		u.mu.Unlock()
	}
	return l.Refresh(ctx)
}

// Finish ends the shift: every unit's stored fixes are matched anew as a whole
// track, in place of what was decided as they came. Fixes that come later still
// count after the next Refresh, in the same way.
func (l *Live) Finish(ctx context.Context) error {
	l.mu.Lock()
	l.finished = true
	l.mu.Unlock()
	for _, u := range l.roster() {
		u.mu.Lock()
		u.dirty = u.dirty || !u.whole
		u.mu.Unlock()
	}
	return l.Refresh(ctx)
}

// roster gives the units in the order of their ids.
func (l *Live) roster() []*liveUnit {
	l.mu.RLock()
	defer l.mu.RUnlock()
	names := make([]string, 0, len(l.units))
	for n := range l.units {
		names = append(names, n)
	}
	slices.Sort(names)
	out := make([]*liveUnit, len(names))
	for i, n := range names {
		out[i] = l.units[n]
	}
	return out
}

// Coverage gives what is covered, to be asked for streets and cells.
func (l *Live) Coverage() *Coverage { return l.cov }

// Snapshot gives everything at the instant now.
func (l *Live) Snapshot(now time.Time) Snapshot { return l.cov.Snapshot(now) }

// Changed gives what changed after a version, at the instant now.
func (l *Live) Changed(since uint64, now time.Time) Delta { return l.cov.Changed(since, now) }

// Counts sums up what became of the fixes; unassigned are those of units that
// are not on the roster, dirty the units that wait for Refresh.
func (l *Live) Counts() (c Counts, unassigned, dirty int) {
	for _, u := range l.roster() {
		u.mu.Lock()
		c.add(u.track.total())
		c.Late += u.late
		if u.dirty {
			dirty++
		}
		u.mu.Unlock()
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	return c, l.unassigned, dirty
}

// Recompute gives the coverage of a shift that is over from all its fixes, in
// any order, duplicates included, matched as whole tracks: the same as Live after
// Finish.
func Recompute(set Setup, fixes []fleet.Fix) (*Coverage, Counts, error) {
	var sum Counts
	cov, err := newOn(set.Index, set.Graph, set.Reachable, set.Shift, set.Config)
	if err != nil {
		return nil, sum, err
	}
	byUnit := map[string][]fleet.Fix{}
	for _, f := range fixes {
		byUnit[f.Unit] = append(byUnit[f.Unit], f)
	}
	for _, u := range set.Units {
		t, ts, err := takeWhole(u, &set, byUnit[u.ID])
		if err != nil {
			return nil, sum, fmt.Errorf("coverage of unit %s: %w", u.ID, err)
		}
		if err := cov.Replace(u.Force, u.ID, ts, t.signal); err != nil {
			return nil, sum, err
		}
		if err := cov.Duty(u.ID, u.Force, u.Duty); err != nil {
			return nil, sum, err
		}
		sum.add(t.total())
	}
	return cov, sum, nil
}
