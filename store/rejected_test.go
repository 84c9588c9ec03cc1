package store_test

import (
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/retain"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// Rejected rows go when their import is old enough, those of each district by its
// own rule, unless a hold keeps the time of the import or of its incidents; what
// the import gave stays.
func TestRetentionOfRejectedRows(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	const other = "130102"
	audit := fleet.AuditRow{Ubigeo: here, Username: "ana", Action: "retention.save"}
	for _, u := range []string{here, other} {
		check(t, s.SaveDistrict(ctx, fleet.District{Ubigeo: u, Name: "x", TimeZone: "America/Lima"}))
	}
	ago := func(days int) time.Time { return noon.AddDate(0, 0, -days) }
	bring := func(u, id string, days, first, last int) {
		im := hotspots.Import{ID: id, File: id + ".csv", At: ago(days), Rows: 1, Rejected: 1, First: ago(first), Last: ago(last)}
		_, err := s.ImportIncidents(ctx, u, im, nil, []hotspots.Rejected{{Row: 2, Reason: "no date", Raw: "Juana Ríos;Jr. Unión 4"}}, fleet.AuditRow{Ubigeo: u, Action: "x"}, nil)
		check(t, err)
	}
	bring(here, "young", 29, 300, 200)
	bring(here, "old", 31, 300, 200)
	bring(here, "made in the hold", 40, 300, 200)
	bring(here, "of the hold", 60, 700, 500)
	bring(here, "old and taken back", 50, 300, 200)
	bring(other, "of another rule", 89, 300, 200)
	bring(other, "old by the usual rule", 91, 300, 200)
	_, err := s.UndoImport(ctx, here, "old and taken back", "ana", ago(45), audit)
	check(t, err)
	check(t, s.SaveRejectedRetention(ctx, here, 30, audit))
	wantKind(t, "for no time", s.SaveRejectedRetention(ctx, here, 0, audit), fleet.ErrInvalid)
	for id, from := range map[string]int{"h1": 41, "h2": 501} {
		check(t, s.SaveHold(ctx, here, retain.Hold{ID: id, Start: ago(from), End: ago(from - 2), Reason: "Oficio 123", CreatedAt: noon, CreatedBy: "ana"}, audit))
	}
	pass := func() {
		check(t, retain.Pass(ctx, retain.Config{Store: s, Now: func() time.Time { return noon }, Days: 10}))
	}
	kept := func(want ...string) {
		t.Helper()
		have := map[string]bool{}
		for _, u := range []string{here, other} {
			for _, im := range must(s.Imports(ctx, u, 10))(t) {
				rows := must(s.Rejected(ctx, u, im.ID))(t)
				if len(rows) > 0 {
					have[im.ID] = true
				}
				if im.UndoneAt.IsZero() && (len(rows) == 0) != im.ForgottenAt.Equal(noon) {
					t.Errorf("%s has %d rejected rows, forgotten %s", im.ID, len(rows), im.ForgottenAt)
				}
				if im.Rejected != 1 {
					t.Errorf("%s had %d rejected rows", im.ID, im.Rejected)
				}
			}
		}
		all := map[string]bool{}
		for _, w := range want {
			all[w] = true
		}
		same(t, "imports whose rejected rows are kept", all, have)
	}
	pass()
	kept("young", "made in the hold", "of the hold", "of another rule")
	runs := must(s.RetentionRuns(ctx, here, 5))(t)
	if len(runs) != 1 || runs[0].Files != 1 || runs[0].FilesHeld != 2 {
		t.Errorf("%+v", runs)
	}
	check(t, s.ReleaseHold(ctx, here, "h1", noon, audit))
	pass()
	kept("young", "of the hold", "of another rule")
	pass()
	if runs := must(s.RetentionRuns(ctx, other, 5))(t); len(runs) != 1 {
		t.Errorf("%d runs are told of where one had something to do", len(runs))
	}
}
