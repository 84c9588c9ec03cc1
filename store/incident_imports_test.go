package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// An import is kept with its rows and taken back with those that it alone
// brought.
func TestIncidentImports(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	some := func(from, to int) (out []hotspots.Incident) {
		for i := from; i < to; i++ {
			out = append(out, hotspots.Incident{Key: fmt.Sprint("k", i), At: noon.Add(time.Duration(i) * time.Minute), Until: noon.Add(time.Duration(i+60) * time.Minute),
				Point: orb.Point{-79, -8}, Grade: hotspots.GradeBlock, Source: "f.csv", Row: i + 2})
		}
		return out
	}
	left := []hotspots.Rejected{{Row: 3, Reason: "no time", Raw: "a;\xff\x00", Code: "no_date"}, {Row: 2, Reason: "no place"}}
	im := hotspots.Import{ID: "i1", File: "f.csv", At: noon, By: "ana", Rows: 3002, Rejected: 2, First: noon, Last: noon.Add(time.Hour), Header: []string{"a", "b"}, Comma: ";"}
	last := 0
	one, err := s.ImportIncidents(ctx, here, im, some(0, 3000), left, fleet.AuditRow{Ubigeo: here, Username: "ana", Action: "import.incidents"}, func(n int) { last = n })
	if err != nil || one.Inserted != 3000 || one.Known != 0 || last != 3000 {
		t.Fatalf("%+v, progress to %d, %v", one, last, err)
	}
	im.ID, im.At = "i2", noon.Add(time.Hour)
	two, err := s.ImportIncidents(ctx, here, im, some(2990, 3010), nil, fleet.AuditRow{Ubigeo: here, Action: "x"}, nil)
	if err != nil || two.Inserted != 10 || two.Known != 10 {
		t.Fatalf("%+v, %v", two, err)
	}
	same(t, "imports", []hotspots.Import{two, one}, must(s.Imports(ctx, here, 10))(t))
	same(t, "rejected", left, must(s.Rejected(ctx, here, "i1"))(t))
	same(t, "first", some(0, 1), must(s.Incidents(ctx, here, noon, noon.Add(time.Second)))(t))
	_, err = s.ImportIncidents(ctx, here, im, some(0, 1), nil, fleet.AuditRow{Ubigeo: here, Action: "x"}, nil)
	if err == nil {
		t.Error("two imports have one id")
	}
	n, err := s.UndoImport(ctx, here, "i1", "eva", noon.Add(2*time.Hour), fleet.AuditRow{Ubigeo: here, Username: "eva", Action: "import.undo"})
	if err != nil || n != 2990 {
		t.Fatalf("%d incidents taken back, %v", n, err)
	}
	same(t, "what is left", some(2990, 3010), must(s.Incidents(ctx, here, noon, noon.AddDate(1, 0, 0)))(t))
	if ims := must(s.Imports(ctx, here, 10))(t); ims[1].UndoneBy != "eva" || ims[1].UndoneAt.IsZero() || !ims[0].UndoneAt.IsZero() {
		t.Errorf("%+v", ims)
	}
	if rows := must(s.Rejected(ctx, here, "i1"))(t); len(rows) != 0 {
		t.Errorf("%d rejected rows of an import taken back", len(rows))
	}
	_, err = s.UndoImport(ctx, here, "i1", "eva", noon, fleet.AuditRow{Ubigeo: here, Action: "x"})
	wantKind(t, "twice", err, fleet.ErrConflict)
	_, err = s.UndoImport(ctx, here, "i9", "eva", noon, fleet.AuditRow{Ubigeo: here, Action: "x"})
	wantKind(t, "unknown", err, fleet.ErrNotFound)
	rows := must(s.AuditRows(ctx, here, 1))(t)
	if rows[0].Username != "eva" || rows[0].Detail != "f.csv: 2990 incidents, 10 more stay as later imports have them" {
		t.Errorf("%+v", rows[0])
	}

	if m := must(s.SourceMapping(ctx, here, "abc"))(t); m != "" {
		t.Errorf("a mapping nobody gave: %q", m)
	}
	for _, m := range []string{"dates: dmy", "dates: mdy"} {
		check(t, s.SaveSourceMapping(ctx, here, hotspots.SourceMapping{Columns: "abc", Mapping: m, At: noon, By: "ana"}))
	}
	if m := must(s.SourceMapping(ctx, here, "abc"))(t); m != "dates: mdy" {
		t.Errorf("mapping %q", m)
	}
}
