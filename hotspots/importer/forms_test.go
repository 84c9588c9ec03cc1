package importer

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// sheetFile makes a workbook as Excel writes them: shared texts, date styles.
func sheetFile(t testing.TB, rows string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range []struct{ name, body string }{
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
			<workbookPr/><sheets><sheet name="oculta" sheetId="1" state="hidden" r:id="rId1"/><sheet name="Partes" sheetId="2" r:id="rId2"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>Robo</t></si><si><r><t>Hurto </t></r><r><t>simple</t></r></si></sst>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-280A]dd/mm/yyyy\ hh:mm"/><numFmt numFmtId="165" formatCode="[Red]0.00"/></numFmts>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`},
		{"xl/worksheets/sheet2.xml", `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`},
	} {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, p.body)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func cell(ref, style, kind, v string) string {
	return fmt.Sprintf(`<c r="%s" s="%s" t="%s"><v>%s</v></c>`, ref, style, kind, v)
}

func TestWorkbook(t *testing.T) {
	head := `<row r="4">`
	for i, h := range []string{"Fecha", "Hora", "Tipo", "Latitud", "Longitud"} {
		head += fmt.Sprintf(`<c r="%c4" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, h)
	}
	file := sheetFile(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>REPORTE, enero</t></is></c></row><row r="2"/>`+head+`</row>`+
		`<row r="5">`+cell("A5", "1", "", "46347")+cell("B5", "2", "", "0.9375")+cell("C5", "0", "s", "0")+cell("D5", "4", "", "-8.0712")+cell("E5", "0", "", "-79.0123")+`</row>`+
		`<row r="7">`+cell("A7", "3", "", "46347.9375")+cell("C7", "0", "s", "1")+cell("D7", "0", "str", "-8,0712")+cell("E7", "0", "", "-79.0123")+`</row>`+
		`<row r="8">`+cell("A8", "1", "", "46347")+cell("C8", "0", "e", "#N/A")+`</row>`)
	loc := lima(t)
	res, err := Read(bytes.NewReader(file), "f.xlsx", Options{Loc: loc})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	if len(res.Incidents) != 2 || len(res.Rejected) != 1 || res.Rejected[0].Row != 8 || res.Rejected[0].Raw != "2026-11-21,,,," && res.Rejected[0].Raw != "2026-11-21,," {
		t.Fatalf("%d incidents, rejected %+v", len(res.Incidents), res.Rejected)
	}
	at := time.Date(2026, 11, 21, 22, 30, 0, 0, loc).UTC()
	for i, want := range []hotspots.Incident{
		{Type: [3]string{"Robo"}, At: at, Point: orb.Point{-79.0123, -8.0712}, Source: "f.xlsx", Row: 5},
		{Type: [3]string{"Hurto simple"}, At: at, Point: orb.Point{-79.0123, -8.0712}, Source: "f.xlsx", Row: 7},
	} {
		want.Key = res.Incidents[i].Key
		if d := cmp.Diff(want, res.Incidents[i]); d != "" {
			t.Error(d)
		}
	}
}

func TestStyleOfCode(t *testing.T) {
	for code, want := range map[string]cellStyle{"dd/mm/yyyy": calendar, "[$-280A]d \"de\" mmmm": calendar, "hh:mm": timeOfDay, "[h]:mm": timeOfDay, "h:mm AM/PM": timeOfDay,
		"0.00": plainNumber, "[Red]0.00;[White]-0.00": plainNumber, "General": plainNumber, "#,##0\" días\"": plainNumber, "mmm-yy": calendar} {
		if got := styleOfCode(code); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

func TestGeoJSON(t *testing.T) {
	loc := lima(t)
	file := `{"type":"FeatureCollection","name":"x","crs":{"a":[1]},"features":[
		{"type":"Feature","id":"7a","geometry":{"type":"Point","coordinates":[-79.0123,-8.0712,12]},"properties":{"fecha_hora":"21/11/2026 22:30","tipo":"Robo","lat":"x","n":3}},
		{"type":"Feature","id":8,"geometry":null,"properties":{"fecha_hora":"21/11/2026 22:30","tipo":"Robo"}},
		{"type":"Feature","id":9,"geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"properties":{"fecha_hora":"21/11/2026 22:30","tipo":"Robo"}},
		{"type":"Feature","id":10,"geometry":{"type":"MultiPoint","coordinates":[[-79.0123,-8.0712]]},"properties":{"fecha_hora":null}}]}`
	res, err := Read(strings.NewReader("\xef\xbb\xbf"+file), "f.geojson", Options{Loc: loc})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	if len(res.Incidents) != 1 || res.Rows != 4 {
		t.Fatalf("%+v", res)
	}
	in := res.Incidents[0]
	if !in.At.Equal(time.Date(2026, 11, 21, 22, 30, 0, 0, loc)) || in.Point != (orb.Point{-79.0123, -8.0712}) || in.Type[0] != "Robo" || !strings.HasPrefix(in.Key, "id:7a@") {
		t.Errorf("%+v", in)
	}
	var codes []string
	for _, r := range res.Rejected {
		codes = append(codes, fmt.Sprint(r.Row, r.Code))
	}
	if d := cmp.Diff([]string{"2no_place", "3not_point", "4no_date"}, codes); d != "" {
		t.Error(d)
	}
}

// Titles above the header, and columns with names nobody foresaw.
func TestHeaderAndGuess(t *testing.T) {
	file := "MUNICIPALIDAD DISTRITAL, GERENCIA DE SEGURIDAD;;;\n\nReporte del mes;;;\nCuándo fue;PTO NORTE;PTO ESTE;Clase\n03/02/2026 22:00;-8,07;-79,01;Robo\n04/02/2026 23:00;-8,08;-79,02;Hurto\n"
	bound := orb.Bound{Min: orb.Point{-79.1, -8.2}, Max: orb.Point{-78.9, -8.0}}
	res, err := Read(strings.NewReader(file), "f.csv", Options{Bound: bound})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"at": "Cuándo fue", "lat": "PTO NORTE", "lon": "PTO ESTE", "type1": "Clase"}
	if d := cmp.Diff(want, res.Columns); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"at", "lat", "lon"}, res.Guessed); d != "" || len(res.Incidents) != 2 || res.Incidents[0].Row != 5 {
		t.Errorf("%s %+v", d, res.Incidents)
	}
	if d := cmp.Diff([]string{"-8,07", "-8,08"}, res.Samples[1]); d != "" {
		t.Error(d)
	}
	// Where nothing fits, the file's columns are told all the same.
	res, err = Read(strings.NewReader("a;b\np;q\n"), "f.csv", Options{Bound: bound})
	if err == nil || !slices.Equal(res.Header, []string{"a", "b"}) || !slices.Equal(res.Samples[1], []string{"q"}) {
		t.Errorf("%v %+v", err, res)
	}
}

func TestHoursOfDay(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"22:30": 22*time.Hour + 30*time.Minute, "8:05": 8*time.Hour + 5*time.Minute, "24:00": 24 * time.Hour, "830": 8*time.Hour + 30*time.Minute, "2230": 22*time.Hour + 30*time.Minute,
		"10:30 p. m.": 22*time.Hour + 30*time.Minute, "12:05 A.M.": 5 * time.Minute, "8 pm": 20 * time.Hour, "22.30": 22*time.Hour + 30*time.Minute, "22h30": 22*time.Hour + 30*time.Minute,
		"22:30 horas": 22*time.Hour + 30*time.Minute, "22:30 hrs.": 22*time.Hour + 30*time.Minute, "10:30:15 PM": 22*time.Hour + 30*time.Minute + 15*time.Second,
	} {
		if got, ok := parseHour(s); !ok || got != want {
			t.Errorf("%s: %v %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "24:01", "25:00", "8", "13:00 pm", "0:00 am", "9:5", "12345", "noche"} {
		if got, ok := parseHour(s); ok {
			t.Errorf("%s: %v", s, got)
		}
	}
	m, err := parseMoment("31/12/2025 24:00", "dmy")
	if err != nil || !m.wall.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%v %v", m, err)
	}
}

func TestIntervals(t *testing.T) {
	loc := lima(t)
	file := `fecha,hora,fecha_fin,hora_fin,lat,lon
2026-01-05,08:00,2026-01-05,18:00,-8,-79
2026-01-05,22:00,,06:00,-8,-79
2026-01-05,08:00,2026-01-07,,-8,-79
2026-01-05,,,,-8,-79
2026-01-05,08:00,,08:00,-8,-79
2026-01-05,08:00,2026-01-04,,-8,-79
2026-01-05,08:00,2026-03-05,,-8,-79
`
	res, err := Read(strings.NewReader(file), "f", Options{Loc: loc, KeepDuplicates: true})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, res)
	var got []string
	for _, in := range res.Incidents {
		s := in.At.In(loc).Format("02 15:04")
		if !in.Until.IsZero() {
			s += in.Until.In(loc).Format(" – 02 15:04")
		}
		got = append(got, s)
	}
	for _, r := range res.Rejected {
		got = append(got, r.Code)
	}
	want := []string{"05 08:00 – 05 18:00", "05 22:00 – 06 06:00", "05 08:00 – 08 00:00", "05 00:00 – 06 00:00", "05 08:00", "back_in_time", "too_vague"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Rows come out alike however many hands parse them.
func TestSameInAnyHands(t *testing.T) {
	var file bytes.Buffer
	file.WriteString("id,date,lat,lon,tipo\n")
	for i := range 5000 {
		fmt.Fprintf(&file, "%d,2026-01-%02d %02d:%02d,-8.%04d,-79,%s\n", i%4800, i%31+1, i%24, i%60, i, []string{"ROBO", `"HURTO, simple"`, "x\ty"}[i%3])
	}
	whole, err := Read(bytes.NewReader(file.Bytes()), "f", Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, whole)
	for i, in := range whole.Incidents {
		if i > 0 && in.Row <= whole.Incidents[i-1].Row {
			t.Fatalf("row %d after row %d", in.Row, whole.Incidents[i-1].Row)
		}
	}
	if len(whole.Duplicates) != 0 && whole.Duplicates[0].Row < 4800 {
		t.Errorf("%+v", whole.Duplicates[0])
	}
	if _, err := Read(bytes.NewReader(file.Bytes()), "f", Options{MaxRows: 2500}); err == nil {
		t.Error("5,000 rows where 2,500 are allowed")
	}
}
