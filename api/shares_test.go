package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

// TestShare: a link shows where its units are to anybody who has it, without a
// name, until it is revoked or over.
func TestShare(t *testing.T) {
	now := noon
	s := newSite(t, func(c *api.Config) { c.Now = func() time.Time { return now } })
	sup := s.as(fleet.RoleSupervisor, here)
	d := "/api/v1/d/" + here + "/shares"
	var made api.NewShareLink
	read(t, sup.want(201, "POST", d, map[string]any{"units": []string{"C-" + here}, "minutes": 60, "note": "Comisaría"}), &made)
	token, ok := strings.CutPrefix(made.Path, "/compartido#")
	if !ok || len(token) < 30 || !made.ExpiresAt.Equal(noon.Add(time.Hour)) {
		t.Fatalf("%+v", made)
	}
	stranger := func(token string) answer {
		return (&person{s: s, header: http.Header{"X-Share-Token": {token}}}).do("GET", "/api/v1/shared", nil)
	}
	a := stranger(token)
	conforms(t, router(t), a)
	var seen api.Shared
	read(t, a, &seen)
	if a.status != 200 || len(seen.Units) != 1 || seen.Units[0].Number != 1 || seen.Units[0].Mode != "car" || seen.Tiles == nil {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, secret := range []string{"Cazador", "C-" + here, "gps-", nasty, "ana", "call_sign", "plate"} {
		if strings.Contains(string(a.body), secret) {
			t.Errorf("it tells %q", secret)
		}
	}
	stranger(token)
	for _, bad := range []string{"", "x", token + "x", strings.Repeat("x", 101)} {
		if a := stranger(bad); a.status != http.StatusGone && a.status != 400 {
			t.Errorf("token %.10q: %d", bad, a.status)
		}
	}
	var list []api.ShareLink
	read(t, sup.want(200, "GET", d, nil), &list)
	at := slices.IndexFunc(list, func(l api.ShareLink) bool { return l.Id == made.Id })
	if len(list) != 2 || at < 0 || !list[at].Open || list[at].Looks != 2 || list[at].CreatedBy != "supervisor."+here {
		t.Errorf("%+v", list)
	}
	sup.want(204, "DELETE", d+"/"+made.Id, nil)
	if a := stranger(token); a.status != http.StatusGone {
		t.Errorf("revoked: %d", a.status)
	}
	read(t, sup.want(201, "POST", d, map[string]any{"units": []string{"C-" + here}, "minutes": 5}), &made)
	_, token, _ = strings.Cut(made.Path, "#")
	now = noon.Add(5 * time.Minute)
	if a := stranger(token); a.status != http.StatusGone {
		t.Errorf("over: %d", a.status)
	}
	for _, bad := range []map[string]any{{"units": []string{}, "minutes": 60}, {"units": []string{"C-" + here}, "minutes": 20000}, {"minutes": 60}} {
		if a := sup.do("POST", d, bad); a.status != 400 {
			t.Errorf("%v: %d", bad, a.status)
		}
	}
	if a := sup.do("POST", d, map[string]any{"units": []string{"C-" + there}, "minutes": 60}); a.status != 404 {
		t.Errorf("a unit of elsewhere: %d", a.status)
	}
	rows, err := s.st.AuditRows(t.Context(), here, 50)
	s.must(err)
	count := map[string]int{}
	for _, r := range rows {
		count[r.Action]++
	}
	if count["share.make"] != 3 || count["share.revoke"] != 1 || count["share.look"] != 1 {
		t.Errorf("audited %v", count)
	}
}

func TestRelaySettings(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	d := "/api/v1/d/" + here + "/relay"
	var state api.RelayState
	read(t, admin.want(200, "GET", d, nil), &state)
	if state.Settings.On || state.Settings.Sink != "file" || state.Waiting != 0 || len(state.Gaps) != 0 {
		t.Errorf("%+v", state)
	}
	if a := admin.do("PUT", d, map[string]any{"on": true, "sink": "https", "url": "http://x", "batch": 1, "pace": "all", "vehicles": map[string]any{}}); a.status != 400 {
		t.Errorf("without TLS: %d %s", a.status, a.body)
	}
	admin.want(200, "PUT", d, map[string]any{"on": true, "sink": "https", "url": "https://x.gob.pe/a", "batch": 25, "pace": "vehicle", "municipality": "M",
		"vehicles": map[string]any{"C-" + here: map[string]any{"imei": "356307042441013", "plate": "EGA-123"}}})
	read(t, admin.want(200, "GET", d, nil), &state)
	if !state.Settings.On || state.Settings.Vehicles["C-"+here].Plate != "EGA-123" {
		t.Errorf("%+v", state)
	}
}
