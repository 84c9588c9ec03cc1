package importer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

// headerRows is how many rows are looked through for the header: reports often
// begin with a title, a logo and an empty row.
const headerRows = 20

// table gives the rows of a file one after another, blank ones left out.
type table interface {
	// begin finds the header with the help of pick, which is given the first rows
	// and answers which of them it is, and goes to the row after it.
	begin(pick func(rows [][]string) int) (header []string, err error)
	// next gives the next row; io.EOF ends the table, any other error means that
	// the rest of it cannot be read.
	next() (record, error)
}

// record is a row of a table.
type record struct {
	row    int      // line, row of the sheet or number of the feature; 1 = the first
	fields []string // nil: raw is not split yet
	raw    string   // as it was; of sheets and features as CSV with commas
	err    error    // the row cannot be split into fields
}

// form is what kind of file a table was read from.
type form string

const (
	formCSV     form = "csv"
	formSheet   form = "xlsx"
	formGeoJSON form = "geojson"
)

// open finds out what kind of file r is and gives its rows. comma is the
// delimiter of a CSV file, 0 to find it out.
func open(r io.Reader, name string, comma byte) (table, form, string, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	b, err := unpacked(b, name)
	if err != nil {
		return nil, "", "", err
	}
	b = bufio.NewReaderSize(bounded.New(b, maxText, 0), 1<<16)
	head, err := b.Peek(512)
	if err != nil && err != io.EOF {
		return nil, "", "", fmt.Errorf("read %s: %w", name, err)
	}
	switch start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"); {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		t, err := openWorkbook(b, name)
		return t, formSheet, "UTF-8", err
	case bytes.HasPrefix(start, []byte("{")):
		t, err := openGeoJSON(b, name)
		return t, formGeoJSON, "UTF-8", err
	}
	b, encoding, err := text(b, name)
	if err != nil {
		return nil, "", "", err
	}
	return &csvTable{lines: newLines(b, name), comma: comma}, formCSV, encoding, nil
}
