package templates

import (
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet/review"
)

// TestMapTellsByWhatTheForcesAreKnown: the legend gives the shifts of each force.
func TestMapTellsByWhatTheForcesAreKnown(t *testing.T) {
	for police, want := range map[string]string{
		review.PoliceDriven:  "Solo policía (GPS en 9 turnos)",
		review.PolicePlanned: "Solo policía, según su plan",
		review.PoliceNone:    "Solo policía",
	} {
		r := sampleReview(t)
		r.Sources.Shifts, r.Sources.PoliceShifts, r.Sources.Police = 90, 9, police
		m, ok := presenceMap(r, sampleStreets).(paper.Map)
		if !ok {
			t.Fatalf("%s: no map", police)
		}
		if own := "Solo serenazgo (GPS en 90 turnos)"; !strings.HasPrefix(m.Legend[0].Text, own+":") || !strings.HasPrefix(m.Legend[1].Text, want+":") {
			t.Errorf("%s: %q and %q, want %q and %q", police, m.Legend[0].Text, m.Legend[1].Text, own, want)
		}
	}
}
