package watch

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
)

// Final is the coverage of a shift that is over, as it is kept.
type Final struct {
	Streets  string            `json:"streets"` // version of the graph that States belongs to
	Bar      Bar               `json:"bar"`
	Presence []int             `json:"presence"` // by segment: see PresenceNone…
	Snapshot coverage.Snapshot `json:"snapshot"`
	// Matching tells how the whole tracks, which count, differ from what was
	// decided as fixes came; nil: kept before it was measured.
	Matching *coverage.Replacement `json:"matching,omitempty"`
	// Compliance is that with the plan, without the legs that were done in time or still to come;
	// nil: there was none.
	Compliance *compliance.Report `json:"compliance,omitempty"`
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
	batch, err := w.decide(ctx, on, on.shift.End)
	if err != nil {
		return err
	}
	if on.live.Snapshot(on.shift.End).Totals != batch.snap.Totals {
		// Fixes may have been stored between the two: once more, with them.
		if err := on.live.Refresh(ctx); err != nil {
			return err
		}
		if batch, err = w.decide(ctx, on, on.shift.End); err != nil {
			return err
		}
	}
	if live := on.live.Snapshot(on.shift.End); live.Totals != batch.snap.Totals {
		w.cfg.Logger.Warn("live coverage and its recomputation differ: normal only while a backlog comes in", "ubigeo", on.d.Ubigeo, "shift", on.shift.ID, "live", live.Totals, "recomputed", batch.snap.Totals)
	}
	return w.keep(ctx, on, batch)
}

// decision is what is kept of a shift.
type decision struct {
	snap       coverage.Snapshot
	fixes      int
	matching   coverage.Replacement
	compliance *compliance.Report // nil without a plan
}

// decide computes the coverage of a shift from all its stored fixes, matched as
// whole tracks, as it is at an instant of it or at its end.
func (w *Watch) decide(ctx context.Context, on *onShift, until time.Time) (out decision, err error) {
	var all []fleet.Fix
	rounds := on.newRounds()
	for _, u := range on.units {
		fs, err := w.cfg.Source.FixesOfUnit(ctx, on.d.Ubigeo, u.ID, on.shift.Start, on.shift.End)
		if err != nil {
			return out, err
		}
		all = append(all, fs...)
		if r := rounds[u.ID]; r != nil {
			r.recount(fs, true)
		}
	}
	out.fixes = len(all)
	c, _, err := coverage.Recompute(on.setup(), all)
	if err != nil {
		return out, err
	}
	if out.matching, err = coverage.Replaced(on.setup(), all); err != nil {
		return out, err
	}
	if on.plan != nil {
		c.Expect(*on.plan)
		r := on.compare(c, rounds, until, w.cfg.Compliance)
		out.compliance = &r
	}
	out.snap = c.Snapshot(until)
	return out, nil
}

func (w *Watch) keep(ctx context.Context, on *onShift, d decision) error {
	end, s := on.shift.End, d.snap
	police := on.likely(end)
	f := Final{Streets: on.version, Snapshot: s, Bar: on.bar(s.States, s.Totals.StreetKm, police, end), Presence: presences(s.States, police), Matching: &d.matching}
	if d.compliance != nil {
		brief := d.compliance.Brief()
		f.Compliance = &brief
	}
	body, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("coverage of %s: %w", on.shift.ID, err)
	}
	w.cfg.Logger.Info("shift decided", "ubigeo", on.d.Ubigeo, "shift", on.shift.ID, "fixes", d.fixes, "km", d.matching.WholeKm, "otherwise_than_live_pct", d.matching.DifferPct)
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
		d, err := w.decide(ctx, on, on.shift.End)
		if err != nil {
			return err
		}
		if err := w.keep(ctx, on, d); err != nil {
			return err
		}
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
