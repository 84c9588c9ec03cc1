package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
)

func TestJournalIsListed(t *testing.T) {
	s := newSite(t)
	unit := "C-" + here
	s.must(s.st.SaveDay(t.Context(), here, journal.Day{Unit: unit, Date: "2026-11-20", Metres: 1234, Events: []journal.Event{
		{Unit: unit, Kind: journal.Overspeed, Start: noon.Add(-time.Hour), End: noon.Add(-59 * time.Minute), Point: orb.Point{-79, -8}, Value: new(25.0), Device: "gps"}}}))
	d := "/api/v1/d/" + here
	op := s.as(fleet.RoleOperator, here)
	var es []api.UnitEvent
	read(t, op.do("GET", d+"/events?unit="+unit, nil), &es)
	if len(es) != 1 || es[0].Kind != "overspeed" || es[0].End == nil || *es[0].Value != 25 {
		t.Errorf("%+v", es)
	}
	var days []journal.Day
	read(t, op.do("GET", d+"/days?from=2026-11-19&to=2026-11-21", nil), &days)
	if len(days) != 1 || days[0].Metres != 1234 {
		t.Errorf("%+v", days)
	}
	for _, bad := range []string{"/days?from=2026-01-01&to=2026-11-21", "/days?from=2026-11-21&to=2026-11-01", "/days", "/days?from=hoy", "/events?from=" + noon.Add(time.Hour).Format(time.RFC3339)} {
		if a := op.do("GET", d+bad, nil); a.status != 400 {
			t.Errorf("%s: %d", bad, a.status)
		}
	}
	rows, err := s.st.AuditRows(t.Context(), here, 50)
	s.must(err)
	looks := 0
	for _, r := range rows {
		if r.Action == "events.view" || r.Action == "days.view" {
			looks++
		}
	}
	if looks != 2 {
		t.Errorf("%d looks audited", looks)
	}
}

func TestUnitGoesToTheWorkshop(t *testing.T) {
	s := newSite(t)
	sup := s.as(fleet.RoleSupervisor, here)
	d := "/api/v1/d/" + here
	u := d + "/units/C-" + here
	if a := sup.do("POST", u+"/states", map[string]any{"state": "workshop"}); a.status != 400 || !strings.Contains(string(a.body), "por qué") {
		t.Errorf("without a reason: %d %s", a.status, a.body)
	}
	if a := sup.do("POST", d+"/units/nadie/states", map[string]any{"state": "no_fuel", "reason": "vale"}); a.status != 404 {
		t.Errorf("a unit of nobody: %d", a.status)
	}
	if a := sup.do("POST", u+"/states", map[string]any{"state": "workshop", "reason": "Embrague"}); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var us []api.Unit
	read(t, sup.do("GET", d+"/units", nil), &us)
	if us[0].Active {
		t.Error("it is still in service")
	}
	var register []fleet.UnitReadiness
	read(t, sup.do("GET", u+"/states", nil), &register)
	if len(register) != 1 || register[0].Reason != "Embrague" || register[0].Username == "" {
		t.Errorf("%+v", register)
	}
}

func TestBadFences(t *testing.T) {
	s := newSite(t)
	sup := s.as(fleet.RoleSupervisor, here)
	feature := func(id, kind string, g map[string]any) map[string]any {
		return map[string]any{"type": "FeatureCollection", "features": []any{map[string]any{"type": "Feature", "properties": map[string]any{"id": id, "name": "x", "kind": kind}, "geometry": g}}}
	}
	square := map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{-79, -8}, {-78, -8}, {-78, -7}, {-79, -8}}}}
	for name, body := range map[string]any{
		"a line":            feature("a", "base", map[string]any{"type": "LineString", "coordinates": [][]float64{{1, 2}, {3, 4}}}),
		"an open ring":      feature("a", "base", map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{-79, -8}, {-78, -8}, {-78, -7}, {-79, -7}}}}),
		"another kind":      feature("a", "school", square),
		"an id of slashes":  feature("a/b", "base", square),
		"no geometry":       feature("a", "base", nil),
		"nothing":           map[string]any{"type": "FeatureCollection", "features": []any{nil}},
		"no collection":     square,
		"latitude of 800":   feature("a", "base", map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{-79, -8}, {-78, 800}, {-78, -7}, {-79, -8}}}}),
		"corners of words":  feature("a", "base", map[string]any{"type": "Polygon", "coordinates": "x"}),
		"features of words": map[string]any{"type": "FeatureCollection", "features": "x"},
	} {
		if a := sup.do("POST", "/api/v1/d/"+here+"/fences", body); a.status != 400 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}
