package compliance

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// Status is what became of a leg or stop.
type Status string

// What can become of a leg or stop.
const (
	Done    Status = "done"
	Late    Status = "late"
	Skipped Status = "skipped"
	Pending Status = "pending"
)

// Reason says why a leg or stop was skipped.
type Reason string

// Reasons, the first that holds.
const (
	Alert    Reason = "alert"     // the plan says that an alert took the unit then
	UnitLost Reason = "unit_lost" // it had fallen out
	NoSignal Reason = "no_signal" // it was not heard about then: it may have been there
	TooFast  Reason = "too_fast"  // it drove by in transit
	InPart   Reason = "in_part"   // too little of the street, or too short a stop
	ByOther  Reason = "by_other"  // another unit drove the street in this shift
	NotDone  Reason = "not_done"  // nothing explains it
)

// Leg is a planned leg that patrols, and what became of it.
type Leg struct {
	Seq     int            `json:"seq"`
	Kind    patrol.LegKind `json:"kind"`
	Name    string         `json:"name"`
	Segment string         `json:"segment"`
	Km      float64        `json:"km"`
	Start   time.Time      `json:"start"` // planned
	Status  Status         `json:"status"`
	Reason  Reason         `json:"reason,omitempty"`
	By      string         `json:"by,omitempty"` // ByOther: the unit
	// Driven is when the drive began, DelayMin its minutes after Start.
	Driven   time.Time `json:"driven,omitzero"`
	DelayMin float64   `json:"delay_min,omitempty"`
}

// Stop is a planned stop, or one that no plan asked for (Seq 0).
type Stop struct {
	Seq     int       `json:"seq"`
	Name    string    `json:"name"`
	Start   time.Time `json:"start,omitzero"` // planned
	Planned float64   `json:"planned_min"`
	Status  Status    `json:"status"`
	Reason  Reason    `json:"reason,omitempty"`
	Arrived time.Time `json:"arrived,omitzero"`
	Left    time.Time `json:"left,omitzero"`
	Minutes float64   `json:"minutes"` // stood
}

// Drive is one that no leg asked for.
type Drive struct {
	Segment string    `json:"segment"`
	Name    string    `json:"name"`
	Km      float64   `json:"km"`
	Start   time.Time `json:"start"`
}

// Tally sums up legs by what became of them, in km.
type Tally struct {
	Planned float64 `json:"planned_km"`
	Done    float64 `json:"done_km"`
	Late    float64 `json:"late_km"`
	Skipped float64 `json:"skipped_km"`
	Pending float64 `json:"pending_km"`
	Extra   float64 `json:"extra_km"`
}

func (t *Tally) add(o Tally) {
	t.Planned += o.Planned
	t.Done += o.Done
	t.Late += o.Late
	t.Skipped += o.Skipped
	t.Pending += o.Pending
	t.Extra += o.Extra
}

// Missing is what a unit, or all of them, still have to do of the plan.
type Missing struct {
	Km      float64 `json:"km"`      // of first visits that nobody has made
	Minutes float64 `json:"minutes"` // at planned stops, which are in the priority areas
	Stops   int     `json:"stops"`
	Cells   int     `json:"cells"` // hot cells with a planned stop of which none was made
}

func (m *Missing) add(o Missing) {
	m.Km += o.Km
	m.Minutes += o.Minutes
	m.Stops += o.Stops
	m.Cells += o.Cells
}

// Unit is one round.
type Unit struct {
	Unit     string  `json:"unit"`
	CallSign string  `json:"call_sign"`
	Round    int     `json:"round"`
	Complied bool    `json:"complied"`
	Tally    Tally   `json:"tally"`
	FirstKm  float64 `json:"first_km"` // planned first visits
	// StopsPlanned, StopsDone and the minutes are of planned stops; minutes stood
	// beyond what was planned do not count.
	StopsPlanned   int     `json:"stops_planned"`
	StopsDone      int     `json:"stops_done"`
	MinutesPlanned float64 `json:"minutes_planned"`
	MinutesDone    float64 `json:"minutes_done"`
	SilentMin      float64 `json:"silent_min"` // not heard while on duty
	Missing        Missing `json:"missing"`
	Legs           []Leg   `json:"legs"` // in the plan's order
	Stops          []Stop  `json:"stops"`
	Extra          []Drive `json:"extra"`
}

// Report is the compliance of a shift with its plan.
type Report struct {
	Shift   fleet.ShiftID `json:"shift"`
	Plan    string        `json:"plan"`
	Version int           `json:"version"`
	At      time.Time     `json:"at"`
	Final   bool          `json:"final"`   // the shift is over
	Profile string        `json:"profile"` // whose thresholds
	// StopRadiusM is how far from its place a stop may be stood; 0: a report that was
	// kept before it said so.
	StopRadiusM float64 `json:"stop_radius_m,omitempty"`
	Complied    int     `json:"complied"`
	Tally       Tally   `json:"tally"`
	Missing     Missing `json:"missing"`
	Units       []Unit  `json:"units"`
}

// Brief leaves out the legs that were done in time and those still to come; the
// tallies count them.
func (r Report) Brief() Report {
	units := make([]Unit, len(r.Units))
	for i, u := range r.Units {
		var legs []Leg
		for _, l := range u.Legs {
			if l.Status == Late || l.Status == Skipped {
				legs = append(legs, l)
			}
		}
		u.Legs = append([]Leg{}, legs...)
		units[i] = u
	}
	r.Units = units
	return r
}
