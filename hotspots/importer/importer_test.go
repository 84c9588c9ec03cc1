package importer

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// dataFile opens a file of the public data set, or skips the test.

func dataFile(t testing.TB, parts ...string) *os.File {
	t.Helper()
	dir := os.Getenv("SERENAZGO_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(append([]string{dir}, parts...)...))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no data file %s: set SERENAZGO_DATA to the folder that holds it", filepath.Join(parts...))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func lima(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// checkAccounts tells whether every row of the result went somewhere.

func checkAccounts(t testing.TB, res Result) {
	t.Helper()
	if n := len(res.Incidents) + len(res.Duplicates) + len(res.Rejected); n != res.Rows {
		t.Fatalf("%d rows, of which %d incidents, %d duplicates, %d rejected", res.Rows, len(res.Incidents), len(res.Duplicates), len(res.Rejected))
	}
	keys := map[string]bool{}
	for _, in := range res.Incidents {
		if in.Key == "" || keys[in.Key] {
			t.Fatalf("row %d has the key %q of another", in.Row, in.Key)
		}
		keys[in.Key] = true
		if err := hotspots.CheckPoint(in.Point); err != nil {
			t.Fatal(err)
		}
		if in.At.IsZero() || in.Row < 1 {
			t.Fatalf("incident %+v", in)
		}
	}
}

// Forms that files come in; each has the same incident.

func TestReadForms(t *testing.T) {
	loc := lima(t)
	latin := func(s string) string {
		out, err := charmap.Windows1252.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide := func(s string) string {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	zipped := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(s))
		z.Close()
		return b.String()
	}
	spanish := "FECHA HORA HECHO;Latitud;Longitud;Genérico;Específico;Modalidad;Origen\n21/11/2026 22:30;-8,0712;-79,0123;PATRIMONIO;ROBO;AGRESIÓN – NIÑO;Llamada telefónica\n"
	for _, tc := range []struct{ name, file string }{
		{"semicolons, decimal commas", spanish},
		{"with a byte order mark", "\xef\xbb\xbf" + spanish},
		{"Windows-1252", latin(spanish)},
		{"UTF-16", wide(spanish)},
		{"gzip", zipped(spanish)},
		{"Windows line ends and blank lines", "\r\n" + strings.ReplaceAll(spanish, "\n", "\r\n") + "\r\n;;;;;;\r\n"},
		{"Excel's separator line", "sep=;\n" + spanish},
		{"tabs", strings.ReplaceAll(spanish, ";", "\t")},
		{"commas and quotes", "\"date\",lat,lon,type,subtipo,modalidad,origen\n\"2026-11-21 22:30\",\"-8,0712\",-79.0123,PATRIMONIO,ROBO,\"AGRESIÓN – NIÑO\",LLAMADA\n"},
		{"ISO with a zone", "date,lat,lon,tipo,subtipo,modalidad,origen\n2026-11-22T03:30:00Z,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
		{"epoch milliseconds", "fecha_hora_hecho_ms,lat,lon,tipo,subtipo,modalidad,origen\n1795318200000,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
		{"epoch seconds", "date,lat,lon,tipo,subtipo,modalidad,origen\n1795318200,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
		{"date and hour apart", "fecha,hora,lat,lon,tipo,subtipo,modalidad,origen\n21-11-26,10:30 p. m.,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
		{"month first, as a later row shows", "date,lat,lon,tipo,subtipo,modalidad,origen\n11/21/2026 10:30 PM,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
		{"month's name", "date,lat,lon,tipo,subtipo,modalidad,origen\n21 de noviembre de 2026 22:30,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
		{"Excel's day number", "date,lat,lon,tipo,subtipo,modalidad,origen\n46347.9375,-8.0712,-79.0123,PATRIMONIO,ROBO,AGRESIÓN – NIÑO,call\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, err := Read(strings.NewReader(tc.file), "f.csv", Options{Loc: loc})
			if err != nil {
				t.Fatal(err)
			}
			checkAccounts(t, res)
			if len(res.Incidents) != 1 {
				t.Fatalf("%d incidents; rejected %+v", len(res.Incidents), res.Rejected)
			}
			in := res.Incidents[0]
			want := hotspots.Incident{Type: [3]string{"PATRIMONIO", "ROBO", "AGRESIÓN – NIÑO"},
				At: time.Date(2026, 11, 21, 22, 30, 0, 0, loc).UTC(), Point: orb.Point{-79.0123, -8.0712},
				Origin: hotspots.OriginCall, Source: "f.csv", Row: in.Row, Key: in.Key}
			if d := cmp.Diff(want, in); d != "" {
				t.Fatal(d)
			}
		})
	}
}

// What a file lacks is told in full, and every row that is left out has a code.

// A quote that is never closed must cost one row and not the rest of the file.

// The same row has the same key in whatever file it comes.

func TestMapping(t *testing.T) {
	m, err := ReadMapping(strings.NewReader(`
source: cecom
columns: {at: Cuándo, lat: Y, lon: X, type1: Clase, origin: Medio, id: Nro}
delimiter: "|"
dates: mdy
time_zone: America/Lima
origins: {WhatsApp: call}
`), "m.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := "Nro|Cuándo|X|Y|Clase|Medio\nA-1|02/03/2026 22:00|-79,01|-8,07|Robo|WHATSAPP\nA-2|02/03/2026 22:00|-79,01|-8,07|Robo|paloma\n"
	res, err := Read(strings.NewReader(file), "f", Options{Mapping: m})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	if len(res.Incidents) != 2 {
		t.Fatalf("rejected %+v", res.Rejected)
	}
	in := res.Incidents[0]
	if want := time.Date(2026, 2, 3, 22, 0, 0, 0, lima(t)); !in.At.Equal(want) || in.Origin != hotspots.OriginCall || in.Key != "cecom:A-1" || in.Point != (orb.Point{-79.01, -8.07}) {
		t.Fatalf("%+v", in)
	}
	if len(res.Notes) != 1 || !strings.Contains(res.Notes[0], "paloma") {
		t.Fatalf("notes %q", res.Notes)
	}
	for name, yaml := range map[string]string{
		"unknown field": "colums: {}", "unknown role": "columns: {when: x}", "clock": "clock: wall", "dates": "dates: ydm",
		"zone": "time_zone: Lima", "delimiter": "delimiter: '::'", "origin": "origins: {x: pigeon}", "no mapping": "- a",
	} {
		if _, err := ReadMapping(strings.NewReader(yaml), "m.yaml"); !errors.Is(err, ErrMapping) || !strings.Contains(err.Error(), "m.yaml") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(strings.NewReader("a,b\n"), "f", Options{Mapping: m}); !errors.Is(err, ErrFormat) {
		t.Errorf("a mapping of columns that are not there: %v", err)
	}
}

func TestSIDPOLSample(t *testing.T) {
	res, err := Read(dataFile(t, "incidents", "sidpol_tacna_sample.csv"), "sidpol.csv", Options{Loc: lima(t)})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	t.Logf("%d rows: %d incidents, %d duplicates, %d rejected; clock %s; %q", res.Rows, len(res.Incidents), len(res.Duplicates), len(res.Rejected), res.Clock, res.Notes)
	if res.Clock != ClockLocal {
		t.Error("its times are local clock times stored as UTC, as its part of the day shows")
	}
	for _, r := range res.Rejected {
		if !strings.Contains(r.Reason, "quarantined") {
			t.Errorf("row %d: %s", r.Row, r.Reason)
		}
	}
	if len(res.Rejected) == 0 || len(res.Incidents) == 0 {
		t.Error("the sample has forced and true coordinates")
	}
	for _, in := range res.Incidents {
		if !strings.HasPrefix(in.Key, "id_dgc:") || in.Type[2] == "" {
			t.Errorf("%+v", in)
		}
	}
}

func TestPublicFiles(t *testing.T) {
	for _, tc := range []struct {
		name      string
		path      []string
		zone      string
		rows      int
		rejected  int
		duplicate bool
	}{
		{"Chicago", []string{"incidents", "chicago_aggravated_assaults_2010_2018.csv.gz"}, "America/Chicago", 0, 0, true},
		{"Vancouver", []string{"incidents", "vancouver_2020_all.csv.gz"}, "America/Vancouver", 0, 0, true},
		{"Medellín", []string{"incidents", "medellin_homicides.csv"}, "America/Bogota", 0, -1, true},
		{"El Porvenir, simulated", []string{"simulated", "el-porvenir-incidents-simulated.csv"}, "America/Lima", 6343, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			loc, err := time.LoadLocation(tc.zone)
			if err != nil {
				t.Fatal(err)
			}
			res, err := Read(dataFile(t, tc.path...), tc.name, Options{Loc: loc})
			if err != nil {
				t.Fatal(err)
			}
			checkAccounts(t, res)
			reasons := map[string]int{}
			for _, r := range res.Rejected {
				reasons[r.Reason]++
			}
			t.Logf("%d rows: %d incidents, %d duplicates, %d rejected %v; %s, %q, clock %s; %q",
				res.Rows, len(res.Incidents), len(res.Duplicates), len(res.Rejected), reasons, res.Encoding, res.Comma, res.Clock, res.Notes)
			if tc.rows > 0 && res.Rows != tc.rows {
				t.Errorf("%d rows, want %d", res.Rows, tc.rows)
			}
			if tc.rejected >= 0 && len(res.Rejected) != tc.rejected {
				t.Errorf("%d rejected, want %d", len(res.Rejected), tc.rejected)
			}
			if !tc.duplicate && len(res.Duplicates) > 0 {
				t.Errorf("%d duplicates of rows with a number of their own", len(res.Duplicates))
			}
		})
	}
}

// BenchmarkMillion takes a million incidents from CSV to the cells of a grid.
