package watch

import (
	"fmt"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// quiet is how long the bar may go untold while only time passes: what the
// police plan promises grows by the minute.
const quiet = 20 * time.Second

// ZoneFresh is how long ago a hot cell may have been visited and still be up to
// date: every two hours at least (Koper 1995, and municipal practice).
const ZoneFresh = 2 * time.Hour

// Count is how many of a number are done; Expected how many the plan expects by
// now.
type Count struct {
	Done     int `json:"done"`
	Of       int `json:"of"`
	Expected int `json:"expected"`
}

// Meters are the figures above the list of units. Zones counts the cells with a
// planned stop in which a municipal unit was in the last two hours; Stops the
// planned stops made.
type Meters struct {
	Zones Count `json:"zones"`
	Stops Count `json:"stops"`
}

// Snapshot is everything the live page begins with.
type Snapshot struct {
	District fleet.District `json:"-"`
	At       time.Time      `json:"at"`
	Shift    fleet.Shift    `json:"-"`
	Start    time.Time      `json:"shift_start"`
	End      time.Time      `json:"shift_end"`
	Streets  string         `json:"streets"` // version; empty: none imported
	PlanID   string         `json:"plan_id,omitempty"`
	Units    []UnitView     `json:"units"`
	Bar      *Bar           `json:"bar"` // nil: no streets imported
	Meters   *Meters        `json:"meters"`
	Presence []int          `json:"presence"` // by segment of the graph
}

// Snapshot gives the district's state now.
func (w *Watch) Snapshot(ubigeo string) (Snapshot, error) {
	on := w.current(ubigeo)
	if on == nil {
		return Snapshot{}, fmt.Errorf("district %s is not followed: %w", ubigeo, fleet.ErrNotFound)
	}
	now := w.cfg.Now()
	out := Snapshot{District: on.d, At: now, Shift: on.shift, Start: on.shift.Start, End: on.shift.End, Streets: on.version, Units: []UnitView{}}
	if on.live != nil {
		on.whole(&out, now)
	}
	if on.plan != nil {
		out.PlanID = on.plan.ID
	}
	for _, s := range w.cfg.Tracker.Snapshot(ubigeo, now) {
		out.Units = append(out.Units, on.view(s, now))
	}
	return out, nil
}

// Graph gives the street graph that the district is followed on, with its
// version; nil if none is imported.
func (w *Watch) Graph(ubigeo string) (*routing.Graph, string) {
	if on := w.current(ubigeo); on != nil {
		return on.graph, on.version
	}
	return nil, ""
}

// Shift gives the district's current shift.
func (w *Watch) Shift(ubigeo string) (fleet.Shift, bool) {
	if on := w.current(ubigeo); on != nil {
		return on.shift, true
	}
	return fleet.Shift{}, false
}

// CoverageOf gives the detailed coverage of the current shift; nil if the
// district has no streets.
func (w *Watch) CoverageOf(ubigeo string) *coverage.Coverage {
	if on := w.current(ubigeo); on != nil && on.live != nil {
		return on.live.Coverage()
	}
	return nil
}

// whole fills a snapshot with coverage. What it says otherwise than what was
// told to everybody last is owed to its reader until the next event.
func (on *onShift) whole(out *Snapshot, now time.Time) {
	on.mu.Lock()
	defer on.mu.Unlock()
	s := on.live.Changed(on.seen, now)
	on.read(s)
	police := on.likely(now)
	b, m := on.bar(on.states, s.Totals.StreetKm, police, now), on.meters(now)
	out.Bar, out.Meters = &b, &m
	out.Presence = presences(on.states, police)
	for i, p := range out.Presence {
		if on.shown != nil && on.shown[i] != p {
			on.owed[i] = true
		}
	}
}

// read takes the states that changed. The caller holds on.mu.
func (on *onShift) read(d coverage.Delta) {
	for _, c := range d.Streets {
		on.states[c.Segment] = c.State
	}
}

// changes gives what the page has not been told yet.
func (on *onShift) changes(now time.Time) (CoverageEvent, bool) {
	on.mu.Lock()
	defer on.mu.Unlock()
	d := on.live.Changed(on.seen, now)
	if d.Version == on.seen && now.Sub(on.told) < quiet && on.shown != nil {
		return CoverageEvent{}, false
	}
	on.read(d)
	on.seen, on.told = d.Version, now
	police := on.likely(now)
	shown := presences(on.states, police)
	m := on.meters(now)
	e := CoverageEvent{Bar: on.bar(on.states, d.Totals.StreetKm, police, now), Meters: &m, Changes: []Change{}}
	for i, p := range shown {
		if on.shown == nil || on.shown[i] != p || on.owed[i] {
			e.Changes = append(e.Changes, Change{i, p})
		}
	}
	on.shown = shown
	clear(on.owed)
	return e, true
}

// missing is the length in metres of a round's streets that the serenazgo has
// not covered.
func (on *onShift) missing(r *roundState) float64 {
	on.mu.Lock()
	defer on.mu.Unlock()
	m := 0.0
	for _, id := range r.service {
		if int(id) < len(on.states) {
			switch on.states[id] {
			case coverage.ByMunicipal, coverage.ByIntegrated, coverage.Both:
				continue
			}
		}
		m += on.graph.Segments[id].Length
	}
	return m
}

// meters counts; the caller holds on.mu.
func (on *onShift) meters(now time.Time) Meters {
	var m Meters
	for _, r := range on.rounds {
		r.mu.Lock()
		for i := range r.stops {
			m.Stops.Of++
			if r.stops[i].done() {
				m.Stops.Done++
			}
			if !r.stops[i].leg.End.After(now) {
				m.Stops.Expected++
			}
		}
		r.mu.Unlock()
	}
	m.Zones.Of, m.Zones.Expected = len(on.zones), len(on.zones)
	if now.Sub(on.shift.Start) < ZoneFresh {
		m.Zones.Expected = on.zonesDue(now)
	}
	if d := now.Sub(on.zoned); d < 0 || d >= zonesEvery {
		on.zoned, on.done = now, on.zonesServed(now)
	}
	m.Zones.Done = on.done
	return m
}

// zonesEvery is how often zones are counted: a visit takes minutes.
const zonesEvery = 10 * time.Second

// zonesServed counts the zones in which units of the serenazgo were long enough,
// and lately.
func (on *onShift) zonesServed(now time.Time) int {
	if len(on.zones) == 0 {
		return 0
	}
	reports := map[hotspots.Cell]coverage.CellReport{}
	for _, r := range on.live.Snapshot(now).Cells {
		reports[r.Cell] = r
	}
	n := 0
	for _, c := range on.zones {
		r, ok := reports[c]
		if !ok { // none of its streets counts, though one is driven
			if d, err := on.live.Coverage().Cell(c, now); err == nil {
				r = d.CellReport
			}
		}
		if r.DwellS.Municipal+r.DwellS.Integrated >= on.rules.Enough.Seconds() && now.Sub(r.Last) <= ZoneFresh {
			n++
		}
	}
	return n
}

// zonesDue counts the zones with a planned stop that is over.
func (on *onShift) zonesDue(now time.Time) int {
	due := map[hotspots.Cell]bool{}
	for _, r := range on.rounds {
		r.mu.Lock()
		for i := range r.stops {
			if !r.stops[i].leg.End.After(now) {
				if c, err := hotspots.CellOf(r.stops[i].leg.Point, zoneRes); err == nil {
					due[c] = true
				}
			}
		}
		r.mu.Unlock()
	}
	return len(due)
}

// zoneRes is the H3 resolution of hot cells.
const zoneRes = 10

// readZones takes the cells that the plan stops in.
func (on *onShift) readZones() {
	seen := map[hotspots.Cell]bool{}
	for _, r := range on.rounds {
		for i := range r.stops {
			if c, err := hotspots.CellOf(r.stops[i].leg.Point, zoneRes); err == nil && !seen[c] {
				seen[c] = true
				on.zones = append(on.zones, c)
			}
		}
	}
	slices.Sort(on.zones)
}
