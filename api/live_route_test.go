package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
)

// told is an event of the live channel.
type told struct{ id, kind, data string }

// follow opens the live channel of a district until the test ends.
func (p *person) follow(ubigeo, lastID string) <-chan told {
	t := p.t()
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.s.url+"/api/v1/d/"+ubigeo+"/live", nil)
	must(t, err)
	req.AddCookie(&http.Cookie{Name: "serenazgo_session", Value: p.cookie})
	req.Header.Set("Accept-Encoding", "gzip")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") || res.Header.Get("Content-Encoding") != "" {
		t.Fatalf("live: %d %v", res.StatusCode, res.Header)
	}
	out := make(chan told, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var e told
		for lines := bufio.NewReader(res.Body); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch {
			case key == "id":
				e.id = value
			case key == "event":
				e.kind = value
			case key == "data":
				e.data = value
			case key == "" && e.kind != "":
				out <- e
				e = told{}
			}
		}
	}()
	t.Cleanup(func() { cancel(); res.Body.Close(); <-done })
	return out
}

// next gives the next event of a kind, and the kinds that came before it.
func next(t testing.TB, c <-chan told, kind string) (e told, before []string) {
	t.Helper()
	for {
		select {
		case e := <-c:
			if e.kind == kind {
				return e, before
			}
			before = append(before, e.kind)
		case <-time.After(30 * time.Second):
			t.Fatalf("no event %s; there were %v", kind, before)
		}
	}
}

// TestLive: who sees what of a unit that moves.
func TestLive(t *testing.T) {
	s := newSite(t)
	sign := "Cazador " + here + nasty
	streams := map[fleet.Role]<-chan told{}
	for _, role := range []fleet.Role{fleet.RoleAdmin, fleet.RoleSupervisor, fleet.RoleOperator, fleet.RoleLiaison, fleet.RoleAuditor} {
		streams[role] = s.as(role, here).follow(here, "")
	}
	other := s.as(fleet.RoleAdmin, there).follow(there, "")
	sees := []fleet.Role{fleet.RoleAdmin, fleet.RoleSupervisor, fleet.RoleOperator}
	for role, c := range streams {
		e, _ := next(t, c, "snapshot")
		var snap api.Snapshot
		must(t, json.Unmarshal([]byte(e.data), &snap))
		if snap.Shift.Id != shift || snap.Bar == nil || snap.Presence == nil || len(*snap.Presence) != len(s.graph.Segments) {
			t.Errorf("%s: snapshot %.300s", role, e.data)
		}
		want := 0
		if slices.Contains(sees, role) {
			want = 1
		}
		if len(snap.Units) != want || want == 1 && snap.Units[0].CallSign != sign || want == 0 && strings.Contains(e.data, "Cazador") {
			t.Errorf("%s: units %+v", role, snap.Units)
		}
	}
	next(t, other, "snapshot")

	fix := fleet.Fix{Ubigeo: here, Device: "gps-" + here, Unit: "C-" + here, Time: noon.Add(time.Second), Seq: 99, Received: noon, Point: s.graph.Nodes[1].Point, Speed: 6}
	fresh, err := s.st.StoreFixes(t.Context(), []fleet.Fix{fix})
	must(t, err)
	s.watch.OnFresh(fresh)
	must(t, s.hub.Publish(here, "job", api.Job{Id: "j", History: []api.JobPoint{}}))
	must(t, s.hub.Publish(here, "shift", struct{}{}))
	must(t, s.hub.Publish(there, "shift", struct{}{}))
	for role, c := range streams {
		_, before := next(t, c, "shift")
		want := map[fleet.Role][]string{fleet.RoleAdmin: {"units", "job"}, fleet.RoleSupervisor: {"units", "job"}, fleet.RoleOperator: {"units"}}[role]
		if !slices.Equal(before, want) {
			t.Errorf("%s was told of %v, want %v", role, before, want)
		}
	}
	if _, before := next(t, other, "shift"); len(before) > 0 {
		t.Errorf("another district was told of %v", before)
	}
	// A plan that was not handed out is no matter of the police.
	admin := s.as(fleet.RoleAdmin, here)
	admin.want(200, "POST", "/api/v1/d/"+here+"/plans/draft-"+here+"/approve", nil)
	admin.want(200, "POST", "/api/v1/d/"+here+"/plans/draft-"+here+"/publish", nil)
	if e, _ := next(t, streams[fleet.RoleLiaison], "plan"); !strings.Contains(e.data, `"published"`) {
		t.Errorf("the liaison was told %s first", e.data)
	}
	e, _ := next(t, streams[fleet.RoleOperator], "plan")
	if !strings.Contains(e.data, `"approved"`) {
		t.Errorf("the operator was told %s first", e.data)
	}
	// Whoever comes back gets what it missed.
	again := s.as(fleet.RoleOperator, here).follow(here, e.id)
	if e, before := next(t, again, "plan"); len(before) > 0 || !strings.Contains(e.data, `"published"`) {
		t.Errorf("coming back: %+v after %v", e, before)
	}
	rows, err := s.st.AuditRows(t.Context(), here, 500)
	must(t, err)
	seen := 0
	for _, r := range rows {
		if r.Action == "live.view" {
			seen++
		}
	}
	if seen != 3 { // the operator came back in the same session; two see no positions
		t.Errorf("%d looks at the live state are in the audit, want 3", seen)
	}
}

// TestTiles: vector tiles over HTTP.
func TestTiles(t *testing.T) {
	s := newSite(t)
	p := s.nobody() // streets are public map data
	tile := maptile.At(s.graph.Nodes[0].Point, 15)
	url := func(ubigeo, version string) string {
		return "/tiles/" + ubigeo + "/" + version + "/15/" + itoa(tile.X) + "/" + itoa(tile.Y)
	}
	a := p.want(200, "GET", url(here, version), nil) // the client unzips
	ls, err := mvt.Unmarshal(a.body)
	must(t, err)
	if len(ls) != 2 || a.header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d layers, %v", len(ls), a.header)
	}
	plain := &person{s: s, header: http.Header{"Accept-Encoding": {"identity"}}}
	if b := plain.want(200, "GET", url(here, version), nil); !bytes.Equal(a.body, b.body) || b.header.Get("Content-Encoding") != "" {
		t.Errorf("without compression: %v", b.header)
	}
	known := &person{s: s, header: http.Header{"If-None-Match": {a.header.Get("ETag")}}}
	if b := known.want(http.StatusNotModified, "GET", url(here, version), nil); len(b.body) != 0 {
		t.Errorf("not modified, with %d bytes", len(b.body))
	}
	for _, path := range []string{url(here, "v0"), url("999999", version), url("..", version), "/tiles/" + here + "/" + version + "/99/0/0", "/tiles/" + here + "/" + version + "/15/-1/0",
		"/tiles/" + here + "/" + version + "/15/99999999999/0", "/tiles/" + here + "/" + version + "/x/y/z", "/tiles/" + here, "/tiles/"} {
		if a := p.do("GET", path, nil); a.status != 404 || a.reason() != "not_found" {
			t.Errorf("%s: %d %.100s", path, a.status, a.body)
		}
	}
	if got := orb.Point(s.graph.Nodes[0].Point); !tile.Bound().Contains(got) {
		t.Fatal("the test asks for the wrong tile")
	}
}
