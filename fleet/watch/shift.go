package watch

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
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
	off     bool                // no shift: the hours between two
	judged  coverage.Config     // by these thresholds
	rules   compliance.Standing // and stops by these
	units   []fleet.Unit
	byID    map[string]fleet.Unit
	devices []fleet.Device

	graph   *routing.Graph // nil: no streets imported yet
	version string
	index   *coverage.Index // of the graph
	reach   []bool
	live    *coverage.Live
	plan    *patrol.Plan // published, else approved; nil: none
	planned *coverage.Planned
	byEnd   float64 // percent of the streets that the plan covers by the end of the shift
	police  *coverage.PlannedPolice
	zones   []hotspots.Cell // with a planned stop: the hot cells that the plan visits
	rounds  map[string]*roundState

	mu     sync.Mutex // of what follows
	seen   uint64     // version of the coverage last told
	told   time.Time
	states coverage.States // as last read
	shown  []int           // presence as last told to everybody; nil: never
	owed   map[int]bool    // segments of which a snapshot said otherwise meanwhile
	zoned  time.Time       // when done was counted
	done   int             // zones served
}

// newShift reads everything about the district's shift at t.
func (w *Watch) newShift(ctx context.Context, d fleet.District, t time.Time) (*onShift, error) {
	on := &onShift{d: d, judged: w.cfg.Coverage, rules: w.cfg.Compliance.Stops, rounds: map[string]*roundState{}, byID: map[string]fleet.Unit{}, owed: map[int]bool{}}
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
		on.shift, on.off = between(t, defs, on.loc), true
	}
	if on.units, err = src.Units(ctx, d.Ubigeo); err != nil {
		return nil, err
	}
	for _, u := range on.units {
		on.byID[u.ID] = u
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
	on.reach = reachableBy(on.graph, on.units)
	if on.index, err = w.indexOf(d.Ubigeo, on.graph); err != nil {
		return nil, err
	}
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
// the end of the last shift, a day before t at most, to the start of the next
// one. Nobody is on duty in it, and its coverage is shown but not kept.
func between(t time.Time, defs []fleet.ShiftDef, loc *time.Location) fleet.Shift {
	s := fleet.Shift{Code: "sin-turno", Name: "Sin turno", Start: t.Add(-24 * time.Hour), End: t.Add(24 * time.Hour)}
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
	s.ID = fleet.ShiftID(s.Start.In(loc).Format(time.DateOnly) + "/" + s.Code)
	return s
}

// indexOf gives the cells of a district's streets; they are made once for a
// graph.
func (w *Watch) indexOf(ubigeo string, g *routing.Graph) (*coverage.Index, error) {
	w.mu.RLock()
	x := w.indexes[ubigeo]
	w.mu.RUnlock()
	if x.Of(g, w.cfg.Coverage.Resolutions) {
		return x, nil
	}
	x, err := coverage.NewIndex(g, w.cfg.Coverage.Resolutions)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.indexes[ubigeo] = x
	w.mu.Unlock()
	return x, nil
}

// reachableBy tells for each segment whether some active unit can reach it from
// its base and come back; without units, whether a car can. A unit whose base
// is not near a street that it may use is taken to start from the default base.
func reachableBy(g *routing.Graph, units []fleet.Unit) []bool {
	type origin struct {
		mode routing.Mode
		base orb.Point
	}
	known := map[origin]bool{}
	starts := map[routing.Start]bool{}
	add := func(o origin) bool {
		if known[o] {
			return true
		}
		s, err := patrol.Starts(g, []fleet.Unit{{Mode: o.mode, Base: o.base}})
		if err != nil {
			return false
		}
		known[o], starts[s[0]] = true, true
		return true
	}
	for _, u := range units {
		if u.Active && !add(origin{u.Mode, u.Base}) {
			add(origin{mode: u.Mode})
		}
	}
	if len(starts) == 0 {
		add(origin{mode: routing.Car})
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

func (on *onShift) setup() coverage.Setup {
	set := coverage.Setup{Graph: on.graph, Reachable: on.reach, Shift: on.shift, Config: on.judged, Index: on.index}
	for _, u := range on.units {
		cu := coverage.Unit{ID: u.ID, Force: forceOf(u), Mode: u.Mode}
		if u.Active && !on.off && (len(u.Shifts) == 0 || slices.Contains(u.Shifts, on.shift.Code)) {
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
	if on.planned, err = coverage.OfPlan(on.graph, on.reach, full, func(unit string) coverage.Force { return forceOf(on.byID[unit]) }); err != nil {
		return err
	}
	on.byEnd = on.planned.At(on.shift.End).Pct
	if n := on.live.Expect(full); n > 0 {
		w.cfg.Logger.Warn("the plan names streets that are not in the map any more", "ubigeo", on.d.Ubigeo, "plan", full.ID, "legs", n)
	}
	on.rounds = on.newRounds()
	on.readZones()
	return nil
}

// readPresence takes the police plan of the shift.
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
	if err := w.recountStops(ctx, on); err != nil {
		return err
	}
	states := on.live.Snapshot(w.cfg.Now()).States
	on.mu.Lock()
	defer on.mu.Unlock()
	on.states = states
	return nil
}
