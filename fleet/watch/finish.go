package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
)

// Final is the coverage of a shift that is over, as it is kept.
type Final struct {
	Streets  string            `json:"streets"` // version of the graph that States belongs to
	Bar      Bar               `json:"bar"`
	Presence []int             `json:"presence"` // by segment: see PresenceNone…
	Snapshot coverage.Snapshot `json:"snapshot"`
}

// ReadFinal reads the coverage of a shift as it was kept.
func ReadFinal(raw json.RawMessage) (Final, error) {
	var f Final
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("kept coverage: %w", err)
	}
	return f, nil
}

// keptAs is the name under which joint coverage is kept.
const keptAs = "joint"

// missedShifts bounds how far back a shift is looked for whose end the service
// missed: a weekend of three shifts a day.
const missedShifts = 9

// finish decides the live coverage of a shift that is over, computes it a
// second time from all its stored fixes, and keeps the second.
func (w *Watch) finish(ctx context.Context, on *onShift) error {
	if on.live == nil || on.off {
		return nil
	}
	if err := on.live.Finish(ctx); err != nil {
		return err
	}
	batch, _, err := w.decide(ctx, on)
	if err != nil {
		return err
	}
	if on.live.Snapshot(on.shift.End).Totals != batch.Totals {
		// Fixes may have been stored between the two: once more, with them.
		if err := on.live.Refresh(ctx); err != nil {
			return err
		}
		if batch, _, err = w.decide(ctx, on); err != nil {
			return err
		}
	}
	if live := on.live.Snapshot(on.shift.End); live.Totals != batch.Totals {
		w.cfg.Logger.Warn("live coverage and its recomputation differ: normal only while a backlog comes in", "ubigeo", on.d.Ubigeo, "shift", on.shift.ID, "live", live.Totals, "recomputed", batch.Totals)
	}
	return w.keep(ctx, on, batch)
}

// decide computes the coverage of a shift from all its stored fixes, and tells
// how many there are.
func (w *Watch) decide(ctx context.Context, on *onShift) (coverage.Snapshot, int, error) {
	var all []fleet.Fix
	for _, u := range on.units {
		fs, err := w.cfg.Source.FixesOfUnit(ctx, on.d.Ubigeo, u.ID, on.shift.Start, on.shift.End)
		if err != nil {
			return coverage.Snapshot{}, 0, err
		}
		all = append(all, fs...)
	}
	c, _, err := coverage.Recompute(on.setup(), all)
	if err != nil {
		return coverage.Snapshot{}, 0, err
	}
	if on.plan != nil {
		c.Expect(*on.plan)
	}
	return c.Snapshot(on.shift.End), len(all), nil
}

func (w *Watch) keep(ctx context.Context, on *onShift, s coverage.Snapshot) error {
	end := on.shift.End
	police := on.likely(end)
	body, err := json.Marshal(Final{Streets: on.version, Snapshot: s, Bar: on.bar(s.States, s.Totals.StreetKm, police, end), Presence: presences(s.States, police)})
	if err != nil {
		return fmt.Errorf("coverage of %s: %w", on.shift.ID, err)
	}
	return w.cfg.Source.SaveCoverage(ctx, on.d.Ubigeo, on.shift.ID, keptAs, body)
}

// again decides shifts that are over once more: those of which fixes came
// after their end, and those whose end nobody was there to see.
func (w *Watch) again(ctx context.Context, ubigeo string) error {
	d, err := w.cfg.Source.District(ctx, ubigeo)
	if err != nil {
		return err
	}
	loc, err := d.Location()
	if err != nil {
		return err
	}
	defs, err := w.cfg.Source.Shifts(ctx, ubigeo)
	if err != nil {
		return err
	}
	now := w.cfg.Now()
	days, err := w.cfg.Source.DirtyDays(ctx, ubigeo)
	if err != nil {
		return err
	}
	due := map[fleet.ShiftID]fleet.Shift{}
	for _, day := range days {
		for t := day.First; !t.After(day.Last); {
			s, ok := fleet.ShiftAt(t, defs, loc)
			if !ok {
				s = between(t, defs, loc)
			} else if !s.End.After(now) {
				due[s.ID] = s
			}
			t = s.End
		}
	}
	missed, err := w.missed(ctx, ubigeo, defs, loc, now)
	if err != nil {
		return err
	}
	for _, s := range missed {
		due[s.ID] = s
	}
	for _, s := range inOrder(due) {
		if lost, err := w.cfg.Source.AnyForgotten(ctx, ubigeo, s.Start, s.End); err != nil {
			return err
		} else if lost {
			continue // what is kept of it is better than what a few fixes tell
		}
		if ok, err := w.heard(ctx, ubigeo, s); err != nil {
			return err
		} else if !ok {
			continue // nobody drove, or nobody was followed yet
		}
		on, err := w.newShift(ctx, d, s.Start)
		if err != nil {
			return err
		}
		if on.shift.ID != s.ID || on.live == nil {
			continue // its hours were changed, or there are no streets
		}
		snap, n, err := w.decide(ctx, on)
		if err != nil {
			return err
		}
		if err := w.keep(ctx, on, snap); err != nil {
			return err
		}
		w.cfg.Logger.Info("coverage decided again", "ubigeo", ubigeo, "shift", s.ID, "fixes", n)
	}
	// What is late for the running shift is counted live, and at its end.
	for _, day := range days {
		if err := w.cfg.Source.ClearDirtyDay(ctx, day); err != nil {
			return err
		}
	}
	return nil
}

// heard tells whether any unit reported in a shift.
func (w *Watch) heard(ctx context.Context, ubigeo string, s fleet.Shift) (bool, error) {
	units, err := w.cfg.Source.Units(ctx, ubigeo)
	if err != nil {
		return false, err
	}
	for _, u := range units {
		fs, err := w.cfg.Source.FixesOfUnit(ctx, ubigeo, u.ID, s.Start, s.End)
		if len(fs) > 0 || err != nil {
			return len(fs) > 0, err
		}
	}
	return false, nil
}

// missed lists the newest shifts that are over and have no coverage kept.
func (w *Watch) missed(ctx context.Context, ubigeo string, defs []fleet.ShiftDef, loc *time.Location, now time.Time) ([]fleet.Shift, error) {
	var out []fleet.Shift
	t := now
	if on := w.current(ubigeo); on != nil {
		t = on.shift.Start
	} else if s, ok := fleet.ShiftAt(now, defs, loc); ok {
		t = s.Start
	}
	for range missedShifts {
		t = t.Add(-time.Second)
		s, ok := fleet.ShiftAt(t, defs, loc)
		if !ok {
			t = between(t, defs, loc).Start
			continue
		}
		kept, err := w.cfg.Source.Coverage(ctx, ubigeo, s.ID)
		if err != nil {
			return nil, err
		}
		if _, ok := kept[keptAs]; ok {
			break
		}
		if !s.End.After(now) {
			out = append(out, s)
		}
		t = s.Start
	}
	return out, nil
}

func inOrder(m map[fleet.ShiftID]fleet.Shift) []fleet.Shift {
	out := make([]fleet.Shift, 0, len(m))
	for _, s := range m {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b fleet.Shift) int { return a.Start.Compare(b.Start) })
	return out
}
