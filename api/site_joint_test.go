package api_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/guest"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/fleet/review/session"
)

// meet begins the district's joint session if it is not there.
func (s *site) meet(ubigeo string) {
	ctx := s.t.Context()
	if _, err := s.st.ReviewSession(ctx, ubigeo, "20260701-20260930~zona-"+ubigeo+"~-v1"); err == nil || !errors.Is(err, fleet.ErrNotFound) {
		s.must(err)
		return
	}
	m, err := session.Begin(ubigeo, review.Query{Period: review.Period{From: "2026-07-01", To: "2026-09-30"}, Sector: "zona-" + ubigeo}, json.RawMessage(`{"verdict":{}}`), nil,
		session.Stamp{By: "ana", Name: nasty, At: noon})
	s.must(err)
	_, err = s.st.AddReviewSession(ctx, m, fleet.AuditRow{Ubigeo: ubigeo, At: noon.Add(-time.Hour), Username: "ana", Action: "session.begin", Remote: "127.0.0.1"})
	s.must(err)
}

// tracks keeps a file of police tracks, of a time that no other file has and no
// legal hold of the tests, and gives its id.
func (s *site) tracks(ubigeo string) string { return s.tracksAt(ubigeo, noon.Add(-72*time.Hour)) }

// tracksAt is the same some minutes before a time.
func (s *site) tracksAt(ubigeo string, before time.Time) string {
	s.files++
	at := before.Add(-time.Duration(s.files) * time.Minute)
	f, _, err := s.st.SaveGuests(s.t.Context(), ubigeo, guest.File{Name: nasty, By: "ana", At: noon},
		[]fleet.Fix{{Unit: "PNP-1", Time: at, Point: orb.Point{-79, -8.07}}}, fleet.AuditRow{Ubigeo: ubigeo, At: noon.Add(-time.Hour), Username: "ana", Action: "import.tracks", Remote: "127.0.0.1"})
	s.must(err)
	return strconv.FormatInt(f.ID, 10)
}
