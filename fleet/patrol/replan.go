package patrol

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// EventKind says what happened in the middle of a shift.
type EventKind string

// The events.
const (
	UnitLost     EventKind = "unit_lost"     // it broke down, or was called off
	UnitAdded    EventKind = "unit_added"    // another one comes to help, from its base
	StreetClosed EventKind = "street_closed" // Segments cannot be driven any more
	AlertTakes   EventKind = "alert"         // Unit goes to Point and stays until Until
)

// Event is one thing that happened in the middle of a shift.
type Event struct {
	Kind     EventKind  `json:"kind"`
	At       time.Time  `json:"at,omitzero"` // when it was planned anew; set by Replan
	Unit     string     `json:"unit,omitempty"`
	Segments []string   `json:"segments,omitempty"`
	Point    *orb.Point `json:"point,omitempty"` // of an alert; nil: where the unit is
	Until    time.Time  `json:"until,omitzero"`  // of an alert; zero: an hour
}

// Replanning.
const (
	// HoldMinutes is how much of what comes next a crew is not disturbed in.
	holdTime = 5 * time.Minute
	// alertTime is how long an alert takes a unit when nobody knows better.
	alertTime = time.Hour
	maxEvents = 20
)

// ErrTime marks a replanning that is not in the middle of the shift.
var ErrTime = fmt.Errorf("%w: the shift is not on then", fleet.ErrInvalid)

// Situation is what a plan is made anew from in the middle of its shift.
type Situation struct {
	Now    time.Time
	Events []Event
	// Hold is how much of what comes next stays as it is; 0: five minutes.
	Hold time.Duration
	// Visited tells for each segment of the graph whether it has been visited
	// in this shift; nil: what should have been driven by now was. Streets that
	// should have been and were not are planned again.
	Visited []bool
	// Added are the units that come to help, by id.
	Added map[string]fleet.Unit
}

// check tells what is wrong with an event by itself.
func (e Event) check() error {
	bad := func(text string) error { return fmt.Errorf("%w: %s: %s", ErrEdit, e.Kind, text) }
	switch e.Kind {
	case UnitLost, UnitAdded:
		if e.Unit == "" {
			return bad("give the unit")
		}
	case StreetClosed:
		if len(e.Segments) == 0 || len(e.Segments) > maxEditSegments {
			return bad(fmt.Sprintf("give 1 to %d segments", maxEditSegments))
		}
	case AlertTakes:
		if e.Unit == "" {
			return bad("give the unit")
		}
		if e.Point != nil {
			if err := checkPoint(*e.Point); err != nil {
				return bad(fmt.Sprintf("the place: %v", err))
			}
		}
	default:
		return fmt.Errorf("%w: %q is no event", ErrEdit, e.Kind)
	}
	return nil
}

// Replan makes a plan anew in the middle of its shift. What was driven stays
// as it is, and so do the next minutes of the units that the events leave
// alone. Only the work that the events free moves: it is put into a few rounds
// that pass near it, street by street where leaving it out any longer would
// cost most (regret), and then moved among them while that is shorter. Those
// units roam less in return; what fits nowhere is told of.
func (d *Desk) Replan(p Plan, s Situation) (Change, error) {
	if len(s.Events) == 0 || len(s.Events) > maxEvents {
		return Change{}, fmt.Errorf("%w: %d events: give 1 to %d", ErrEdit, len(s.Events), maxEvents)
	}
	if w := d.window(); s.Now.Before(w.Start) || !s.Now.Before(w.End) {
		return Change{}, fmt.Errorf("%w: %s", ErrTime, s.Now.Format(time.RFC3339))
	}
	if s.Visited != nil && len(s.Visited) != len(d.g.Segments) {
		return Change{}, fmt.Errorf("%w: visits of %d segments for %d", ErrEdit, len(s.Visited), len(d.g.Segments))
	}
	if s.Hold <= 0 {
		s.Hold = holdTime
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.open(p)
	if err != nil {
		return Change{}, err
	}
	before := d.standing(t)
	r := &replan{table: t, s: s}
	for _, c := range t.courses {
		r.freeze(c, s.Now.Add(s.Hold))
	}
	events := make([]Event, len(s.Events))
	for i, e := range s.Events {
		if err := e.check(); err != nil {
			return Change{}, err
		}
		e.At = s.Now
		events[i] = e
		if err := r.happen(e); err != nil {
			return Change{}, err
		}
	}
	r.missed()
	r.reinsert()
	t.plan.Edits, t.plan.Events = nil, events
	return t.change(p, before), nil
}
