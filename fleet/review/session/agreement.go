package session

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/serenazgo/serenazgo/fleet"
)

// Agreement is what was agreed on: who does what by when. It comes back in
// every later session until it is done or dropped.
type Agreement struct {
	ID     string `json:"id"` // stays the same when it is carried on
	Text   string `json:"text"`
	Who    string `json:"who"`            // responsible: an office or a post
	Side   Side   `json:"side,omitempty"` // empty: both
	Due    string `json:"due"`            // AAAA-MM-DD
	State  Status `json:"state"`
	Note   string `json:"note,omitempty"` // what became of it
	DoneOn string `json:"done_on,omitempty"`
	From   string `json:"from,omitempty"` // the session that agreed on it, if it was an earlier one
}

// Status of an agreement.
type Status string

// What an agreement can be.
const (
	Open    Status = "open"
	Done    Status = "done"
	Dropped Status = "dropped"
)

// Overdue tells whether it should have been done before a day.
func (a Agreement) Overdue(today string) bool { return a.State == Open && a.Due < today }

// Limits of what a session holds.
const (
	maxText       = 2000
	maxLine       = 120
	maxAgreements = 200
	maxAttendance = 200
	maxComments   = 500
)

func checkText(what, s string, most int) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(s)); n == 0 || n > most {
		return fmt.Errorf("%w: %s has %d characters: give 1 to %d", fleet.ErrInvalid, what, n, most)
	}
	return nil
}

func checkSide(s Side) error {
	if s != "" && s != Municipality && s != Police {
		return fmt.Errorf("%w: %q is neither municipality nor police", fleet.ErrInvalid, s)
	}
	return nil
}

func checkDay(what, day string) error {
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return fmt.Errorf("%w: %s %q is no date of the form AAAA-MM-DD", fleet.ErrInvalid, what, day)
	}
	return nil
}

// Check tells what is wrong with an agreement.
func (a Agreement) Check() error {
	if err := checkText("the agreement", a.Text, maxText); err != nil {
		return err
	}
	if err := checkText("who is responsible", a.Who, maxLine); err != nil {
		return err
	}
	if err := checkSide(a.Side); err != nil {
		return err
	}
	if err := checkDay("the due date", a.Due); err != nil {
		return err
	}
	if utf8.RuneCountInString(a.Note) > maxText {
		return fmt.Errorf("%w: the note of an agreement is longer than %d characters", fleet.ErrInvalid, maxText)
	}
	switch a.State {
	case Done:
		return checkDay("the day on which it was done", a.DoneOn)
	case Open, Dropped:
		if a.DoneOn != "" {
			return fmt.Errorf("%w: an agreement that is not done has no day on which it was", fleet.ErrInvalid)
		}
		return nil
	}
	return fmt.Errorf("%w: the state %q is none of open, done, dropped", fleet.ErrInvalid, a.State)
}

// Carried gives what the next session has to ask about: the agreements that are
// still open, each with the session that agreed on it.
func Carried(last Session) []Agreement {
	out := []Agreement{}
	for _, a := range last.Agreements {
		if a.State == Open {
			if a.From == "" {
				a.From = last.ID
			}
			out = append(out, a)
		}
	}
	return out
}
