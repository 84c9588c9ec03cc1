package session

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
)

var (
	noon  = time.Date(2026, 10, 5, 17, 0, 0, 0, time.UTC)
	chief = Stamp{By: "jefe", Name: "Jefe de serenazgo", At: noon}
	opc   = Stamp{By: "pnp", Name: "Comisario", At: noon}
	q     = review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}}
	light = Agreement{Text: "Iluminación de Ca. Wichanzao", Who: "Gerencia de servicios", Side: Municipality, Due: "2026-10-30"}
)

func begun(t testing.TB) *Session {
	t.Helper()
	s, err := Begin("130102", q, json.RawMessage(`{"a":1}`), nil, chief)
	if err != nil {
		t.Fatal(err)
	}
	s.ID, s.Version = "x-v1", 1
	return &s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, what string, err, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
}

func sum(t testing.TB, s *Session) string {
	t.Helper()
	h, err := s.Sum()
	must(t, err)
	return h
}

func TestFromDraftToLock(t *testing.T) {
	s := begun(t)
	wantKind(t, "signing a draft", s.Sign(Municipality, chief, sum(t, s)), fleet.ErrConflict)
	wantKind(t, "looking at a draft", s.Look(Police, opc), fleet.ErrConflict)
	must(t, s.Submit(noon))
	wantKind(t, "submitting twice", s.Submit(noon), fleet.ErrConflict)
	wantKind(t, "other figures in review", s.Retake(nil, noon), fleet.ErrConflict)
	must(t, s.Look(Municipality, chief))
	wantKind(t, "one person who looks for both sides", s.Look(Police, chief), ErrOneForBoth)
	wantKind(t, "signing before both have looked", s.Sign(Municipality, chief, sum(t, s)), fleet.ErrConflict)
	must(t, s.Look(Police, opc))
	must(t, s.Agree(light, noon))
	must(t, s.Attend([]Attendee{{" Ana Ríos ", "Secretaria técnica", ""}}, noon))
	seen := sum(t, s)
	must(t, s.Sign(Police, opc, seen))
	must(t, s.Say(Comment{Stamp: chief, Side: Municipality, Indicator: review.KeyStreets, Text: "Faltan calles"}))
	if len(s.Signed) != 0 {
		t.Error("a signature stands under what was changed")
	}
	wantKind(t, "signing what one has not seen", s.Sign(Police, opc, seen), fleet.ErrConflict)
	wantKind(t, "resting on what is no longer there", s.Unchanged(seen), ErrChanged)
	seen = sum(t, s)
	must(t, s.Unchanged(seen))
	must(t, s.Sign(Police, opc, seen))
	wantKind(t, "one person who signs for both sides", s.Sign(Municipality, opc, seen), ErrOneForBoth)
	must(t, s.Sign(Police, opc, seen)) // again
	if s.State != Review {
		t.Errorf("one signature: %s", s.State)
	}
	must(t, s.Sign(Municipality, chief, seen))
	if s.State != Locked || s.Hash != seen || s.Hash != sum(t, s) || !s.LockedAt.Equal(noon) {
		t.Errorf("two signatures: %+v", s)
	}
	for what, err := range map[string]error{"comment": s.Say(Comment{Text: "x"}), "agree": s.Agree(light, noon), "attend": s.Attend(nil, noon), "sign": s.Sign(Police, opc, seen),
		"reopen": s.Reopen(noon), "take back": s.Unsay("x-v1-a1", noon), "look": s.Look(Police, opc)} {
		wantKind(t, what+" what is locked", err, fleet.ErrConflict)
	}
}

func TestAgreementsAreCarriedUntilDone(t *testing.T) {
	s := begun(t)
	must(t, s.Agree(light, noon))
	must(t, s.Agree(Agreement{Text: "GPS en 4 patrulleros", Who: "PNP", Side: Police, Due: "2026-08-28"}, noon))
	done := s.Agreements[1]
	done.State, done.DoneOn = Done, "2026-08-28"
	must(t, s.Agree(done, noon))
	carried := Carried(*s)
	if len(carried) != 1 || carried[0].ID != "x-v1-a1" || carried[0].From != "x-v1" {
		t.Fatalf("carried: %+v", carried)
	}
	next, err := Begin("130102", q, nil, carried, chief)
	must(t, err)
	next.ID = "y-v1"
	wantKind(t, "taking back what another session agreed on", next.Unsay("x-v1-a1", noon), fleet.ErrConflict)
	wantKind(t, "an agreement that is not there", next.Agree(Agreement{ID: "z", Text: "x", Who: "x", Due: "2026-01-01"}, noon), fleet.ErrNotFound)
	wantKind(t, "submitting without figures", next.Submit(noon), fleet.ErrConflict)
	must(t, next.Agree(light, noon))
	if next.Agreements[1].ID != "y-v1-a1" || Carried(next)[0].From != "x-v1" {
		t.Errorf("agreements: %+v", next.Agreements)
	}
	if !(Agreement{State: Open, Due: "2026-10-30"}).Overdue("2026-10-31") || (Agreement{State: Open, Due: "2026-10-30"}).Overdue("2026-10-30") {
		t.Error("overdue is from the day after")
	}
}

func TestRefused(t *testing.T) {
	s := begun(t)
	for name, a := range map[string]Agreement{
		"no text":           {Who: "x", Due: "2026-10-30"},
		"nobody":            {Text: "x", Due: "2026-10-30"},
		"no date":           {Text: "x", Who: "x", Due: "mañana"},
		"another side":      {Text: "x", Who: "x", Due: "2026-10-30", Side: "army"},
		"done some day":     {Text: "x", Who: "x", Due: "2026-10-30", State: Done},
		"open and done":     {Text: "x", Who: "x", Due: "2026-10-30", DoneOn: "2026-10-30"},
		"no such state":     {Text: "x", Who: "x", Due: "2026-10-30", State: "maybe"},
		"a day that is not": {Text: "x", Who: "x", Due: "2026-02-30"},
	} {
		wantKind(t, name, s.Agree(a, noon), fleet.ErrInvalid)
	}
	wantKind(t, "an unknown indicator", s.Say(Comment{Text: "x", Indicator: "luck"}), fleet.ErrInvalid)
	wantKind(t, "an empty comment", s.Say(Comment{Text: " "}), fleet.ErrInvalid)
	wantKind(t, "no name", s.Attend([]Attendee{{"", "x", ""}}, noon), fleet.ErrInvalid)
	if _, err := Begin("130102", review.Query{Period: review.Period{From: "2026-09-30", To: "2026-07-01"}}, nil, nil, chief); !errors.Is(err, fleet.ErrInvalid) {
		t.Errorf("a period backwards: %v", err)
	}
	if _, err := Correct(*s, chief); !errors.Is(err, fleet.ErrConflict) {
		t.Errorf("a correction of a draft: %v", err)
	}
	if len(s.Agreements)+len(s.Comments)+len(s.Attendance) != 0 {
		t.Errorf("what was refused is kept: %+v", s)
	}
}

// TestNobodySignsUnseen: whatever the steps, a signature is under the contents
// as they are, and a session is locked exactly when both signatures are.
func TestNobodySignsUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, _ := Begin("130102", q, json.RawMessage(`{}`), nil, chief)
		s := &x
		s.ID = "x-v1"
		seen, who := map[Side]string{}, map[Side]Stamp{Municipality: chief, Police: opc}
		locked := ""
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			side := rapid.SampledFrom(Sides[:]).Draw(t, "side")
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0:
				_ = s.Submit(noon)
			case 1:
				_ = s.Look(side, who[side])
			case 2:
				_ = s.Agree(light, noon)
			case 3:
				_ = s.Say(Comment{Stamp: chief, Side: side, Text: "x"})
			case 4:
				_ = s.Reopen(noon)
			case 5:
				seen[side], _ = s.Sum()
			default:
				_ = s.Sign(side, who[side], seen[side])
			}
			now, err := s.Sum()
			if err != nil {
				t.Fatal(err)
			}
			for side, sig := range s.Signed {
				if sig.Hash != now || seen[side] != now {
					t.Fatalf("%s has signed what is not there", side)
				}
			}
			if (s.State == Locked) != (len(s.Signed) == 2) {
				t.Fatalf("state %s with %d signatures", s.State, len(s.Signed))
			}
			if locked != "" && now != locked {
				t.Fatal("what was locked has changed")
			}
			if s.State == Locked {
				locked = now
			}
		}
	})
}
