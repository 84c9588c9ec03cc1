package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

func TestShiftsAreSet(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	path := "/api/v1/d/" + here + "/shift-defs"
	read := func(b []byte) (out []api.ShiftDef) {
		t.Helper()
		s.must(json.Unmarshal(b, &out))
		return out
	}
	usual := read(s.as(fleet.RoleCrew, here).want(http.StatusOK, "GET", path, nil).body)
	if len(usual) != 3 || usual[2] != (api.ShiftDef{Code: "noche", Name: "Noche", Start: "22:00", End: "06:00"}) {
		t.Errorf("the usual shifts are %+v", usual)
	}
	two := []api.ShiftDef{{Code: "dia", Name: " Día ", Start: "07:00", End: "19:00"}, {Code: "noche", Name: nasty, Start: "19:00", End: "07:00"}}
	two[1].Name = two[1].Name[:30]
	for _, c := range []struct {
		name   string
		defs   any
		status int
		says   string
	}{
		{"overlap", []api.ShiftDef{two[0], {Code: "noche", Name: "Noche", Start: "18:30", End: "07:00"}}, 400, "«Día» y «Noche» se cruzan"},
		{"none", []api.ShiftDef{}, 400, "al menos un turno"},
		{"code", []api.ShiftDef{{Code: "Día", Name: "Día", Start: "07:00", End: "19:00"}}, 400, "«Día» no sirve"},
		{"twice", []api.ShiftDef{two[0], two[0]}, 400, "dos veces"},
		{"clock", []api.ShiftDef{{Code: "dia", Name: "Día", Start: "", End: "19:00"}}, 400, "falta una hora"},
		{"name", []api.ShiftDef{{Code: "dia", Start: "07:00", End: "19:00"}}, 400, "nombre de cada turno"},
		{"too many", slices.Repeat(two, 7), 400, ""},
		{"no list", map[string]int{"a": 1}, 400, ""},
	} {
		if a := admin.want(c.status, "PUT", path, c.defs); !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %s", c.name, a.body)
		}
	}
	s.must(s.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "M1", CallSign: "Halcón 1", Shifts: []string{"tarde"}, Active: true}))
	if a := admin.want(http.StatusConflict, "PUT", path, two); !strings.Contains(string(a.body), "Halcón 1 trabaja en el turno «tarde»") {
		t.Errorf("a shift in use: %s", a.body)
	}
	s.must(s.st.SaveUnit(t.Context(), fleet.Unit{Ubigeo: here, ID: "M1", CallSign: "Halcón 1", Active: true}))
	if a := admin.want(http.StatusConflict, "PUT", path, two); !strings.Contains(string(a.body), "«tarde» tiene un plan para el 2026-11-21") {
		t.Errorf("a planned shift: %s", a.body)
	}
	for id, state := range map[string]patrol.State{"draft-" + here: patrol.Draft, "approved-" + here: patrol.Approved} {
		s.must(s.st.SetPlanState(t.Context(), here, id, state, patrol.Superseded, "x", noon))
	}
	got := read(admin.want(http.StatusOK, "PUT", path, two).body)
	two[0].Name = "Día"
	if diff := cmp.Diff(two, got); diff != "" {
		t.Errorf("saved:\n%s", diff)
	}
	if !slices.Contains(s.parts.changed, here) {
		t.Error("nobody is told of the change")
	}
	rows, err := s.st.AuditRows(t.Context(), here, 1)
	s.must(err)
	if rows[0].Action != "shifts.save" || rows[0].Detail != "dia 07:00-19:00, noche 19:00-07:00" || rows[0].Username == "" {
		t.Errorf("the audit says %+v", rows[0])
	}
	// Hours without a shift: the one that comes next is the next one.
	admin.want(http.StatusOK, "PUT", path, []api.ShiftDef{{Code: "noche", Name: "Noche", Start: "20:00", End: "04:00"}})
	var d api.District
	s.must(s.watch.Reload(t.Context(), here))
	s.must(json.Unmarshal(admin.want(http.StatusOK, "GET", "/api/v1/d/"+here, nil).body, &d))
	if d.NextShift.Id != "2026-11-21/noche" {
		t.Errorf("next is %+v", d.NextShift)
	}
}
