package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// router finds the operation of a request in the specification.
func router(t testing.TB) routers.Router {
	t.Helper()
	spec, err := api.GetSpec()
	if err != nil {
		t.Fatal(err)
	}
	spec.Servers = openapi3.Servers{{URL: "/api/v1"}}
	if err := spec.Validate(context.Background()); err != nil {
		t.Fatalf("the specification is not valid: %v", err)
	}
	r, err := legacy.NewRouter(spec)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// conforms holds an answer against the specification.
func conforms(t testing.TB, r routers.Router, a answer) {
	t.Helper()
	req := a.req.Clone(context.Background())
	req.URL = &url.URL{Path: a.req.URL.Path, RawQuery: a.req.URL.RawQuery}
	route, params, err := r.FindRoute(req)
	if err != nil {
		t.Errorf("%s %s: %v", a.req.Method, a.req.URL.Path, err)
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.status,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), Options: &openapi3filter.Options{IncludeResponseStatus: true}})
	if err != nil {
		t.Errorf("%s %s: the answer %d is not what the specification says: %v", a.req.Method, a.req.URL.Path, a.status, err)
	}
}

// TestAnswersConform holds every operation's real answers against the
// specification, errors too.
func TestAnswersConform(t *testing.T) {
	s, r := newSite(t), router(t)
	admin, crew := s.as(fleet.RoleAdmin, here), s.as(fleet.RoleCrew, here)
	answered := map[string]bool{}
	check := func(a answer, want int) {
		t.Helper()
		if a.status != want {
			t.Errorf("%s %s: %d %s, want %d", a.req.Method, a.req.URL, a.status, a.body, want)
		}
		conforms(t, r, a)
	}
	for _, o := range operations(t) {
		if strings.HasSuffix(o.path, "/live") {
			answered[o.method+" "+o.path] = true
			continue // a stream: see TestLive
		}
		if o.path == "/shared" {
			check(s.nobody().do(o.method, o.url(here), nil), http.StatusGone) // 200: see TestShare
			answered[o.method+" "+o.path] = true
			continue
		}
		if o.method == http.MethodGet {
			check(admin.do(o.method, o.url(here), nil), http.StatusOK)
			answered[o.method+" "+o.path] = true
		}
		if !o.allows(fleet.RoleCrew) && strings.Contains(o.path, "{ubigeo}") {
			check(crew.do(o.method, o.url(here), nil), http.StatusForbidden)
		}
		if o.roles[0] != "anyone" {
			check(s.nobody().do(o.method, o.url(here), nil), http.StatusUnauthorized)
		}
	}
	d := "/api/v1/d/" + here
	point := s.graph.Nodes[1].Point
	for _, c := range []struct {
		method, path string
		body         any
		want         int
	}{
		{"PUT", "/d/{ubigeo}/shift-defs", fleet.DefaultShifts(), 200},
		{"PUT", "/d/{ubigeo}/posts", []patrol.FixedPost{{ID: "colegio", Name: "Colegio", Place: orb.Point{-79, -8.07}, From: "07:30", To: "08:15",
			Days: []time.Weekday{1, 5}}}, 200},
		{"GET", "/d/{ubigeo}/posts", nil, 200},
		{"PUT", "/d/{ubigeo}/roster", map[string]any{"shift": shift, "units": []string{"C-" + here}}, 200},
		{"GET", "/d/{ubigeo}/roster", nil, 200},
		{"PUT", "/d/{ubigeo}/harm", map[string]any{"weights": map[string]float64{"hurto": 4.5}}, 200},
		{"PUT", "/d/{ubigeo}/harm", map[string]any{"weights": map[string]float64{"hurto": 45}}, 400},
		{"GET", "/d/{ubigeo}/hotcells?by=harm", nil, 200},
		{"POST", "/d/{ubigeo}/backtests", nil, 202},
		{"PUT", "/d/{ubigeo}/forecast/model", map[string]any{"model": "decay_kde"}, 200},
		{"PUT", "/d/{ubigeo}/forecast/model", map[string]any{"model": "gistar"}, 400},
		{"PUT", "/d/{ubigeo}/forecast/model", map[string]any{"model": ""}, 200},
		{"POST", "/d/{ubigeo}/incidents", map[string]any{"type": []string{"PATRIMONIO", nasty}, "point": point, "origin": "call", "note": nasty}, 201},
		{"DELETE", "/d/{ubigeo}/incidents/imports/{id}", nil, 200},
		{"DELETE", "/d/{ubigeo}/incidents/imports/{id}", nil, 409},
		{"POST", "/d/{ubigeo}/corrections", map[string]any{"kind": "closed", "segment": s.graph.Segments[3].ID, "hour_from": "22:00", "hour_until": "05:00", "note": nasty}, 200},
		{"PUT", "/d/{ubigeo}/units/{id}", map[string]any{"call_sign": nasty, "mode": "motorcycle", "base": point, "shifts": []string{"noche"}, "device": "moto-1"}, 200},
		{"POST", "/d/{ubigeo}/devices/{id}/credentials", map[string]any{}, 200},
		{"PUT", "/d/{ubigeo}/devices/{id}", map[string]any{"name": nasty, "unit": "C-" + here, "identities": []string{"356307042441013"}, "clock_fix_s": 18000}, 200},
		{"POST", "/d/{ubigeo}/devices/{id}/claim", map[string]any{"unit": "C-" + here}, 200},
		{"PUT", "/d/{ubigeo}/devices/{id}/raw", map[string]any{"days": 2}, 200},
		{"POST", "/d/{ubigeo}/topic-rules", map[string]any{"pattern": "{device}/data", "format": "teltonika", "identity": "topic", "note": nasty}, 200},
		{"DELETE", "/d/{ubigeo}/topic-rules?pattern=%7Bdevice%7D/data", nil, 204},
		{"DELETE", "/d/{ubigeo}/devices/{id}", nil, 204},
		{"POST", "/d/{ubigeo}/fences", map[string]any{"type": "FeatureCollection", "features": []any{map[string]any{"type": "Feature",
			"properties": map[string]any{"id": "zona-" + here, "name": nasty, "kind": "forbidden"},
			"geometry":   map[string]any{"type": "Polygon", "coordinates": [][][]float64{{{-79, -8}, {-78, -8}, {-78, -7}, {-79, -8}}}}}}}, 200},
		{"GET", "/d/{ubigeo}/fences", nil, 200},
		{"DELETE", "/d/{ubigeo}/fences/{id}", nil, 204},
		{"POST", "/d/{ubigeo}/units/{id}/states", map[string]any{"state": "workshop", "reason": nasty, "expected": noon.Add(24 * time.Hour)}, 200},
		{"POST", "/d/{ubigeo}/units/{id}/states", map[string]any{"state": "operational"}, 200},
		{"GET", "/d/{ubigeo}/units/{id}/states", nil, 200},
		{"POST", "/d/{ubigeo}/shares", map[string]any{"units": []string{"C-" + here}, "minutes": 60, "note": nasty}, 201},
		{"GET", "/d/{ubigeo}/shares", nil, 200},
		{"DELETE", "/d/{ubigeo}/shares/{id}", nil, 204},
		{"PUT", "/d/{ubigeo}/relay", map[string]any{"on": true, "sink": "file", "batch": 1, "pace": "all", "municipality": "M-1",
			"vehicles": map[string]any{"C-" + here: map[string]any{"imei": "356307042441013", "plate": "EGA-123"}}}, 200},
		{"PUT", "/d/{ubigeo}/unit-logs", map[string]any{"shift": shift, "logs": []any{map[string]any{"unit": "C-" + here, "km_out": 81000.5, "fuel_l": 20, "note": nasty}}}, 204},
		{"GET", "/d/{ubigeo}/unit-logs?shift=" + string(shift), nil, 200},
		{"PUT", "/d/{ubigeo}/mail/server", map[string]any{"host": "smtp.example.pe", "port": 465, "security": "tls", "username": "", "sender": "central@example.pe"}, 204},
		{"POST", "/d/{ubigeo}/mail/test", map[string]any{"to": "jefe@example.pe"}, 204},
		{"PUT", "/d/{ubigeo}/mail/reports/{id}", map[string]any{"name": nasty, "every": "week", "weekday": 1, "clock": "07:00", "recipients": []string{"jefe@example.pe"}, "active": true}, 204},
		{"GET", "/d/{ubigeo}/mail", nil, 200},
		{"DELETE", "/d/{ubigeo}/mail/reports/{id}", nil, 204},
		{"POST", "/d/{ubigeo}/dead-letters/replay", map[string]any{"id": 1}, 200},
		{"GET", "/d/{ubigeo}/dead-letters?id=1", nil, 200},
		{"DELETE", "/d/{ubigeo}/dead-letters?id=1", nil, 204},
		{"PUT", "/d/{ubigeo}/retention", map[string]any{"days": 90}, 204},
		{"POST", "/d/{ubigeo}/holds", map[string]any{"start": noon.Add(-48 * time.Hour), "end": noon, "reason": nasty}, 201},
		{"GET", "/d/{ubigeo}/retention", nil, 200},
		{"DELETE", "/d/{ubigeo}/holds/{id}", nil, 204},
		{"POST", "/d/{ubigeo}/plans", map[string]any{"shift": shift, "seconds": 5}, 202},
		{"POST", "/d/{ubigeo}/jobs/{id}/stop", nil, 200},
		{"POST", "/d/{ubigeo}/plans/{id}/edits", map[string]any{"edits": []map[string]any{{"op": "lock", "unit": "C-" + here}}}, 200},
		{"POST", "/d/{ubigeo}/plans/{id}/replan", map[string]any{"at": "2026-11-21T19:03:00Z", "events": []map[string]any{{"kind": "unit_lost", "unit": "C-" + here}}}, 200},
		{"POST", "/d/{ubigeo}/plans/{id}/restore", map[string]any{"newest": "NEWEST"}, 200},
		{"POST", "/d/{ubigeo}/plans/{id}/approve", nil, 200},
		{"POST", "/d/{ubigeo}/plans/{id}/publish", nil, 200},
		{"POST", "/d/{ubigeo}/users", map[string]any{"username": "luz", "name": nasty, "role": "operator", "password": password}, 201},
		{"DELETE", "/d/{ubigeo}/corrections/{id}", nil, 204},
	} {
		o := operation{method: c.method, path: c.path}
		url := o.url(here)
		if body, ok := c.body.(map[string]any); ok && body["newest"] != nil {
			body["newest"] = newest(t, admin)
		} else if strings.HasSuffix(c.path, "/edits") || strings.HasSuffix(c.path, "/replan") {
			url = strings.Replace("/api/v1"+c.path, "{ubigeo}/plans/{id}", here+"/plans/"+newest(t, admin), 1)
		}
		check(admin.do(c.method, url, c.body), c.want)
		path, _, _ := strings.Cut(c.path, "?")
		answered[c.method+" "+path] = true
	}
	for path, field := range map[string]string{"/incidents/import": "file", "/police/import": "file", "/streets/import": "extract", "/devices/import": "file"} {
		body, kind := form(t, map[string]string{field: "id\nequipo-9\n"}, map[string]string{"dry_run": "true"})
		p := &person{s: s, cookie: admin.cookie, csrf: admin.csrf, header: http.Header{"Content-Type": {kind}}}
		check(p.do("POST", d+path, body), 200)
		answered["POST /d/{ubigeo}"+path] = true
	}
	for _, k := range jointAnswers(t, admin, check) {
		answered[k] = true
	}
	check(s.nobody().do("POST", "/api/v1/session", map[string]string{"username": "luz", "password": password}), 200)
	check(s.nobody().do("POST", "/api/v1/setup", map[string]string{"token": "x", "username": "otra", "name": "x", "password": password}), 403)
	check(admin.do("PATCH", d+"/users/luz", map[string]any{"role": "auditor", "disabled": true}), 200)
	check(admin.do("PUT", d+"/users/luz/password", map[string]string{"password": "otra frase larga"}), 204)
	check(s.nobody().do("POST", "/api/v1/setup/check", map[string]string{"token": "x"}), 403)
	link, err := s.auth.NewSetupToken(t.Context())
	s.must(err)
	check(s.nobody().do("POST", "/api/v1/setup/check", map[string]string{"token": link}), 403) // there are accounts
	check(crew.do("PUT", "/api/v1/session/password", map[string]string{"present": password, "password": "otra frase larga"}), 204)
	check(s.as(fleet.RoleCrew, here).do("DELETE", "/api/v1/session", nil), 204)
	for _, k := range []string{"POST /session", "POST /setup", "DELETE /session", "POST /setup/check", "PUT /session/password",
		"PATCH /d/{ubigeo}/users/{username}", "PUT /d/{ubigeo}/users/{username}/password"} {
		answered[k] = true
	}
	for _, o := range operations(t) {
		if !answered[o.method+" "+o.path] {
			t.Errorf("no proper answer of %s %s was held against the specification", o.method, o.path)
		}
	}
	// Names go through as data, whatever they look like.
	var units []api.Unit
	read(t, admin.do("GET", d+"/units", nil), &units)
	found := false
	for _, u := range units {
		found = found || u.CallSign == nasty && *u.Base == orb.Point(point)
	}
	if !found {
		t.Errorf("the unit saved is not among %+v", units)
	}
}
