package store_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// standing is an import of the model.
type standing struct {
	id        string
	incidents []hotspots.Incident
	simulated bool
}

// folded gives what a district's incidents are if these imports, and no others,
// were brought in one after the other, and how many each of them brought.
func folded(imports []standing) (all []hotspots.Incident, brought map[string]int) {
	seen := map[string]bool{}
	brought = map[string]int{}
	for _, im := range imports {
		for _, in := range im.incidents {
			if !seen[in.Key] {
				seen[in.Key] = true
				all = append(all, in)
				brought[im.id]++
			}
		}
	}
	slices.SortFunc(all, func(a, b hotspots.Incident) int { return a.At.Compare(b.At) })
	return all, brought
}

// unanswered gives incidents as the table of incidents has them, which does not
// hold how they were answered.
func unanswered(in []hotspots.Incident) []hotspots.Incident {
	out := slices.Clone(in)
	for i := range out {
		out[i].Answered = nil
	}
	return out
}

// TestUndoOfOverlappingImports brings in random files that share incidents, each
// with its own words about them, and takes some back in any order: what is left
// is always what the other files alone would have given.
func TestUndoOfOverlappingImports(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		ubigeo := fmt.Sprintf("%06d", run)
		audit := fleet.AuditRow{Ubigeo: ubigeo, Action: "x"}
		var left []standing
		for step := range rapid.IntRange(2, 7).Draw(t, "steps") {
			switch op := rapid.SampledFrom([]string{"import", "import", "undo", "true data"}).Draw(t, "op"); {
			case op == "undo" && len(left) > 0:
				i := rapid.IntRange(0, len(left)-1).Draw(t, "which")
				before, _ := folded(left)
				id := left[i].id
				left = slices.Delete(left, i, i+1)
				after, _ := folded(left)
				n, err := s.UndoImport(ctx, ubigeo, id, "eva", noon, audit)
				if err != nil || n != len(before)-len(after) {
					t.Fatalf("%d incidents are gone with %s, want %d (%v)", n, id, len(before)-len(after), err)
				}
			case op == "true data":
				if _, err := s.DeleteSimulated(ctx, ubigeo, fleet.SimulatedIncidents); err != nil {
					t.Fatal(err)
				}
				for i := range left {
					if left[i].simulated {
						left[i].incidents = nil
					}
				}
			default:
				im := standing{id: fmt.Sprint("i", step), simulated: rapid.IntRange(0, 4).Draw(t, "simulated") == 0}
				for _, k := range rapid.SliceOfNDistinct(rapid.IntRange(0, 8), 1, 6, rapid.ID[int]).Draw(t, "keys") {
					in := hotspots.Incident{Key: fmt.Sprint("k", k), At: noon.Add(time.Duration(k) * time.Minute), Point: orb.Point{-79, -8},
						Source: im.id, Row: k + 2, Note: "as " + im.id + " says", Simulated: im.simulated}
					if rapid.Bool().Draw(t, "answered") {
						in.Answered = &hotspots.Answered{Assigned: in.At.Add(time.Duration(step+1) * time.Second), Outcome: rapid.SampledFrom([]hotspots.Outcome{"", hotspots.OutcomeReal, hotspots.OutcomeFalse}).Draw(t, "outcome")}
					}
					im.incidents = append(im.incidents, in)
				}
				_, err := s.ImportIncidents(ctx, ubigeo, hotspots.Import{ID: im.id, File: im.id, At: noon, Simulated: im.simulated, First: noon, Last: noon}, im.incidents, nil, audit, nil)
				if err != nil {
					t.Fatal(err)
				}
				left = append(left, im)
			}
			want, brought := folded(left)
			got, err := s.Incidents(ctx, ubigeo, noon.Add(-time.Hour), noon.Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "incidents", unanswered(want), got)
			answers, err := s.Answers(ctx, ubigeo, noon.Add(-time.Hour), noon.Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range answers {
				if !reflect.DeepEqual(a.Answered, want[i].Answered) {
					t.Fatalf("%s was answered %+v, want %+v", a.Key, a.Answered, want[i].Answered)
				}
			}
			ims, err := s.Imports(ctx, ubigeo, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, im := range left {
				i := slices.IndexFunc(ims, func(x hotspots.Import) bool { return x.ID == im.id })
				if !im.simulated && (ims[i].Inserted != brought[im.id] || ims[i].Known != len(im.incidents)-brought[im.id]) {
					t.Fatalf("%s brought %d and %d were known, want %d of %d", im.id, ims[i].Inserted, ims[i].Known, brought[im.id], len(im.incidents))
				}
			}
		}
	})
}
