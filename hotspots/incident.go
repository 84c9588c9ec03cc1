// Package hotspots says where and when incidents are to be expected: it keeps
// incidents, buckets them into H3 cells and forecasts each cell per shift.
// It is a leaf: demand leaves it as plain values.
package hotspots

import (
	"time"

	"github.com/paulmach/orb"
)

// Origin says how an incident came to be known.
type Origin string

// Origins. A patrol-discovered incident weighs 0 in the forecast by default,
// or patrols would confirm themselves.
const (
	OriginCall      Origin = "call"
	OriginComplaint Origin = "complaint"
	OriginCamera    Origin = "camera"
	OriginPanic     Origin = "panic"
	OriginBoard     Origin = "board"
	OriginPatrol    Origin = "patrol"
	OriginUnknown   Origin = ""
)

// Grade says how well an incident's point is known.
type Grade string

// Grades, from the best.
const (
	GradeExact    Grade = ""         // the source's own coordinates
	GradeCrossing Grade = "crossing" // the crossing of two streets
	GradeBlock    Grade = "block"    // a block of a street (cuadra)
	GradePlace    Grade = "place"    // a place known by its name
	GradeStreet   Grade = "street"   // somewhere on a short street
)

// Incident is one event at a place and time.
type Incident struct {
	Key       string    `json:"key"` // unique in the district: the source's id, or a hash of the row
	Type      [3]string `json:"type"`
	At        time.Time `json:"at"`
	Until     time.Time `json:"until,omitzero"` // the latest it can have happened, after At; zero: it happened at At
	Known     time.Time `json:"known,omitzero"` // when it was registered; zero: unknown
	Point     orb.Point `json:"point"`
	Grade     Grade     `json:"grade,omitempty"` // how well Point is known
	Origin    Origin    `json:"origin,omitempty"`
	Source    string    `json:"source,omitempty"` // file name or "live"
	Row       int       `json:"row,omitempty"`    // line in the source file, 1 = first line
	Simulated bool      `json:"simulated,omitempty"`
	Note      string    `json:"note,omitempty"`
	Answered  *Answered `json:"answered,omitempty"` // nil: the source says nothing of it
}

// Answered is what a source says of how an incident was answered. Times that it
// does not say are zero.
type Answered struct {
	Assigned time.Time `json:"assigned,omitzero"` // a unit was sent
	Arrived  time.Time `json:"arrived,omitzero"`  // the first unit was there
	Outcome  Outcome   `json:"outcome,omitempty"`
}

// Outcome is what an incident turned out to be; empty: nobody said.
type Outcome string

// The outcomes: it was so, it was nothing, or somebody meant to disturb.
const (
	OutcomeReal     Outcome = "real"
	OutcomeFalse    Outcome = "false"
	OutcomeNuisance Outcome = "nuisance"
)

// Middle gives the middle of the time in which the incident can have happened.
func (in Incident) Middle() time.Time {
	if in.Until.After(in.At) {
		return in.At.Add(in.Until.Sub(in.At) / 2)
	}
	return in.At
}

// Rejected is a row of a file that was not imported, with the reason. Nothing
// is silently lost.
type Rejected struct {
	Row    int    `json:"row"` // line in the source file, 1 = first line
	Reason string `json:"reason"`
	Raw    string `json:"raw"` // the row as it was, without coordinates that stand for a place not known
	// Code and Values say the reason for those who word it in another language;
	// the values are not stored.
	Code   string   `json:"code,omitempty"`
	Values []string `json:"values,omitempty"`
}

// Cell is an H3 cell index.
type Cell uint64
