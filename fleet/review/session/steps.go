package session

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// Begin makes the draft of a session; carried are the agreements that are still
// open. The store gives id and version.
func Begin(ubigeo string, q review.Query, figures json.RawMessage, carried []Agreement, by Stamp) (Session, error) {
	s := Session{Ubigeo: ubigeo, Query: q, State: Draft, Created: by, Changed: by.At, Figures: figures, Taken: by.At,
		Comments: []Comment{}, Agreements: append([]Agreement{}, carried...), Attendance: []Attendee{}, Looked: map[Side]Stamp{}, Signed: map[Side]Signature{}}
	if err := checkDay("the first day", q.From); err != nil {
		return s, err
	}
	if err := checkDay("the last day", q.To); err != nil {
		return s, err
	}
	if q.To < q.From {
		return s, fmt.Errorf("%w: the period ends on %s, before it begins on %s", fleet.ErrInvalid, q.To, q.From)
	}
	return s, nil
}

// Correct makes the next version of one that is locked: a draft with the same
// texts, without signatures.
func Correct(s Session, by Stamp) (Session, error) {
	if s.State != Locked {
		return Session{}, fmt.Errorf("%w: session %s is not signed yet; change it as it is", fleet.ErrConflict, s.ID)
	}
	next := s
	next.Parent, next.ID, next.Version = s.ID, "", 0
	next.State, next.Created, next.Changed = Draft, by, by.At
	next.Comments, next.Agreements, next.Attendance = slices.Clone(s.Comments), slices.Clone(s.Agreements), slices.Clone(s.Attendance)
	next.Looked, next.Signed, next.LockedAt, next.Hash = map[Side]Stamp{}, map[Side]Signature{}, time.Time{}, ""
	return next, nil
}

// in refuses what does not belong to the state.
func (s *Session) in(what string, states ...State) error {
	if !slices.Contains(states, s.State) {
		return fmt.Errorf("%w: session %s is in state %s, in which %s is not possible", fleet.ErrConflict, s.ID, s.State, what)
	}
	return nil
}

// touch notes a change of the contents: signatures under others are void.
func (s *Session) touch(at time.Time) {
	s.Changed = at
	s.Signed = map[Side]Signature{}
}

// Retake takes the figures anew while it is a draft.
func (s *Session) Retake(figures json.RawMessage, at time.Time) error {
	if err := s.in("taking the figures anew", Draft); err != nil {
		return err
	}
	s.Figures, s.Taken = figures, at
	s.touch(at)
	return nil
}

// Submit freezes the figures and gives the session to both sides.
func (s *Session) Submit(at time.Time) error {
	if err := s.in("submitting", Draft); err != nil {
		return err
	}
	if len(s.Figures) == 0 || string(s.Figures) == "null" {
		return fmt.Errorf("%w: session %s has no figures yet", fleet.ErrConflict, s.ID)
	}
	s.State, s.Looked = Review, map[Side]Stamp{}
	s.touch(at)
	return nil
}

// Reopen takes it back, so that the figures can be taken anew; both sides look
// again.
func (s *Session) Reopen(at time.Time) error {
	if err := s.in("taking it back", Review); err != nil {
		return err
	}
	s.State, s.Looked = Draft, map[Side]Stamp{}
	s.touch(at)
	return nil
}

// Look notes that a side has looked at the figures.
func (s *Session) Look(side Side, by Stamp) error {
	if err := s.in("saying that one has looked", Review); err != nil {
		return err
	}
	if err := oneEach(side, by, s.Looked, func(x Stamp) string { return x.By }); err != nil {
		return err
	}
	s.Looked, s.Changed = with(s.Looked, side, by), by.At
	return nil
}

// Say adds a comment.
func (s *Session) Say(c Comment) error {
	if err := s.in("commenting", Draft, Review); err != nil {
		return err
	}
	if err := checkText("the comment", c.Text, maxText); err != nil {
		return err
	}
	if _, ok := review.FormulaOf(c.Indicator); c.Indicator != "" && !ok {
		return fmt.Errorf("%w: there is no indicator %q", fleet.ErrInvalid, c.Indicator)
	}
	if len(s.Comments) >= maxComments {
		return fmt.Errorf("%w: a session holds %d comments", fleet.ErrInvalid, maxComments)
	}
	c.Text = strings.TrimSpace(c.Text)
	s.Comments = append(slices.Clone(s.Comments), c)
	s.touch(c.At)
	return nil
}

// Agree adds an agreement, or changes the one with its id. Where it came from
// stays.
func (s *Session) Agree(a Agreement, at time.Time) error {
	if err := s.in("agreeing", Draft, Review); err != nil {
		return err
	}
	if a.State == "" {
		a.State = Open
	}
	a.Text, a.Who, a.Note = strings.TrimSpace(a.Text), strings.TrimSpace(a.Who), strings.TrimSpace(a.Note)
	if err := a.Check(); err != nil {
		return err
	}
	s.Agreements = slices.Clone(s.Agreements)
	if i := s.agreement(a.ID); a.ID != "" && i >= 0 {
		a.From = s.Agreements[i].From
		s.Agreements[i] = a
	} else {
		if a.ID != "" {
			return fmt.Errorf("%w: session %s has no agreement %s", fleet.ErrNotFound, s.ID, a.ID)
		}
		if len(s.Agreements) >= maxAgreements {
			return fmt.Errorf("%w: a session holds %d agreements", fleet.ErrInvalid, maxAgreements)
		}
		a.ID, a.From = s.nextAgreement(), ""
		s.Agreements = append(s.Agreements, a)
	}
	s.touch(at)
	return nil
}

// nextAgreement numbers agreements by the session that made them.
func (s *Session) nextAgreement() string {
	for n := 1; ; n++ {
		id := fmt.Sprintf("%s-a%d", s.ID, n)
		if s.agreement(id) < 0 {
			return id
		}
	}
}

func (s *Session) agreement(id string) int {
	return slices.IndexFunc(s.Agreements, func(a Agreement) bool { return a.ID == id })
}

// Unsay takes an agreement of this session back. One that was carried on can
// only be done or dropped.
func (s *Session) Unsay(id string, at time.Time) error {
	if err := s.in("taking an agreement back", Draft, Review); err != nil {
		return err
	}
	i := s.agreement(id)
	if i < 0 {
		return fmt.Errorf("%w: session %s has no agreement %s", fleet.ErrNotFound, s.ID, id)
	}
	if s.Agreements[i].From != "" {
		return fmt.Errorf("%w: agreement %s was made in session %s: say that it is done or dropped", fleet.ErrConflict, id, s.Agreements[i].From)
	}
	s.Agreements = slices.Delete(slices.Clone(s.Agreements), i, i+1)
	s.touch(at)
	return nil
}

// Attend says who was there, all of them.
func (s *Session) Attend(who []Attendee, at time.Time) error {
	if err := s.in("noting attendance", Draft, Review); err != nil {
		return err
	}
	if len(who) > maxAttendance {
		return fmt.Errorf("%w: %d people attend: give at most %d", fleet.ErrInvalid, len(who), maxAttendance)
	}
	out := []Attendee{}
	for _, a := range who {
		a.Name, a.Post = strings.TrimSpace(a.Name), strings.TrimSpace(a.Post)
		if err := checkText("the name of who attends", a.Name, maxLine); err != nil {
			return err
		}
		if err := checkText("the post of "+a.Name, a.Post, maxLine); err != nil {
			return err
		}
		if err := checkSide(a.Side); err != nil {
			return err
		}
		out = append(out, a)
	}
	s.Attendance = out
	s.touch(at)
	return nil
}

// Sign signs the contents whose hash the signer has seen. With the second
// side's signature the session is locked.
func (s *Session) Sign(side Side, by Stamp, seen string) error {
	if err := s.in("signing", Review); err != nil {
		return err
	}
	for _, x := range Sides {
		if _, ok := s.Looked[x]; !ok {
			return fmt.Errorf("%w: before anybody signs, both sides say that they have looked at the figures; %s has not", fleet.ErrConflict, x)
		}
	}
	if err := s.Unchanged(seen); err != nil {
		return err
	}
	if err := oneEach(side, by, s.Signed, func(x Signature) string { return x.By }); err != nil {
		return err
	}
	s.Signed, s.Changed = with(s.Signed, side, Signature{by, seen}), by.At
	for _, x := range Sides {
		if s.Signed[x].Hash != seen {
			return nil
		}
	}
	s.State, s.LockedAt, s.Hash = Locked, by.At, seen
	return nil
}

// ErrOneForBoth: who spoke for one side cannot speak for the other.
var ErrOneForBoth = fmt.Errorf("%w: the two sides are two people", fleet.ErrConflict)

// oneEach refuses somebody for a side who has spoken for the other one, be it
// that his role was changed meanwhile.
func oneEach[V any](side Side, by Stamp, said map[Side]V, who func(V) string) error {
	for other, v := range said {
		if other != side && who(v) == by.By {
			return fmt.Errorf("%w: %s has already spoken for the %s", ErrOneForBoth, by.By, other)
		}
	}
	return nil
}

// ErrChanged: the contents are no longer those that were seen.
var ErrChanged = fmt.Errorf("%w: the session was changed meanwhile; look at it again", fleet.ErrConflict)

// Unchanged refuses what rests on other contents than those whose hash was seen:
// it would undo what somebody else did.
func (s *Session) Unchanged(seen string) error {
	sum, err := s.Sum()
	if err == nil && seen != sum {
		err = fmt.Errorf("session %s: %w", s.ID, ErrChanged)
	}
	return err
}

// with copies a map and sets a side's value in the copy.
func with[V any](m map[Side]V, side Side, v V) map[Side]V {
	out := map[Side]V{side: v}
	for k, old := range m {
		if k != side {
			out[k] = old
		}
	}
	return out
}
