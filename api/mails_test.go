package api_test

import (
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestMailSettings(t *testing.T) {
	s := newSite(t)
	admin, path := s.as(fleet.RoleAdmin, here), "/api/v1/d/"+here+"/mail"
	type body = map[string]any
	with := func(b body, key string, v any) body {
		c := maps.Clone(b)
		c[key] = v
		return c
	}
	admin.want(http.StatusBadRequest, "POST", path+"/test", body{"to": "jefe@example.pe"}) // no server yet
	server := body{"host": "smtp.example.pe", "port": 587, "security": "starttls", "username": "central", "password": "una frase", "sender": "central@example.pe"}
	for key, v := range map[string]any{"host": "smtp example", "port": 0, "security": "none", "sender": "Ana <a@example.pe>"} {
		admin.want(http.StatusBadRequest, "PUT", path+"/server", with(server, key, v))
	}
	admin.want(http.StatusNoContent, "PUT", path+"/server", server)
	var got api.Mail
	a := admin.want(http.StatusOK, "GET", path, nil)
	if read(t, a, &got); got.Server == nil || !got.Server.HasPassword || strings.Contains(string(a.body), "una frase") {
		t.Fatalf("%s", a.body)
	}
	// The password stays for the same account, and goes nowhere else.
	delete(server, "password")
	admin.want(http.StatusNoContent, "PUT", path+"/server", with(server, "sender", "otra@example.pe"))
	for key, v := range map[string]any{"host": "evil.example.com", "port": 465, "username": "otro"} {
		admin.want(http.StatusBadRequest, "PUT", path+"/server", with(server, key, v))
	}
	if kept, err := s.st.MailServer(t.Context(), here); err != nil || kept.Password != "una frase" || kept.Sender != "otra@example.pe" {
		t.Errorf("%+v %v", kept, err)
	}
	admin.want(http.StatusNoContent, "POST", path+"/test", body{"to": "jefe@example.pe"})
	admin.want(http.StatusBadRequest, "POST", path+"/test", body{"to": "jefe@example.pe\r\nBcc: x@y.z"})
	s.parts.mu.Lock()
	mailed := strings.Join(s.parts.mailed, "; ")
	s.parts.mailFails = errors.New("login: 535 no")
	s.parts.mu.Unlock()
	if !strings.HasPrefix(mailed, "jefe@example.pe: Prueba de correo · Distrito "+here) || strings.Contains(mailed, ";") {
		t.Errorf("mailed %q", mailed)
	}
	if a := admin.want(http.StatusBadRequest, "POST", path+"/test", body{"to": "jefe@example.pe"}); !strings.Contains(string(a.body), "535 no") {
		t.Errorf("%s", a.body)
	}
	report := body{"name": "Informe diario", "every": "day", "weekday": 1, "clock": "07:00", "recipients": []string{" jefe@example.pe "}, "active": true}
	for key, v := range map[string]any{"name": "a\nb", "every": "year", "weekday": 7, "clock": "25:00", "recipients": []string{"x"}} {
		admin.want(http.StatusBadRequest, "PUT", path+"/reports/diario", with(report, key, v))
	}
	admin.want(http.StatusNoContent, "PUT", path+"/reports/diario", report)
	got = api.Mail{}
	read(t, admin.want(http.StatusOK, "GET", path, nil), &got)
	if len(got.Reports) != 2 || got.Reports[0].Id != "diario" || got.Reports[0].Recipients[0] != "jefe@example.pe" || got.Reports[0].Last != nil {
		t.Errorf("%+v", got.Reports)
	}
	s.as(fleet.RoleSupervisor, here).want(http.StatusForbidden, "GET", path, nil)
	admin.want(http.StatusNoContent, "DELETE", path+"/reports/diario", nil)
	admin.want(http.StatusNotFound, "DELETE", path+"/reports/diario", nil)
}
