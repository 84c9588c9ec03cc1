package routing

import (
	"time"

	"github.com/paulmach/orb"
)

// CorrectionKind says what a local correction changes.
type CorrectionKind string

// The kinds of local correction.
const (
	CorrectName      CorrectionKind = "name"      // the street's name is Name
	CorrectClosed    CorrectionKind = "closed"    // closed for Modes, between dates and in the hours given
	CorrectGate      CorrectionKind = "gate"      // a gate (reja): passable only in the hours given; always closed without them
	CorrectForbidden CorrectionKind = "forbidden" // never to be used by Modes
	CorrectStreet    CorrectionKind = "street"    // a street that the map lacks: Line
)

// Correction is what a municipality knows better than the map. It is kept
// apart from the extract and applied anew after every import: by Segment, or,
// where the map no longer has that id, by the segment that Line follows.
type Correction struct {
	ID      string         `json:"id"`
	Kind    CorrectionKind `json:"kind"`
	Segment string         `json:"segment,omitempty"` // Segment.ID at the time of writing
	Line    orb.LineString `json:"line,omitempty"`    // the street drawn, or the segment's line when the correction was made
	Name    string         `json:"name,omitempty"`
	Modes   []Mode         `json:"modes,omitempty"` // empty: all
	OneWay  bool           `json:"one_way,omitempty"`
	// From and Until bound a closure; zero: open-ended. Hours, local "HH:MM",
	// may cross midnight; empty: all day.
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	HourFrom  string    `json:"hour_from,omitempty"`
	HourUntil string    `json:"hour_until,omitempty"`
	Note      string    `json:"note,omitempty"`
	CreatedBy string    `json:"created_by,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
}
