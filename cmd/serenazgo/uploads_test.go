package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// TestIncidentWords: a file that cannot be used is told in Spanish, by what it
// lacks and the names that are recognised, and so is every row of it.
func TestIncidentWords(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"image", "\x89PNG\r\n\x1a\n", "El archivo «a.csv» parece una imagen, no una tabla CSV o de Excel."},
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
			if s := worded(words, code, []string{"uno", "dos", "tres", "cuatro"}); strings.Contains(s, "%!") || s == "" {
				t.Errorf("%s: %q", code, s)
			}
		}
	}
}

// TestPoliceWords: a line for each feature that is wrong, and why a whole file
// is not taken.
func TestPoliceWords(t *testing.T) {
	const good = `{"type":"Feature","properties":{"kind":"post","name":"Comisaría","shift":"noche","start":"22:00","end":"02:00","mode":"foot","units":1,"trust":1},"geometry":{"type":"Point","coordinates":[-79,-8]}}`
	swap := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(good) }
	say := func(t *testing.T, file string) string {
		path := filepath.Join(t.TempDir(), "p.geojson")
		must(t, os.WriteFile(path, []byte(file), 0o600))
		_, err := patrol.ReadPresence(strings.NewReader(file), "p.geojson")
		if err == nil {
			err = errFar
		}
		said := []string{policeProblem(badInput(err), api.Upload{Path: path, Name: "p.geojson"}, fleet.District{Name: "La Peca"}).Error()}
		if bad, ok := errors.AsType[*patrol.PresenceError](err); ok {
			said = append(said, policeLines(bad)...)
		}
		return strings.Join(said, "\n")
	}
	const title = "Elemento 1 («Comisaría»): "
	for _, tc := range []struct{ name, feature, want string }{
		{"kind", swap(`"post"`, `"helicopter"`), title + `kind es "helicopter" y debe ser round (ronda), sector o post (puesto)`},
		{"no units", swap(`"units":1,`, ""), title + "falta units (un número entero desde 1)"},
		{"half a unit", swap(`"units":1`, `"units":1.5`), title + "units es 1.5 y debe ser un número entero desde 1"},
		{"several", swap(`"22:00"`, `"25:00"`, `"trust":1`, `"trust":7`, `"mode":"foot",`, ""),
			title + `falta mode (car, motorcycle, bicycle o foot); start es "25:00" y debe ser una hora, como 22:00; trust es 7 y debe ser un número de 0 a 1`},
		{"shape", swap(`"post"`, `"sector"`), title + "la geometría de un sector debe ser un polígono"},
		{"blank name", swap(`"Comisaría"`, `" "`), "Elemento 1: name está vacío y debe ser un texto"},
		{"no object", `7`, "Elemento 1: no es un elemento (Feature) de GeoJSON"},
		{"no feature", `{"type":"Point"}`, "Elemento 1: no es un elemento (Feature) de GeoJSON"},
		{"latitude", swap(`-8]`, `-98]`), title + "una posición de la geometría no es [longitud, latitud] en grados"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := say(t, `{"type":"FeatureCollection","features":[`+tc.feature+`]}`)
			if want := "El archivo «p.geojson» tiene mal 1 de 1 elementos.\n" + tc.want; got != want {
				t.Errorf("%s\nwant\n%s", got, want)
			}
		})
	}
	for file, want := range map[string]string{"\x89PNG\r\n\x1a\n": "parece una imagen", "%PDF-1.7": "documento PDF", "<kml/>": "es XML", "{": "no es GeoJSON", "PK\x03\x04": "libro de Excel",
		`{"type":"Feature"}`: "no es una colección", `{"type":"FeatureCollection","features":[]}`: "ninguna ronda",
		`{"type":"FeatureCollection","features":[` + good + `]}`:                      "cerca de La Peca",
		`{"type":"FeatureCollection","features":[` + strings.Repeat("7,", 24) + `7]}`: "tiene mal 25 de 25 elementos.\nElemento 1: "} {
		if got := say(t, file); !strings.Contains(got, want) {
			t.Errorf("%q: %v, want %q", file, got, want)
		}
	}
}
