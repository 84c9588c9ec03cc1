package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestUnitLogs(t *testing.T) {
	s := newSite(t)
	boss, auditor := s.as(fleet.RoleOperator, here), s.as(fleet.RoleAuditor, here)
	path, unit := "/api/v1/d/"+here+"/unit-logs", "C-"+here
	type row = map[string]any
	put := func(shift string, rows ...row) map[string]any { return map[string]any{"shift": shift, "logs": rows} }
	boss.want(http.StatusNoContent, "PUT", path, put("2026-11-20/noche", row{"unit": unit, "km_out": 81_000, "km_in": 81_064.5, "fuel_l": 20.8}))
	boss.want(http.StatusNoContent, "PUT", path, put("2026-11-21/manana", row{"unit": unit, "km_out": 81_070}))
	for _, c := range []struct {
		name string
		row  row
		says string
	}{
		{"backwards", row{"unit": unit, "km_out": 81_100, "km_in": 81_000}, "llegada de " + unit},
		{"too far", row{"unit": unit, "km_out": 1, "km_in": 81_000}, "llegada de " + unit},
		{"negative", row{"unit": unit, "km_out": -1}, "salida de " + unit},
		{"fuel", row{"unit": unit, "fuel_l": 9999}, "combustible de " + unit},
		{"note", row{"unit": unit, "note": "a\nb"}, "no se puede mostrar"},
		{"stranger", row{"unit": "X99", "fuel_l": 3}, "No existe la unidad X99"},
	} {
		if a := boss.want(http.StatusBadRequest, "PUT", path, put("2026-11-21/tarde", row{"unit": unit, "fuel_l": 1}, c.row)); !strings.Contains(string(a.body), c.says) {
			t.Errorf("%s: %s", c.name, a.body)
		}
	}
	boss.want(http.StatusBadRequest, "PUT", path, put("ayer", row{"unit": unit}))
	boss.want(http.StatusBadRequest, "PUT", path, put("2026-11-21/tarde"))
	auditor.want(http.StatusForbidden, "PUT", path, put("2026-11-21/tarde", row{"unit": unit}))
	var got api.UnitLogs
	read(t, auditor.want(http.StatusOK, "GET", path+"?shift=2026-11-21/tarde", nil), &got)
	if len(got.Logs) != 0 {
		t.Errorf("of requests with a wrong row was kept: %+v", got.Logs)
	}
	if got.Before[unit] != 81_070 {
		t.Errorf("before the afternoon the odometer showed %v", got.Before)
	}
	read(t, auditor.want(http.StatusOK, "GET", path+"?shift=2026-11-21/manana", nil), &got)
	if got.Before[unit] != 81_064.5 || len(got.Logs) != 1 || *got.Logs[0].KmOut != 81_070 || got.Logs[0].KmIn != nil {
		t.Errorf("%+v", got)
	}
	read(t, auditor.want(http.StatusOK, "GET", path+"?from=2026-11-20&to=2026-11-21", nil), &got)
	if len(got.Logs) < 2 || *got.Logs[0].Fuel != 20.8 || got.Logs[0].SavedBy == "" {
		t.Errorf("%+v", got)
	}
	// A row that says nothing is taken away.
	boss.want(http.StatusNoContent, "PUT", path, put("2026-11-21/manana", row{"unit": unit}))
	got = api.UnitLogs{}
	read(t, auditor.want(http.StatusOK, "GET", path+"?shift=2026-11-21/manana", nil), &got)
	if len(got.Logs) != 0 {
		t.Errorf("%+v", got)
	}
	for _, q := range []string{"?to=2026-11-20", "?from=2026-11-20", "?from=2026-11-21&to=2026-11-20", "?from=2020-01-01&to=2026-11-20", "?shift=x", "?shift=2026-99-21/noche"} {
		auditor.want(http.StatusBadRequest, "GET", path+q, nil)
	}
	rows, err := s.st.AuditRows(t.Context(), here, 20)
	s.must(err)
	for _, r := range rows {
		if r.Action == "unit.log" && strings.Contains(r.Subject, "2026-11-20/noche") && strings.Contains(r.Detail, "fuel_l 20.8") {
			return
		}
	}
	t.Errorf("the audit says nothing of it: %+v", rows)
}
