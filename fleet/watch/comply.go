package watch

import (
	"context"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
)

// ErrNoPlan: the shift has no approved plan that anybody could comply with.
var ErrNoPlan = fmt.Errorf("the shift has no approved plan: %w", fleet.ErrNotFound)

// Compliance gives what was done of the plan of the district's current shift
// until now, with every leg.
func (w *Watch) Compliance(ubigeo string) (compliance.Report, error) {
	on := w.current(ubigeo)
	if on == nil {
		return compliance.Report{}, fmt.Errorf("district %s is not followed: %w", ubigeo, fleet.ErrNotFound)
	}
	if on.plan == nil || on.live == nil {
		return compliance.Report{}, ErrNoPlan
	}
	return on.compare(on.live.Coverage(), on.rounds, w.cfg.Now(), w.cfg.Compliance), nil
}

// ComplianceOf computes the compliance of any shift from what is stored, with
// every leg.
func (w *Watch) ComplianceOf(ctx context.Context, ubigeo string, shift fleet.ShiftID) (compliance.Report, error) {
	d, err := w.cfg.Source.District(ctx, ubigeo)
	if err != nil {
		return compliance.Report{}, err
	}
	loc, err := d.Location()
	if err != nil {
		return compliance.Report{}, err
	}
	defs, err := w.cfg.Source.Shifts(ctx, ubigeo)
	if err != nil {
		return compliance.Report{}, err
	}
	s, err := fleet.ResolveShift(shift, defs, loc)
	if err != nil {
		return compliance.Report{}, err
	}
	on, err := w.newShift(ctx, d, s.Start)
	if err != nil {
		return compliance.Report{}, err
	}
	if on.plan == nil || on.shift.ID != shift {
		return compliance.Report{}, fmt.Errorf("%s: %w", shift, ErrNoPlan)
	}
	until := on.shift.End
	if now := w.cfg.Now(); now.Before(until) {
		until = now
	}
	out, err := w.decide(ctx, on, until)
	if err != nil {
		return compliance.Report{}, err
	}
	return *out.compliance, nil
}

// compare sets what was driven beside the plan.
func (on *onShift) compare(c *coverage.Coverage, rounds map[string]*roundState, now time.Time, cfg compliance.Config) compliance.Report {
	cfg.Share = on.judged.Share
	in := compliance.Input{
		Graph: on.graph, Plan: *on.plan, Shift: on.shift, Now: now, Profile: on.judged.Profile, Drift: on.judged.Drift,
		Seen: map[string]compliance.Seen{}, Cell: cellOfStop,
	}
	for unit, r := range rounds {
		seen := r.seen()
		seen.Drives, seen.Silent = c.Drives(unit), c.Silences(unit, now)
		in.Seen[unit] = seen
	}
	return compliance.Compare(in, cfg)
}

// seen gives the stops of a round, planned and not.
func (r *roundState) seen() compliance.Seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := compliance.Seen{Planned: map[int]compliance.Stood{}}
	for i := range r.stops {
		s := &r.stops[i]
		told := s.told()
		out.Planned[s.leg.Seq] = compliance.Stood{Arrived: told.start, Left: told.end, Dwell: s.dwell, Enough: s.done()}
	}
	add := func(p pause) {
		out.Other = append(out.Other, compliance.Stood{Arrived: p.start, Left: p.end, Dwell: p.end.Sub(p.start), Enough: true})
	}
	for _, p := range r.pauses {
		add(p)
	}
	if r.long(r.pause) {
		add(r.pause)
	}
	return out
}

// cellOfStop names the hot cell of a planned stop.
func cellOfStop(l patrol.Leg) string {
	c, err := hotspots.CellOf(l.Point, zoneRes)
	if err != nil {
		return ""
	}
	return c.String()
}
