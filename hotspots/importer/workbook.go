package importer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

const (
	// maxWorkbook bounds a workbook as it is stored, in bytes.
	maxWorkbook = 128 << 20
	// maxEntries is how many files a workbook may be packed of.
	maxEntries = 10_000
	// maxSheet bounds its first sheet unpacked, of which most is not text,
	// maxShared and maxSharedTexts the texts that it keeps apart, and maxPart every other
	// part of it.
	maxSheet       = 1 << 30
	maxShared      = 256 << 20
	maxSharedTexts = 2_000_000
	maxPart        = 16 << 20
	// maxColumns is how wide a sheet of Excel can be.
	maxColumns = 16_384
)

// workbook is the first sheet of an Office Open XML workbook (ECMA-376) that has
// cells. Dates and times of day are given as text by the cell's number format.
type workbook struct {
	name   string
	in     *bounded.Reader
	d      *xml.Decoder
	texts  []string
	styles []cellStyle
	epoch  time.Time // day 0 of its dates
	ahead  []record
	at     int // row of the sheet
}

// openWorkbook reads what the cells refer to and stands before the first row.
func openWorkbook(b *bufio.Reader, name string) (*workbook, error) {
	data, err := io.ReadAll(io.LimitReader(b, maxWorkbook+1))
	if err != nil {
		return nil, wrong(BreaksOff, []any{1}, "read %s: %w", name, err)
	}
	if len(data) > maxWorkbook {
		return nil, wrong(Workbook, nil, "%w: %s is larger than %d MB: save the sheet as CSV", ErrFormat, name, maxWorkbook>>20)
	}
	// Packed files begin with this; so many of them are not even listed.
	if n := bytes.Count(data, []byte("PK\x01\x02")); n > maxEntries {
		return nil, wrong(Workbook, nil, "%w: %s is packed of %d files: save the sheet as CSV", ErrFormat, name, n)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, wrong(Workbook, nil, "%w: %s looks like a workbook and cannot be unpacked (%v): save it again, or the sheet as CSV", ErrFormat, name, err)
	}
	w := &workbook{name: name, epoch: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	if w.in, err = w.parts(z); errors.Is(err, bounded.ErrTooMuch) {
		return nil, tooLarge(name, err)
	} else if err != nil {
		return nil, wrong(Workbook, nil, "%w: %s is no workbook that can be read (%v): save the sheet as CSV", ErrFormat, name, err)
	}
	w.d = xml.NewDecoder(w.in)
	return w, nil
}

// parts reads the parts around the first sheet and opens it.
func (w *workbook) parts(z *zip.Reader) (*bounded.Reader, error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			ID    string `xml:"id,attr"`
			State string `xml:"state,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := readPart(z, "xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if v := book.Properties.Date1904; v == "1" || v == "true" {
		w.epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	var rels struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := readPart(z, "xl/_rels/workbook.xml.rels", &rels); err != nil {
		return nil, err
	}
	target := map[string]string{}
	for _, r := range rels.List {
		target[r.ID] = r.Target
	}
	var err error
	if w.texts, err = sharedTexts(z); err != nil {
		return nil, err
	}
	if w.styles, err = cellStyles(z); err != nil {
		return nil, err
	}
	for _, s := range book.Sheets {
		t := target[s.ID]
		if t == "" || s.State == "hidden" || s.State == "veryHidden" {
			continue
		}
		p := path.Join("xl", t)
		if strings.HasPrefix(t, "/") {
			p = strings.TrimPrefix(t, "/")
		}
		return part(z, p, maxSheet, maxElement)
	}
	return nil, fmt.Errorf("it has no sheet that is not hidden")
}

// part opens a part of the package, bounded as a whole and each element.
func part(z *zip.Reader, name string, limit, each int64) (*bounded.Reader, error) {
	f, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	return bounded.New(f, limit, each), nil
}

func readPart(z *zip.Reader, name string, into any) error {
	r, err := part(z, name, maxPart, 0)
	if err != nil {
		return err
	}
	return xml.NewDecoder(r).Decode(into)
}

// sharedTexts reads the texts that cells refer to by number.
func sharedTexts(z *zip.Reader) ([]string, error) {
	r, err := part(z, "xl/sharedStrings.xml", maxShared, maxElement)
	if err != nil {
		return nil, nil //nolint:nilerr // a workbook of numbers has none
	}
	var out []string
	d := xml.NewDecoder(r)
	for {
		r.Step()
		t, err := d.Token()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			var s richText
			if err := d.DecodeElement(&s, &e); err != nil {
				return nil, err
			}
			if len(out) >= maxSharedTexts {
				return nil, fmt.Errorf("%w: it has more than %d texts", bounded.ErrTooMuch, maxSharedTexts)
			}
			out = append(out, s.String())
		}
	}
}

// richText is a text of a workbook, whole or in runs of one look each.
type richText struct {
	Whole string   `xml:"t"`
	Runs  []string `xml:"r>t"`
}

func (s richText) String() string { return s.Whole + strings.Join(s.Runs, "") }

func (w *workbook) begin(pick func(rows [][]string) int) ([]string, error) {
	var rows [][]string
	for len(w.ahead) < headerRows {
		rec, err := w.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		w.ahead, rows = append(w.ahead, rec), append(rows, rec.fields)
	}
	if len(rows) == 0 {
		return nil, wrong(Empty, nil, "%w: the first sheet of %s is empty", ErrFormat, w.name)
	}
	h := pick(rows)
	w.ahead = w.ahead[h+1:]
	return rows[h], nil
}

func (w *workbook) next() (record, error) {
	if len(w.ahead) > 0 {
		rec := w.ahead[0]
		w.ahead = w.ahead[1:]
		return rec, nil
	}
	return w.read()
}

// sheetRow is a row of a sheet.
type sheetRow struct {
	R     int `xml:"r,attr"`
	Cells []struct {
		R      string   `xml:"r,attr"`
		T      string   `xml:"t,attr"`
		S      int      `xml:"s,attr"`
		V      string   `xml:"v"`
		Inline richText `xml:"is"`
	} `xml:"c"`
}

func (w *workbook) broken(err error) error {
	if errors.Is(err, bounded.ErrTooMuch) {
		return tooLarge(w.name, err)
	}
	return wrong(BreaksOff, []any{w.at + 1}, "%w: %s breaks off after row %d (%v): save it again, or the sheet as CSV", ErrFormat, w.name, w.at, err)
}

// read gives the next row of the sheet that is not blank.
func (w *workbook) read() (record, error) {
	for {
		w.in.Step()
		t, err := w.d.Token()
		if err == io.EOF {
			return record{}, io.EOF
		}
		if err != nil {
			return record{}, w.broken(err)
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "row" {
			continue
		}
		var r sheetRow
		if err := w.d.DecodeElement(&r, &e); err != nil {
			return record{}, w.broken(err)
		}
		w.at++
		if r.R > w.at {
			w.at = r.R
		}
		fields := []string{}
		blank := true
		for _, c := range r.Cells {
			i := len(fields)
			if col, ok := columnOf(c.R); ok {
				i = col
			}
			for len(fields) <= i {
				fields = append(fields, "")
			}
			fields[i] = w.value(c.T, c.S, c.V, c.Inline)
			blank = blank && strings.TrimSpace(fields[i]) == ""
		}
		if !blank {
			return record{row: w.at, fields: fields, raw: delimited(fields, ",")}, nil
		}
	}
}

// value gives a cell as text.
func (w *workbook) value(kind string, style int, v string, inline richText) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && i >= 0 && i < len(w.texts) {
			return w.texts[i]
		}
		return ""
	case "inlineStr":
		return inline.String()
	case "b", "str", "d":
		return v
	case "e": // a formula that failed
		return ""
	}
	x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || style < 0 || style >= len(w.styles) {
		return v
	}
	return w.styles[style].write(v, x, w.epoch)
}

// columnOf gives the column of a cell's reference such as AB12, 0 = A.
func columnOf(ref string) (int, bool) {
	n := 0
	for i := range len(ref) {
		c := ref[i]
		if c < 'A' || c > 'Z' {
			break
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			return 0, false
		}
	}
	return n - 1, n > 0
}
