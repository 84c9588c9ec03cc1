package review

import (
	"errors"
	"fmt"
	"time"
)

// ErrTerms says that the terms of a review cannot be used.
var ErrTerms = errors.New("unusable terms of the review")

// Terms are a profile's values for what counts as presence, as late and as
// answered. They are practice or our defaults, not law.
type Terms struct {
	SlotMinutes    float64 `json:"slot_minutes"`     // parts of the clock in which both forces count as there at once
	PresentMinutes float64 `json:"present_minutes"`  // in the mean shift that make a force present in a cell
	ExpectedSlots  float64 `json:"expected_slots"`   // the same of a plan: parts of the clock that it lets expect
	StreetShifts   float64 `json:"street_shifts"`    // part of the shifts (0..1] in which a force covers a street that is its own on the map
	LateS          float64 `json:"late_fix_s"`       // a position received later than this is late
	ArrivalM       float64 `json:"arrival_m"`        // so near to an occurrence a unit has arrived
	ArrivalMinutes float64 `json:"arrival_max_min"`  // who comes later does not answer it
	KnownMinutes   float64 `json:"known_within_min"` // an occurrence registered later than this is a complaint and not a call
}

// DefaultTerms are those of the default profile.
func DefaultTerms() Terms {
	return Terms{SlotMinutes: 30, PresentMinutes: 1, ExpectedSlots: 0.5, StreetShifts: 0.3, LateS: 300, ArrivalM: 100, ArrivalMinutes: 60, KnownMinutes: 60}
}

// OrDefault gives the terms, or the default ones for a review that was kept
// before it named any.
func (t Terms) OrDefault() Terms {
	if t == (Terms{}) {
		return DefaultTerms()
	}
	return t
}

// maxArrival bounds how long an occurrence is followed: fixes that come late
// have it looked at again within a day.
const maxArrival = 24 * 60

// Check tells what is wrong with the terms.
func (t Terms) Check() error {
	for _, v := range []struct {
		key    string
		v      float64
		lo, hi float64
	}{
		{"slot_minutes", t.SlotMinutes, 1, 240}, {"present_minutes", t.PresentMinutes, 0, 480}, {"expected_slots", t.ExpectedSlots, 0, 48},
		{"street_shifts", t.StreetShifts, 0.001, 1}, {"late_fix_s", t.LateS, 1, 86400},
		{"arrival_m", t.ArrivalM, 10, 2000}, {"arrival_max_min", t.ArrivalMinutes, 1, maxArrival}, {"known_within_min", t.KnownMinutes, 1, maxArrival},
	} {
		if !(v.v >= v.lo && v.v <= v.hi) {
			return fmt.Errorf("%w: %s is %v: give %v to %v", ErrTerms, v.key, v.v, v.lo, v.hi)
		}
	}
	if s := t.SlotMinutes * 60; s != float64(int64(s)) {
		return fmt.Errorf("%w: slot_minutes is %v: give whole seconds", ErrTerms, t.SlotMinutes)
	}
	return nil
}

// SlotSeconds is the length of the parts of the clock.
func (t Terms) SlotSeconds() int64 { return int64(t.SlotMinutes * 60) }

// Late is how long after its time a position may be received and not be late.
func (t Terms) Late() time.Duration { return time.Duration(t.LateS * float64(time.Second)) }

// Arrival is how long an occurrence may wait for a unit.
func (t Terms) Arrival() time.Duration { return time.Duration(t.ArrivalMinutes * float64(time.Minute)) }
