package api_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestMistakes: what is wrong with a request is said in Spanish, with the field.
func TestMistakes(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	type m = map[string]any
	long := strings.Repeat("ñ", 41)
	unit := func(more m) m {
		out := m{"call_sign": "Cazador 7", "mode": "car"}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	for _, c := range []struct {
		name, method, path string
		body               any
		field, text        string
	}{
		{"call sign with NUL", "PUT", "/units/C1", unit(m{"call_sign": "Caz\x00ador"}), "call_sign", "El nombre de llamada tiene un carácter que no se puede mostrar"},
		{"call sign of two lines", "PUT", "/units/C1", unit(m{"call_sign": "Caza\ndor"}), "call_sign", "El nombre de llamada tiene un carácter"},
		{"plate with a bell", "PUT", "/units/C1", unit(m{"plate": "A\a1"}), "plate", "La placa tiene un carácter"},
		{"shift name with NUL", "PUT", "/shift-defs", []m{{"code": "noche", "name": "No\x00che", "start": "22:00", "end": "06:00"}}, "0.name", "El nombre tiene un carácter"},
		{"user with NUL", "POST", "/users", m{"username": "luz", "name": "L\x00z", "role": "crew", "password": password}, "name", "El nombre tiene un carácter"},
		{"note with an escape", "POST", "/incidents", m{"point": []float64{-79, -8}, "type": []string{"a"}, "note": "a\nb\x1b"}, "note", "La nota tiene un carácter"},
		{"query with NUL", "GET", "/shifts?date=a%00", nil, "date", "La fecha tiene un carácter"},
		{"path with NUL", "GET", "/units/a%00b/trail", nil, "id", "El código tiene un carácter"},
		{"no mode", "PUT", "/units/C1", m{"call_sign": "x"}, "mode", "El tipo de unidad falta."},
		{"no such mode", "PUT", "/units/C1", unit(m{"mode": "tank"}), "mode", "El tipo de unidad no es ninguno de los que se aceptan."},
		{"long call sign", "PUT", "/units/C1", unit(m{"call_sign": long}), "call_sign", "El nombre de llamada puede tener a lo más 40 letras."},
		{"empty call sign", "PUT", "/units/C1", unit(m{"call_sign": ""}), "call_sign", "El nombre de llamada no puede quedar vacío."},
		{"blank call sign", "PUT", "/units/C1", unit(m{"call_sign": "  "}), "call_sign", "Escriba el nombre de llamada"},
		{"half a base", "PUT", "/units/C1", unit(m{"base": []float64{-79}}), "base", "La base no tiene la forma que corresponde."},
		{"base off the Earth", "PUT", "/units/C1", unit(m{"base": []float64{-790, 8}}), "base", "Marque la base"},
		{"base far from streets", "PUT", "/units/C1", unit(m{"base": []float64{12, 48}}), "base", "lejos de toda calle"},
		{"base of text", "PUT", "/units/C1", unit(m{"base": []string{"a", "b"}}), "base.0", "La base no tiene la forma"},
		{"unit of spaces", "PUT", "/units/a%20b", unit(nil), "id", "El código de la unidad"},
		{"unknown shift", "PUT", "/units/C1", unit(m{"shifts": []string{"luna"}}), "shifts", "no tiene un turno «luna»"},
		{"long plan", "POST", "/plans", m{"shift": shift, "seconds": 601}, "seconds", "El tiempo de cálculo va de 1 a 600."},
		{"plan of no seconds", "POST", "/plans", m{"shift": shift, "seconds": 0}, "seconds", "El tiempo de cálculo va de 1 a 600."},
		{"plan of no shift", "POST", "/plans", m{}, "shift", "El turno falta."},
		{"plan of an unknown shift", "POST", "/plans", m{"shift": "2026-11-21/luna"}, "shift", "No se reconoce el turno"},
		{"plan at the end of the calendar", "POST", "/plans", m{"shift": "9999-12-31/noche"}, "shift", "No se reconoce el turno"},
		{"empty body", "POST", "/plans", "", "", "La solicitud no se entiende"},
		{"half a body", "POST", "/plans", `{"shift":`, "", "La solicitud no se entiende"},
		{"no type", "POST", "/incidents", m{"point": []float64{-79, -8}, "type": []string{}}, "type", "El tipo de ocurrencia lleva de 1 a 3 elementos."},
		{"four types", "POST", "/incidents", m{"point": []float64{-79, -8}, "type": []string{"a", "b", "c", "d"}}, "type", "El tipo de ocurrencia lleva de 1 a 3 elementos."},
		{"no origin", "POST", "/incidents", m{"point": []float64{-79, -8}, "type": []string{"a"}, "origin": "dream"}, "origin", "El origen no es ninguno"},
		{"far away", "POST", "/incidents", m{"point": []float64{12, 48}, "type": []string{"a"}}, "point", "fuera del distrito"},
		{"tomorrow", "POST", "/incidents", m{"point": []float64{-79, -8}, "type": []string{"a"}, "at": "2026-11-22T20:30:00Z"}, "at", "no puede ser futura"},
		{"no instant", "POST", "/incidents", m{"point": []float64{-79, -8}, "type": []string{"a"}, "at": "ayer"}, "at", "La hora no tiene la forma"},
		{"unknown kind", "POST", "/corrections", m{"kind": "wish"}, "kind", "La clase de corrección no es ninguno"},
		{"short password", "POST", "/users", m{"username": "luz", "name": "Luz", "role": "crew", "password": "corta"}, "password", "al menos 10 caracteres"},
		{"its own name", "POST", "/users", m{"username": "luzmarina", "name": "Luz", "role": "crew", "password": "la de luzmarina"}, "password", "nombre de usuario"},
		{"odd user name", "POST", "/users", m{"username": "luz marina", "name": "Luz", "role": "crew", "password": password}, "username", "El usuario lleva de 3 a 40"},
		{"no such role", "POST", "/users", m{"username": "luz", "name": "Luz", "role": "king", "password": password}, "role", "El rol no es ninguno"},
		{"too seldom", "POST", "/devices/g1/credentials", m{"interval_s": 3601}, "interval_s", "El intervalo va de 1 a 3600."},
		{"nobody's device", "POST", "/devices/g1/credentials", m{"unit": "C-" + there}, "unit", "no tiene esa unidad"},
		{"device of slashes", "POST", "/devices/a%2Fb/credentials", m{}, "id", "El código del equipo"},
		{"no rows", "GET", "/incidents?limit=0", nil, "limit", "El límite va de 1 a 5000."},
		{"many rows", "GET", "/audit?limit=2001", nil, "limit", "El límite va de 1 a 2000."},
		{"rows of text", "GET", "/hotcells?limit=x", nil, "limit", "El límite no se entiende."},
		{"no date", "GET", "/shifts?date=x", nil, "date", "AAAA-MM-DD"},
		{"a trail of ten days", "GET", "/units/C-" + here + "/trail?from=2026-11-01T00:00:00Z&to=2026-11-11T00:00:00Z", nil, "from", "7 días"},
		{"a trail backwards", "GET", "/units/C-" + here + "/trail?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", nil, "from", "empezar antes"},
		{"a trail since some time", "GET", "/units/C-" + here + "/trail?from=x", nil, "from", "El comienzo no tiene la forma"},
	} {
		a := admin.do(c.method, "/api/v1/d/"+here+c.path, c.body)
		wantRefused(t, c.name, a, c.field, c.text)
	}
}

// What is null is as good as absent.
func TestNullIsAbsent(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	admin.want(200, "PUT", "/api/v1/d/"+here+"/units/C7", `{"call_sign":"x","mode":"foot","plate":null,"base":null,"shifts":null,"device":null,"active":null}`)
	admin.want(400, "PUT", "/api/v1/d/"+here+"/units/C7", `{"call_sign":null,"mode":"foot"}`)
	admin.want(400, "POST", "/api/v1/d/"+here+"/plans", `null`)
}

// HEAD is GET without its body; a stream has none to leave out.
func TestHead(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/": 200, "/api/v1/public": 200, "/api/v1/d/" + here + "/units": 200, "/api/v1/d/" + there + "/units": 404,
		"/api/v1/d/" + here + "/live": 404, "/api": 404, "/api/v2/x": 404, fmt.Sprintf("/tiles/%s/%s/15/9190/17141", here, version): 200} {
		a := admin.do("HEAD", path, nil)
		if a.status != want || len(a.body) != 0 {
			t.Errorf("HEAD %s: %d with %d bytes, want %d", path, a.status, len(a.body), want)
		}
	}
	if a := s.nobody().do("HEAD", "/api/v1/d/"+here+"/units", nil); a.status != 401 {
		t.Errorf("HEAD as nobody: %d", a.status)
	}
}

// A body that is too large is answered, however much of it is on its way.
func TestTooLarge(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	for _, size := range []int{1<<20 + 1, 3 << 20, 8 << 20} {
		a := admin.do("POST", "/api/v1/d/"+here+"/incidents", bytes.Repeat([]byte(" "), size))
		if a.status != http.StatusRequestEntityTooLarge || a.reason() != "too_large" {
			t.Errorf("%d bytes: %d %s", size, a.status, a.body)
		}
	}
}

// TestFilesAreLarge: whatever takes a file takes one that is larger than other
// bodies may be.
func TestFilesAreLarge(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	body, kind := form(t, map[string]string{"file": strings.Repeat("x", 2<<20)}, map[string]string{"dry_run": "true"})
	for _, path := range []string{"/police/tracks", "/police/import", "/incidents/import", "/risk/factors/import", "/devices/import"} {
		p := &person{s: s, cookie: admin.cookie, csrf: admin.csrf, header: http.Header{"Content-Type": {kind}}}
		if a := p.do("POST", "/api/v1/d/"+here+path, body); a.status == http.StatusRequestEntityTooLarge || path == "/police/tracks" && a.status != 200 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

// TestHeldTracksStay: who takes back a file of tracks that a legal hold keeps
// reads why that cannot be.
func TestHeldTracksStay(t *testing.T) {
	s := newSite(t)
	at := "/api/v1/d/" + here + "/police/tracks/" + s.tracksAt(here, noon) // of the minute before noon, which the site's hold keeps
	if a := s.as(fleet.RoleAdmin, here).want(http.StatusConflict, "DELETE", at, nil); !strings.Contains(string(a.body), "orden legal") {
		t.Errorf("%s", a.body)
	}
}

// TestUploadNames: names and fields of a form are data of somebody else.
func TestUploadNames(t *testing.T) {
	s := newSite(t)
	admin := s.as(fleet.RoleAdmin, here)
	send := func(fill func(w *multipart.Writer) error) answer {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		s.must(fill(w))
		s.must(w.Close())
		p := &person{s: s, cookie: admin.cookie, csrf: admin.csrf, header: http.Header{"Content-Type": {w.FormDataContentType()}}}
		return p.do("POST", "/api/v1/d/"+here+"/police/import", b.Bytes())
	}
	file := func(name, text string) func(w *multipart.Writer) error {
		return func(w *multipart.Writer) error {
			h := fmt.Sprintf(`form-data; name="file"; filename="%s"`, name)
			part, err := w.CreatePart(map[string][]string{"Content-Disposition": {h}})
			if err == nil {
				_, err = part.Write([]byte(text))
			}
			return err
		}
	}
	for _, c := range []struct{ name, sent, kept string }{
		{"plain", "plan.geojson", "plan.geojson"},
		{"a path", "../../../etc/passwd", "passwd"},
		{"a path of Windows", `C:\\datos\\plan.geojson`, `C:\datos\plan.geojson`},
		{"dots", "..", ".."},
		{"Spanish", "Rondas PNP – noviembre ñ.geojson", "Rondas PNP – noviembre ñ.geojson"},
		{"long", strings.Repeat("a", 500) + ".geojson", strings.Repeat("a", 112) + ".geojson"},
		{"a pattern", "a*b.geojson", "a*b.geojson"},
		{"a control character", "a\tb.geojson", "ab.geojson"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := send(file(c.sent, "{}")); a.status != 200 {
				t.Fatalf("%d %s", a.status, a.body)
			}
			s.parts.mu.Lock()
			got := s.parts.imported[len(s.parts.imported)-1]
			s.parts.mu.Unlock()
			if c.name != "dots" && got.Name != c.kept {
				t.Errorf("it is called %q, want %q", got.Name, c.kept)
			}
			if dir := filepath.Dir(got.Path); filepath.Dir(dir) != filepath.Clean(os.TempDir()) || !strings.HasPrefix(filepath.Base(dir), "serenazgo-upload-") {
				t.Errorf("it was kept at %s", got.Path)
			}
			if _, err := os.Stat(got.Path); !os.IsNotExist(err) {
				t.Errorf("it is still there: %v", err)
			}
		})
	}
	many := func(w *multipart.Writer) error {
		for range 12 {
			if err := w.WriteField("x", "y"); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range []struct {
		name string
		fill func(w *multipart.Writer) error
		want string
	}{
		{"nothing", func(*multipart.Writer) error { return nil }, "Elija un archivo."},
		{"a field in place of a file", func(w *multipart.Writer) error { return w.WriteField("file", "{}") }, "Elija un archivo."},
		{"an empty file", file("plan.geojson", ""), "está vacío"},
		{"a long field", func(w *multipart.Writer) error { return w.WriteField("mapping", strings.Repeat("x", 64<<10+1)) }, "demasiado largo"},
		{"many parts", many, "demasiadas partes"},
	} {
		if a := send(c.fill); a.status != 400 || !strings.Contains(string(a.body), c.want) {
			t.Errorf("%s: %d %s, want %q", c.name, a.status, a.body, c.want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "serenazgo-upload-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
