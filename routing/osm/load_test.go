package osm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/serenazgo/serenazgo/routing"
)

// boundaryAt is a square of GeoJSON from x, y to x+w, y+w, in the steps of a
// world.
func boundaryAt(x, y, w float64) []byte {
	p := func(dx, dy float64) [2]float64 { return [2]float64{-79 + lonlat(x+dx), -8 + lonlat(y+dy)} }
	b, _ := json.Marshal(map[string]any{"type": "Feature", "properties": map[string]any{"name": "X", "pe:ubigeo": "130102"},
		"geometry": map[string]any{"type": "Polygon", "coordinates": [][][2]float64{{p(0, 0), p(w, 0), p(w, w), p(0, w), p(0, 0)}}}})
	return b
}

func TestLoadRefusesBadFiles(t *testing.T) {
	good := small().xml()
	inside := boundaryAt(0, -4, 4)
	tests := []struct {
		name     string
		extract  []byte
		boundary []byte
		ubigeo   string
		relation int64
		code     Code
		says     string
	}{
		{name: "empty", extract: []byte{}, code: Empty},
		{name: "a web page", extract: []byte("<!DOCTYPE html><html><body>Login</body></html>"), code: WrongType, says: "web page"},
		{name: "GeoJSON", extract: inside, code: WrongType, says: "JSON"},
		{name: "another XML", extract: []byte("<?xml version=\"1.0\"?><gpx></gpx>"), code: WrongType, says: "<gpx>"},
		{name: "a zip", extract: []byte("PK\x03\x04xxxxxxxx"), code: WrongType, says: "zip"},
		{name: "a picture", extract: []byte("\x89PNG\r\n\x1a\n0000"), code: WrongType},
		{name: "cut off", extract: good[:len(good)-20], code: Truncated},
		{name: "cut gzip", extract: gzipped(good)[:200], code: Truncated},
		{name: "bzip2 that is none", extract: []byte("BZh9xxxxxxxxxxxxxxxxxxxxxxxx"), code: Corrupt},
		{name: "a node without coordinates", extract: []byte(`<osm><node id="1"/></osm>`), code: Corrupt, says: "line 1: node 1 has no coordinates"},
		{name: "a node off the Earth", extract: []byte(`<osm><node id="1" lon="1" lat="512"/></osm>`), code: Corrupt, says: "not on Earth"},
		{name: "no streets", extract: new(world).grid(2).way(1, "building=yes", 11, 12).xml(), code: NoStreets, says: "1 ways"},
		{name: "only closed streets", extract: new(world).grid(2).way(1, "highway=service access=private", 11, 12).xml(), code: NoStreets},
		{name: "a boundary elsewhere", boundary: boundaryAt(500, 500, 4), code: BoundaryOutside, says: "lies outside the streets"},
		{name: "a boundary between the streets", boundary: boundaryAt(2.2, -2.4, 0.1), code: NothingInside},
		{name: "a broken boundary", boundary: []byte(`{"type":"Point"}`), code: WrongType, says: "boundary.geojson"},
		{name: "another district", boundary: inside, ubigeo: "150101", code: NoBoundary, says: "130102"},
		{name: "no such relation", relation: 99, code: NoBoundary, says: "relation 99"},
		{name: "no relation with that ubigeo", ubigeo: "150101", code: NoBoundary, says: "150101"},
		{name: "an outline that does not close", ubigeo: "130102", code: OpenRing,
			extract: cross().way(10, "x=y", 11, 13).relation(2, rawTags("type", "boundary", "pe:ubigeo", "130102"), member{"way", 10, "outer"}).xml(), says: "node 13"},
		{name: "an outline with a missing way", ubigeo: "130102", code: BoundaryMissing,
			extract: cross().way(10, "x=y", 11, 13).relation(2, rawTags("type", "boundary", "pe:ubigeo", "130102"), member{"way", 10, "outer"}, member{"way", 11, ""}).xml()},
		{name: "two relations", ubigeo: "130102", code: ManyDistricts,
			extract: cross().way(10, "x=y", 11, 13, 33, 31, 11).relation(2, rawTags("type", "boundary", "pe:ubigeo", "130102"), member{"way", 10, "outer"}).
				relation(3, rawTags("type", "boundary", "pe:ubigeo", "130102"), member{"way", 10, "outer"}).xml()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.extract == nil {
				tt.extract = good
			}
			src := Source{File: file(t, "extract.osm", tt.extract), Ubigeo: tt.ubigeo, Relation: tt.relation}
			if tt.boundary != nil {
				src.BoundaryFile = file(t, "boundary.geojson", tt.boundary)
			}
			_, err := Load(t.Context(), src)
			p := problem(t, err)
			if p.Code != tt.code || !strings.Contains(err.Error(), tt.says) || p.Remedy == "" || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v; want %s", p.Code, err, tt.code)
			}
			t.Log(err)
		})
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none.osm"), t.TempDir()} {
		if _, err := Load(t.Context(), Source{File: path}); problem(t, err).Remedy == "" {
			t.Error(err)
		}
	}
}

func TestSwappedCoordinatesAreRecognised(t *testing.T) {
	swapped := []byte(`{"type":"Polygon","coordinates":[[[-8.01,-79.01],[-8.01,-78.9],[-7.9,-78.9],[-8.01,-79.01]]]}`)
	_, err := Load(t.Context(), Source{File: file(t, "e.osm", small().xml()), BoundaryFile: file(t, "b.geojson", swapped)})
	if err == nil || !strings.Contains(err.Error(), "exchanged") {
		t.Error(err)
	}
}

func TestLoadStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, b := range map[string][]byte{"a.osm": small().xml(), "a.pbf": small().pbf(true, true)} {
		if _, err := Load(ctx, Source{File: file(t, name, b)}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBoundaryRelation(t *testing.T) {
	// An outline of two ways with a hole; the street at 22 lies in the hole.
	w := new(world).grid(6).way(1, "highway=residential", 22, 23).way(2, "highway=residential", 33, 43).way(3, "highway=residential", 44, 45, 46).
		way(10, "boundary=administrative", 11, 16, 66).way(11, "boundary=administrative", 61, 66).way(12, "", 61, 11).
		node(101, 1.8, -1.8).node(102, 3.2, -1.8).node(103, 3.2, -2.2).node(104, 1.8, -2.2).way(13, "", 101, 102, 103, 104, 101).
		relation(7, rawTags("type", "boundary", "ref", "130102", "name", "Centro"), member{"way", 10, "outer"}, member{"way", 11, "outer"}, member{"way", 12, ""}, member{"way", 13, "inner"}, member{"node", 22, "admin_centre"})
	for name, b := range map[string][]byte{"a.osm": w.xml(), "a.osm.pbf": w.pbf(true, false)} {
		for _, src := range []Source{{Ubigeo: "130102"}, {Relation: 7}, {Relation: 7, Ubigeo: "990101"}} {
			src.File = file(t, name, b)
			imp, err := Load(t.Context(), src)
			if err != nil {
				t.Fatal(err)
			}
			want := "130102"
			if src.Relation != 0 && src.Ubigeo != "" {
				want = src.Ubigeo
			}
			if imp.Name != "Centro" || imp.Ubigeo != want || len(imp.Graph.Boundary) != 1 || len(imp.Graph.Boundary[0]) != 2 {
				t.Errorf("%s: %q %q %v", name, imp.Name, imp.Ubigeo, imp.Graph.Boundary)
			}
			for id, belongs := range map[string]bool{"22-23-1": false, "33-43-2": true, "44-46-3": true} {
				if segment(t, imp.Graph, id).Belongs != belongs {
					t.Errorf("%s belongs: %v", id, !belongs)
				}
			}
		}
	}
}

func TestBelongsFromHalfOfItsLength(t *testing.T) {
	w := new(world).node(1, 0, 0).node(2, 2, 0).node(3, 0, 1).node(4, 1.9, 1).node(5, 0, 2).node(6, 2.2, 2).
		way(1, "highway=residential", 1, 2).way(2, "highway=residential", 3, 4).way(3, "highway=residential", 5, 6)
	imp, err := Load(t.Context(), Source{File: file(t, "e.osm", w.xml()), BoundaryFile: file(t, "b.geojson", boundaryAt(-1, -1, 2.0001))})
	if err == nil {
		for id, want := range map[string]bool{"1-2-1": true, "3-4-2": true, "5-6-3": false} {
			if segment(t, imp.Graph, id).Belongs != want {
				t.Errorf("%s belongs: %v", id, !want)
			}
		}
		if imp.CheckUbigeo() != nil {
			t.Error(imp.CheckUbigeo())
		}
		return
	}
	t.Fatal(err)
}

func TestCheckUbigeo(t *testing.T) {
	if p := problem(t, (&Import{}).CheckUbigeo()); p.Code != NoUbigeo {
		t.Error(p)
	}
	if p := problem(t, (&Import{Ubigeos: []string{"130101", "130102"}}).CheckUbigeo()); p.Code != ManyDistricts {
		t.Error(p)
	}
}

// What others counted on the same file: ways, kilometres, junctions (places
// where ways end or meet, closed ones included), pieces.
func TestElPorvenir(t *testing.T) {
	imp, err := Load(t.Context(), Source{File: data(t, "streets", "el-porvenir.osm.pbf"), BoundaryFile: data(t, "boundaries", "el-porvenir-130102-osm.geojson")})
	if err != nil {
		t.Fatal(err)
	}
	r := imp.Report
	if imp.Ubigeo != "130102" || imp.Name != "El Porvenir" {
		t.Errorf("%q %q", imp.Ubigeo, imp.Name)
	}
	if r.DrivableWays != 2716 || r.OneWayWays != 269 || r.Components != 5 {
		t.Errorf("%d ways, %d one-way, %d components", r.DrivableWays, r.OneWayWays, r.Components)
	}
	between(t, "drivable km", r.DrivableKm, 549.75, 549.85)
	between(t, "named %", r.NamedPct, 54.5, 55.5)
	between(t, "belonging km", r.BelongingKm, 505, 512)
	between(t, "street km", r.Reachable.StreetKm, 504, 510)
	// The largest piece is the network that others contracted.
	of, n := imp.Graph.Components(routing.AllModes)
	size, km := make([]int, n), make([]float64, n)
	largest := 0
	for i := range imp.Graph.Segments {
		c := of[imp.Graph.Segments[i].From]
		size[c]++
		if km[c] += imp.Graph.Segments[i].Length / 1000; km[c] > km[largest] {
			largest = int(c)
		}
	}
	between(t, "km of the largest piece", km[largest], 546, 548)
	between(t, "its segments", float64(size[largest]), 6380, 6420)
	between(t, "its odd junctions", float64(imp.Graph.OddJunctions(func(s routing.SegmentID) bool { return int(of[imp.Graph.Segments[s].From]) == largest })), 2110, 2140)
	t.Logf("largest piece: %.1f km, %d segments", km[largest], size[largest])
	var text bytes.Buffer
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "2716 ways") {
		t.Errorf("%v\n%s", err, text.String())
	}
	// The extract with highways alone, and as XML, gives the same streets.
	for _, f := range []string{"el-porvenir-highways.osm.gz", "el-porvenir-highways.osm.pbf"} {
		other, err := Load(t.Context(), Source{File: data(t, "streets", f), BoundaryFile: data(t, "boundaries", "el-porvenir-130102-osm.geojson")})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(ids(imp.Graph), ids(other.Graph)); d != "" {
			t.Errorf("%s: %s", f, d)
		}
	}
	b, err := routing.Encode(imp.Graph)
	if err != nil {
		t.Fatal(err)
	}
	back, err := routing.Decode(b)
	if d := cmp.Diff(imp.Graph, back, cmpopts.IgnoreUnexported(routing.Graph{}), cmpopts.EquateEmpty()); err != nil || d != "" {
		t.Errorf("%v %s", err, d)
	}
	t.Logf("stored in %d bytes", len(b))
}

func TestTrujillo(t *testing.T) {
	imp, err := Load(t.Context(), Source{File: data(t, "streets", "trujillo.osm.pbf"), BoundaryFile: data(t, "boundaries", "trujillo-province-districts-osm.geojson"), Paths: true})
	if err != nil {
		t.Fatal(err)
	}
	if r := imp.Report; r.DrivableWays != 17689 || imp.Ubigeo != "" || len(imp.Ubigeos) != 10 || problem(t, imp.CheckUbigeo()).Code != ManyDistricts {
		t.Errorf("%d ways, %v", r.DrivableWays, imp.Ubigeos)
	}
	between(t, "drivable km", imp.Report.DrivableKm, 4117, 4118)
}

func TestOtherCountries(t *testing.T) {
	for _, f := range []string{"liechtenstein-2013-08-03.osm.pbf", "monaco.osm.gz"} {
		imp, err := Load(t.Context(), Source{File: data(t, "streets", f), Paths: true})
		if err != nil {
			t.Fatal(err)
		}
		if r := imp.Report; r.BelongingSegments != r.Segments || r.Segments < 1000 || imp.CheckUbigeo() == nil {
			t.Errorf("%s: %+v", f, r)
		}
	}
}

func TestAndorra(t *testing.T) {
	if raceDetector {
		t.Skip("40 MB of XML take minutes under the race detector, and one goroutine reads them")
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/paulmach/osm").Output()
	if err != nil {
		t.Skip("no go command to find the extract with: ", err)
	}
	imp, err := Load(t.Context(), Source{File: filepath.Join(strings.TrimSpace(string(out)), "testdata", "andorra-latest.osm.bz2"), Relation: 2804753, Ubigeo: "990101"})
	if err != nil {
		t.Fatal(err)
	}
	if imp.Name != "Andorra la Vella" || imp.Ubigeo != "990101" {
		t.Errorf("%q %q", imp.Name, imp.Ubigeo)
	}
	between(t, "belonging km", imp.Report.BelongingKm, 55, 60)
}

func between(t *testing.T, what string, v, lo, hi float64) {
	t.Helper()
	if v < lo || v > hi {
		t.Errorf("%s: %.2f, want %.2f to %.2f", what, v, lo, hi)
	}
}

func BenchmarkLoadElPorvenir(b *testing.B) {
	benchmarkLoad(b, "el-porvenir.osm.pbf", "el-porvenir-130102-osm.geojson")
}

func BenchmarkLoadTrujillo(b *testing.B) {
	benchmarkLoad(b, "trujillo.osm.pbf", "trujillo-province-districts-osm.geojson")
}

func benchmarkLoad(b *testing.B, extract, boundary string) {
	src := Source{File: data(b, "streets", extract), BoundaryFile: data(b, "boundaries", boundary), Paths: true}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(b.Context(), src); err != nil {
			b.Fatal(err)
		}
	}
}
