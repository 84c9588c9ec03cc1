package templates

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api/export"
	"github.com/serenazgo/serenazgo/api/export/paper"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/forms"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/review"
	"github.com/serenazgo/serenazgo/routing"
)

var update = flag.Bool("update", false, "write the goldens anew")

var start = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func source(t *testing.T) forms.Source {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	leg := func(kind patrol.LegKind, from, to int, segment, name, reason string) patrol.Leg {
		return patrol.Leg{Kind: kind, Start: start.Add(time.Duration(from) * time.Minute), End: start.Add(time.Duration(to) * time.Minute), Segment: segment, Name: name, Reason: reason,
			Point: orb.Point{-79, -8.05}, Line: orb.LineString{{-79, -8.05}, {-79, -8.06}}}
	}
	promised := leg(patrol.Stop, 30, 45, "", "Plaza de Armas", "request:7")
	promised.Due = start.Add(30 * time.Minute)
	return forms.Source{Loc: loc, District: fleet.District{Ubigeo: "130102", Name: "El Porvenir", Province: "Trujillo", Simulated: true},
		Shift: fleet.Shift{ID: "2026-11-22/noche", Code: "noche", Name: "Noche", Start: start, End: start.Add(8 * time.Hour)},
		Units: []fleet.Unit{{ID: "C01", CallSign: "Halcón 1", Plate: "ABC-123", From: "22:00", To: "02:00", MaxKm: 90}, {ID: "M01", CallSign: "Cazador 1", Mode: routing.Motorcycle, Integrated: true}},
		Plan: &patrol.Plan{ID: "2026-11-22-noche-2", Version: 2, State: patrol.Draft, Seed: 7, Streets: "v1", Rounds: []patrol.Round{{Number: 1, Unit: "C01", CallSign: "Halcón 1", Metres: 5555, Legs: []patrol.Leg{
			leg(patrol.Service, 0, 5, "a", "Calle Tacna", ""), leg(patrol.Service, 5, 9, "b", "calle entre Ca. Tacna y Ca. Lima", ""), leg(patrol.Deadhead, 9, 12, "c", "Avenida Perú", ""),
			promised, leg(patrol.Stop, 50, 60, "", "Jirón Unión", "hot:8a8f53ae576ffff"), leg(patrol.Break, 60, 105, "", "Base", "")}}}},
		Graph: &routing.Graph{Segments: []routing.Segment{{ID: "a", Name: "Calle Tacna", Line: orb.LineString{{-79, -8.05}, {-79, -8.06}}}, {ID: "b"}, {ID: "c", Name: "Avenida Perú", Class: routing.Primary}}},
	}
}

// samples are one of each paper.
func samples(t *testing.T) map[string]Paper {
	t.Helper()
	out := map[string]Paper{}
	for _, kind := range []string{KindRoster, KindRoute} {
		p, err := OfPlan(kind, source(t), nil, start)
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = p
	}
	out[KindStops] = StopLog(forms.NewStopLog(source(t), sampleReport()), start)
	out[KindUnits] = UnitTable(forms.NewUnitTable("2026-11-22", []forms.Source{source(t)}, []compliance.Report{sampleReport()}), start)
	out["review"] = OfReview(sampleReview(t), sampleStreets, start)
	out["review-empty"] = OfReview(review.Review{Ubigeo: "130102", District: "El Porvenir", TimeZone: "America/Lima", Query: review.Query{Period: review.Period{From: "2026-11-01", To: "2026-11-01"}},
		Sources: review.Sources{Police: review.PoliceNone}}, Streets{}, start)
	out["joint"] = OfJointMap(sampleJoint(t), sampleStreets, start)
	p, err := OfSession(sampleSession(t), sampleStreets, start)
	if err != nil {
		t.Fatal(err)
	}
	out["session"] = p
	return out
}

// TestGolden holds what the papers say, and where their maps draw it, against
// what they said when somebody last looked at them.
func TestGolden(t *testing.T) {
	for kind, p := range samples(t) {
		t.Run(kind, func(t *testing.T) {
			got, err := json.MarshalIndent(map[string]any{"name": p.Name, "documents": p.Book.Documents, "content": p.Content}, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", kind+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Errorf("the form has changed; look at it, then run with -update:\n%s", d)
			}
			for _, f := range []export.Format{PDF, export.XLSX, JSON} {
				var raw, again bytes.Buffer
				if err := p.Write(&raw, f); err != nil || raw.Len() == 0 {
					t.Errorf("%s: %d bytes, %v", f, raw.Len(), err)
				}
				if err := p.Write(&again, f); err != nil || !bytes.Equal(raw.Bytes(), again.Bytes()) {
					t.Errorf("%s: the same paper is not the same file (%v)", f, err)
				}
				if dir := os.Getenv("SERENAZGO_PAPERS"); dir != "" { // to look at them
					if err := os.WriteFile(filepath.Join(dir, kind+"."+string(f)), raw.Bytes(), 0o644); err != nil {
						t.Error(err)
					}
				}
			}
			if err := p.Write(&bytes.Buffer{}, export.GPX); err == nil {
				t.Error("a form was written as GPX")
			}
		})
	}
}

func TestOfPlanRefuses(t *testing.T) {
	if _, err := OfPlan(KindRoute, source(t), []string{"M01"}, start); err == nil {
		t.Error("a unit without a round has a route sheet")
	}
	if _, err := OfPlan("menu", source(t), nil, start); err == nil {
		t.Error("an unknown form was made")
	}
	s := source(t)
	s.Plan = nil
	if p, err := OfPlan(KindRoster, s, []string{"C01"}, start); err != nil || len(p.Book.Documents[0].Blocks) == 0 {
		t.Errorf("a roster without a plan: %v", err)
	}
}

// TestRoundWithoutStreets: a round that goes nowhere can still be printed.
func TestRoundWithoutStreets(t *testing.T) {
	s := source(t)
	s.Plan.Rounds[0].Legs = nil
	s.Graph = nil
	p, err := OfPlan(KindRoute, s, nil, start)
	if err != nil {
		t.Fatal(err)
	}
	if err := paper.WritePDF(&bytes.Buffer{}, p.Book); err != nil {
		t.Error(err)
	}
}
