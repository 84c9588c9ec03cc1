package osm

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func kml(placemarks string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name><Folder>` + placemarks + `</Folder></Document></kml>`
}

const (
	kmlSquare = `<outerBoundaryIs><LinearRing><coordinates>0,0,0 1,0,0 1,1,0 0,1,0 0,0,0</coordinates></LinearRing></outerBoundaryIs>`
	kmlHole   = `<innerBoundaryIs><LinearRing><coordinates> .2,.2 .4,.2
	.4,.4 .2,.2 </coordinates></LinearRing></innerBoundaryIs>`
)

func TestReadBoundaryKML(t *testing.T) {
	square := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}
	hole := orb.Ring{{.2, .2}, {.4, .2}, {.4, .4}, {.2, .2}}
	two := kml(`<Placemark><name>North</name><Polygon>` + kmlSquare + `</Polygon></Placemark>
		<Placemark><name>South</name><MultiGeometry><Polygon>` + kmlSquare + kmlHole + `</Polygon><Polygon>` + kmlSquare + `</Polygon></MultiGeometry></Placemark>
		<Placemark><name>a pin</name><Point><coordinates>9,9</coordinates></Point></Placemark>`)
	for _, tt := range []struct {
		name, kml string
		pick      Pick
		want      orb.MultiPolygon
		code      Code
		says      string
	}{
		{"all are united", two, Pick{}, orb.MultiPolygon{{square}, {square, hole}, {square}}, "", ""},
		{"one by name", two, Pick{Name: "South"}, orb.MultiPolygon{{square, hole}, {square}}, "", ""},
		{"no such name", two, Pick{Name: "West"}, nil, NoBoundary, "North, South"},
		{"by code", kml(`<Placemark><ExtendedData><SchemaData><SimpleData name="UBIGEO">130102</SimpleData></SchemaData></ExtendedData><Polygon>` + kmlSquare + `</Polygon></Placemark>` +
			`<Placemark><ExtendedData><Data name="ubigeo"><value>130101</value></Data></ExtendedData><Polygon>` + kmlSquare + kmlHole + `</Polygon></Placemark>`), Pick{Ubigeo: "130101"}, orb.MultiPolygon{{square, hole}}, "", ""},
		{"an open ring is closed", kml(`<Placemark><Polygon>` + strings.Replace(kmlSquare, " 0,0,0<", "<", 1) + `</Polygon></Placemark>`), Pick{}, orb.MultiPolygon{{square}}, "", ""},
		{"no polygon", kml(`<Placemark><Point><coordinates>9,9</coordinates></Point></Placemark>`), Pick{}, nil, NoBoundary, "no polygon"},
		{"a web page", `<!doctype html><html></html>`, Pick{}, nil, WrongType, "web page"},
		{"cut off", two[:len(two)/2], Pick{}, nil, Truncated, "too early"},
		{"words for numbers", kml(`<Placemark><Polygon>` + strings.Replace(kmlSquare, "1,0,0", "x,0,0", 1) + `</Polygon></Placemark>`), Pick{}, nil, Corrupt, `"x,0,0"`},
		{"crosses itself", kml(`<Placemark><name>bow</name><Polygon>` + strings.Replace(kmlSquare, "1,0,0 1,1,0", "1,1,0 1,0,0", 1) + `</Polygon></Placemark>`), Pick{}, nil, CrossedRing, "bow"},
		{"a hole alone", kml(`<Placemark><Polygon>` + kmlHole + `</Polygon></Placemark>`), Pick{}, nil, Corrupt, "outer boundary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := ReadBoundary(strings.NewReader(tt.kml), "b.kml", tt.pick)
			if tt.code != "" {
				var p *Problem
				if !errors.As(err, &p) || p.Code != tt.code || !strings.Contains(err.Error(), tt.says) {
					t.Fatalf("got %v (%+v), want %s with %q", err, p, tt.code, tt.says)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, b.Polygons); diff != "" {
				t.Error(diff)
			}
		})
	}
}
