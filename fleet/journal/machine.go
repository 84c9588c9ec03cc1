package journal

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
)

// Machine works out one unit's day from its fixes. Step takes them in the order
// of their times; Day tells what they come to. The zero value is not ready.
type Machine struct {
	cfg    Config
	unit   string
	window Window

	sieves map[string]*fleet.Sieve // by device
	last   fleet.Fix               // the last fix taken, for the order
	any    bool
	heard  time.Time // of any fix
	place  fleet.Fix // the last one that counts
	placed bool

	motion motion
	fences []*presence // of cfg.Fences, then of the district
	speed  overspeed
	power  feed
	charge spell
	engine engine
	meters meters

	day    Day
	events []Event // that are over, or have no duration
}

// NewMachine makes a machine for a unit's day.
func NewMachine(unit string, w Window, cfg Config) *Machine {
	m := &Machine{cfg: cfg, unit: unit, window: w, sieves: map[string]*fleet.Sieve{}}
	m.day = Day{Unit: unit, Date: w.Date}
	for i := range cfg.Fences {
		m.fences = append(m.fences, &presence{area: newArea(cfg.Fences[i].Geometry), fence: &cfg.Fences[i]})
	}
	if len(cfg.District) > 0 {
		m.fences = append(m.fences, &presence{area: newArea(cfg.District)})
	}
	return m
}

// Compare is the order in which fixes are taken.
func Compare(a, b fleet.Fix) int {
	return cmp.Or(a.Time.Compare(b.Time), a.Received.Compare(b.Received), cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Device, b.Device))
}

// Last gives the fix taken last.
func (m *Machine) Last() (fleet.Fix, bool) { return m.last, m.any }

// Step takes the next fix and tells whether it was in order; one that is not
// changes nothing, and the day has to be computed anew. Fixes of other days are
// passed over.
func (m *Machine) Step(f fleet.Fix) bool {
	if m.any && Compare(f, m.last) <= 0 {
		return Compare(f, m.last) == 0
	}
	if f.Flags&(fleet.FlagFuture|fleet.FlagPast) != 0 || f.Time.Before(m.window.Start) || !f.Time.Before(m.window.End) {
		return true // of another day, or of no day at all
	}
	if !m.heard.IsZero() && f.Time.Sub(m.heard) > m.cfg.Silence {
		e := m.silence()
		e.End = f.Time
		m.over(e)
	}
	m.last, m.any, m.heard = f, true, f.Time
	s := m.sieves[f.Device]
	if s == nil {
		s = &fleet.Sieve{}
		m.sieves[f.Device] = s
	}
	f.Flags |= s.Judge(f)
	m.day.Fixes++
	if m.day.First.IsZero() {
		m.day.First = f.Time
	}
	m.day.Last = f.Time
	m.says(f)
	if !f.Clean() {
		m.day.Doubtful++
		return true
	}
	m.moves(f)
	return true
}

// silence is the event of nothing heard since the last fix. A unit that stood,
// or whose ignition was off, may have been parked and its device asleep; one
// that moved should have been heard.
func (m *Machine) silence() Event {
	place := ParkedSilence
	if m.placed && !m.motion.standing && !(m.engine.by != "" && !m.engine.on) {
		place = MovingSilence
	}
	return Event{Unit: m.unit, Kind: Silence, Place: place, Start: m.heard, Point: m.place.Point, Device: m.last.Device}
}

// says takes what a fix tells beside its place.
func (m *Machine) says(f fleet.Fix) {
	at := Event{Start: f.Time, Point: f.Point, Device: f.Device}
	if math.IsNaN(f.Point[0]) {
		at.Point = m.place.Point
	}
	if alarms[f.Event] {
		e := at
		e.Kind, e.Place = DeviceAlarm, f.Event
		m.over(e)
	}
	cut := at
	cut.Kind = PowerCut
	m.power.take(cut, f, m.over)
	m.battery(at, f)
	m.day.Engine += m.engine.take(f, m.cfg.Gap)
	m.meters.take(f)
}

// battery follows how full a device's battery is; many tell only that it is low.
// Such a spell ends when a good charge is told. Its value is the lowest charge
// told in it; without any it has none.
func (m *Machine) battery(at Event, f fleet.Fix) {
	b, spell := f.Battery, &m.charge
	switch {
	case b < m.cfg.LowBattery:
		at.Kind = LowBattery
		spell.begin(at)
		if spell.event.Value == nil || b < *spell.event.Value {
			spell.event.Value = figure(b)
		}
	case math.IsNaN(b) && f.Event == "low_battery":
		at.Kind = LowBattery
		spell.begin(at)
	case spell.on && b >= m.cfg.GoodBattery && f.Device == spell.event.Device:
		spell.end(f.Time, m.over)
	}
}

// moves takes a fix that counts.
func (m *Machine) moves(f fleet.Fix) {
	// Two devices in one vehicle are never in one place: the one that reports
	// is followed until it has been silent for a while.
	if m.placed && f.Device != m.place.Device && f.Time.Sub(m.place.Time) < m.cfg.Gap {
		return
	}
	first := !m.placed
	for _, p := range m.fences {
		if first {
			p.begin(m, f)
		} else {
			p.step(m, m.place, f)
		}
	}
	if first {
		m.motion.begin(f)
	} else {
		m.motion.step(m, m.place, f)
		m.speed.step(m, m.place, f)
	}
	m.place, m.placed = f, true
}

// over adds an event that will not change any more.
func (m *Machine) over(e Event) {
	e.Unit = m.unit
	m.events = append(m.events, e)
}

// Day tells what the fixes so far come to at a moment: it closes what is open
// without forgetting that it is.
func (m *Machine) Day(now time.Time) Day {
	d := m.day
	d.Trips, d.Stops, d.Visits = slices.Clone(m.day.Trips), slices.Clone(m.day.Stops), slices.Clone(m.day.Visits)
	d.Events, d.Device = slices.Clone(m.events), m.meters.told()
	m.motion.close(m, &d)
	for _, p := range m.fences {
		p.close(m, &d)
	}
	if m.power.on {
		d.Events = append(d.Events, m.open(m.power.event, now))
	}
	if m.charge.on {
		d.Events = append(d.Events, m.open(m.charge.event, now))
	}
	if m.speed.lasts(m.cfg.SpeedMin) {
		d.Events = append(d.Events, m.open(m.speed.event, now))
	}
	until := now
	if until.After(m.window.End) {
		until = m.window.End
	}
	if !m.heard.IsZero() && until.Sub(m.heard) > m.cfg.Silence {
		e := m.silence()
		if !now.Before(m.window.End) {
			e.End = m.window.End
		}
		d.Events = append(d.Events, e)
	}
	slices.SortStableFunc(d.Events, func(a, b Event) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Place, b.Place))
	})
	slices.SortStableFunc(d.Visits, func(a, b Visit) int { return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Fence, b.Fence)) })
	// Two of one kind that begin at one instant are one.
	d.Events = slices.CompactFunc(d.Events, func(a, b Event) bool {
		return a.Kind == b.Kind && a.Place == b.Place && a.Start.Equal(b.Start)
	})
	return d
}

// Derive computes a whole day from fixes in any order.
func Derive(unit string, w Window, cfg Config, fixes []fleet.Fix, now time.Time) Day {
	sorted := slices.Clone(fixes)
	slices.SortFunc(sorted, Compare)
	m := NewMachine(unit, w, cfg)
	for _, f := range sorted {
		m.Step(f)
	}
	return m.Day(now)
}

// speedOf is the speed at b: as reported, else from the way since a.
func speedOf(a, b fleet.Fix, gap time.Duration) float64 {
	if !math.IsNaN(b.Speed) {
		return b.Speed
	}
	dt := b.Time.Sub(a.Time)
	if dt <= 0 || dt > gap {
		return math.NaN()
	}
	return geo.Distance(a.Point, b.Point) / dt.Seconds()
}

// figure is the value of an event.
func figure(v float64) *float64 { return &v }
