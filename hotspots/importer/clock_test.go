package importer

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What a moment with a zone, an epoch number or a spreadsheet's day number means
// by each clock rule, in a district five hours behind UTC.
func TestZonedMoments(t *testing.T) {
	loc := lima(t)
	const evening = "2026-11-21 22:12:35" // of Lima
	for _, tc := range []struct {
		text           string
		instant, local string // of Lima, by the two rules
		zoned          bool
	}{
		{"2026-11-21T22:12:35-05:00", evening, evening, true},
		{"2026-11-21 22:12:35 -0500", evening, evening, true},
		{"2026-11-21T22:12:35.250-05", "2026-11-21 22:12:35.25", "2026-11-21 22:12:35.25", true},
		{"2026-11-22T03:12:35Z", evening, "2026-11-22 03:12:35", true},
		{"2026-11-22T03:12:35+00:00", evening, "2026-11-22 03:12:35", true},
		{"2026-11-22 03:12:35 UTC", evening, "2026-11-22 03:12:35", true},
		{"2026-11-22T05:12:35+02:00", evening, "2026-11-22 05:12:35", true},
		{"22/11/2026 03:12:35Z", evening, "2026-11-22 03:12:35", true},
		{"1795317155", evening, "2026-11-22 03:12:35", true},
		{"1795317155000", evening, "2026-11-22 03:12:35", true},
		{"1795317155.0", evening, "2026-11-22 03:12:35", true},
		{"2026-11-21T22:12:35", evening, evening, false},
		{"46347.9254050926", evening, evening, false}, // days since 1899-12-30
		{"46347,9254050926", evening, evening, false},
		{"20261121221235", evening, evening, false},
	} {
		for rule, want := range map[Clock]string{ClockInstant: tc.instant, ClockLocal: tc.local} {
			t.Run(fmt.Sprintf("%s as %s", tc.text, rule), func(t *testing.T) {
				res, err := Read(strings.NewReader("fecha;lat;lon\n"+tc.text+";-8;-79\n"), "f", Options{Loc: loc, Mapping: &Mapping{Clock: rule, Delimiter: ";", Columns: map[string]string{"at": "fecha"}}})
				if err != nil || len(res.Incidents) != 1 {
					t.Fatalf("%v, %+v", err, res.Rejected)
				}
				in := res.Incidents[0]
				if got := in.At.In(loc).Format("2006-01-02 15:04:05.999"); got != want || !in.Until.IsZero() || res.Zoned != tc.zoned {
					t.Errorf("it is %s (%s), zoned %t", got, in.Until, res.Zoned)
				}
			})
		}
	}
}

// The source's own part of the day decides how times with a zone are read where
// nobody says, and speaks up where somebody says otherwise.
func TestClockRule(t *testing.T) {
	loc := lima(t)
	turnOf := [...]string{"MADRUGADA", "MAÑANA", "TARDE", "NOCHE"}
	asUTC := func(at time.Time) string { return at.Format("2006-01-02T15:04:05Z") }
	truly := func(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }
	offset := func(at time.Time) string { return at.Format(time.RFC3339) }
	abroad := func(at time.Time) string {
		return at.In(time.FixedZone("", -3*3600)).Format(time.RFC3339)
	}
	bare := func(at time.Time) string { return at.Format(time.DateTime) }
	for _, tc := range []struct {
		name  string
		write func(at time.Time) string // at is of Lima
		turn  bool
		rule  Clock
		clock Clock
		right bool // the incidents are when they were
		notes []Code
	}{
		{"local stored as UTC, by its part of the day", asUTC, true, ClockAuto, ClockLocal, true, []Code{LocalAsUTC}},
		{"true UTC, by its part of the day", truly, true, ClockAuto, ClockInstant, true, nil},
		{"the district's offset needs no rule", offset, false, ClockAuto, ClockInstant, true, nil},
		{"another offset means what it says", abroad, true, ClockAuto, ClockInstant, true, nil},
		{"UTC, and nothing to tell by", truly, false, ClockAuto, ClockInstant, true, []Code{TrueInstants}},
		{"local stored as UTC, by the rule", asUTC, true, ClockLocal, ClockLocal, true, nil},
		{"the rule is wrong: instant", asUTC, true, ClockInstant, ClockInstant, false, []Code{ClockAgainst}},
		{"the rule is wrong: local", truly, true, ClockLocal, ClockLocal, false, []Code{ClockAgainst}},
		{"the rule passes over a zone", abroad, false, ClockLocal, ClockLocal, false, []Code{ZoneDropped}},
		{"no zone, no rule", bare, true, ClockInstant, ClockLocal, true, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("id,fecha,lat,lon,turno_hecho\n")
			var want []time.Time
			for i := range 40 {
				at := time.Date(2026, 3, 1, 14, 10, 0, 0, loc).Add(time.Duration(i) * 7 * time.Hour)
				want = append(want, at)
				turn := ""
				if tc.turn {
					turn = turnOf[at.Hour()/6]
				}
				fmt.Fprintf(&b, "%d,%s,-8,-79,%s\n", i, tc.write(at), turn)
			}
			res, err := Read(strings.NewReader(b.String()), "f", Options{Loc: loc, Trust: true, Mapping: &Mapping{Clock: tc.rule, Columns: map[string]string{"at": "fecha"}}})
			if err != nil {
				t.Fatal(err)
			}
			right := true
			for i, in := range res.Incidents {
				right = right && in.At.Equal(want[i])
			}
			var notes []Code
			for _, r := range res.Remarks {
				notes = append(notes, r.Code)
			}
			if res.Clock != tc.clock || right != tc.right || fmt.Sprint(notes) != fmt.Sprint(tc.notes) {
				t.Errorf("clock %s, times right: %t, %q", res.Clock, right, res.Notes)
			}
		})
	}
}
