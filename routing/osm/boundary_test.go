package osm

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

const ringText = `[[-79,-8],[-78.9,-8],[-78.9,-7.9],[-79,-7.9],[-79,-8]]`

func feature(ubigeo, ring string) string {
	props := `{"name":"X"}`
	if ubigeo != "" {
		props = fmt.Sprintf(`{"name":"District %s","pe:ubigeo":%q}`, ubigeo, ubigeo)
	}
	return fmt.Sprintf(`{"type":"Feature","properties":%s,"geometry":{"type":"Polygon","coordinates":[%s]}}`, props, ring)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestReadBoundary(t *testing.T) {
	two := collection(feature("130102", ringText), feature("130101", ringText), feature("130610", ringText))
	tests := []struct {
		name, json, ubigeo string
		polygons           int
		ubigeos            string
		code               Code
		says               string
		a, b               int
	}{
		{name: "a feature", json: feature("130102", ringText), polygons: 1, ubigeos: "130102"},
		{name: "a byte order mark", json: "\xef\xbb\xbf" + feature("130102", ringText), polygons: 1, ubigeos: "130102"},
		{name: "a polygon alone", json: `{"type":"Polygon","coordinates":[` + ringText + `]}`, ubigeo: "130102", polygons: 1},
		{name: "a MultiPolygon", json: `{"type":"MultiPolygon","coordinates":[[` + ringText + `],[` + ringText + `]]}`, polygons: 2},
		{name: "all of several", json: two, polygons: 3, ubigeos: "130101 130102 130610"},
		{name: "one of several", json: two, ubigeo: "130102", polygons: 1, ubigeos: "130102"},
		{name: "a province", json: two, ubigeo: "130100", polygons: 2, ubigeos: "130101 130102"},
		{name: "a region", json: two, ubigeo: "130000", polygons: 3, ubigeos: "130101 130102 130610"},
		{name: "a code that it does not hold", json: two, ubigeo: "150101", code: NoBoundary, says: "130101, 130102, 130610"},
		{name: "a number for a code is no code", json: `{"type":"Feature","properties":{"ubigeo":130102},"geometry":{"type":"Polygon","coordinates":[` + ringText + `]}}`, polygons: 1},
		{name: "nothing", json: "  ", code: Empty},
		{name: "a web page", json: "<!doctype html><html>", code: WrongType},
		{name: "a shapefile", json: "\x00\x00\x27\x0a", code: WrongType},
		{name: "other JSON", json: `{"elements":[]}`, code: WrongType},
		{name: "cut off", json: two[:len(two)/2], code: Truncated},
		{name: "broken", json: `{"type":"Feature",}`, code: Corrupt},
		{name: "a line", json: `{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}`, code: WrongType, says: "LineString"},
		{name: "no geometry", json: `{"type":"Feature","properties":{},"geometry":null}`, code: WrongType},
		{name: "no features", json: collection(), code: WrongType},
		{name: "open", json: feature("", `[[-79,-8],[-78.9,-8],[-78.9,-7.9],[-79,-7.9]]`), code: OpenRing, says: "between points 4 and 1", a: 4, b: 1},
		{name: "too few points", json: feature("", `[[-79,-8],[-78.9,-8],[-79,-8]]`), code: OpenRing},
		{name: "a bow tie", json: feature("", `[[-79,-8],[-78.9,-7.9],[-78.9,-8],[-79,-7.9],[-79,-8]]`), code: CrossedRing, says: "the edge from point 1 to 2 meets the edge from point 3 to 4", a: 1, b: 3},
		{name: "a hole across the outline", json: feature("", ringText+`,[[-78.95,-7.95],[-78.85,-7.95],[-78.85,-7.92],[-78.95,-7.92],[-78.95,-7.95]]`), code: CrossedRing, says: "ring 2"},
		{name: "projected coordinates", json: feature("", `[[717000,9108000],[718000,9108000],[718000,9109000],[717000,9108000]]`), code: BadCoordinate, says: "WGS 84", a: 1},
		{name: "one number a point", json: feature("", `[[1],[2],[3],[1]]`), code: WrongType},
		{name: "the second feature is named", json: collection(feature("130102", ringText), feature("130101", `[[-79,-8],[-78.9,-8],[-78.9,-7.9],[-79,-7.9]]`)), code: OpenRing, says: "feature 2 (District 130101)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := ReadBoundary(strings.NewReader(tt.json), "b.geojson", Pick{Ubigeo: tt.ubigeo})
			if tt.code != "" {
				p := problem(t, err)
				if p.Code != tt.code || !strings.Contains(p.Error(), tt.says) || tt.a != 0 && p.A != tt.a || tt.b != 0 && p.B != tt.b || p.Remedy == "" || strings.Contains(p.Error(), "\n") {
					t.Errorf("%+v: %v; want %s", p, err, tt.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Polygons) != tt.polygons || strings.Join(b.Ubigeos, " ") != tt.ubigeos {
				t.Errorf("%d polygons, %v", len(b.Polygons), b.Ubigeos)
			}
		})
	}
}

func TestCrossingsAreThoseOfTheOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(t, "n")
		var ring orb.Ring
		if rapid.Bool().Draw(t, "a star") { // never crosses itself
			for i := range n {
				a, r := 2*math.Pi*float64(i)/float64(n), rapid.Float64Range(0.2, 1).Draw(t, "r")
				ring = append(ring, orb.Point{r * math.Cos(a), r * math.Sin(a)})
			}
		} else {
			for range n {
				ring = append(ring, orb.Point{float64(rapid.IntRange(0, 9).Draw(t, "x")), float64(rapid.IntRange(0, 9).Draw(t, "y"))})
			}
		}
		ring = append(ring, ring[0])
		var edges []edge
		for j := 0; j+1 < len(ring); j++ {
			edges = append(edges, newEdge(ring[j], ring[j+1], 0, j))
		}
		want := [2]int{-1, -1}
		for i := range edges {
			for j := i + 1; j < len(edges) && want[0] < 0; j++ {
				if crosses(edges[i], edges[j]) {
					want = [2]int{i, j}
				}
			}
		}
		got := [2]int{-1, -1}
		if a, b, ok := firstCrossing(edges); ok {
			got = [2]int{a.at, b.at}
		}
		if got != want {
			t.Fatalf("%v: %v, want %v", ring, got, want)
		}
	})
}

func FuzzReadBoundary(f *testing.F) {
	f.Add(feature("130102", ringText), "")
	f.Add(collection(feature("130102", ringText), feature("130101", ringText)), "130101")
	f.Add(`{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","coordinates":[[[[1,2]]]]}]}`, "")
	f.Fuzz(func(t *testing.T, s, ubigeo string) {
		if b, err := ReadBoundary(strings.NewReader(s), "fuzz", Pick{Ubigeo: ubigeo}); err == nil && len(b.Polygons) == 0 {
			t.Fatal("neither a polygon nor an error")
		}
	})
}
