// Package patrol is the plan of rounds of a shift (plan de ronda): one round a
// unit, made of legs, with versions and approval; and the police presence that
// it complements.
package patrol

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// State of a plan: draft → approved → published → superseded.
type State string

// The states of a plan.
const (
	Draft      State = "draft"
	Approved   State = "approved"
	Published  State = "published"
	Superseded State = "superseded"
)

// LegKind says what a unit does on a leg.
type LegKind string

// Kinds of leg. Service is the first visit of a street by anyone in the plan,
// Repeat a further one that was wanted or could not be avoided on a street of
// the district, Deadhead a transfer, Fill the rest of the shift.
const (
	Service  LegKind = "service"
	Repeat   LegKind = "repeat"
	Deadhead LegKind = "deadhead"
	Fill     LegKind = "fill"
	Stop     LegKind = "stop"
	Break    LegKind = "break"
)

// Leg is one segment traversal, stop or break.
type Leg struct {
	Seq     int            `json:"seq"`
	Kind    LegKind        `json:"kind"`
	Start   time.Time      `json:"start"`
	End     time.Time      `json:"end"`
	Segment string         `json:"segment,omitempty"` // routing.Segment.ID
	WayIDs  []int64        `json:"way_ids,omitempty"`
	Name    string         `json:"name"` // of the street, or of the stop's place
	Reason  string         `json:"reason,omitempty"`
	Due     time.Time      `json:"due,omitzero"` // a stop that was promised for this time
	Line    orb.LineString `json:"-"`            // as driven; nil for stops and breaks
	Point   orb.Point      `json:"-"`            // of a stop or break
}

// atPost tells whether the leg is at a fixed post.
func (l Leg) atPost() bool { return strings.HasPrefix(l.Reason, postReason) }

// Round is what one unit does in a shift, in driving order; each leg starts
// where the last one ended.
type Round struct {
	Number   int          `json:"number"` // 1.. in the plan
	Unit     string       `json:"unit"`
	CallSign string       `json:"call_sign"`
	Mode     routing.Mode `json:"mode"`
	Base     orb.Point    `json:"base"`
	Legs     []Leg        `json:"legs"`
	Metres   float64      `json:"metres"` // driven
	// Ended is when the unit fell out in the middle of the shift; zero: it
	// did not.
	Ended time.Time `json:"ended,omitzero"`
}

// Plan is the plan de ronda of a shift.
type Plan struct {
	Ubigeo     string          `json:"-"`
	ID         string          `json:"id"`
	Shift      fleet.ShiftID   `json:"shift"`
	Version    int             `json:"version"` // 1.. within the shift; the store gives it
	State      State           `json:"state"`
	Seed       int64           `json:"seed"`
	Streets    string          `json:"streets"` // version of the street graph
	CreatedAt  time.Time       `json:"created_at"`
	CreatedBy  string          `json:"created_by"`
	ApprovedAt time.Time       `json:"approved_at,omitzero"`
	ApprovedBy string          `json:"approved_by,omitempty"`
	Figures    json.RawMessage `json:"figures"` // the keys of `bench rounds`
	Simulated  bool            `json:"simulated"`
	Rounds     []Round         `json:"rounds"`

	// Parent is the version that this one was made from, by hand (Edits) or
	// in the middle of the shift (Events); empty: it was planned afresh.
	Parent string  `json:"parent,omitempty"`
	Edits  []Edit  `json:"edits,omitempty"`
	Events []Event `json:"events,omitempty"`
	Notes  []Note  `json:"notes,omitempty"` // what else came of them
	Rules  Rules   `json:"rules,omitzero"`

	// HandedOut says that it is published, or was before another version took
	// its place; the store knows. A draft that was replaced never was.
	HandedOut bool `json:"-"`
}
