package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// snapRadius in metres: so far a unit may be from a street and still be said to
// be in it.
const snapRadius = 60

// onShift is a district during one shift. The exported parts of the domain it
// holds are read only; live is safe for concurrent use.
type onShift struct {
	d       fleet.District
	loc     *time.Location
	shift   fleet.Shift
	units   []fleet.Unit
	devices []fleet.Device

	graph   *routing.Graph // nil: no streets imported yet
	version string
	reach   []bool
	live    *coverage.Live
	plan    *patrol.Plan // published, else approved; nil: none
	planned *coverage.Planned
	police  *coverage.PlannedPolice
	zones   []hotspots.Cell // with a planned stop: the hot cells that the plan visits
	rounds  map[string]*roundState

	mu     sync.Mutex // of what follows
	seen   uint64     // version of the coverage last told
	told   time.Time
	states coverage.States // as last told
	shown  []int           // presence as last told
}

// newShift reads everything about the district's shift at t.
func (w *Watch) newShift(ctx context.Context, d fleet.District, t time.Time) (*onShift, error) {
	on := &onShift{d: d, rounds: map[string]*roundState{}}
	var err error
	if on.loc, err = d.Location(); err != nil {
		return nil, err
	}
	src := w.cfg.Source
	defs, err := src.Shifts(ctx, d.Ubigeo)
	if err != nil {
		return nil, err
	}
	var ok bool
	if on.shift, ok = fleet.ShiftAt(t, defs, on.loc); !ok {
		on.shift = between(t, defs, on.loc)
	}
	if on.units, err = src.Units(ctx, d.Ubigeo); err != nil {
		return nil, err
	}
	if on.devices, err = src.Devices(ctx, d.Ubigeo); err != nil {
		return nil, err
	}
	on.graph, on.version, err = w.cfg.Streets(ctx, d, [2]time.Time{on.shift.Start, on.shift.End})
	if errors.Is(err, fleet.ErrNotFound) {
		return on, nil // followed on an empty map until streets are imported
	}
	if err != nil {
		return nil, err
	}
	on.reach = ReachableBy(on.graph, on.units)
	if on.live, err = coverage.NewLive(on.setup(), func(ctx context.Context, unit string, from, to time.Time) ([]fleet.Fix, error) {
		return src.FixesOfUnit(ctx, d.Ubigeo, unit, from, to)
	}); err != nil {
		return nil, err
	}
	if err := w.readPlan(ctx, on); err != nil {
		return nil, err
	}
	if err := w.readPresence(ctx, on); err != nil {
		return nil, err
	}
	return on, nil
}

// between is a nameless shift for the hours in which a district has none: from
// the end of the last shift to the start of the next one.
func between(t time.Time, defs []fleet.ShiftDef, loc *time.Location) fleet.Shift {
	s := fleet.Shift{ID: fleet.ShiftID(t.In(loc).Format(time.DateOnly) + "/sin-turno"), Code: "sin-turno", Name: "Sin turno",
		Start: t.Add(-24 * time.Hour), End: t.Add(24 * time.Hour)}
	for _, d := range defs {
		for day := -2; day <= 2; day++ {
			o, err := d.On(t.In(loc).AddDate(0, 0, day).Format(time.DateOnly), loc)
			if err != nil {
				continue
			}
			if !o.End.After(t) && o.End.After(s.Start) {
				s.Start = o.End
			}
			if o.Start.After(t) && o.Start.Before(s.End) {
				s.End = o.Start
			}
		}
	}
	return s
}

// ReachableBy tells for each segment whether some active unit can reach it from
// its base and come back; without units, whether a car can.
func ReachableBy(g *routing.Graph, units []fleet.Unit) []bool {
	starts := map[routing.Start]bool{}
	for _, u := range units {
		if !u.Active {
			continue
		}
		if base, ok := BaseOf(g, u); ok {
			starts[routing.Start{Mode: u.Mode, Base: base}] = true
		}
	}
	if len(starts) == 0 {
		if base, ok := g.DefaultBase(routing.Car); ok {
			starts[routing.Start{Mode: routing.Car, Base: base}] = true
		}
	}
	out := make([]bool, len(g.Segments))
	for s := range starts {
		r := g.Reachable(s.Mode, s.Base)
		for i := range out {
			out[i] = out[i] || r.Segment(routing.SegmentID(i))
		}
	}
	return out
}

// BaseOf finds the junction that a unit starts from: the end, nearest to its
// base, of the nearest street that its mode may use; the district's default base
// where it has none or no street is near.
func BaseOf(g *routing.Graph, u fleet.Unit) (routing.NodeID, bool) {
	if u.Base != [2]float64{} {
		for _, c := range g.Snap(u.Base, 500) {
			s := &g.Segments[c.Segment]
			if !s.Forward.Has(u.Mode) && !s.Backward.Has(u.Mode) {
				continue
			}
			if c.Along <= s.Length/2 {
				return s.From, true
			}
			return s.To, true
		}
	}
	return g.DefaultBase(u.Mode)
}

func (on *onShift) setup() coverage.Setup {
	set := coverage.Setup{Graph: on.graph, Reachable: on.reach, Shift: on.shift, Config: coverage.DefaultConfig()}
	for _, u := range on.units {
		cu := coverage.Unit{ID: u.ID, Force: forceOf(u), Mode: u.Mode}
		if u.Active {
			cu.Duty = coverage.Window{Start: on.shift.Start, End: on.shift.End}
		}
		set.Units = append(set.Units, cu)
	}
	return set
}

func forceOf(u fleet.Unit) coverage.Force {
	if u.Integrated {
		return coverage.Integrated
	}
	return coverage.Municipal
}

// readPlan takes the newest plan of the shift that was handed out, else the
// newest that was approved.
func (w *Watch) readPlan(ctx context.Context, on *onShift) error {
	plans, err := w.cfg.Source.PlansOfShift(ctx, on.d.Ubigeo, on.shift.ID)
	if err != nil {
		return err
	}
	var best *patrol.Plan
	rank := map[patrol.State]int{patrol.Approved: 1, patrol.Published: 2}
	for i := range plans {
		p := &plans[i]
		if r := rank[p.State]; r > 0 && (best == nil || r > rank[best.State] || r == rank[best.State] && p.Version > best.Version) {
			best = p
		}
	}
	if best == nil {
		return nil
	}
	full, err := w.cfg.Source.Plan(ctx, on.d.Ubigeo, best.ID)
	if err != nil {
		return err
	}
	on.plan = &full
	byID := map[string]fleet.Unit{}
	for _, u := range on.units {
		byID[u.ID] = u
	}
	if on.planned, err = coverage.OfPlan(on.graph, on.reach, full, func(unit string) coverage.Force { return forceOf(byID[unit]) }); err != nil {
		return err
	}
	if n := on.live.Expect(full); n > 0 {
		w.cfg.Logger.Warn("the plan names streets that are not in the map any more", "ubigeo", on.d.Ubigeo, "plan", full.ID, "legs", n)
	}
	on.readRounds()
	on.readZones()
	return nil
}

// readPresence takes the police plan and the hot cells of the shift.
func (w *Watch) readPresence(ctx context.Context, on *onShift) error {
	ps, err := w.cfg.Source.Presence(ctx, on.d.Ubigeo)
	if err != nil {
		return err
	}
	if len(ps) > 0 {
		if on.police, err = coverage.OfPolice(on.graph, on.reach, patrol.ExpectedVisits(on.graph, ps, on.shift, on.loc)); err != nil {
			return err
		}
	}
	return nil
}

// rebuild matches what was already stored of the shift.
func (on *onShift) rebuild(ctx context.Context, w *Watch) error {
	if err := on.live.Rebuild(ctx); err != nil {
		return err
	}
	for _, r := range on.rounds {
		r.mu.Lock()
		r.late = true
		r.mu.Unlock()
	}
	return w.recountStops(ctx, on)
}

// finish decides the coverage of a shift that is over, computes it a second
// time from all its fixes, and keeps the second.
func (w *Watch) finish(ctx context.Context, on *onShift) error {
	if on.live == nil {
		return nil
	}
	if err := on.live.Finish(ctx); err != nil {
		return err
	}
	var all []fleet.Fix
	for _, u := range on.units {
		fs, err := w.cfg.Source.FixesOfUnit(ctx, on.d.Ubigeo, u.ID, on.shift.Start, on.shift.End)
		if err != nil {
			return err
		}
		all = append(all, fs...)
	}
	again, _, err := coverage.Recompute(on.setup(), all)
	if err != nil {
		return err
	}
	if on.plan != nil {
		again.Expect(*on.plan)
	}
	end := on.shift.End
	live, batch := on.live.Snapshot(end), again.Snapshot(end)
	if live.Totals != batch.Totals {
		w.cfg.Logger.Error("live coverage and its recomputation differ", "ubigeo", on.d.Ubigeo, "shift", on.shift.ID, "live", live.Totals, "recomputed", batch.Totals)
	}
	body, err := json.Marshal(Final{Streets: on.version, Snapshot: batch, Bar: on.bar(batch, end), Presence: on.presences(batch.States, end)})
	if err != nil {
		return fmt.Errorf("coverage of %s: %w", on.shift.ID, err)
	}
	return w.cfg.Source.SaveCoverage(ctx, on.d.Ubigeo, on.shift.ID, "joint", body)
}

// Final is the coverage of a shift that is over, as it is kept.
type Final struct {
	Streets  string            `json:"streets"` // version of the graph that States belongs to
	Bar      Bar               `json:"bar"`
	Presence []int             `json:"presence"` // by segment: see PresenceNone…
	Snapshot coverage.Snapshot `json:"snapshot"`
}
