package importer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

// repeats is a text over and over, n bytes of it.
func repeats(text string, n int64) io.Reader {
	return io.LimitReader(&loop{text: text}, n)
}

type loop struct {
	text string
	at   int
}

func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

// workbookOf packs a workbook whose sheet and texts are as given.
func workbookOf(t *testing.T, sheet, texts io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name string
		text io.Reader
	}{
		{"xl/workbook.xml", strings.NewReader(`<workbook><sheets><sheet name="a" r:id="r1" id="r1"/></sheets></workbook>`)},
		{"xl/_rels/workbook.xml.rels", strings.NewReader(`<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`)},
		{"xl/sharedStrings.xml", texts}, {"xl/worksheets/sheet1.xml", sheet},
	} {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = io.Copy(w, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCraftedFiles: small files that unpack to more than any table holds are
// refused before they are held.
func TestCraftedFiles(t *testing.T) {
	none := func() io.Reader { return strings.NewReader("<sst/>") }
	const header = `<worksheet><sheetData><row><c t="str"><v>fecha</v></c><c t="str"><v>lat</v></c><c t="str"><v>lon</v></c></row>`
	var many bytes.Buffer
	zw := zip.NewWriter(&many)
	for i := range maxEntries + 1 {
		if _, err := zw.Create(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		file []byte
		code Code
	}{
		{"a row of a sheet", workbookOf(t, io.MultiReader(strings.NewReader(header+"<row>"), repeats("<c/>", 2*maxElement)), none()), TooLarge},
		{"a text of a sheet", workbookOf(t, io.MultiReader(strings.NewReader(header+"<!--"), repeats(" ", 2*maxElement)), none()), TooLarge},
		{"a text of a workbook", workbookOf(t, strings.NewReader(header), io.MultiReader(strings.NewReader("<sst><si><t>"), repeats("x", 2*maxElement))), TooLarge},
		{"a workbook of many files", many.Bytes(), Workbook},
		{"a header of many columns", []byte("fecha,lat,lon" + strings.Repeat(",x", maxColumns) + "\n2026-01-01,-8,-79\n"), TooWide},
		{"a feature", []byte(`{"type":"FeatureCollection","features":[{"properties":{"a":"` + strings.Repeat("x", 5*maxElement) + `"}}]}`), TooLarge},
		{"what stands before the features", []byte(`{"a":"` + strings.Repeat("x", 5*maxElement) + `","features":[]}`), TooLarge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(tc.file), "f", Options{})
			var p *Problem
			if !errors.As(err, &p) || p.Code != tc.code || !errors.Is(err, ErrFormat) {
				t.Fatalf("%v, want %s", err, tc.code)
			}
		})
	}
}

// TestBoundedLines: a table that unpacks to more than it may ends there, after
// the lines before.
func TestBoundedLines(t *testing.T) {
	l := newLines(bufio.NewReader(bounded.New(repeats("2026-01-01,-8,-79\n", 10<<20), 1<<20, 0)), "f")
	for n := 1; ; n++ {
		_, err := l.line()
		if err == nil {
			continue
		}
		var p *Problem
		if !errors.As(err, &p) || p.Code != TooLarge || n != 1<<20/18+1 {
			t.Fatalf("line %d: %v", n, err)
		}
		return
	}
}
