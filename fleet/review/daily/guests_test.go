package daily_test

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/guest"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// TestTracksOfThePoliceAreMeasured: with a track from a file it is known where
// the police were; taken back, it is not.
func TestTracksOfThePoliceAreMeasured(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	fixes := drive(w.line[0], w.line[len(w.line)-1], w.begin, 400)
	_, err := w.st.StoreFixes(ctx, fixes)
	w.must(err)
	figure := func(key string) review.Figure {
		t.Helper()
		due, err := w.m.Due(ctx, ubigeo, w.p, false)
		w.must(err)
		w.must(w.m.MakeAll(ctx, ubigeo, due, func(string) {}))
		r, err := w.m.Review(ctx, ubigeo, review.Query{Period: w.p})
		w.must(err)
		for _, i := range r.Indicators {
			if i.Key == key {
				return i.Together
			}
		}
		t.Fatal("no indicator", key)
		return review.Figure{}
	}
	if f := figure(review.KeyDouble); f.Value != nil {
		t.Errorf("without police, duplication %v", *f.Value)
	}
	police := drive(w.line[0], w.line[len(w.line)-1], w.begin, 200)
	for i := range police {
		police[i].Unit, police[i].Device = guest.Prefix+"PL-1", guest.Prefix+"PL-1"
	}
	audit := fleet.AuditRow{Ubigeo: ubigeo, At: w.begin, Action: "import.tracks"}
	file, _, err := w.st.SaveGuests(ctx, ubigeo, guest.File{Name: "pl.csv", At: w.begin}, police, audit)
	w.must(err)
	if again, known, err := w.st.SaveGuests(ctx, ubigeo, guest.File{Name: "pl.csv", At: w.begin}, police, audit); err != nil || file.Fixes != 200 || again.Fixes != 0 || known != 200 {
		t.Errorf("%d new, then %d with %d known: %v", file.Fixes, again.Fixes, known, err)
	}
	// Both drove the same street from 10:00 on, the police for 16 minutes and the
	// municipality for 33: the half-hour in which it is known
	// where the police were had both.
	if f := figure(review.KeyDouble); f.Value == nil || *f.Value != 100 || f.Planned {
		t.Errorf("with police, duplication %+v: of the half-hour after its track ends nothing is known", f)
	}
	if f := figure(review.KeyAlone); f.Value == nil || *f.Value != 0 || f.Planned {
		t.Errorf("complementarity %+v: in the half-hour after its track ends nothing is known of the police", f)
	}
	w.must(w.st.DropGuestFile(ctx, ubigeo, file.ID, audit))
	if f := figure(review.KeyDouble); f.Value != nil {
		t.Errorf("taken back, duplication %v", *f.Value)
	}
	if left, err := w.st.GuestFixes(ctx, ubigeo, w.begin, w.begin.Add(time.Hour)); err != nil || len(left) != 0 {
		t.Errorf("%d positions are left: %v", len(left), err)
	}
}
