package store_test

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/guest"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

var guestAudit = fleet.AuditRow{Ubigeo: here, Username: "pnp", Action: "import.tracks"}

// guestTrack is a position each minute of a police vehicle, at a longitude.
func guestTrack(from time.Time, n int, lon float64) (out []fleet.Fix) {
	for i := range n {
		out = append(out, fleet.Fix{Unit: guest.Prefix + "PL-1", Time: from.Add(time.Duration(i) * time.Minute), Point: orb.Point{lon, -8}, Speed: 5})
	}
	return out
}

// saveGuests takes a file in and gives what is kept of it and how many of its
// positions were known.
func saveGuests(t *testing.T, s *store.Store, name string, fixes []fleet.Fix) (guest.File, int) {
	t.Helper()
	f, known, err := s.SaveGuests(t.Context(), here, guest.File{Name: name, At: noon}, fixes, guestAudit)
	check(t, err)
	return f, known
}

// TestLaterTracksTakeOver: a corrected file stands for itself: with the earlier
// one taken back, nothing of it is lost.
func TestLaterTracksTakeOver(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	kept := func() (out []float64) {
		for _, f := range must(s.GuestFixes(ctx, here, noon, noon.Add(time.Hour)))(t) {
			out = append(out, f.Point[0])
		}
		return out
	}
	type line struct {
		Name        string
		Fixes       int
		First, Last time.Time
	}
	files := func() (out []line) {
		for _, f := range must(s.GuestFiles(ctx, here))(t) {
			same(t, "vehicles of "+f.Name, []string{guest.Prefix + "PL-1"}, f.Units)
			out = append(out, line{f.Name, f.Fixes, f.First.UTC(), f.Last.UTC()})
		}
		return out
	}
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	first, _ := saveGuests(t, s, "first", guestTrack(noon, 4, -79))
	again, known := saveGuests(t, s, "the same", guestTrack(noon, 4, -79))
	same(t, "known of the same", 4, known)
	same(t, "kept of the same", 0, again.Fixes)
	_, known = saveGuests(t, s, "corrected", guestTrack(minute(1), 5, -78.5))
	same(t, "known of the corrected", 3, known)
	same(t, "files", []line{{"corrected", 5, minute(1), minute(5)}, {"first", 1, noon, noon}}, files())
	same(t, "positions", []float64{-79, -78.5, -78.5, -78.5, -78.5, -78.5}, kept())
	check(t, s.DropGuestFile(ctx, here, first.ID, guestAudit))
	same(t, "positions without the first", []float64{-78.5, -78.5, -78.5, -78.5, -78.5}, kept())
	saveGuests(t, s, "whole", guestTrack(noon, 6, -78.4))
	same(t, "files in the end", []line{{"whole", 6, noon, minute(5)}}, files())
}

// TestHeldTracks: what a legal hold keeps is neither taken back nor said
// otherwise.
func TestHeldTracks(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	f, _ := saveGuests(t, s, "track", guestTrack(noon, 3, -79))
	check(t, s.SaveHold(ctx, here, retain.Hold{ID: "h", Start: noon.Add(time.Minute), End: noon.Add(time.Hour), Reason: "Oficio 9", CreatedAt: noon, CreatedBy: "ana"}, guestAudit))
	wantKind(t, "taken back", s.DropGuestFile(ctx, here, f.ID, guestAudit), fleet.ErrConflict)
	_, _, err := s.SaveGuests(ctx, here, guest.File{Name: "other", At: noon}, guestTrack(noon, 3, -78), guestAudit)
	wantKind(t, "said otherwise", err, fleet.ErrConflict)
	same(t, "files", 1, len(must(s.GuestFiles(ctx, here))(t)))
	// What adds to it is welcome.
	saveGuests(t, s, "longer", guestTrack(noon, 5, -79))
	same(t, "positions", 5, len(must(s.GuestFixes(ctx, here, noon, noon.Add(time.Hour)))(t)))
	check(t, s.ReleaseHold(ctx, here, "h", noon, guestAudit))
	check(t, s.DropGuestFile(ctx, here, must(s.GuestFiles(ctx, here))(t)[0].ID, guestAudit))
	wantKind(t, "gone already", s.DropGuestFile(ctx, here, f.ID, guestAudit), fleet.ErrNotFound)
}

// TestTracksAreForgotten: positions from files go with their day, whether they
// came before it was forgotten or after, and though no unit reported on it.
func TestTracksAreForgotten(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	check(t, s.SaveDistrict(ctx, fleet.District{Ubigeo: here, Name: "x", TimeZone: "America/Lima"}))
	old := noon.AddDate(0, 0, -20)
	left := func() int { return len(must(s.GuestFixes(ctx, here, old.AddDate(0, 0, -9), noon.AddDate(0, 0, 1)))(t)) }
	pass := func() {
		t.Helper()
		check(t, retain.Pass(ctx, retain.Config{Store: s, Now: func() time.Time { return noon }, Days: 10}))
	}
	saveGuests(t, s, "two days", append(guestTrack(old, 3, -79), guestTrack(noon.AddDate(0, 0, -1), 2, -79)...))
	same(t, "days that are due", []time.Time{old.Truncate(24 * time.Hour)}, must(s.GuestDays(ctx, here, noon.AddDate(0, 0, -10)))(t))
	pass()
	same(t, "left", 2, left())
	same(t, "left of the file", 2, must(s.GuestFiles(ctx, here))(t)[0].Fixes)
	same(t, "forgotten", true, must(s.Forgotten(ctx, here, old))(t))
	same(t, "nothing is due", 0, len(must(s.GuestDays(ctx, here, noon.AddDate(0, 0, -10)))(t)))
	saveGuests(t, s, "late", guestTrack(old, 3, -79))
	same(t, "forgotten, but for what came since", false, must(s.Forgotten(ctx, here, old))(t))
	pass()
	same(t, "left of what came late", 2, left())
	same(t, "files", 1, len(must(s.GuestFiles(ctx, here))(t)))
	same(t, "runs", true, must(s.RetentionRuns(ctx, here, 5))(t)[0].Done == 1)
}

// TestHeardDates: dates of tracks from files are heard of beside those of units.
func TestHeardDates(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	u := plainFix("gps", noon, 1)
	u.Unit = "C01"
	must(s.StoreFixes(ctx, []fleet.Fix{u}))(t)
	day := func(n int) string { return noon.AddDate(0, 0, n).Format(time.DateOnly) }
	midnight := noon.Truncate(24 * time.Hour)
	saveGuests(t, s, "a", append(guestTrack(midnight.AddDate(0, 0, -3).Add(-time.Minute), 2, -79), guestTrack(noon, 1, -79)...))
	same(t, "dates", []string{day(-4), day(-3), day(0)}, must(s.HeardDates(ctx, here, day(-9), day(0)))(t))
	same(t, "dates of a part", []string{day(-3)}, must(s.HeardDates(ctx, here, day(-3), day(-1)))(t))
}
