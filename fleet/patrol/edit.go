package patrol

import (
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// EditOp is what a person does to a plan.
type EditOp string

// The operations. Streets are named by the ids of their segments, stops by the
// seq of their leg in the plan that the edit is applied to.
const (
	MoveStreet EditOp = "move_street" // Segments go to To, from whoever visits them
	DropStreet EditOp = "drop_street" // nobody visits Segments any more
	MoveStop   EditOp = "move_stop"   // Stop of Unit goes to To, at At or when it was
	RetimeStop EditOp = "retime_stop" // Stop of Unit is made at At, or before the stop Before
	AddStop    EditOp = "add_stop"    // Unit stops at Point for Minutes, at At or where it costs least
	DropStop   EditOp = "drop_stop"   // Stop of Unit is not made
	LockRound  EditOp = "lock"        // Segments, or Stop, or all that Unit has stays with it
	Unlock     EditOp = "unlock"
	Forbid     EditOp = "forbid" // Unit (empty: nobody) may not drive Segments; To, or who is nearest, visits them
	Permit     EditOp = "permit"
)

// Edit is one change that a person makes to a plan.
type Edit struct {
	Op       EditOp     `json:"op"`
	Unit     string     `json:"unit,omitempty"`
	To       string     `json:"to,omitempty"`
	Segments []string   `json:"segments,omitempty"`
	Stop     int        `json:"stop,omitempty"`
	Before   int        `json:"before,omitempty"`
	At       time.Time  `json:"at,omitzero"`
	Minutes  float64    `json:"minutes,omitempty"`
	Point    *orb.Point `json:"point,omitempty"`
	Name     string     `json:"name,omitempty"`
}

// Limits of an edit.
const (
	maxEditSegments = 500
	maxEdits        = 100
	maxStopMinutes  = 240
	// snapMetres is how far from a street a stop added by hand may be put.
	snapMetres = 150
	// lateStop is how late a stop that was promised for a time may be.
	lateStop = 5 * time.Minute
)

// Mistakes in an edit; all wrap fleet.ErrInvalid.
var (
	ErrUnknownUnit   = fmt.Errorf("%w: the plan has no round of this unit", fleet.ErrInvalid)
	ErrUnknownStreet = fmt.Errorf("%w: no such street on the map", fleet.ErrInvalid)
	ErrUnknownStop   = fmt.Errorf("%w: the round has no such stop", fleet.ErrInvalid)
	ErrLocked        = fmt.Errorf("%w: it is locked to its round", fleet.ErrInvalid)
	ErrNoWay         = fmt.Errorf("%w: the unit cannot get there and back", fleet.ErrInvalid)
	ErrEdit          = fmt.Errorf("%w: the edit cannot be understood", fleet.ErrInvalid)
)

// NoteCode says what else came of a change.
type NoteCode string

// The notes.
const (
	// StillPasses: the unit has no street to visit there any more, but there
	// is no sensible way round.
	StillPasses NoteCode = "still_passes"
	// Uncovered: nobody visits these streets any more.
	Uncovered NoteCode = "uncovered"
	// StopLost: nobody makes this stop any more.
	StopLost NoteCode = "stop_lost"
	// FillCut: the unit roams less, so that the new work fits its shift.
	FillCut NoteCode = "fill_cut"
	// TakenBy: the unit took streets over.
	TakenBy NoteCode = "taken_by"
	// StopTaken: the unit took a stop over.
	StopTaken NoteCode = "stop_taken"
	// Rerouted: the unit goes round a street that was closed to it.
	Rerouted NoteCode = "rerouted"
)

// Note is one thing that came of a change beside what was asked for.
type Note struct {
	Code     NoteCode  `json:"code"`
	Unit     string    `json:"unit,omitempty"`
	From     string    `json:"from,omitempty"`     // who had it before
	Segments []string  `json:"segments,omitempty"` // streets concerned
	Name     string    `json:"name,omitempty"`     // of a stop's place, or of the first street
	Metres   float64   `json:"metres,omitempty"`
	Minutes  float64   `json:"minutes,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Change is what an edit or a replanning makes of a plan.
type Change struct {
	Plan       Plan        `json:"-"`
	Units      []string    `json:"units"` // whose rounds are not what they were
	Violations []Violation `json:"violations"`
	Notes      []Note      `json:"notes"`
	Before     Standing    `json:"before"`
	After      Standing    `json:"after"`
}

// check tells what is wrong with an edit by itself.
func (e Edit) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: %s: %s", ErrEdit, e.Op, fmt.Sprintf(format, args...))
	}
	if len(e.Segments) > maxEditSegments {
		return bad("%d segments, at most %d", len(e.Segments), maxEditSegments)
	}
	streets, stop, unit, to := len(e.Segments) > 0, e.Stop != 0, e.Unit != "", e.To != ""
	switch e.Op {
	case MoveStreet:
		if !streets || !to {
			return bad("give the segments and the unit that they go to")
		}
	case DropStreet, Forbid, Permit:
		if !streets {
			return bad("give the segments")
		}
	case MoveStop:
		if !stop || !unit || !to {
			return bad("give the unit, the seq of the stop and the unit that it goes to")
		}
	case RetimeStop:
		if !stop || !unit || e.At.IsZero() == (e.Before == 0) {
			return bad("give the unit, the seq of the stop, and either the time or the seq of the stop to come before")
		}
	case DropStop:
		if !stop || !unit {
			return bad("give the unit and the seq of the stop")
		}
	case AddStop:
		if !unit || e.Point == nil {
			return bad("give the unit and the place")
		}
		if err := checkPoint(*e.Point); err != nil {
			return bad("the place: %v", err)
		}
		if !(e.Minutes > 0) || e.Minutes > maxStopMinutes {
			return bad("a stop of %g minutes: give a time above 0 and up to %d", e.Minutes, maxStopMinutes)
		}
	case LockRound, Unlock:
		if !unit {
			return bad("give the unit")
		}
	default:
		return fmt.Errorf("%w: %q is no operation", ErrEdit, e.Op)
	}
	return nil
}

// Edit applies edits to a plan, one after the other, each to what the one
// before made. It touches the rounds it must touch: ways are joined again
// where something was taken out or put in, later legs of the round move in
// time, and the unit roams less where the new work needs the time. What breaks
// a rule is listed, not refused; only what cannot be done at all is an error.
func (d *Desk) Edit(p Plan, edits []Edit) (Change, error) {
	if len(edits) == 0 || len(edits) > maxEdits {
		return Change{}, fmt.Errorf("%w: %d edits: give 1 to %d", ErrEdit, len(edits), maxEdits)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.open(p)
	if err != nil {
		return Change{}, err
	}
	before := d.standing(t)
	for i, e := range edits {
		if err := e.check(); err != nil {
			return Change{}, err
		}
		if err := t.apply(e); err != nil {
			if len(edits) > 1 {
				err = fmt.Errorf("edit %d: %w", i+1, err)
			}
			return Change{}, err
		}
	}
	t.plan.Edits, t.plan.Events = edits, nil
	return t.change(p, before), nil
}

// apply does one edit.
func (t *table) apply(e Edit) error {
	switch e.Op {
	case MoveStreet:
		return t.moveStreets(e)
	case DropStreet:
		return t.dropStreets(e)
	case MoveStop, RetimeStop, DropStop:
		return t.editStop(e)
	case AddStop:
		return t.addStop(e)
	case LockRound, Unlock, Forbid, Permit:
		return t.rule(e)
	}
	return errors.ErrUnsupported
}
