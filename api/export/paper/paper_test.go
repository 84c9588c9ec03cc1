package paper

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "write the goldens anew")

// sample has every block once, and a table that goes over two pages.
func sample(t *testing.T) Book {
	t.Helper()
	loc, err := time.LoadLocation("America/Lima")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 3, 5, 0, 0, time.UTC)
	table := Table{Sheet: "Filas: [todas]", Row: 8, Columns: []Column{{Title: "N.º", Width: 1, Kind: Whole}, {Title: "Texto", Width: 5}, {Title: "km", Width: 1, Kind: Tenths},
		{Title: "Hora", Width: 1, Kind: Clock}, {Title: "Luz", Width: 2, Kind: Signal}, {Title: "Hecho", Width: 2, Kind: Box}, {Title: "Oculto", Width: 2, Only: InWorkbook}}}
	for i := range 40 {
		table.Rows = append(table.Rows, []any{i + 1, fmt.Sprintf("=SUMA(A%d) es texto ñ á ≥", i), float64(i) * 1234.5, at, []Light{Green, Amber, Red, NoBand}[i%4], nil, "x"})
	}
	ring := orb.Ring{{-79, -8}, {-78.99, -8}, {-78.99, -7.99}, {-79, -8}}
	return Book{Title: "Muestra", Made: at, Loc: loc, Documents: []Document{
		{Owner: "Serenazgo de Ñaña", OwnerLine: "Ubigeo 150118", Title: "Muestra", Subject: "Todo", Line: "una vez", Notice: "Aviso", Source: "Fuente", Blocks: []Block{
			Heading{"Sección"}, Paragraph{Text: "La frase.", Strong: true}, Paragraph{Text: strings.Repeat("palabra ", 40)}, Paragraph{Text: "menor", Hint: true},
			Facts{Columns: 2, Items: []Fact{{"Uno", 1}, {"Dos", math.NaN()}, {"Tres", strings.Repeat("largo ", 30)}}},
			Map{Height: 60, View: ring.Bound(), Credit: "crédito", Areas: []Area{{Rings: orb.Polygon{ring}, Fill: &OwnTint, Edge: &Own, Hatch: &Police, Cross: true}},
				Lines:  []Lines{{Lines: []orb.LineString{{{-79, -8}, {-78.99, -7.99}}, {{10, 10}, {11, 11}}}, Wide: 0.5, Color: Own, Dash: []float64{1, 1}}},
				Marks:  []Mark{{At: orb.Point{-78.995, -7.995}, Text: "1", Color: Ink}, {At: orb.Point{-78.992, -7.995}, Text: "2", Color: Own, Open: true}},
				Legend: []Key{{Text: "línea", Line: &Own}, {Text: "trama", Fill: &OwnTint, Hatch: &Own}, {Text: "disco", Line: &Ink, Disc: true}}},
			table, Signatures{Names: []Signer{{"Alcalde", ""}, {"Comisario", "Firmó a las 10:00"}}}}},
		{Owner: "Otro", Title: "Apaisado", Landscape: true, Blocks: []Block{Table{Sheet: "Vacía", Columns: []Column{{Title: "A", Width: 1}}, Empty: "Nada."}}},
	}}
}

var (
	pageStream = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)
	shownText  = regexp.MustCompile(`(?s)BT ([-0-9.]+) ([-0-9.]+) Td \((.*?)\) Tj ET`)
)

// texts lists what is written on each page, with its place in points.
func texts(t *testing.T, b Book) string {
	t.Helper()
	var raw bytes.Buffer
	if err := writePDF(&raw, b, false); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	page := 0
	for _, s := range pageStream.FindAllSubmatch(raw.Bytes(), -1) {
		found := shownText.FindAllSubmatch(s[1], -1)
		if len(found) == 0 {
			continue
		}
		page++
		fmt.Fprintf(&out, "page %d\n", page)
		for _, f := range found {
			fmt.Fprintf(&out, "%s %s %s\n", f[1], f[2], decode(f[3]))
		}
	}
	return out.String()
}

// decode reads a string of a PDF in UTF-16.
func decode(raw []byte) string {
	var plain []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			i++
			if raw[i] == 'r' {
				plain = append(plain, '\r')
				continue
			}
		}
		plain = append(plain, raw[i])
	}
	var units []uint16
	for i := 0; i+1 < len(plain); i += 2 {
		units = append(units, uint16(plain[i])<<8|uint16(plain[i+1]))
	}
	return string(utf16.Decode(units))
}

func TestGolden(t *testing.T) {
	got := texts(t, sample(t))
	file := filepath.Join("testdata", "sample.txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("what is written on the pages has changed; look at them, then run with -update:\n%s", d)
	}
}

// TestSameBytes: the same book is the same file, whoever else draws one.
func TestSameBytes(t *testing.T) {
	b := sample(t)
	var files [4]bytes.Buffer
	var wg sync.WaitGroup
	for i := range files {
		wg.Go(func() {
			if err := WritePDF(&files[i], b); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range files {
		if !bytes.Equal(files[0].Bytes(), files[i].Bytes()) {
			t.Errorf("file %d differs", i)
		}
	}
	if !bytes.HasPrefix(files[0].Bytes(), []byte("%PDF-")) || files[0].Len() < 10_000 {
		t.Errorf("%d bytes are no PDF with letters in it", files[0].Len())
	}
}

func TestPagesAreCountedByDocument(t *testing.T) {
	got := texts(t, sample(t))
	for _, want := range []string{"Página 1 de 2", "Página 2 de 2", "Página 1 de 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestStrangeTextIsDrawn(t *testing.T) {
	b := sample(t)
	b.Documents[0].Subject = "🚓\x00\t" + strings.Repeat("x", 3000)
	b.Documents[0].Blocks = []Block{Paragraph{Text: "🚓 " + strings.Repeat("y", 3000)}, Facts{Items: []Fact{{"🚓", "\x00"}}}, Signatures{}, PageBreak{},
		Map{Height: 50, Areas: []Area{{}}, Lines: []Lines{{Lines: []orb.LineString{nil}}}}}
	if err := WritePDF(&bytes.Buffer{}, b); err != nil {
		t.Error(err)
	}
	b.Documents[0].Blocks = []Block{Table{Sheet: "x", Columns: []Column{{}, {}}, Rows: [][]any{{1}}}}
	if err := WritePDF(&bytes.Buffer{}, b); err == nil {
		t.Error("a row that is too short was drawn")
	}
	if err := WritePDF(&bytes.Buffer{}, Book{}); err == nil {
		t.Error("an empty book was drawn")
	}
}

func TestWorkbook(t *testing.T) {
	var raw bytes.Buffer
	if err := WriteXLSX(&raw, sample(t)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&raw)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if d := cmp.Diff([]string{"Datos", "Filas  (todas)", "Vacía"}, f.GetSheetList()); d != "" {
		t.Fatal(d)
	}
	for _, tc := range []struct {
		cell, want string
		kind       excelize.CellType
	}{
		{"A1", "N.º", excelize.CellTypeSharedString}, {"F1", "Oculto", excelize.CellTypeSharedString}, {"G1", "", excelize.CellTypeUnset},
		{"A3", "2", excelize.CellTypeUnset}, {"B3", "=SUMA(A1) es texto ñ á ≥", excelize.CellTypeSharedString}, {"C3", "1,234.5", excelize.CellTypeUnset},
		{"D3", "2026-11-22 22:05", excelize.CellTypeUnset}, {"E3", "Ámbar", excelize.CellTypeSharedString},
	} {
		got, err := f.GetCellValue("Filas  (todas)", tc.cell)
		if err != nil {
			t.Fatal(err)
		}
		kind, err := f.GetCellType("Filas  (todas)", tc.cell)
		if err != nil {
			t.Fatal(err)
		}
		if got != tc.want || kind != tc.kind {
			t.Errorf("%s: %q of type %v, want %q of %v", tc.cell, got, kind, tc.want, tc.kind)
		}
		if formula, _ := f.GetCellFormula("Filas  (todas)", tc.cell); formula != "" {
			t.Errorf("%s is a formula: %s", tc.cell, formula)
		}
	}
}

func TestSpanish(t *testing.T) {
	for _, tc := range []struct{ got, want string }{
		{Number(1234567.891, 1), "1,234,567.9"}, {Number(-0.04, 1), "0.0"}, {Number(-12.34, 1), "−12.3"}, {Number(999, 0), "999"}, {Number(math.NaN(), 1), "—"},
		{Percent(97.84), "97.8\u00a0%"}, {Hours(59.4), "59 min"}, {Hours(134), "2 h 14 min"}, {Hours(59.6), "1 h 00 min"},
		{Day(time.Date(2026, 9, 5, 3, 0, 0, 0, time.UTC), time.FixedZone("", -5*3600)), "vie 4 set. 2026"},
	} {
		if tc.got != tc.want {
			t.Errorf("%q, want %q", tc.got, tc.want)
		}
	}
}

// TestDrawable: what the font lacks has a stand-in.
func TestDrawable(t *testing.T) {
	for text, want := range map[string]string{"ñ Á ¿Qué? «Σ×÷» — …": "ñ Á ¿Qué? «Σ×÷» — …", "1 − p ≥ 0": "1 – p >= 0", "a→b ✓ 🚓": "a->b ? ?", "uno\ndos\ttres": "uno\ndos tres"} {
		if got := clean(text); got != want {
			t.Errorf("clean(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestShare: nobody has less than it needs while there is room.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		name        string
		asked       []float64
		least, want []float64
	}{
		{"as asked", []float64{1, 3}, []float64{10, 10}, []float64{25, 75}},
		{"the narrow one takes what it needs", []float64{1, 9}, []float64{30, 10}, []float64{30, 70}},
		{"one after the other", []float64{1, 2, 7}, []float64{30, 18, 5}, []float64{30, 18, 52}},
		{"too little room", []float64{1, 1}, []float64{150, 50}, []float64{75, 25}},
	} {
		if d := cmp.Diff(c.want, share(100, c.asked, c.least)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}
