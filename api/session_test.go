package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func itoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// cookieOf is the session's cookie of an answer.
func cookieOf(t testing.TB, a answer) *http.Cookie {
	t.Helper()
	res := http.Response{Header: a.header}
	for _, c := range res.Cookies() {
		if c.Name == "serenazgo_session" {
			return c
		}
	}
	t.Fatalf("no cookie in %v", a.header)
	return nil
}

// TestSession logs in and out the way a browser does.
func TestSession(t *testing.T) {
	s := newSite(t, func(c *api.Config) { c.Secure = true })
	s.as(fleet.RoleOperator, here, there)
	name := "operator." + here + "." + there
	// A cookie that somebody planted beforehand does not become the session.
	planted := &person{s: s, cookie: strings.Repeat("a", 43)}
	a := planted.want(200, "POST", "/api/v1/session", map[string]string{"username": strings.ToUpper(name), "password": password})
	c := cookieOf(t, a)
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Value == planted.cookie || len(c.Value) < 43 || c.Domain != "" {
		t.Errorf("cookie %+v", c)
	}
	var in api.Session
	read(t, a, &in)
	if in.Username != name || in.Name != nasty || len(in.Districts) != 2 || in.Districts[0].Role != fleet.RoleOperator || strings.Contains(string(a.body), c.Value) || strings.Contains(string(a.body), "argon2") {
		t.Errorf("session %s", a.body)
	}
	me := &person{s: s, cookie: c.Value, csrf: in.Csrf}
	var same api.Session
	read(t, me.want(200, "GET", "/api/v1/session", nil), &same)
	if same.Csrf != in.Csrf {
		t.Error("the CSRF token changed")
	}
	planted.want(401, "GET", "/api/v1/session", nil)
	if a := (&person{s: s, cookie: c.Value}).do("DELETE", "/api/v1/session", nil); a.status != 403 {
		t.Errorf("logout without the token: %d", a.status)
	}
	gone := cookieOf(t, me.want(204, "DELETE", "/api/v1/session", nil))
	if gone.MaxAge >= 0 || gone.Value != "" || !gone.Secure {
		t.Errorf("cookie after logout %+v", gone)
	}
	me.want(401, "GET", "/api/v1/session", nil)
	if a := s.nobody().want(401, "POST", "/api/v1/session", map[string]string{"username": name, "password": "no es esta"}); len((&http.Response{Header: a.header}).Cookies()) > 0 {
		t.Error("a failed login sets a cookie")
	}
	for range 4 {
		s.nobody().want(401, "POST", "/api/v1/session", map[string]string{"username": name, "password": "no es esta"})
	}
	a = s.nobody().want(429, "POST", "/api/v1/session", map[string]string{"username": name, "password": password})
	if n, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || n < 1 || a.reason() != "too_many" {
		t.Errorf("throttled: %v %s", a.header, a.body)
	}
	// An unknown user is answered in the same words.
	one := s.nobody().want(401, "POST", "/api/v1/session", map[string]string{"username": "nadie", "password": "x"})
	two := s.nobody().want(401, "POST", "/api/v1/session", map[string]string{"username": "admin." + here, "password": "x"})
	if string(one.body) != string(two.body) {
		t.Errorf("%s and %s", one.body, two.body)
	}
}

// TestHeadersAndPaths: what every answer carries, and what lies beside the API.
func TestHeadersAndPaths(t *testing.T) {
	s := newSite(t)
	p := s.as(fleet.RoleAdmin, here)
	for _, path := range []string{"/", "/vivo?u=C1", "/api/v1/public", "/api/v1/d/" + here, "/api/nothing", "/healthz", "/metrics"} {
		h := p.do("GET", path, nil).header
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") == "" || h.Get("X-Request-Id") == "" || h.Get("Server") != "" {
			t.Errorf("%s: %v", path, h)
		}
		if strings.HasPrefix(path, "/api/v1") && (h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'")) {
			t.Errorf("%s: %v", path, h)
		}
	}
	for _, c := range []struct {
		method, path string
		status       int
		text         string
	}{
		{"GET", "/plan/2026-11-21/noche", 200, "the page"},
		{"GET", "/healthz", 200, "ok"},
		{"GET", "/readyz", 200, "ready"},
		{"GET", "/metrics", 200, "serenazgo_test_total 3"},
		{"GET", "/api", 404, `"not_found"`},
		{"GET", "/api/v1", 404, `"not_found"`},
		{"GET", "/api/v1/", 404, `"not_found"`},
		{"GET", "/api/v1/nothing", 404, `"not_found"`},
		{"GET", "/api/v2/session", 404, `"not_found"`},
		{"GET", "/api/v1/d/" + here + "/", 404, `"not_found"`},
		{"PATCH", "/api/v1/d/" + here, 405, `"error"`},
		{"OPTIONS", "/api/v1/session", 0, ""},
		{"TRACE", "/api/v1/session", 0, ""},
	} {
		a := p.do(c.method, c.path, nil)
		if c.status == 0 && (a.status < 200 || a.status >= 500) || c.status == 405 && a.status != 405 && a.status != 404 || c.status != 0 && c.status != 405 && a.status != c.status || !strings.Contains(string(a.body), c.text) {
			t.Errorf("%s %s: %d %.200s, want %d and %q", c.method, c.path, a.status, a.body, c.status, c.text)
		}
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s %s lets other sites in", c.method, c.path)
		}
	}
}

// TestFaults: a fault of ours is ours; its cause is for the log.
func TestFaults(t *testing.T) {
	s := newSite(t, func(c *api.Config) { c.TrustProxy = true })
	p := s.as(fleet.RoleAdmin, here)
	for _, id := range []string{"panic", "secret"} {
		a := p.want(500, "GET", "/api/v1/d/"+here+"/jobs/"+id, nil)
		if a.reason() != "internal" || strings.Contains(string(a.body), "hunter2") || strings.Contains(string(a.body), "fault of ours") || strings.Contains(string(a.body), "goroutine") {
			t.Errorf("%s: %s", id, a.body)
		}
		p.want(200, "GET", "/api/v1/d/"+here, nil) // and life goes on
	}
	proxied := &person{s: s, header: http.Header{"X-Forwarded-For": {"203.0.113.7"}}}
	proxied.want(404, "GET", "/metrics", nil)
	text := s.logged()
	for _, want := range []string{"hunter2", "a fault of ours", "api.(*server).GetJob"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log does not hold %q: %s", want, text)
		}
	}
	if strings.Contains(text, p.cookie) || strings.Contains(text, p.csrf) {
		t.Error("the log holds a session's token")
	}
}

// TestWhoDidIt: the audit names who did and looked at what.
func TestWhoDidIt(t *testing.T) {
	s := newSite(t)
	p := s.as(fleet.RoleSupervisor, here)
	d := "/api/v1/d/" + here
	p.want(200, "GET", d+"/units/C-"+here+"/trail", nil)
	p.want(200, "POST", d+"/plans/draft-"+here+"/approve", nil)
	p.want(409, "POST", d+"/plans/draft-"+here+"/approve", nil)
	p.want(200, "POST", d+"/plans/draft-"+here+"/publish", nil)
	if len(s.parts.published) != 1 || s.parts.published[0] != "draft-"+here {
		t.Errorf("handed out %v", s.parts.published)
	}
	p.want(201, "POST", d+"/incidents", map[string]any{"type": []string{"x"}, "point": s.graph.Nodes[1].Point})
	s.as(fleet.RoleAdmin, here).want(201, "POST", d+"/users", map[string]any{"username": "luz", "name": "Luz", "role": "crew", "password": password})
	s.as(fleet.RoleAdmin, here).want(409, "POST", d+"/users", map[string]any{"username": "luz", "name": "Luz", "role": "admin", "password": password})
	var rows []api.AuditRow
	read(t, s.as(fleet.RoleAuditor, here).want(200, "GET", d+"/audit?limit=500", nil), &rows)
	by := map[string]string{}
	for _, r := range rows {
		by[r.Action] = r.Username
		if r.Action != "login" && (r.Remote == nil || *r.Remote != "127.0.0.1") {
			t.Errorf("audit row without the address: %+v", r)
		}
	}
	sup, adm := "supervisor."+here, "admin."+here
	for action, who := range map[string]string{"trail.view": sup, "plan.approved": sup, "plan.published": sup, "incident.add": sup, "user.add": adm} {
		if by[action] != who {
			t.Errorf("%s by %q, want %q", action, by[action], who)
		}
	}
	if raw := strings.Join(strings.Fields(s.logged()), " "); strings.Contains(raw, password) {
		t.Error("the log holds a password")
	}
}
