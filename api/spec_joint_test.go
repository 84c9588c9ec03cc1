package api_test

import (
	"net/http"
	"testing"
)

// jointAnswers has the operations of the joint map and of joint sessions
// answered, and names them.
func jointAnswers(t *testing.T, admin *person, check func(answer, int)) []string {
	t.Helper()
	d := "/api/v1/d/" + here
	var risks struct{ Cells []struct{ ID string } }
	read(t, admin.want(http.StatusOK, "GET", d+"/risk", nil), &risks)
	area := d + "/priority-areas/" + risks.Cells[0].ID
	check(admin.do("PUT", area, map[string]any{"name": nasty, "level": "high", "shifts": []string{"noche"}}), 204)
	check(admin.do("POST", area+"/refusal", map[string]any{"shift": "noche", "until": "2026-12-31", "reason": nasty}), 204)
	check(admin.do("DELETE", area, nil), 204)

	check(admin.do("PUT", d+"/risk/settings", map[string]any{"share": 0.4, "terms": []any{map[string]any{"kind": "bar", "weight": 2, "reach_m": 150}}}), 204)
	body, kind := form(t, map[string]string{"file": "tipo,latitud,longitud\nbar,-8.07,-79.00\n"}, nil)
	check((&person{s: admin.s, cookie: admin.cookie, csrf: admin.csrf, header: http.Header{"Content-Type": {kind}}}).do("POST", d+"/risk/factors/import", body), 200)
	drawn := admin.do("POST", d+"/risk/factors", map[string]any{"kind": "bar", "name": nasty, "line": []any{siteBoundary(siteStreets()).Bound().Center()}})
	check(drawn, 201)
	var factor struct{ ID string }
	read(t, drawn, &factor)
	check(admin.do("PUT", d+"/risk/factors/"+factor.ID, map[string]any{"kind": "unlit", "name": nasty}), 204)
	check(admin.do("DELETE", d+"/risk/factors/"+factor.ID, nil), 204)

	check(admin.do("PUT", d+"/evaluation/bands", map[string]any{"bands": map[string]any{"green": 80, "amber": 50, "of": map[string]any{"complementarity_pct": []any{60, 40}}, "hot_minutes": 10, "hot_gap_minutes": 120}}), 204)
	check(admin.do("PUT", d+"/evaluation/bands", map[string]any{"bands": nil}), 204)

	begun := admin.do("POST", d+"/meetings", map[string]any{"from": "2026-10-01", "to": "2026-12-31"})
	check(begun, 201)
	var m meeting
	read(t, begun, &m)
	check(admin.do("POST", d+"/meetings/"+m.Session.ID, map[string]any{"step": "retake"}), 200)
	check(admin.do("DELETE", d+"/meetings/"+m.Session.ID, nil), 204)
	positions, kind := form(t, map[string]string{"file": "unidad,fecha,latitud,longitud\nPNP-1,2026-11-21 08:00:00,-8.07,-79.00\n"}, nil)
	check((&person{s: admin.s, cookie: admin.cookie, csrf: admin.csrf, header: http.Header{"Content-Type": {kind}}}).do("POST", d+"/police/tracks", positions), 200)
	check(admin.do("DELETE", d+"/police/tracks/"+admin.s.tracks(here), nil), 204)
	return []string{"PUT /d/{ubigeo}/priority-areas/{id}", "POST /d/{ubigeo}/priority-areas/{id}/refusal", "DELETE /d/{ubigeo}/priority-areas/{id}",
		"PUT /d/{ubigeo}/risk/settings", "POST /d/{ubigeo}/risk/factors/import", "POST /d/{ubigeo}/risk/factors", "PUT /d/{ubigeo}/risk/factors/{id}", "DELETE /d/{ubigeo}/risk/factors/{id}",
		"PUT /d/{ubigeo}/evaluation/bands", "POST /d/{ubigeo}/meetings", "POST /d/{ubigeo}/meetings/{id}", "DELETE /d/{ubigeo}/meetings/{id}",
		"POST /d/{ubigeo}/police/tracks", "DELETE /d/{ubigeo}/police/tracks/{id}"}
}
