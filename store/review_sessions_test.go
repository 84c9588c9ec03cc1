package store_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

var (
	chief = session.Stamp{By: "jefe", Name: "Jefe de serenazgo", At: noon}
	opc   = session.Stamp{By: "pnp", Name: "Comisario", At: noon.Add(time.Minute)}
	said  = fleet.AuditRow{Ubigeo: here, At: noon, Username: "jefe", Action: "session.change"}
)

// inReview keeps a session that both sides have looked at.
func inReview(t *testing.T, s *store.Store, from, to string) session.Session {
	t.Helper()
	draft, err := session.Begin(here, review.Query{Period: review.Period{From: from, To: to}}, json.RawMessage(`{"verdict": {"joint_pct": 71.4}, "note": "á<b>"}`), nil, chief)
	check(t, err)
	kept := must(s.AddReviewSession(t.Context(), draft, said))(t)
	return must(s.ChangeReviewSession(t.Context(), here, kept.ID, func(x *session.Session) error {
		return errors.Join(x.Submit(noon), x.Look(session.Municipality, chief), x.Look(session.Police, opc))
	}, said))(t)
}

func TestReviewSessionsAreKept(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	_, err := s.ReviewSession(ctx, here, "x")
	wantKind(t, "none yet", err, fleet.ErrNotFound)
	got := inReview(t, s, "2026-07-01", "2026-09-30")
	same(t, "id", "20260701-20260930-v1", got.ID)
	same(t, "read again", got, must(s.ReviewSession(ctx, here, got.ID))(t))
	same(t, "same hash", must(got.Sum())(t), must(must(s.ReviewSession(ctx, here, got.ID))(t).Sum())(t))
	_, err = s.AddReviewSession(ctx, got, said)
	wantKind(t, "another one while it is open", err, fleet.ErrConflict)
	_, err = s.ChangeReviewSession(ctx, here, got.ID, func(x *session.Session) error { return x.Submit(noon) }, said)
	wantKind(t, "a step that is refused", err, fleet.ErrConflict)
	same(t, "changed nothing", got, must(s.ReviewSession(ctx, here, got.ID))(t))
	_, err = s.ChangeReviewSession(ctx, "010204", got.ID, func(*session.Session) error { return nil }, said)
	wantKind(t, "another district", err, fleet.ErrNotFound)
	_, err = s.LastSigned(ctx, here, "", "2027-01-01")
	wantKind(t, "none signed", err, fleet.ErrNotFound)
	same(t, "recorded", 2, len(must(s.AuditRows(ctx, here, 10))(t)))
}

// TestBothSignAtOnce: of two signatures at the same time neither is lost, and
// the second locks.
func TestBothSignAtOnce(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	kept := inReview(t, s, "2026-07-01", "2026-09-30")
	sum := must(kept.Sum())(t)
	var wg sync.WaitGroup
	for range 4 {
		for side, by := range map[session.Side]session.Stamp{session.Municipality: chief, session.Police: opc} {
			wg.Go(func() {
				_, err := s.ChangeReviewSession(ctx, here, kept.ID, func(x *session.Session) error { return x.Sign(side, by, sum) }, said)
				if err != nil && !errors.Is(err, fleet.ErrConflict) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	got := must(s.ReviewSession(ctx, here, kept.ID))(t)
	if got.State != session.Locked || got.Hash != sum || got.Signed[session.Municipality].By != "jefe" || got.Signed[session.Police].By != "pnp" {
		t.Errorf("after all have signed: %+v", got)
	}
	same(t, "hash of what is locked", sum, must(got.Sum())(t))
}

// TestNobodyChangesWhatIsSigned: not by a step, not by SQL.
func TestNobodyChangesWhatIsSigned(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	kept := inReview(t, s, "2026-07-01", "2026-09-30")
	sum := must(kept.Sum())(t)
	locked := must(s.ChangeReviewSession(ctx, here, kept.ID, func(x *session.Session) error {
		return errors.Join(x.Sign(session.Municipality, chief, sum), x.Sign(session.Police, opc, sum))
	}, said))(t)
	_, err := s.ChangeReviewSession(ctx, here, kept.ID, func(x *session.Session) error { x.Comments = nil; return nil }, said)
	wantKind(t, "a change past the state machine", err, fleet.ErrConflict)
	for _, sql := range []string{`UPDATE review_sessions SET figures = 'null'`, `UPDATE review_sessions SET state = 'draft', hash = ''`, `DELETE FROM review_sessions`} {
		if err := s.Exec(ctx, sql); err == nil {
			t.Errorf("%s was done", sql)
		}
	}
	same(t, "as it was signed", locked, must(s.ReviewSession(ctx, here, kept.ID))(t))

	next := must(session.Correct(locked, chief))(t)
	second := must(s.AddReviewSession(ctx, next, said))(t)
	if second.Version != 2 || second.Parent != locked.ID || second.State != session.Draft || len(second.Signed) != 0 {
		t.Errorf("correction: %+v", second)
	}
	same(t, "the last one signed", locked.ID, must(s.LastSigned(ctx, here, "", "2026-10-01"))(t).ID)
	_, err = s.LastSigned(ctx, here, "", "2026-09-30")
	wantKind(t, "before its end", err, fleet.ErrNotFound)
	same(t, "both are listed", 2, len(must(s.ReviewSessions(ctx, here, 10))(t)))
}

// TestReviewSessionsOfAreasAndShiftsDiffer: an area's id may hold what a shift's
// code holds too.
func TestReviewSessionsOfAreasAndShiftsDiffer(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	seen := map[string]bool{}
	for _, q := range []review.Query{{}, {Sector: "a"}, {Shift: "a"}, {Sector: "a-b"}, {Sector: "a", Shift: "b"}, {Shift: "a-b"}} {
		q.Period = review.Period{From: "2026-07-01", To: "2026-09-30"}
		draft, err := session.Begin(here, q, nil, nil, chief)
		check(t, err)
		id := must(s.AddReviewSession(ctx, draft, said))(t).ID
		if seen[id] {
			t.Errorf("two sessions have the id %s", id)
		}
		seen[id] = true
	}
}

func TestOnlyDraftsAreDropped(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	kept := inReview(t, s, "2026-07-01", "2026-09-30")
	if err := s.DropReviewSession(ctx, here, kept.ID, said); !errors.Is(err, fleet.ErrConflict) {
		t.Errorf("in review: %v", err)
	}
	must(s.ChangeReviewSession(ctx, here, kept.ID, func(x *session.Session) error { return x.Reopen(noon) }, said))(t)
	check(t, s.DropReviewSession(ctx, here, kept.ID, said))
	for what, err := range map[string]error{
		"again": s.DropReviewSession(ctx, here, kept.ID, said), "elsewhere": s.DropReviewSession(ctx, "010204", kept.ID, said),
	} {
		if !errors.Is(err, fleet.ErrNotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	same(t, "none is left", 0, len(must(s.ReviewSessions(ctx, here, 10))(t)))
}
