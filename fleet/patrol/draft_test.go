package patrol

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/routingtest"
)

// night is a shift of the given hours from 22:00 in Lima.
func night(t testing.TB, hours float64) (fleet.Shift, *time.Location) {
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	s, err := fleet.ShiftDef{Code: "noche", Name: "Noche", Start: "22:00", End: "06:00"}.On("2026-11-21", loc)
	if err != nil {
		t.Fatal(err)
	}
	s.End = s.Start.Add(time.Duration(hours * float64(time.Hour)))
	return s, loc
}

func town(t testing.TB, seed uint64, units ...routing.Mode) DraftInput {
	shift, loc := night(t, 8)
	in := DraftInput{Graph: routingtest.City(routingtest.Usual(seed, 9, 9)), Shift: shift, Loc: loc, Seed: int64(seed)}
	in.District = fleet.District{Ubigeo: "130102", Name: "Prueba", TimeZone: "America/Lima"}
	for i, m := range units {
		in.Units = append(in.Units, fleet.Unit{ID: string(rune('A' + i)), Mode: m, Active: true})
	}
	return in
}

func TestDraftPassesItsCheck(t *testing.T) {
	tests := []struct {
		name  string
		units []routing.Mode
	}{
		{"one car", []routing.Mode{routing.Car}},
		{"two cars and a motorcycle", []routing.Mode{routing.Car, routing.Car, routing.Motorcycle}},
		{"car, bicycle and foot", []routing.Mode{routing.Car, routing.Bicycle, routing.Foot}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for seed := range uint64(3) {
				in := town(t, seed+1, tt.units...)
				plan, f, err := NewDraft(context.Background(), in)
				if err != nil {
					t.Fatal(err)
				}
				span := Span{in.Shift.Start, in.Shift.End}
				if vs := Check(plan, in.Graph, span); len(vs) > 0 {
					t.Fatalf("seed %d: %d violations, the first: %+v", seed+1, len(vs), vs[0])
				}
				if f.CoveragePct != 100 {
					t.Errorf("seed %d: coverage %g %% of %g km", seed+1, f.CoveragePct, f.StreetKm)
				}
				r := Report(plan, in.Graph, span)
				if math.Abs(r.CoveragePct-f.CoveragePct) > 0.01 || math.Abs(r.DrivenKm-f.DrivenKm) > 0.01 {
					t.Errorf("seed %d: the report says %g %% and %g km, the figures %g %% and %g km", seed+1, r.CoveragePct, r.DrivenKm, f.CoveragePct, f.DrivenKm)
				}
				if f.DeadheadAboveFloorPct < -1e-9 || f.GapPct < -1e-9 {
					t.Errorf("seed %d: deadhead %g points above its floor, longest %g %% above its bound", seed+1, f.DeadheadAboveFloorPct, f.GapPct)
				}
			}
		})
	}
}

func TestPlanSurvivesGeoJSON(t *testing.T) {
	in := town(t, 5, routing.Car, routing.Foot)
	plan, _, err := NewDraft(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	span := Span{in.Shift.Start, in.Shift.End}
	if err := EncodeGeoJSON(&b, plan, span); err != nil {
		t.Fatal(err)
	}
	got, err := DecodeGeoJSON(&b, "plan.geojson")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(plan, got.Plan, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Plan{}, "Streets"), cmpopts.IgnoreFields(Round{}, "Metres")); diff != "" {
		t.Errorf("another plan came back (-sent +got):\n%s", diff)
	}
	if !got.Shift.Start.Equal(span.Start) || !got.Shift.End.Equal(span.End) {
		t.Errorf("shift %v, want %v", got.Shift, span)
	}
}

func TestDraftRefuses(t *testing.T) {
	for name, change := range map[string]func(*DraftInput){
		"no units":     func(in *DraftInput) { in.Units = nil },
		"no streets":   func(in *DraftInput) { in.Graph = nil },
		"a base afar":  func(in *DraftInput) { in.Units[0].Base = orb.Point{-70, -12} },
		"empty shift":  func(in *DraftInput) { in.Shift.End = in.Shift.Start },
		"closed to it": func(in *DraftInput) { in.Graph = routingtest.Draw("a-b", routingtest.For("ab", routing.Foot)).Graph },
	} {
		t.Run(name, func(t *testing.T) {
			in := town(t, 1, routing.Car)
			change(&in)
			if _, _, err := NewDraft(context.Background(), in); !errors.Is(err, fleet.ErrInvalid) {
				t.Errorf("error %v, want ErrInvalid", err)
			}
		})
	}
}

func TestStartsNamesTheUnit(t *testing.T) {
	in := town(t, 1, routing.Car, routing.Foot)
	in.Units[1].Base = orb.Point{-70, -12}
	_, err := Starts(in.Graph, in.Units)
	if bad, ok := errors.AsType[BaseError](err); !ok || bad.Unit.ID != in.Units[1].ID {
		t.Errorf("error %v, want one of unit %s", err, in.Units[1].ID)
	}
}

// walkPlan is a plan of one car that drives a-b-c-b-a on a drawn map.
func walkPlan(t testing.TB, options ...routingtest.Option) (*routingtest.Map, Plan, Span) {
	m := routingtest.Draw(`
		a-b-c
		  |
		  d`, options...)
	shift, _ := night(t, 8)
	r := Round{Number: 1, Unit: "C01", Mode: routing.Car, Base: m.Graph.Nodes[m.Node("a")].Point}
	at := shift.Start
	for i, ends := range []string{"ab", "bc", "cb", "ba"} {
		a := m.Arc(ends)
		s := m.Graph.Segment(a)
		end := at.Add(time.Duration(s.Length / 5 * float64(time.Second)))
		r.Legs = append(r.Legs, Leg{Seq: i + 1, Kind: Service, Start: at, End: end, Segment: s.ID, Line: m.Graph.Line(a)})
		at = end
	}
	return m, Plan{Rounds: []Round{r}}, Span{shift.Start, shift.End}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	tests := []struct {
		name    string
		options []routingtest.Option
		edit    func(r *Round, m *routingtest.Map)
		want    []ViolationCode
	}{
		{name: "nothing", edit: func(*Round, *routingtest.Map) {}},
		{name: "a leg is missing", edit: func(r *Round, _ *routingtest.Map) { r.Legs = slices.Delete(r.Legs, 1, 2) },
			want: []ViolationCode{NotContiguous, TimeGap}},
		{name: "a street that is not there", edit: func(r *Round, _ *routingtest.Map) { r.Legs[1].Segment = "1-2-3" },
			want: []ViolationCode{UnknownSegment}},
		{name: "a line drawn by hand", edit: func(r *Round, _ *routingtest.Map) {
			l := slices.Clone(r.Legs[1].Line)
			r.Legs[1].Line = orb.LineString{l[0], {l[0][0], l[0][1] + 0.0001}, l[len(l)-1]}
		}, want: []ViolationCode{WrongGeometry}},
		{name: "closed to cars", options: []routingtest.Option{routingtest.For("bc", routing.Foot)}, edit: func(*Round, *routingtest.Map) {},
			want: []ViolationCode{WrongWay, WrongWay}},
		{name: "a forbidden turn", options: []routingtest.Option{routingtest.Ban("ab", "bc")}, edit: func(*Round, *routingtest.Map) {},
			want: []ViolationCode{ForbiddenTurn}},
		{name: "too fast", edit: func(r *Round, _ *routingtest.Map) {
			r.Legs[3].End = r.Legs[3].Start.Add(2 * time.Second)
		}, want: []ViolationCode{TooFast}},
		{name: "back in time", edit: func(r *Round, _ *routingtest.Map) {
			r.Legs[2].Start, r.Legs[2].End = r.Legs[2].Start.Add(-5*time.Minute), r.Legs[2].End.Add(-5*time.Minute)
		}, want: []ViolationCode{TimeOrder, OutsideShift, TimeGap}},
		{name: "not home", edit: func(r *Round, _ *routingtest.Map) { r.Legs = r.Legs[:3] }, want: []ViolationCode{NotAtBase}},
		{name: "from elsewhere", edit: func(r *Round, m *routingtest.Map) { r.Base = m.Graph.Nodes[m.Node("d")].Point },
			want: []ViolationCode{NotAtBase, NotAtBase}},
		{name: "after the shift", edit: func(r *Round, _ *routingtest.Map) {
			for i := range r.Legs {
				r.Legs[i].Start, r.Legs[i].End = r.Legs[i].Start.Add(9*time.Hour), r.Legs[i].End.Add(9*time.Hour)
			}
		}, want: []ViolationCode{OutsideShift, OutsideShift, OutsideShift, OutsideShift}},
		{name: "a stop too short", edit: func(r *Round, _ *routingtest.Map) {
			last := r.Legs[3]
			r.Legs = append(r.Legs, Leg{Seq: 5, Kind: Stop, Start: last.End, End: last.End.Add(5 * time.Minute), Point: last.to()})
		}, want: []ViolationCode{ShortStop}},
		{name: "all night without a break", edit: func(r *Round, _ *routingtest.Map) {
			last := r.Legs[3]
			r.Legs = append(r.Legs, Leg{Seq: 5, Kind: Stop, Start: last.End, End: last.End.Add(7 * time.Hour), Point: last.to()})
		}, want: []ViolationCode{NoBreak}},
		{name: "nothing to do", edit: func(r *Round, _ *routingtest.Map) { r.Legs = nil }, want: []ViolationCode{EmptyRound}},
		{name: "numbers out of order", edit: func(r *Round, _ *routingtest.Map) { r.Legs[2].Seq = 1 }, want: []ViolationCode{SequenceBroken}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, plan, shift := walkPlan(t, tt.options...)
			tt.edit(&plan.Rounds[0], m)
			var got []ViolationCode
			for _, v := range Check(plan, m.Graph, shift) {
				got = append(got, v.Code)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReportMeasuresCoverage(t *testing.T) {
	m, plan, shift := walkPlan(t)
	r := Report(plan, m.Graph, shift)
	if !r.Contiguous || len(r.Violations) != 0 {
		t.Errorf("%+v", r)
	}
	if math.Abs(r.CoveragePct-200.0/3) > 0.5 { // two of three streets of about the same length
		t.Errorf("coverage %g %%", r.CoveragePct)
	}
}

func TestDecodeGeoJSONRefuses(t *testing.T) {
	leg := `{"type":"Feature","geometry":{"type":"LineString","coordinates":[[-79,-8],[-79.001,-8]]},"properties":{"unit":"C01","mode":"car","seq":1,"kind":"service","start":"2026-11-21T22:00:00-05:00","end":"2026-11-21T22:01:00-05:00","segment":"1-2-3","name":"x"}}`
	tests := []struct{ name, data, want string }{
		{"nothing", ``, "not a GeoJSON plan"},
		{"not JSON", `plan`, "not a GeoJSON plan"},
		{"cut off", `{"type":"FeatureCollection","features":[` + leg, "not a GeoJSON plan"},
		{"a geometry", `{"type":"Point","coordinates":[1,2]}`, "FeatureCollection"},
		{"no features", `{"type":"FeatureCollection","features":[]}`, "no features"},
		{"no unit", fc(strings.Replace(leg, `"unit":"C01",`, ``, 1)), "unit is missing"},
		{"unknown mode", fc(strings.Replace(leg, `"car"`, `"boat"`, 1)), "boat"},
		{"unknown kind", fc(strings.Replace(leg, `"service"`, `"nap"`, 1)), "nap"},
		{"no time", fc(strings.Replace(leg, `"end":"2026-11-21T22:01:00-05:00",`, ``, 1)), "start or end"},
		{"a point for a street", fc(strings.Replace(leg, `"LineString","coordinates":[[-79,-8],[-79.001,-8]]`, `"Point","coordinates":[-79,-8]`, 1)), "LineString"},
		{"off the earth", fc(strings.Replace(leg, `[-79,-8]`, `[-79,-98]`, 1)), "feature 1"},
		{"two modes", fc(leg, strings.Replace(leg, `"car"`, `"foot"`, 1)), "foot here and car elsewhere"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := DecodeGeoJSON(strings.NewReader(tt.data), "plan.geojson")
			if !errors.Is(err, fleet.ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one about %q", err, tt.want)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("the error has several lines: %q", err)
			}
		})
	}
}

func fc(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func FuzzDecodeGeoJSON(f *testing.F) {
	in := town(f, 2, routing.Car)
	g := in.Graph
	f.Add([]byte(fc(`{"type":"Feature","geometry":{"type":"Point","coordinates":[-79,-8]},"properties":{"unit":"C01","mode":"car","seq":1,"kind":"break","start":"2026-11-21T22:00:00-05:00","end":"2026-11-21T22:45:00-05:00","name":"x"}}`)))
	f.Add([]byte(`{"type":"FeatureCollection","plan":{"rounds":[{"number":1,"unit":"A","mode":"car","base":[0,0]}]},"features":[{}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","plan":{"start":"2026-11-21T22:00:00-05:00"},"features":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := DecodeGeoJSON(bytes.NewReader(data), "plan")
		if err != nil {
			return
		}
		Report(file.Plan, g, file.Shift)
		var b bytes.Buffer
		if err := EncodeGeoJSON(&b, file.Plan, file.Shift); err != nil {
			t.Fatalf("a plan that was read cannot be written: %v", err)
		}
	})
}
