package api_test

import (
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

// rolesOf lists the accounts of here by name.
func rolesOf(t *testing.T, p *person) map[string]api.User {
	t.Helper()
	var us []api.User
	read(t, p.want(200, "GET", "/api/v1/d/"+here+"/users", nil), &us)
	out := map[string]api.User{}
	for _, u := range us {
		out[u.Username] = u
	}
	return out
}

// enter begins another session.
func (s *site) enter(name, password string) *person {
	s.t.Helper()
	token, v, _, err := s.auth.Login(s.t.Context(), name, password, "test")
	s.must(err)
	return &person{s: s, cookie: token, csrf: v.CSRF}
}

// TestChangeUser: role, closing and opening, and who must not be touched.
func TestChangeUser(t *testing.T) {
	s := newSite(t)
	admin, crew := s.as(fleet.RoleAdmin, here), s.as(fleet.RoleCrew, here)
	s.as(fleet.RoleAdmin, there)
	s.as(fleet.RoleSupervisor, here, there)
	const shared = "supervisor." + here + "." + there
	at := func(name string) string { return "/api/v1/d/" + here + "/users/" + name }
	name := "crew." + here

	admin.want(200, "PATCH", at(name), map[string]any{"role": "operator"})
	if u := rolesOf(t, admin)[name]; u.Role != fleet.RoleOperator || u.Disabled {
		t.Errorf("after the change: %+v", u)
	}
	crew.want(200, "GET", "/api/v1/d/"+here+"/incidents", nil) // the session goes on with the new role
	admin.want(200, "PATCH", at(name), map[string]any{"disabled": true})
	crew.want(401, "GET", "/api/v1/session", nil)
	s.nobody().want(401, "POST", "/api/v1/session", map[string]string{"username": name, "password": password})
	admin.want(200, "PATCH", at(name), map[string]any{"disabled": false})
	crew.want(401, "GET", "/api/v1/session", nil) // the old session stays ended
	s.nobody().want(200, "POST", "/api/v1/session", map[string]string{"username": name, "password": password})

	for _, c := range []struct {
		name   string
		path   string
		body   map[string]any
		status int
	}{
		{"own role", at("admin." + here), map[string]any{"role": "crew"}, 403},
		{"own account", at("admin." + here), map[string]any{"disabled": true}, 403},
		{"of two districts", at(shared), map[string]any{"disabled": true}, 403},
		{"its role here", at(shared), map[string]any{"role": "operator"}, 200},
		{"of another district", at("admin." + there), map[string]any{"role": "crew"}, 404},
		{"nobody", at("nadie"), map[string]any{"role": "crew"}, 404},
		{"no role", at(name), map[string]any{"role": "king"}, 400},
	} {
		if a := admin.do("PATCH", c.path, c.body); a.status != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, a.status, a.body, c.status)
		}
	}
	if u := rolesOf(t, admin)[shared]; u.Role != fleet.RoleOperator || u.Disabled {
		t.Errorf("the account of two districts: %+v", u)
	}
}

// TestPasswords: an administrator sets one, everybody changes their own.
func TestPasswords(t *testing.T) {
	s := newSite(t)
	admin, crew := s.as(fleet.RoleAdmin, here), s.as(fleet.RoleCrew, here)
	s.as(fleet.RoleSupervisor, here, there)
	const shared = "supervisor." + here + "." + there
	s.as(fleet.RoleAdmin, there)
	const next, third = "otra frase larga", "una tercera frase"
	name := "crew." + here
	login := func(status int, password string) answer {
		t.Helper()
		return s.nobody().want(status, "POST", "/api/v1/session", map[string]string{"username": name, "password": password})
	}
	set := func(status int, of, password string) {
		t.Helper()
		admin.want(status, "PUT", "/api/v1/d/"+here+"/users/"+of+"/password", map[string]string{"password": password})
	}
	set(400, name, "corta")
	set(403, "admin."+here, next) // own: with the present one only
	set(403, shared, next)        // else an administrator here gets in there
	set(404, "admin."+there, next)
	set(204, name, next)
	crew.want(401, "GET", "/api/v1/session", nil)
	login(401, password)
	one, two := s.enter(name, next), s.enter(name, next)

	change := func(p *person, status int, present, password string) answer {
		t.Helper()
		return p.want(status, "PUT", "/api/v1/session/password", map[string]string{"present": present, "password": password})
	}
	if a := change(one, 400, password, third); !strings.Contains(string(a.body), `"present"`) {
		t.Errorf("a wrong present password: %s", a.body)
	}
	change(one, 400, next, "corta")
	change(one, 400, next, next)
	(&person{s: s, cookie: one.cookie}).want(403, "PUT", "/api/v1/session/password", map[string]string{"present": next, "password": third})
	change(one, 204, next, third)
	one.want(200, "GET", "/api/v1/session", nil)
	two.want(401, "GET", "/api/v1/session", nil)
	login(200, third)
	for range 5 {
		change(one, 400, "no es esta", next)
	}
	change(one, 429, third, next)

	var rows []api.AuditRow
	read(t, admin.want(200, "GET", "/api/v1/d/"+here+"/audit", nil), &rows)
	by := map[string]string{}
	for _, r := range rows {
		by[r.Action] = r.Username
	}
	if by["user.password"] != "admin."+here || by["password.change"] != name {
		t.Errorf("audit: %v", by)
	}
}
