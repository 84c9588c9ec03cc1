package journal

import (
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
)

// motion parts a day into trips and stops. A unit stands while it stays within
// StopRadius of an anchor for StopMin; what it does until that is known is kept
// apart (pending), and belongs to the stop if it becomes one, else to the trip. A
// receiver errs: a standing unit has left with the second fix in a row beyond the
// radius, or with one beyond twice the radius.
type motion struct {
	anchor    fleet.Fix
	near      fleet.Fix // the last fix near the anchor
	standing  bool      // the anchor is a stop
	pending   tally     // since the anchor
	doubt     tally     // of one fix beyond the radius of a stop, before the next one tells
	doubtful  fleet.Fix // that fix
	doubting  bool
	trip      tally // since the last stop
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
	off := geo.Distance(mo.anchor.Point, f.Point)
	switch {
	case mo.doubting && off > m.cfg.StopRadius: // it had left
		was := mo.doubt
		mo.doubt, mo.doubting = tally{}, false
		mo.leave(m, mo.doubtful, was)
		off = geo.Distance(mo.anchor.Point, f.Point)
	case mo.standing && off > m.cfg.StopRadius && off <= 2*m.cfg.StopRadius:
		mo.doubt, mo.doubtful, mo.doubting = part, f, true
		return
	}
	if off > m.cfg.StopRadius {
		mo.leave(m, f, part)
		return
	}
	mo.settle()
	mo.pending.add(part)
	mo.near = f
	if !mo.standing && f.Time.Sub(mo.anchor.Time) >= m.cfg.StopMin {
		mo.endTrip(m, &m.day)
		mo.standing = true
	}
}

// leave goes on from a fix that is no more near the anchor: what is pending
// belongs to the stop, or to the trip.
func (mo *motion) leave(m *Machine, f fleet.Fix, part tally) {
	if mo.standing {
		mo.endStop(&m.day)
		mo.standing, mo.trip, mo.tripStart = false, tally{}, mo.near
	} else {
		mo.trip.add(mo.pending)
	}
	mo.trip.add(part)
	mo.anchor, mo.near, mo.pending = f, f, tally{}
}

// settle takes what was in doubt for a part of the stop.
func (mo *motion) settle() {
	if mo.doubting {
		mo.pending.add(mo.doubt)
		mo.doubt, mo.doubting = tally{}, false
	}
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
		mo.settle()
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
		if o.event.Value == nil || v > *o.event.Value {
			o.event.Value = figure(v)
		}
		o.until = f.Time
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
