package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/osm"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// townOSM is a street with a side street; %SIDE% is the side street's far node.
const townOSM = `<osm>
<node id="1" lon="-79.000" lat="-8.000"/><node id="2" lon="-78.999" lat="-8.000"/><node id="3" lon="-78.998" lat="-8.000"/>
<node id="4" lon="-78.999" lat="-8.001"/><node id="5" lon="-78.999" lat="-8.0011"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="Jr. Unión"/></way>
<way id="11"><nd ref="2"/><nd ref="%SIDE%"/><tag k="highway" v="residential"/></way>
</osm>`

const townBoundary = `{"type":"Feature","properties":{"name":"El Porvenir","pe:ubigeo":"130102"},"geometry":{"type":"Polygon",
"coordinates":[[[-79.01,-8.01],[-78.99,-8.01],[-78.99,-7.99],[-79.01,-7.99],[-79.01,-8.01]]]}}`

func town(t *testing.T, side string) *osm.Import {
	t.Helper()
	dir := t.TempDir()
	extract, boundary := filepath.Join(dir, "town.osm"), filepath.Join(dir, "town.geojson")
	for path, text := range map[string]string{extract: strings.ReplaceAll(townOSM, "%SIDE%", side), boundary: townBoundary} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	imp, err := osm.Load(t.Context(), osm.Source{File: extract, BoundaryFile: boundary})
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

func TestSaveStreetsKeepsHistoryAndCorrections(t *testing.T) {
	ctx := t.Context()
	st := storetest.New(t)
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	var rep streetsReport
	if err := saveStreets(ctx, st, town(t, "4"), newDistrict{Demo: true}, "town.osm", "ana", at, &rep); err != nil {
		t.Fatal(err)
	}
	first := rep.Version
	d, err := st.District(ctx, "130102")
	if err != nil || d.Name != "El Porvenir" || d.TimeZone != "America/Lima" || !d.Demo || len(d.Boundary) != 1 {
		t.Fatalf("%+v %v", d, err)
	}
	d.TimeZone, d.Province = "Europe/Andorra", "Trujillo"
	if err := st.SaveDistrict(ctx, d); err != nil {
		t.Fatal(err)
	}
	side := town(t, "4").Graph.Segments[2]
	if err := st.SaveCorrection(ctx, "130102", routing.Correction{ID: "c1", Kind: routing.CorrectName, Segment: side.ID, Line: side.Line, Name: "Psje. Nuevo"}); err != nil {
		t.Fatal(err)
	}
	// The map moves on: the side street ends at another node.
	rep = streetsReport{}
	if err := saveStreets(ctx, st, town(t, "5"), newDistrict{}, "town2.osm", "ana", at.Add(time.Hour), &rep); err != nil {
		t.Fatal(err)
	}
	if rep.Replaces != first || rep.Version == first {
		t.Errorf("%q replaces %q, want %q", rep.Version, rep.Replaces, first)
	}
	if len(rep.Corrections) != 1 || rep.Corrections[0].By != routing.ByLine || !rep.Corrections[0].InForce {
		t.Errorf("%+v", rep.Corrections)
	}
	if d, err = st.District(ctx, "130102"); err != nil || d.TimeZone != "Europe/Andorra" || d.Province != "Trujillo" || !d.Demo {
		t.Errorf("the import forgot what the store knew: %+v %v", d, err)
	}
	versions, err := st.StreetVersions(ctx, "130102")
	if err != nil || len(versions) != 2 || versions[0].Version != rep.Version || !versions[0].Current || versions[1].Current {
		t.Errorf("%+v %v", versions, err)
	}
	v, err := st.Streets(ctx, "130102")
	if err != nil {
		t.Fatal(err)
	}
	if g, err := routing.Decode(v.Graph); err != nil || len(g.Segments) != 3 {
		t.Errorf("%v", err)
	}
	var stored osm.Report
	if err := json.Unmarshal(v.Report, &stored); err != nil || stored.Segments != 3 {
		t.Errorf("%+v %v", stored, err)
	}
}

// Ways on foot come in when somebody asks for them, and stay until somebody says
// otherwise, by command and by page alike.
func TestImportStreetsRemembersWaysOnFoot(t *testing.T) {
	a, _, err := small(t, nil)
	must(t, err)
	ctx := t.Context()
	withPath := strings.Replace(strings.ReplaceAll(townOSM, "%SIDE%", "4"), "</osm>",
		`<way id="12"><nd ref="3"/><nd ref="4"/><tag k="highway" v="footway"/></way></osm>`, 1)
	extract, outline := writeFile(t, "town.osm", withPath), writeFile(t, "town.geojson", townBoundary)
	yes, no := true, false
	d, err := a.store.District(ctx, "130102")
	must(t, err)
	command := func(paths *bool) {
		t.Helper()
		c := importStreetsCmd{storeFlags: storeFlags{dataFlags: dataFlags{Database: a.cfg.Store.URL}}, File: extract, Boundary: outline, Paths: paths, JSON: true}
		_, err := output(t, func() error { return c.Run(ctx) })
		must(t, err)
	}
	page := func(paths *bool) {
		t.Helper()
		_, err := (&uploads{a: a}).ImportStreets(ctx, d, api.Upload{Path: extract, Name: "town.osm"}, nil, paths, false, "ana")
		must(t, err)
	}
	for _, c := range []struct {
		name    string
		how     func(*bool)
		paths   *bool
		streets int
	}{
		{"at first", command, nil, 3},
		{"uploaded", page, nil, 3},
		{"asked for", command, &yes, 4},
		{"again", command, nil, 4},
		{"uploaded after that", page, nil, 4},
		{"no more, by page", page, &no, 3},
		{"after that", command, nil, 3},
		{"asked for by page", page, &yes, 4},
		{"no more", command, &no, 3},
	} {
		c.how(c.paths)
		v, err := a.store.Streets(ctx, "130102")
		must(t, err)
		g, err := routing.Decode(v.Graph)
		must(t, err)
		if len(g.Segments) != c.streets {
			t.Errorf("%s: %d segments, want %d", c.name, len(g.Segments), c.streets)
		}
	}
}

func TestImportStreetsRefusals(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "page.osm.pbf")
	if err := os.WriteFile(page, []byte("<!doctype html><p>Not found"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"import", "streets", page},
		{"import", "streets", page, "--ubigeo", "13010"},
		{"import", "streets", page, "--ubigeo", "130102", "--data", dir},
		{"import", "streets", page, "--relation", "1", "--boundary", page},
		{"import", "streets", filepath.Join(dir, "none.osm"), "--relation", "1", "--data", dir},
	} {
		if status := run(t.Context(), args); status != 2 {
			t.Errorf("%v: status %d, want 2", args, status)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("a refused import left something: %v %v", left, err)
	}
}

func TestStreetsReportReadsWell(t *testing.T) {
	imp := town(t, "4")
	var b bytes.Buffer
	if err := imp.Report.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2 ways", "3 segments, 4 junctions", "1 components", "by car from"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}
