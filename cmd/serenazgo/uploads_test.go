package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// TestIncidentWords: a file that cannot be used is told in Spanish, by what it
// lacks and the names that are recognised, and so is every row of it.
func TestIncidentWords(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"image", "\x89PNG\r\n\x1a\n", "El archivo «a.csv» parece una imagen, no una tabla CSV."},
		{"workbook", "PK\x03\x04", "guarde la hoja como CSV"},
		{"empty", "", "está vacío"},
		{"header", "fecha,hora,lat,lon\n", "ninguna fila"},
		{"binary", "a,b\x00c\n", "no es texto (fila 1)"},
		{"columns", "tipo,lat\nROBO,-8\n", "no tiene todas las columnas que se necesitan"},
	} {
		_, err := importer.Read(strings.NewReader(tc.file), "a.csv", importer.Options{})
		if got := incidentsProblem(badInput(err), "a.csv", nil); !strings.Contains(got.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.name, got, tc.want)
		}
	}
	left := []hotspots.Rejected{{Row: 2, Reason: "no date", Code: "no_date"}, {Row: 3, Reason: `not a date: "x"`, Code: "not_date", Values: []string{"x"}}, {Row: 9, Reason: "no date", Code: "no_date"}}
	var lines []string
	for _, r := range importer.Reasons(left) {
		lines = append(lines, rowsOf(r)+" "+whyLeftOut(r.Example))
	}
	if got, want := strings.Join(lines, "\n"), "Filas 2, 9; la 2: sin fecha\nFila 3: «x» no es una fecha"; got != want {
		t.Errorf("rows:\n%s\nwant\n%s", got, want)
	}
}

// TestEveryCodeHasWords: no value of a code is lost or missing in its words.
func TestEveryCodeHasWords(t *testing.T) {
	for _, words := range []map[importer.Code]string{fileWords, rowWords, remarkWords} {
		for code := range words {
			if s := worded(words, code, []string{"uno", "dos", "tres"}); strings.Contains(s, "%!") || s == "" {
				t.Errorf("%s: %q", code, s)
			}
		}
	}
}

// TestPoliceWords: a line for each feature that is wrong.
func TestPoliceWords(t *testing.T) {
	const good = `{"type":"Feature","properties":{"kind":"post","name":"Comisaría","shift":"noche","start":"22:00","end":"02:00","mode":"foot","units":1,"trust":1},"geometry":{"type":"Point","coordinates":[-79,-8]}}`
	for _, tc := range []struct{ name, feature, want string }{
		{"good", good, ""},
		{"kind", strings.Replace(good, `"post"`, `"helicopter"`, 1), " («Comisaría»): kind debe ser round (ronda), sector o post (puesto)"},
		{"no units", strings.Replace(good, `"units":1,`, "", 1), " («Comisaría»): falta units: units debe ser un número entero desde 1"},
		{"hours and trust", strings.NewReplacer(`"22:00"`, `"25:00"`, `"trust":1`, `"trust":7`).Replace(good), " («Comisaría»): start y end deben ser horas HH:MM distintas; trust debe ser un número de 0 a 1"},
		{"shape", strings.Replace(good, `"post"`, `"sector"`, 1), " («Comisaría»): la geometría debe ser"},
		{"no object", `7`, ": no es un elemento"},
		{"no feature", `{"type":"Point"}`, ": falta name"},
		{"no type", strings.Replace(good, `{"type":"Feature",`, `{`, 1), " («Comisaría»): no tiene la forma"},
	} {
		if got := featureProblem(json.RawMessage(tc.feature)); got != tc.want && (tc.want == "" || !strings.HasPrefix(got, tc.want)) {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	for _, kind := range []string{"round", "sector", "post"} {
		p, g := goodFeature(kind)
		if raw, _ := json.Marshal(map[string]any{"type": "Feature", "properties": p, "geometry": g}); !reads(raw) {
			t.Errorf("the reader does not take the good %s", kind)
		}
	}
	for file, want := range map[string]string{"\x89PNG\r\n\x1a\n": "parece una imagen", "<kml/>": "es XML", "{": "no es GeoJSON", "PK\x03\x04": "libro de Excel",
		`{"type":"Feature"}`: "no es una colección", `{"type":"FeatureCollection","features":[` + good + `]}`: "cerca de La Peca"} {
		path := filepath.Join(t.TempDir(), "p.geojson")
		must(t, os.WriteFile(path, []byte(file), 0o600))
		if err := policeProblem(api.Upload{Path: path, Name: "p.geojson"}, fleet.District{Name: "La Peca"}); !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", file, err, want)
		}
	}
}
