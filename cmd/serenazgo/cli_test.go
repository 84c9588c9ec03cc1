package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/fleet"
)

// oneJSON reads a run's standard output, which must be one JSON object and
// nothing else.
func oneJSON(t *testing.T, r ran, v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(r.out))
	if err := d.Decode(v); err != nil || d.More() {
		t.Errorf("not one JSON object (%v):\n%s", err, r.out)
	}
}

// isRefused fails unless a run said what is wrong in one line of standard error,
// and nothing else, with the exit status of a mistake of the caller's.
func isRefused(t *testing.T, r ran, want string) {
	t.Helper()
	if r.status != 2 || r.out != "" || strings.Contains(r.errors, "\n") || !strings.HasPrefix(r.errors, "serenazgo: ") || !strings.Contains(r.errors, want) {
		t.Errorf("status %d, out %q, errors %q; want status 2 and one line with %q", r.status, r.out, r.errors, want)
	}
}

// The program as a script sees it: exit status, one line of what is wrong, JSON
// alone on standard output; and several programs on one data folder.
func TestCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("starts PostgreSQL servers; left out by -short")
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	streets := file("town.osm", strings.ReplaceAll(townOSM, "%SIDE%", "4"))
	outline := file("town.geojson", townBoundary)
	far := file("far.geojson", strings.ReplaceAll(townBoundary, "-79.01", "-69.01"))
	crossed := file("crossed.geojson", `{"type":"Feature","properties":{"pe:ubigeo":"130102"},"geometry":{"type":"Polygon",
"coordinates":[[[-79.01,-8.01],[-78.99,-7.99],[-78.99,-8.01],[-79.01,-7.99],[-79.01,-8.01]]]}}`)
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"nothing", "--help", nil},
		{"unknown command", "--help", []string{"fly"}},
		{"unknown flag", "--help", []string{"migrate", "--fast"}},
		{"no file", "none.osm", []string{"import", "streets", filepath.Join(dir, "none.osm"), "--boundary", outline, "--data", data}},
		{"a folder", "data.osm", []string{"import", "streets", mkdir(t, dir, "data.osm"), "--boundary", outline, "--data", data}},
		{"a page instead of an extract", "page.osm.pbf", []string{"import", "streets", file("page.osm.pbf", "<!doctype html><p>Not found"), "--boundary", outline, "--data", data}},
		{"cut off", "cut.osm", []string{"import", "streets", file("cut.osm", townOSM[:300]), "--boundary", outline, "--data", data}},
		{"boundary elsewhere", "far.geojson", []string{"import", "streets", streets, "--boundary", far, "--data", data}},
		{"boundary that crosses itself", "crossed.geojson", []string{"import", "streets", streets, "--boundary", crossed, "--data", data}},
		{"no streets", "empty.osm", []string{"import", "streets", file("empty.osm", `<osm><node id="1" lon="-79" lat="-8"/></osm>`), "--boundary", outline, "--data", data}},
		{"which district", "--boundary", []string{"import", "streets", streets, "--data", data}},
		{"both stores", "", []string{"import", "streets", streets, "--boundary", outline, "--data", data, "--database", "postgres://x"}},
		{"speed of the demonstration", "--speedup", []string{"demo", "--speedup", "0", "--data", data}},
		{"boundary without streets", "--osm", []string{"demo", "--boundary", outline, "--data", data}},
	} {
		t.Run(c.name, func(t *testing.T) { isRefused(t, runProgram(t, c.args...), c.want) })
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("refused commands made a data folder")
	}

	// A service on an empty folder, and commands beside it.
	serve := launchProgram(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")
	page := serve.expect(serve.stderr, `page at (http://\S+)`)[1]
	serve.expect(serve.stderr, `/configurar\?token=\S+`)
	second := runProgram(t, "serve", "--data", data, "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")
	if second.status != 1 || !strings.Contains(second.errors, "in use") || strings.Contains(strings.TrimSpace(second.errors), "\n") {
		t.Errorf("a second service on the folder: status %d, %s", second.status, second.errors)
	}
	isRefused(t, runProgram(t, "plan", "--shift", "2026-11-21/noche", "--data", data), "import streets")
	isRefused(t, runProgram(t, "user", "add", "--username", "rosa", "--role", "admin", "--data", data), "import streets")
	var imported struct {
		Ubigeo, Version string
		Segments        int
	}
	oneJSON(t, runProgram(t, "import", "streets", streets, "--boundary", outline, "--data", data, "--json"), &imported)
	if imported.Ubigeo != "130102" || imported.Version == "" || imported.Segments != 3 {
		t.Errorf("imported %+v", imported)
	}
	for name, c := range map[string]struct {
		want string
		args []string
	}{
		"shift without a date":   {"AAAA-MM-DD/turno", []string{"plan", "--shift", "noche"}},
		"shift that is not had":  {"manana, tarde, noche", []string{"plan", "--shift", "2026-11-21/siesta"}},
		"nothing to comply with": {"serenazgo plan --shift 2026-11-21/noche", []string{"compliance", "2026-11-21/noche"}},
		"no units":               {"serenazgo unit add", []string{"plan", "--shift", "2026-11-21/noche"}},
		"unit of spaces":         {"letters, digits", []string{"unit", "add", "a b"}},
		"unit of another trade":  {"--mode", []string{"unit", "add", "C01", "--mode", "tank"}},
		"unit far away":          {"500 m", []string{"unit", "add", "C01", "--base", "-12,48"}},
		"unit without a place":   {"LON,LAT", []string{"unit", "add", "C01", "--base", "-12"}},
		"unit off the Earth":     {"--base", []string{"unit", "add", "C01", "--base", "-790,48"}},
		"unit of no shift":       {"luna", []string{"unit", "add", "C01", "--shifts", "luna"}},
		"no time":                {"--seconds", []string{"plan", "--shift", "2026-11-21/noche", "--seconds", "0"}},
		"a plan that is none":    {"plan.geojson", []string{"plan", "check", file("plan.geojson", `{"type":"FeatureCollection"`)}},
		"an empty plan":          {"empty.geojson", []string{"plan", "check", file("empty.geojson", `{"type":"FeatureCollection","features":[]}`)}},
		"no plan file":           {"none.geojson", []string{"plan", "check", filepath.Join(dir, "none.geojson")}},
		"role":                   {"--role", []string{"user", "add", "--username", "rosa", "--role", "queen"}},
		"another district":       {"150101", []string{"user", "add", "--username", "rosa", "--role", "admin", "--ubigeo", "150101"}},
		"a code that is none":    {"ubigeo", []string{"user", "add", "--username", "rosa", "--role", "admin", "--ubigeo", "15"}},
		"incidents that are not": {"town.geojson", []string{"import", "incidents", outline}},
		"police that are not":    {"town.osm", []string{"import", "police", streets}},
	} {
		t.Run(name, func(t *testing.T) { isRefused(t, runProgram(t, append(c.args, "--data", data)...), c.want) })
	}
	var unit fleet.Unit
	oneJSON(t, runProgram(t, "unit", "add", "C01", "--call-sign", "Halcón 1", "--shifts", "noche,tarde", "--data", data, "--json"), &unit)
	var units struct{ Units []fleet.Unit }
	oneJSON(t, runProgram(t, "unit", "list", "--data", data, "--json"), &units)
	if len(units.Units) != 1 || units.Units[0].CallSign != "Halcón 1" || len(units.Units[0].Shifts) != 2 || !units.Units[0].Active {
		t.Errorf("registered %+v, listed %+v", unit, units.Units)
	}
	var made account
	oneJSON(t, runProgram(t, "user", "add", "--username", "rosa", "--role", "admin", "--data", data, "--json"), &made)
	// The service beside which all this was done knows both.
	v := newVisitor(t, page).logIn("rosa", made.Password)
	var d struct{ Name string }
	eventually(t, patience, "the new district on the page", func() bool {
		status, b := v.try("GET", inDistrict("130102", ""), nil)
		return status == 200 && json.Unmarshal(b, &d) == nil && d.Name == "El Porvenir"
	})
	if r := serve.interrupt(); r.status != 0 {
		t.Errorf("Ctrl-C: status %d: %s", r.status, r.errors)
	}
	if r := runProgram(t, "doctor", "--data", "/proc/1/serenazgo", "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"); r.status != 1 || !strings.Contains(r.out, "MISSING  data folder") {
		t.Errorf("doctor of a folder that cannot be made: status %d: %s", r.status, r.out)
	}
	var doctor struct {
		OK       bool
		Findings []finding
	}
	if r := runProgram(t, "doctor", "--json", "--data", data, "--listen", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0"); r.status != 0 {
		t.Errorf("doctor: status %d: %s", r.status, r.errors)
	} else if oneJSON(t, r, &doctor); !doctor.OK || len(doctor.Findings) < 4 {
		t.Errorf("doctor: %+v", doctor)
	}
	if r := runProgram(t, "doctor", "--json", "--database", "postgres://nobody@127.0.0.1:1/none"); r.status != 1 {
		t.Errorf("doctor of a database that is not there: status %d: %s %s", r.status, r.out, r.errors)
	} else if oneJSON(t, r, &doctor); doctor.OK {
		t.Errorf("doctor: %+v", doctor)
	}
}

func mkdir(t *testing.T, in, name string) string {
	t.Helper()
	path := filepath.Join(in, name)
	must(t, os.Mkdir(path, 0o700))
	return path
}
