package templates

import (
	"testing"

	"github.com/serenazgo/serenazgo/fleet/review"
)

// TestMapTellsByWhatTheForcesAreKnown: the legend gives the shifts of each force.
func TestMapTellsByWhatTheForcesAreKnown(t *testing.T) {
	for police, want := range map[string]string{
		review.PoliceDriven:  "Solo policía (GPS en 9 turnos)",
		review.PolicePlanned: "Solo policía, según su plan",
		review.PoliceNone:    "Solo policía",
	} {
		m := presenceMap(review.Review{Sources: review.Sources{Shifts: 90, PoliceShifts: 9, Police: police}})
		if own := "Solo serenazgo (GPS en 90 turnos)"; m.Legend[0].Text != own || m.Legend[1].Text != want {
			t.Errorf("%s: %q and %q, want %q and %q", police, m.Legend[0].Text, m.Legend[1].Text, own, want)
		}
	}
}
