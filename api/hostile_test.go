package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// bodies are what no operation should be sent.
var bodies = map[string]string{
	"nothing":         "",
	"not JSON":        "{",
	"a list":          "[]",
	"null":            "null",
	"a number":        "7",
	"wrong types":     `{"username":1,"password":[],"call_sign":{},"type":"x","point":"y","shift":3,"kind":4,"token":5}`,
	"unknown fields":  `{"no_such_field":1}`,
	"NaN":             `{"point":[NaN,1]}`,
	"infinite":        `{"point":[1e999,1]}`,
	"null island":     `{"type":["x"],"point":[0,0],"base":[0,0],"call_sign":"x","mode":"car"}`,
	"off the earth":   `{"type":["x"],"point":[512,-91],"base":[512,91],"call_sign":"x","mode":"car"}`,
	"short point":     `{"type":["x"],"point":[1],"call_sign":"x","mode":"car"}`,
	"long point":      `{"type":["x"],"point":[1,2,3,4],"call_sign":"x","mode":"car"}`,
	"no such mode":    `{"call_sign":"x","mode":"tank"}`,
	"no such role":    `{"username":"nueva","name":"x","role":"god","password":"una frase larga"}`,
	"no such kind":    `{"kind":"earthquake","segment":"1-2-3"}`,
	"no such shift":   `{"shift":"2026-11-21/siesta"}`,
	"no date":         `{"shift":"hoy/noche"}`,
	"far date":        `{"shift":"9999-12-31/noche","seconds":5}`,
	"too long":        `{"shift":"2026-11-21/tarde","seconds":100000}`,
	"negative":        `{"shift":"2026-11-21/tarde","seconds":-1,"interval_s":-5}`,
	"NUL":             `{"username":"a\u0000b","password":"x","name":"\u0000","call_sign":"\u0000","mode":"car","type":["\u0000"],"point":[-79.03,-8.11],"note":"\u0000","kind":"name","segment":"\u0000","unit":"\u0000"}`,
	"lone surrogate":  `{"username":"\ud800","password":"\ud800","name":"\ud800","call_sign":"\ud800","mode":"car","type":["\ud800"],"point":[-79.03,-8.11],"note":"\ud800"}`,
	"not UTF-8":       "{\"username\":\"\xff\xfe\",\"call_sign\":\"\xff\",\"mode\":\"car\",\"type\":[\"\xff\"],\"point\":[-79.03,-8.11]}",
	"of the future":   `{"type":["x"],"point":[-79.03,-8.11],"at":"2999-01-01T00:00:00Z"}`,
	"of the past":     `{"type":["x"],"point":[-79.03,-8.11],"at":"0001-01-01T00:00:00Z"}`,
	"deep":            strings.Repeat(`{"a":`, 100_000),
	"deep list":       `{"type":` + strings.Repeat("[", 100_000),
	"big":             `{"note":"` + strings.Repeat("x", 2<<20) + `"}`,
	"long name":       `{"call_sign":"` + strings.Repeat("x", 10_000) + `","mode":"car","username":"` + strings.Repeat("x", 10_000) + `","password":"` + strings.Repeat("x", 10_000) + `"}`,
	"many points":     `{"kind":"street","name":"x","line":[` + strings.TrimSuffix(strings.Repeat("[-79.03,-8.11],", 5000), ",") + `]}`,
	"one-point line":  `{"kind":"street","name":"x","line":[[-79.03,-8.11]]}`,
	"drawn far away":  `{"kind":"street","name":"x","line":[[10,50],[10.1,50.1]]}`,
	"bad hours":       `{"kind":"closed","segment":"x","hour_from":"25:99","hour_until":"-1"}`,
	"two JSON values": `{"username":"x","password":"y"}{"username":"z"}`,
}

// ids are what no path should hold.
var ids = []string{"%00", "%ff%fe", "..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "'%20OR%201=1--", "%F0%9F%9A%93", strings.Repeat("a", 3000), "%20", "null", "-1"}

// TestHostile: whatever is sent, the service refuses it in proper form and never
// calls it a fault of its own.
func TestHostile(t *testing.T) {
	s, r := newSite(t), router(t)
	admin := s.as(fleet.RoleAdmin, here)
	nobody := s.nobody()
	try := func(p *person, name, method, path string, body any) {
		t.Helper()
		a := p.do(method, path, body)
		if a.status >= 500 {
			t.Errorf("%s: %s %.80s: %d %s", name, method, path, a.status, a.body)
		}
		if a.status >= 400 && a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s %.80s: %d of type %q: %.200s", name, method, path, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	for _, o := range operations(t) {
		if o.method+o.path == "DELETE/session" {
			continue
		}
		p := admin
		if o.roles[0] == "anyone" {
			p = nobody
		}
		if o.method != http.MethodGet {
			for name, body := range bodies {
				if strings.HasSuffix(o.path, "/approve") || strings.HasSuffix(o.path, "/publish") {
					continue
				}
				try(p, name, o.method, o.url(here), body)
			}
			for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "application/xml", ";;", ""} {
				odd := &person{s: s, cookie: p.cookie, csrf: p.csrf, header: http.Header{"Content-Type": {kind}}}
				try(odd, kind, o.method, o.url(here), "username=a&password=b")
			}
		}
		if strings.Contains(o.path, "{id}") {
			for _, id := range ids {
				try(p, "id", o.method, strings.NewReplacer("{ubigeo}", here, "{id}", id).Replace("/api/v1"+o.path), `{}`)
			}
		}
		if strings.Contains(o.path, "{ubigeo}") && o.method == http.MethodGet && !strings.HasSuffix(o.path, "/live") {
			for _, q := range []string{"limit=-1", "limit=0", "limit=999999999", "limit=x", "limit=99999999999999999999", "shift=%00", "shift=x", "shift=2026-13-45/noche", "shift=2026-11-21/%ff",
				"date=x", "date=%00", "from=x", "from=2026-11-21T00:00:00Z&to=2020-01-01T00:00:00Z", "from=0001-01-01T00:00:00Z", "to=9999-12-31T23:59:59Z", "limit=1&limit=2", "%zz=1", "=;&&"} {
				try(admin, q, "GET", o.url(here)+"?"+q, nil)
			}
		}
	}
	// What came out of all this is still what the specification says.
	s.meet(here)
	for _, o := range operations(t) {
		if o.method == http.MethodGet && !strings.HasSuffix(o.path, "/live") {
			a := admin.do("GET", o.url(here), nil)
			want := 200
			if o.path == "/shared" { // no link without its token
				want = 410
			}
			if a.status != want {
				t.Errorf("%s afterwards: %d %s", o.path, a.status, a.body)
			}
			conforms(t, r, a)
		}
	}
}

// TestNoDesync: what is left of a body that was refused is never taken for the
// next request on the connection, which behind a proxy may be somebody else's.
func TestNoDesync(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	inner := "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
	body := `{"note":"` + strings.Repeat("x", 1<<20) + `"}` + strings.Repeat(inner, 20_000)
	for _, p := range []*person{admin, {s: s}, {s: s, cookie: admin.cookie}} {
		for range 3 {
			if a := p.do("POST", "/api/v1/d/"+here+"/incidents", body); a.status < 400 || a.status >= 500 || a.reason() == "" {
				t.Errorf("too large: %d %s", a.status, a.body)
			}
			if a := p.do("GET", "/api/v1/public", nil); a.status != 200 || !strings.HasPrefix(string(a.body), "{") {
				t.Errorf("the next answer: %d %.100s", a.status, a.body)
			}
		}
	}
}

// TestUploads: files arrive under a name that is no path, and nothing of them
// stays behind.
func TestUploads(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	path := "/api/v1/d/" + here + "/police/import"
	body, kind := form(t, map[string]string{"file": "datos"}, nil)
	send := func(b []byte, kind string) answer {
		p := &person{s: s, cookie: admin.cookie, csrf: admin.csrf, header: http.Header{"Content-Type": {kind}}}
		return p.do("POST", path, b)
	}
	if a := send(body, kind); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got := s.parts.imported; len(got) != 1 || got[0].Name != "file.geojson" || !strings.HasPrefix(got[0].Path, dir+string(os.PathSeparator)) {
		t.Errorf("imported %+v", got)
	}
	if len(s.parts.changed) != 1 {
		t.Errorf("the live state was read anew %d times, want once", len(s.parts.changed))
	}
	for name, b := range map[string][]byte{"cut in the head": body[:20], "cut in the file": body[:len(body)-70], "empty": nil, "not a form": []byte("hola")} {
		if a := send(b, kind); a.status != 400 || a.reason() != "invalid" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	other, kind := form(t, map[string]string{"otro": "datos"}, nil)
	if a := send(other, kind); a.status != 400 || a.reason() != "invalid" {
		t.Errorf("a form without the file: %d %s", a.status, a.body)
	}
	many := map[string]string{}
	for i := range 40 {
		many[string(rune('a'+i))] = "x"
	}
	other, kind = form(t, many, nil)
	if a := send(other, kind); a.status != 400 {
		t.Errorf("a form of forty files: %d %s", a.status, a.body)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// FuzzBodies sends whatever to the operations that read JSON.
func FuzzBodies(f *testing.F) {
	s := newSite(f)
	admin := s.as(fleet.RoleAdmin, here)
	var targets []operation
	for _, o := range operations(f) {
		if o.op.RequestBody != nil && o.path != "/session" && o.path != "/setup" && !strings.HasSuffix(o.path, "/import") {
			targets = append(targets, o)
		}
	}
	for _, b := range bodies {
		if len(b) < 5000 {
			for i := range targets {
				f.Add(uint8(i), b)
			}
		}
	}
	f.Fuzz(func(t *testing.T, n uint8, body string) {
		o := targets[int(n)%len(targets)]
		a := admin.in(t).do(o.method, o.url(here), body)
		if a.status >= 500 || a.status >= 400 && a.reason() == "" {
			t.Errorf("%s %s: %d %s", o.method, o.path, a.status, a.body)
		}
	})
}

// TestCorrectionsWork: a correction changes the live map's answers only through
// a reload, and its author is who sent it, whatever the body claims.
func TestCorrectionsWork(t *testing.T) {
	s := newSite(t)
	sup := s.as(fleet.RoleSupervisor, here)
	var got api.CorrectionResult
	read(t, sup.want(200, "POST", "/api/v1/d/"+here+"/corrections", map[string]any{"kind": "name", "segment": s.graph.Segments[5].ID, "name": "Jr. Nuevo", "created_by": "otro"}), &got)
	if !got.Found || got.Correction.CreatedBy != "supervisor."+here || got.Correction.ID == "" || len(got.Correction.Line) == 0 {
		t.Errorf("got %+v", got)
	}
	read(t, sup.want(200, "POST", "/api/v1/d/"+here+"/corrections", map[string]any{"kind": "name", "segment": "9-9-9", "name": "Jr. Nuevo"}), &got)
	if got.Found {
		t.Error("a street that is not on the map was found")
	}
	cs, err := s.st.Corrections(t.Context(), here)
	s.must(err)
	if len(cs) != 3 {
		t.Errorf("%d corrections, want 3", len(cs))
	}
	for _, c := range cs {
		if c.Kind != routing.CorrectName {
			t.Errorf("correction %+v", c)
		}
	}
	var rows []struct {
		Segment string
		Found   bool
	}
	read(t, sup.want(200, "GET", "/api/v1/d/"+here+"/corrections", nil), &rows)
	for _, r := range rows {
		if r.Found != (r.Segment != "9-9-9") {
			t.Errorf("listed %+v", r)
		}
	}
	if len(rows) != 3 {
		t.Errorf("%d corrections are listed, want 3", len(rows))
	}
	if len(s.parts.changed) != 2 {
		t.Errorf("read anew %d times, want 2", len(s.parts.changed))
	}
	if raw, _ := json.Marshal(got); strings.Contains(string(raw), "otro") {
		t.Errorf("the body names its own author: %s", raw)
	}
}
