package journal

import (
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
)

// motion parts a day into trips and stops. A unit stands while it stays within
// StopRadius of an anchor for StopMin; what it does until that is known is kept
// apart (pending), and belongs to the stop if it becomes one, else to the trip.
type motion struct {
	anchor    fleet.Fix
	near      fleet.Fix // the last fix near the anchor
	standing  bool      // the anchor is a stop
	pending   tally     // since the anchor
	trip      tally     // since the last stop
	tripStart fleet.Fix
	ignition  bool
}

// tally is what is added up over a stretch of the day.
type tally struct {
	metres, estimated, seconds, unheard, maxSpeed float64
	ignited                                       float64 // of seconds, with the ignition on
}

func (t *tally) add(o tally) {
	t.metres += o.metres
	t.estimated += o.estimated
	t.seconds += o.seconds
	t.unheard += o.unheard
	t.ignited += o.ignited
	t.maxSpeed = max(t.maxSpeed, o.maxSpeed)
}

// begin takes the first fix of the day.
func (mo *motion) begin(f fleet.Fix) {
	mo.anchor, mo.near, mo.tripStart = f, f, f
	mo.ignition = f.Ignition != nil && *f.Ignition
}

// step takes the way from the fix before to the next one.
func (mo *motion) step(m *Machine, prev, f fleet.Fix) {
	dt := f.Time.Sub(prev.Time)
	part := tally{metres: geo.Distance(prev.Point, f.Point)}
	if dt > m.cfg.Gap {
		part.estimated, part.unheard = part.metres, dt.Seconds()
	} else {
		part.seconds = dt.Seconds()
		if mo.ignition {
			part.ignited = dt.Seconds()
		}
	}
	if v := speedOf(prev, f, m.cfg.Gap); v > 0 {
		part.maxSpeed = v
	}
	if f.Ignition != nil {
		mo.ignition = *f.Ignition
	}
	if geo.Distance(mo.anchor.Point, f.Point) <= m.cfg.StopRadius {
		mo.pending.add(part)
		mo.near = f
		if !mo.standing && f.Time.Sub(mo.anchor.Time) >= m.cfg.StopMin {
			mo.endTrip(m, &m.day)
			mo.standing = true
		}
		return
	}
	// It has left: what is pending belongs to the stop, or to the trip.
	if mo.standing {
		mo.endStop(&m.day)
		mo.standing, mo.trip, mo.tripStart = false, tally{}, mo.near
	} else {
		mo.trip.add(mo.pending)
	}
	mo.trip.add(part)
	mo.anchor, mo.near, mo.pending = f, f, tally{}
}

// endTrip adds the trip that ends at the anchor.
func (mo *motion) endTrip(m *Machine, d *Day) {
	t := mo.trip
	d.Metres += t.metres
	d.Estimated += t.estimated
	d.Moving += t.seconds
	d.Unheard += t.unheard
	d.MaxSpeed = max(d.MaxSpeed, t.maxSpeed)
	if t.metres >= m.cfg.TripMin {
		d.Trips = append(d.Trips, Trip{Start: mo.tripStart.Time, End: mo.anchor.Time, From: mo.tripStart.Point, To: mo.anchor.Point, Metres: t.metres, MaxSpeed: t.maxSpeed})
	}
}

// endStop adds the stop at the anchor.
func (mo *motion) endStop(d *Day) {
	d.Stops = append(d.Stops, Stop{Start: mo.anchor.Time, End: mo.near.Time, Point: mo.anchor.Point, Idle: mo.pending.ignited})
	d.Idle += mo.pending.ignited
	d.Stopped += mo.pending.seconds - mo.pending.ignited
	d.Unheard += mo.pending.unheard
}

// close adds what is open to a day's answer.
func (mo motion) close(m *Machine, d *Day) {
	if mo.anchor.Time.IsZero() {
		return
	}
	if mo.standing {
		mo.endStop(d)
		return
	}
	mo.trip.add(mo.pending)
	mo.anchor = mo.near
	mo.endTrip(m, d)
}

// engine adds up the time with the ignition on.
type engine struct {
	since time.Time // of the last word on the ignition
	on    bool
	by    string // device
}

// take gives the seconds that a fix adds.
func (e *engine) take(f fleet.Fix, gap time.Duration) (s float64) {
	if f.Ignition == nil || e.by != "" && f.Device != e.by && f.Time.Sub(e.since) < gap {
		return 0
	}
	if dt := f.Time.Sub(e.since); e.on && f.Device == e.by && dt > 0 && dt <= gap {
		s = dt.Seconds()
	}
	e.since, e.on, e.by = f.Time, *f.Ignition, f.Device
	return s
}

// overspeed follows a unit that is too fast.
type overspeed struct {
	event Event
	on    bool
	until time.Time // of the last fix too fast
}

func (o *overspeed) step(m *Machine, prev, f fleet.Fix) {
	v := speedOf(prev, f, time.Minute)
	if gap := f.Time.Sub(prev.Time) > m.cfg.Gap; v > m.cfg.SpeedLimit && !(o.on && gap) {
		if !o.on {
			o.on, o.event = true, Event{Kind: Overspeed, Start: f.Time, Point: f.Point, Device: f.Device}
		}
		o.event.Value, o.until = max(o.event.Value, v), f.Time
		return
	}
	if o.on && o.lasts(m.cfg.SpeedMin) {
		e := o.event
		e.End = o.until
		m.over(e)
	}
	o.on = false
}

// lasts tells whether it has been too fast for long enough.
func (o *overspeed) lasts(least time.Duration) bool {
	return o.on && o.until.Sub(o.event.Start) >= least
}

// spell is a state that a device reports, from its first word to its last.
type spell struct {
	on    bool
	event Event
}

func (s *spell) begin(e Event) {
	if !s.on {
		s.on, s.event = true, e
	}
}

func (s *spell) end(at time.Time, over func(Event)) {
	e := s.event
	e.End, s.on = at, false
	over(e)
}

// presence follows a unit in and out of an area.
type presence struct {
	area   area
	fence  *Fence // nil: the district itself, watched from outside
	inside bool
	since  time.Time
	point  orb.Point
	came   bool // it was seen to come
	by     string
}

// begin takes the first place of the day. Where the unit was before it tells
// nothing of when it came.
func (p *presence) begin(_ *Machine, f fleet.Fix) {
	p.inside = p.area.contains(f.Point)
	p.since, p.point, p.came, p.by = f.Time, f.Point, false, f.Device
}

// edge is a place and time at which a unit goes over the edge of an area.
type edge struct {
	when  time.Time
	where orb.Point
}

// step takes the way between two fixes. Over a gap nobody knows the way: what
// changed, changed at its end. Over the edge and back within a millisecond, the
// finest that is kept, is no visit.
func (p *presence) step(m *Machine, prev, f fleet.Fix) {
	var edges []edge
	over := func(e edge) {
		if n := len(edges); n > 0 && edges[n-1].when.Equal(e.when) {
			edges = edges[:n-1]
			return
		}
		edges = append(edges, e)
	}
	inside := p.inside
	if f.Time.Sub(prev.Time) <= m.cfg.Gap {
		for _, t := range p.area.crossings(prev.Point, f.Point, p.inside) {
			d := time.Duration(t * float64(f.Time.Sub(prev.Time))).Truncate(time.Millisecond)
			over(edge{prev.Time.Add(d), orb.Point{prev.Point[0] + (f.Point[0]-prev.Point[0])*t, prev.Point[1] + (f.Point[1]-prev.Point[1])*t}})
			inside = !inside
		}
	}
	if p.area.contains(f.Point) != inside {
		over(edge{f.Time, f.Point})
	}
	for _, e := range edges {
		p.turn(m, e.when, e.where, f.Device)
	}
}

// turn takes the unit over the edge.
func (p *presence) turn(m *Machine, when time.Time, where orb.Point, device string) {
	if p.fence == nil {
		if !p.inside && when.Sub(p.since) >= m.cfg.OutsideMin { // it comes back
			m.over(p.away(when))
		}
	} else if p.inside {
		v := p.visit(when)
		v.Ended = true
		m.day.Visits = append(m.day.Visits, v)
		m.over(Event{Kind: FenceExit, Place: p.fence.ID, Start: when, Point: where, Value: when.Sub(p.since).Seconds(), Device: device})
	} else {
		m.over(Event{Kind: FenceEnter, Place: p.fence.ID, Start: when, Point: where, Device: device})
	}
	p.inside, p.since, p.point, p.came, p.by = !p.inside, when, where, true, device
}

func (p *presence) visit(until time.Time) Visit {
	return Visit{Fence: p.fence.ID, Start: p.since, End: until, Began: p.came}
}

func (p *presence) away(until time.Time) Event {
	return Event{Kind: OutsideDistrict, Start: p.since, End: until, Point: p.point, Device: p.by}
}

// close adds a stay that goes on to a day's answer.
func (p *presence) close(m *Machine, d *Day) {
	switch {
	case p.since.IsZero():
	case p.fence != nil && p.inside:
		d.Visits = append(d.Visits, p.visit(m.place.Time))
	case p.fence == nil && !p.inside && m.place.Time.Sub(p.since) >= m.cfg.OutsideMin:
		e := p.away(time.Time{})
		e.Unit = m.unit
		d.Events = append(d.Events, e)
	}
}
