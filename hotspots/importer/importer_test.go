package importer

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

func TestRejectedRows(t *testing.T) {
	loc := lima(t)
	header := "id,fecha_hora_hecho,lat,lon,tipo,observacion\n"
	for _, tc := range []struct{ name, row, reason string }{
		{"no date", "1,,-8,-79,ROBO,", "no date"},
		{"no such day", "1,2026-02-30 10:00,-8,-79,ROBO,", "no such day"},
		{"no date at all", "1,ayer,-8,-79,ROBO,", "not a date"},
		{"month 13", "1,31/13/2026 10:00,-8,-79,ROBO,", "not a date"},
		{"rounded by a spreadsheet", "1,1.79531E+12,-8,-79,ROBO,", "spreadsheet"},
		{"the future", "1,2027-01-01 10:00,-8,-79,ROBO,", "future"},
		{"long ago", "1,1926-01-01 10:00,-8,-79,ROBO,", "before 1990"},
		{"no place", "1,2026-01-01 10:00,,,ROBO,", "no coordinates"},
		{"NULL", "1,2026-01-01 10:00,NULL,NULL,ROBO,", "no coordinates"},
		{"zero", "1,2026-01-01 10:00,0,0,ROBO,", "no coordinates: 0, 0"},
		{"latitude 512", "1,2026-01-01 10:00,512,-79,ROBO,", "latitude 512"},
		{"changed places", "1,2026-01-01 10:00,-179,-8,ROBO,", "changed places"},
		{"UTM", "1,2026-01-01 10:00,9107000,718000,ROBO,", "UTM"},
		{"text", "1,2026-01-01 10:00,Av. Perú,-79,ROBO,", "not a number of degrees"},
		{"outside", "1,2026-01-01 10:00,-12,-77,ROBO,", "outside the district"},
		{"forced to the station", "1,2026-01-01 10:00,-8,-79,ROBO,GEO FORZADA AL CENTROIDE DE UBIC COMISARIA", "quarantined"},
		{"decimal comma among commas", "1,2026-01-01 10:00,-8,07,-79,01,ROBO,", "fields where the header has 6"},
		{"a quote not closed", `1,2026-01-01 10:00,-8,-79,"ROBO,`, "quote"},
		{"too short", "1", "no date"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := header + tc.row + "\n2,2026-05-05 05:05,-8.05,-79.05,ROBO,\n"
			res, err := Read(strings.NewReader(file), "f.csv", Options{Loc: loc, Latest: time.Date(2026, 11, 22, 0, 0, 0, 0, loc),
				Bound: orb.Bound{Min: orb.Point{-79.1, -8.1}, Max: orb.Point{-78.9, -7.9}}})
			if err != nil {
				t.Fatal(err)
			}
			checkAccounts(t, res)
			if len(res.Incidents) != 1 || res.Incidents[0].Row != 3 || len(res.Rejected) != 1 {
				t.Fatalf("%d incidents, rejected %+v", len(res.Incidents), res.Rejected)
			}
			r := res.Rejected[0]
			if r.Row != 2 || r.Raw != tc.row || !strings.Contains(r.Reason, tc.reason) {
				t.Fatalf("rejected %+v, want %q", r, tc.reason)
			}
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"empty", "", "is empty"},
		{"blank", "\n\n", "is empty"},
		{"workbook", "PK\x03\x04....", "or the sheet as CSV"},
		{"old workbook", "\xd0\xcf\x11\xe0....", "save it as .xlsx"},
		{"picture", "\x89PNG\r\n\x1a\n\x00", "looks like an image"},
		{"JSON", `{"type":"Topology"}`, "without a list of features"},
		{"GeoJSON cut off", `{"type":"FeatureCollection","features":[{"type":"Feature","geo`, "feature 1"},
		{"HTML", "<html>", "GeoJSON file is needed"},
		{"binary", "a,b\x00c\n", "zero bytes"},
		{"broken gzip", "\x1f\x8b\x08\x00oops", "gzip"},
		{"no date column", "lat,lon,tipo\n", "the date and time"},
		{"no latitude column", "fecha_hecho,lon,tipo\n", "the latitude"},
		{"a line without end", strings.Repeat("a", maxLine+2), "longer than"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tc.file), "f.csv", Options{})
			if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "f.csv") {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
		})
	}
	if _, err := Read(strings.NewReader("date,lat,lon\n"+strings.Repeat("2026-01-01 10:00,-8,-79\n", 5)), "f", Options{MaxRows: 4}); !errors.Is(err, ErrFormat) {
		t.Fatalf("five rows where four are allowed: %v", err)
	}
}

// What a file lacks is told in full, and every row that is left out has a code.
func TestProblems(t *testing.T) {
	_, err := Read(strings.NewReader("tipo;dirección\n"), "f.csv", Options{})
	var p *Problem
	if !errors.As(err, &p) || p.Code != NoColumns || !slices.Equal(p.Missing, []string{"at", "lat", "lon"}) || p.Values[0] != "tipo, dirección" {
		t.Fatalf("problem %+v", p)
	}
	if n := UsualNames("lat"); !slices.Contains(n, "latitud") {
		t.Errorf("usual names of the latitude: %v", n)
	}
	res, err := Read(strings.NewReader("id,fecha_hora,lat,lon\n1,ayer,-8,-79\n2,2026-01-01 10:00,x,-79\n3,2026-01-01 10:00,-8,-79\n3,2026-01-01 10:00,-8,-79\n4,2026-01-01,-8,-79,5,6\n"), "f.csv", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range append(res.Rejected, res.Duplicates...) {
		got = append(got, fmt.Sprintf("%d %s %s", r.Row, r.Code, strings.Join(r.Values, "|")))
	}
	want := []string{"2 not_date ayer", "3 not_degrees x", "6 field_count 6|4", "5 same_key 4|id:3"}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
}

// A quote that is never closed must cost one row and not the rest of the file.
func TestUnclosedQuoteLosesOneRow(t *testing.T) {
	var b strings.Builder
	b.WriteString("date,lat,lon,tipo\n")
	for i := range 200 {
		quote := ""
		if i == 60 {
			quote = `"`
		}
		fmt.Fprintf(&b, "2026-01-01 %02d:%02d,-8.%03d,-79,%sROBO\n", i/60, i%60, i, quote)
	}
	res, err := Read(strings.NewReader(b.String()), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	if len(res.Incidents) != 199 || len(res.Rejected) != 1 || res.Rejected[0].Row != 62 {
		t.Fatalf("%d incidents, rejected %+v", len(res.Incidents), res.Rejected)
	}
	for _, in := range res.Incidents {
		if want := fmt.Sprintf("-8.%03d", in.Row-2); fmt.Sprintf("%.3f", in.Point[1]) != want {
			t.Fatalf("row %d has latitude %v", in.Row, in.Point[1])
		}
	}
}

func TestQuotedFields(t *testing.T) {
	file := "date,lat,lon,tipo,modalidad\n2026-01-01 10:00,-8,-79,\"ROBO \"\"A\"\"\",\"dos\nlíneas, y coma\"\n2026-01-02 10:00,-8,-79,12\" ,x\n"
	res, err := Read(strings.NewReader(file), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	var got [][3]string
	for _, in := range res.Incidents {
		got = append(got, in.Type)
	}
	if d := cmp.Diff([][3]string{{`ROBO "A"`, "", "dos\nlíneas, y coma"}, {`12"`, "", "x"}}, got); d != "" {
		t.Fatal(d)
	}
	if res.Incidents[1].Row != 4 {
		t.Fatalf("the second row is on line %d, want 4", res.Incidents[1].Row)
	}
}

func TestDuplicates(t *testing.T) {
	file := `date,lat,lon,tipo
2026-01-01 10:00,-8.0000,-79.0000,ROBO
2026-01-01 10:15,-8.0004,-79.0000,ROBO
2026-01-01 10:16,-8.0000,-79.0000,ROBO
2026-01-01 10:00,-8.0005,-79.0000,ROBO
2026-01-01 10:00,-8.0000,-79.0000,HURTO
2026-01-01 09:50,-8.0000,-79.0000,HURTO
`
	res, err := Read(strings.NewReader(file), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	var got []string
	for _, d := range res.Duplicates {
		got = append(got, fmt.Sprintf("%d %s %s", d.Row, d.Reason, d.Raw))
	}
	want := []string{
		"3 same type within 50 m and 15 min as row 2 2026-01-01 10:15,-8.0004,-79.0000,ROBO",
		"6 same type within 50 m and 15 min as row 7 2026-01-01 10:00,-8.0000,-79.0000,HURTO",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	if res, err = Read(strings.NewReader(file), "f", Options{KeepDuplicates: true}); err != nil || len(res.Incidents) != 6 {
		t.Fatalf("%d incidents kept, %v", len(res.Incidents), err)
	}
}

// The same row has the same key in whatever file it comes.
func TestKeysAreStable(t *testing.T) {
	rows := "7,2026-01-01 10:00,-8,-79,ROBO\n"
	keyOf := func(file, name string, m *Mapping) string {
		t.Helper()
		res, err := Read(strings.NewReader(file), name, Options{Mapping: m})
		if err != nil || len(res.Incidents) != 1 {
			t.Fatalf("%d incidents, %v", len(res.Incidents), err)
		}
		return res.Incidents[0].Key
	}
	h := "id,date,lat,lon,tipo\n"
	a, b := keyOf(h+rows, "a.csv", nil), keyOf(h+"\n\n"+rows, "b.csv", nil)
	if a != b {
		t.Errorf("keys %q and %q", a, b)
	}
	if c := keyOf(h+strings.Replace(rows, "10:00", "11:00", 1), "c.csv", nil); c == a {
		t.Errorf("number 7 of another file has the same key %q", c)
	}
	m := &Mapping{Source: "central"}
	d, e := keyOf(h+rows, "a.csv", m), keyOf(h+strings.Replace(rows, "10:00", "11:00", 1), "b.csv", m)
	if d != "central:7" || d != e {
		t.Errorf("with a named source a corrected row has keys %q and %q", d, e)
	}
	n := strings.Replace(h, "id,", "", 1) + strings.Replace(rows, "7,", "", 1)
	if x, y := keyOf(n, "a.csv", nil), keyOf(n+"\n", "b.csv", nil); x != y || !strings.HasPrefix(x, "row:") {
		t.Errorf("keys %q and %q", x, y)
	}
}

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

func FuzzRead(f *testing.F) {
	f.Add([]byte("id,fecha_hora_hecho,lat,lon,tipo\n1,2026-01-01 10:00,-8,-79,\"RO\"\"BO\"\n"))
	f.Add([]byte("sep=;\nfecha;hora;latitud;longitud\n21/11/26;10:30 p. m.;-8,07;-79,01\n"))
	f.Add([]byte("\xff\xfed\x00a\x00t\x00e\x00"))
	f.Add([]byte("date,lat,lon\n\"\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		res, err := Read(bytes.NewReader(data), "fuzz", Options{MaxRows: 1000})
		if err != nil {
			return
		}
		checkAccounts(t, res)
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"2026-11-21T22:30:15.123-05:00", "21/11/2026 10:30 p. m.", "1795318200000", "46347.9375", "21 de setiembre de 2026", "20261121223015"} {
		f.Add(s, "dmy")
	}
	f.Fuzz(func(t *testing.T, s, order string) {
		m, err := parseMoment(s, order)
		if err == nil && (m.wall.IsZero() || m.wall.Year() < 1800 || m.wall.Year() > 9999) {
			t.Fatalf("%q gave %v", s, m.wall)
		}
	})
}

// BenchmarkMillion takes a million incidents from CSV to the cells of a grid.
func BenchmarkMillion(b *testing.B) {
	const rows = 1_000_000
	grid, err := hotspots.NewGrid(orb.MultiPolygon{orb.Bound{Min: orb.Point{-79.05, -8.15}, Max: orb.Point{-78.95, -8.05}}.ToPolygon()}, 10)
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	file.WriteString("id,fecha_hora_hecho,fecha_hora_registro,lat,lon,generico,especifico,modalidad,origen\n")
	for i := range rows {
		fmt.Fprintf(&file, "%d,2025-%02d-%02d %02d:%02d,2025-12-31 20:04,-8.%06d,-%.6f,PATRIMONIO,ROBO,ROBO AGRAVADO A MANO ARMADA,LLAMADA\n",
			i, i%12+1, i%28+1, i%24, i*7%60, 50_000+i*31%100_000, 78.95+float64(i*17%100_000)/1e6)
	}
	b.SetBytes(int64(file.Len()))
	for b.Loop() {
		res, err := Read(bytes.NewReader(file.Bytes()), "bench", Options{})
		if err != nil || len(res.Incidents) != rows {
			b.Fatal(err, len(res.Incidents))
		}
		inside := 0
		for _, c := range grid.CellsAt(rows, func(i int) orb.Point { return res.Incidents[i].Point }) {
			if c >= 0 {
				inside++
			}
		}
		if inside < rows/2 {
			b.Fatal(inside)
		}
	}
}
