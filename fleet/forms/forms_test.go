package forms

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

var start = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// drive is a leg of some minutes from the start of the shift.
func drive(kind patrol.LegKind, from, minutes int, segment, name string) patrol.Leg {
	return patrol.Leg{Kind: kind, Start: start.Add(time.Duration(from) * time.Minute), End: start.Add(time.Duration(from+minutes) * time.Minute), Segment: segment, Name: name,
		Line: orb.LineString{{-79, -8}, {-79, -8.001}}}
}

func source(t *testing.T, legs ...patrol.Leg) Source {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	return Source{Loc: loc, District: fleet.District{Ubigeo: "130102", Name: "El Porvenir"},
		Shift:   fleet.Shift{ID: "2026-11-22/noche", Code: "noche", Name: "Noche", Start: start, End: start.Add(8 * time.Hour)},
		Units:   []fleet.Unit{{ID: "C01", CallSign: "Halcón 1", Plate: "ABC-123", Sectors: []string{"s2", "s1"}, From: "23:00", To: "05:00"}, {ID: "M01", CallSign: "Cazador 1", Mode: routing.Motorcycle, Integrated: true}},
		Sectors: map[string]string{"s1": "Alto", "s2": "Bajo"},
		Plan:    &patrol.Plan{ID: "p", Version: 2, Seed: 7, Rounds: []patrol.Round{{Number: 1, Unit: "C01", CallSign: "Halcón 1", Metres: 1234, Legs: legs}}},
		Graph:   &routing.Graph{Segments: []routing.Segment{{ID: "a", Name: "Calle A"}, {ID: "b"}}},
	}
}

func TestRouteSheetLines(t *testing.T) {
	type line struct {
		Kind    LineKind
		Minutes float64
		Streets []string
		Unnamed int
	}
	stop := drive(patrol.Stop, 10, 15, "", "Plaza")
	for _, tc := range []struct {
		name string
		legs []patrol.Leg
		want []line
	}{
		{"nothing", nil, []line{}},
		{"streets in order, each once", []patrol.Leg{drive(patrol.Service, 0, 2, "a", "Calle A"), drive(patrol.Service, 2, 2, "c", "Calle C"), drive(patrol.Repeat, 4, 2, "a", "Calle A")},
			[]line{{Patrol, 6, []string{"Calle A", "Calle C"}, 0}}},
		{"described streets are counted", []patrol.Leg{drive(patrol.Service, 0, 2, "b", "calle entre Ca. A y Ca. C"), drive(patrol.Service, 2, 2, "b", "calle entre Ca. A y Ca. C")},
			[]line{{Patrol, 4, []string{}, 1}}},
		{"a quarter of an hour at most", []patrol.Leg{drive(patrol.Service, 0, 10, "a", "Calle A"), drive(patrol.Service, 10, 10, "a", "Calle A")},
			[]line{{Patrol, 10, []string{"Calle A"}, 0}, {Patrol, 10, []string{"Calle A"}, 0}}},
		{"a stop between", []patrol.Leg{drive(patrol.Service, 0, 10, "a", "Calle A"), stop, drive(patrol.Fill, 25, 3, "a", "Calle A")},
			[]line{{Patrol, 10, []string{"Calle A"}, 0}, {Stop, 15, []string{}, 0}, {Patrol, 3, []string{"Calle A"}, 0}}},
		{"a short transfer belongs to what follows", []patrol.Leg{drive(patrol.Deadhead, 0, 1, "c", "Calle C"), drive(patrol.Service, 1, 3, "a", "Calle A")},
			[]line{{Patrol, 4, []string{"Calle C", "Calle A"}, 0}}},
		{"a transfer alone", []patrol.Leg{stop, drive(patrol.Deadhead, 25, 5, "c", "Calle C")},
			[]line{{Stop, 15, []string{}, 0}, {Transfer, 5, []string{"Calle C"}, 0}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sheets := NewRouteSheets(source(t, tc.legs...))
			if len(sheets) != 1 {
				t.Fatalf("%d sheets", len(sheets))
			}
			got := []line{}
			for i, l := range sheets[0].Lines {
				if l.Number != i+1 {
					t.Errorf("line %d has number %d", i+1, l.Number)
				}
				got = append(got, line{l.Kind, l.Minutes, l.Streets, l.Unnamed})
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestRouteSheetOfUnits(t *testing.T) {
	s := source(t, drive(patrol.Service, 0, 2, "a", "Calle A"))
	if got := NewRouteSheets(s, "M01"); len(got) != 0 {
		t.Errorf("a unit without a round has %d sheets", len(got))
	}
	got := NewRouteSheets(s, "C01")[0].Unit
	want := Unit{ID: "C01", CallSign: "Halcón 1", Plate: "ABC-123", From: start.Add(time.Hour), To: start.Add(7 * time.Hour), Sectors: []string{"Alto", "Bajo"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestRosterHasPlannedAndNamedUnits(t *testing.T) {
	s := source(t, drive(patrol.Service, 0, 2, "a", "Calle A"), drive(patrol.Stop, 2, 10, "", "Plaza"))
	r := NewRoster(s, []string{"M01", "C01", "M01", "gone"})
	type row struct {
		Round int
		Unit  string
		Stops int
	}
	var got []row
	for _, x := range r.Rows {
		got = append(got, row{x.Round, x.Unit.ID, x.Stops})
	}
	if d := cmp.Diff([]row{{1, "C01", 1}, {0, "M01", 0}, {0, "gone", 0}}, got); d != "" {
		t.Error(d)
	}
	if !r.Rows[1].Unit.Integrated || r.Rows[1].Unit.Mode != routing.Motorcycle {
		t.Errorf("unit of the roster: %+v", r.Rows[1].Unit)
	}
	s.Plan = nil
	if r = NewRoster(s, []string{"C01"}); r.Plan != nil || len(r.Rows) != 1 || r.Rows[0].Round != 0 {
		t.Errorf("roster without a plan: %+v", r)
	}
}

func TestWhatWasDone(t *testing.T) {
	s := source(t, drive(patrol.Service, 0, 2, "a", "Calle A"))
	unit := func(id string, complied bool, km float64) compliance.Unit {
		return compliance.Unit{Unit: id, CallSign: id, Complied: complied, Tally: compliance.Tally{Done: km, Late: 1, Extra: 2, Skipped: 9}, Missing: compliance.Missing{Km: 3, Minutes: 4},
			StopsPlanned: 2, StopsDone: 1, MinutesDone: 10, SilentMin: 5,
			Stops: []compliance.Stop{{Seq: 7, Name: "late", Start: start.Add(time.Hour)}, {Name: "unasked", Arrived: start.Add(30 * time.Minute)}}}
	}
	evening := compliance.Report{Units: []compliance.Unit{unit("M01", true, 10), unit("C01", true, 20)}}
	night := compliance.Report{Units: []compliance.Unit{unit("C01", false, 30)}}

	var names []string
	for _, r := range NewStopLog(s, evening).Rows {
		names = append(names, r.Unit.ID+" "+r.Stop.Name)
	}
	if d := cmp.Diff([]string{"M01 unasked", "M01 late", "C01 unasked", "C01 late"}, names); d != "" {
		t.Error(d)
	}
	table := NewUnitTable("2026-11-22", []Source{s, s}, []compliance.Report{evening, night})
	if len(table.Rows) != 2 || len(table.Shifts) != 2 {
		t.Fatalf("table: %+v", table)
	}
	c01, m01 := table.Rows[0], table.Rows[1]
	if c01.Unit.Plate != "ABC-123" || c01.Km != 56 || c01.KmMissing != 6 || c01.MinutesMissing != 8 || c01.StopsDone != 2 || c01.SilentMin != 10 || c01.Complied || len(c01.Shifts) != 2 {
		t.Errorf("of two shifts: %+v", c01)
	}
	if m01.Km != 13 || !m01.Complied {
		t.Errorf("of one shift: %+v", m01)
	}
}
