package api_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestDrawnFactors: places, streets and areas are drawn, changed in part or whole,
// and taken away.
func TestDrawnFactors(t *testing.T) {
	s := newSite(t)
	boss, base := s.as(fleet.RoleSupervisor, here), "/api/v1/d/"+here
	c := siteBoundary(siteStreets()).Bound().Center()
	at := func(east, north float64) []float64 { return []float64{c[0] + east/1000, c[1] + north/1000} }
	type factor struct {
		ID, Kind, Name string
		Geometry       struct{ Type string }
	}
	factors := func() map[string]factor {
		var m struct{ Factors []factor }
		read(t, boss.want(http.StatusOK, "GET", base+"/risk", nil), &m)
		out := map[string]factor{}
		for _, f := range m.Factors {
			out[f.ID] = f
		}
		return out
	}
	before := factors()
	add := func(body map[string]any) (id string) {
		var f factor
		read(t, boss.want(http.StatusCreated, "POST", base+"/risk/factors", body), &f)
		return f.ID
	}
	place := add(map[string]any{"kind": "bar", "name": " Bar ", "line": []any{at(0, 0)}})
	street := add(map[string]any{"kind": "unlit", "line": []any{at(0, 0), at(1, 0), at(1, 1)}})
	lot := add(map[string]any{"kind": "vacant_lot", "line": []any{at(0, 0), at(1, 0), at(1, 1), at(0, 0)}})
	boss.want(http.StatusNoContent, "PUT", base+"/risk/factors/"+street, map[string]any{"kind": "unlit", "name": "Jr. Unión cdra. 4"})
	boss.want(http.StatusNoContent, "PUT", base+"/risk/factors/"+place, map[string]any{"kind": "nightclub", "name": "", "line": []any{at(0, 0), at(0, 1), at(1, 1), at(0, 0)}})
	wantRefused(t, "no such kind", boss.do("PUT", base+"/risk/factors/"+lot, map[string]any{"kind": "x", "name": ""}), "kind", "tipo")
	wantRefused(t, "far away", boss.do("PUT", base+"/risk/factors/"+lot, map[string]any{"kind": "bar", "name": "", "line": []any{[]float64{c[0] + 1, c[1]}}}), "line", "fuera del distrito")
	boss.want(http.StatusNotFound, "PUT", base+"/risk/factors/nobody", map[string]any{"kind": "bar", "name": ""})
	want := map[string]factor{}
	for id, f := range before {
		want[id] = f
	}
	polygon, line := struct{ Type string }{"Polygon"}, struct{ Type string }{"LineString"}
	want[place] = factor{place, "nightclub", "", polygon}
	want[street] = factor{street, "unlit", "Jr. Unión cdra. 4", line}
	want[lot] = factor{lot, "vacant_lot", "", polygon}
	if d := cmp.Diff(want, factors()); d != "" {
		t.Errorf("factors (-want +got):\n%s", d)
	}
	for _, id := range []string{place, street, lot} {
		boss.want(http.StatusNoContent, "DELETE", base+"/risk/factors/"+id, nil)
	}
	if d := cmp.Diff(before, factors()); d != "" {
		t.Errorf("after all are taken away (-want +got):\n%s", d)
	}
}

// TestDrawnPriorityArea: a cell is accepted with an outline of its own, which later
// changes of its terms leave as it is, and it is not put forward again, although
// its middle lies elsewhere.
func TestDrawnPriorityArea(t *testing.T) {
	s := newSite(t)
	boss, base := s.as(fleet.RoleSupervisor, here), "/api/v1/d/"+here
	c := siteBoundary(siteStreets()).Bound().Center()
	type areas struct {
		Areas []struct {
			ID   string
			Ring [][]float64
			Term struct{ Name string }
		}
		Proposed []struct{ ID string }
	}
	get := func() (a areas) {
		read(t, boss.want(http.StatusOK, "GET", base+"/priority-areas?shift="+shift, nil), &a)
		return a
	}
	first := get()
	var risks struct{ Cells []struct{ ID string } }
	read(t, boss.want(http.StatusOK, "GET", base+"/risk?shift="+shift, nil), &risks)
	id := risks.Cells[0].ID
	corner := []any{[]float64{c[0] + .01, c[1]}, []float64{c[0] + .011, c[1]}, []float64{c[0] + .011, c[1] + .001}}
	wantRefused(t, "flat", boss.do("PUT", base+"/priority-areas/"+id, map[string]any{"name": "x", "level": "high", "ring": []any{corner[0], corner[1], corner[0]}}), "ring", "tres esquinas")
	boss.want(http.StatusNoContent, "PUT", base+"/priority-areas/"+id, map[string]any{"name": "x", "level": "high", "ring": corner})
	boss.want(http.StatusNoContent, "PUT", base+"/priority-areas/"+id, map[string]any{"name": "Parque", "level": "low"})
	now := get()
	for _, p := range now.Proposed {
		if p.ID == id {
			t.Error("an area that was accepted is put forward again")
		}
	}
	for _, a := range now.Areas {
		if a.ID == id && (len(a.Ring) != 4 || a.Ring[2][1] != c[1]+.001 || a.Term.Name != "Parque") {
			t.Errorf("%+v", a)
		}
	}
	if len(now.Areas) != len(first.Areas)+1 {
		t.Errorf("%d areas, before %d", len(now.Areas), len(first.Areas))
	}
}
