// Package session is the meeting at which the municipality and the police look
// at a review together: its comments, agreements and attendance, and the two
// signatures that close it.
//
//	draft ──submit──▶ review ──both sides signed──▶ locked
//	  ▲                 │                             │
//	  └────reopen───────┘          correct: the next version, a draft
//
// Submitting freezes the figures. In review each side says that it has looked;
// once both have, each signs the contents by their hash. Whatever changes the
// contents voids signatures, so that nobody has signed what he did not see. With
// the second signature the version is locked: nothing of it changes any more,
// and a correction is a version of its own that names the one before.
//
// The package has no clock and no store; instants are UTC.
package session

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// State of a session.
type State string

// The states.
const (
	Draft  State = "draft"
	Review State = "review"
	Locked State = "locked"
)

// Side is one of the two that sign.
type Side string

// The sides.
const (
	Municipality Side = "municipality"
	Police       Side = "police"
)

// Sides lists them.
var Sides = [...]Side{Municipality, Police}

// SideOf tells for which side a role speaks.
func SideOf(r fleet.Role) (Side, bool) {
	switch r {
	case fleet.RoleAdmin, fleet.RoleSupervisor:
		return Municipality, true
	case fleet.RoleLiaison:
		return Police, true
	}
	return "", false
}

// Stamp is who did something, and when.
type Stamp struct {
	By   string    `json:"by"`   // user name
	Name string    `json:"name"` // as it stands on the paper
	At   time.Time `json:"at"`
}

// Signature is a stamp under contents.
type Signature struct {
	Stamp
	Hash string `json:"hash"`
}

// Comment is a remark, on an indicator or on all.
type Comment struct {
	Stamp
	Side      Side   `json:"side"`
	Indicator string `json:"indicator,omitempty"` // a key of an indicator; empty: on the whole
	Text      string `json:"text"`
}

// Attendee was at the meeting.
type Attendee struct {
	Name string `json:"name"`
	Post string `json:"post"` // what he or she is there
	Side Side   `json:"side,omitempty"`
}

// Session is one version of a meeting.
type Session struct {
	Ubigeo  string       `json:"-"`
	ID      string       `json:"id"`
	Query   review.Query `json:"query"`
	Version int          `json:"version"` // 1.. of the query
	Parent  string       `json:"parent,omitempty"`
	State   State        `json:"state"`
	Created Stamp        `json:"created"`
	Changed time.Time    `json:"changed"`

	// Figures are the review, as it was when they were last taken.
	Figures    json.RawMessage    `json:"figures"`
	Taken      time.Time          `json:"taken"` // when
	Comments   []Comment          `json:"comments"`
	Agreements []Agreement        `json:"agreements"`
	Attendance []Attendee         `json:"attendance"`
	Looked     map[Side]Stamp     `json:"looked"` // who has looked at the figures
	Signed     map[Side]Signature `json:"signed"`
	LockedAt   time.Time          `json:"locked_at,omitzero"`
	Hash       string             `json:"hash,omitempty"` // of the contents, once locked
}

// contents are what is signed: all that a reader of the paper sees.
type contents struct {
	Ubigeo     string          `json:"ubigeo"`
	ID         string          `json:"id"`
	Query      review.Query    `json:"query"`
	Version    int             `json:"version"`
	Parent     string          `json:"parent"`
	Figures    json.RawMessage `json:"figures"`
	Comments   []Comment       `json:"comments"`
	Agreements []Agreement     `json:"agreements"`
	Attendance []Attendee      `json:"attendance"`
}

// Contents are the bytes whose SHA-256 is signed: compact JSON in a fixed order
// of keys.
func (s Session) Contents() ([]byte, error) {
	figures := s.Figures
	if len(figures) == 0 {
		figures = json.RawMessage("null")
	}
	raw, err := json.Marshal(contents{s.Ubigeo, s.ID, s.Query, s.Version, s.Parent, figures, s.Comments, s.Agreements, s.Attendance})
	if err != nil {
		return nil, fmt.Errorf("contents of session %s: %w", s.ID, err)
	}
	return raw, nil
}

// Sum is the hash of the contents as they are now.
func (s Session) Sum() (string, error) {
	raw, err := s.Contents()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}
