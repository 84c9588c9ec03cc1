package importer

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/paulmach/orb"
)

// maxPointRows bounds a table of places.
const maxPointRows = 200_000

// PointRow is a row of a table of places.
type PointRow struct {
	Row    int // line of the file, 1 = the first
	Point  orb.Point
	Fields map[string]string // by the column's plain name: lower case, no accents, _ between words
	Raw    string
	Err    error // why it has no place; Point is nothing then
}

// ReadPoints reads a CSV or XLSX table with columns of latitude and longitude,
// under one of their usual names, and tells of each row. Delimiters, encodings
// and decimal commas are found out as for incidents. The error is of the file.
func ReadPoints(r io.Reader, name string, each func(PointRow)) error {
	t, kind, _, err := open(r, name, 0)
	if err != nil {
		return err
	}
	if kind == formGeoJSON {
		return fmt.Errorf("%w: %s is no table", ErrFormat, name)
	}
	at := func(header []string, role role) int {
		for _, want := range usual[role] {
			if i := slices.IndexFunc(header, func(h string) bool { return plain(h) == want }); i >= 0 {
				return i
			}
		}
		return -1
	}
	header, err := t.begin(func(rows [][]string) int {
		return max(0, slices.IndexFunc(rows, func(row []string) bool { return at(row, roleLat) >= 0 && at(row, roleLon) >= 0 }))
	})
	if err != nil {
		return err
	}
	lat, lon := at(header, roleLat), at(header, roleLon)
	if lat < 0 || lon < 0 {
		return fmt.Errorf("%w: %s has no columns of latitude and longitude; it has %s", ErrFormat, name, list(header))
	}
	comma := byte(',')
	if c, ok := t.(*csvTable); ok {
		comma = c.comma
	}
	for n := 0; ; n++ {
		rec, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n == maxPointRows {
			return fmt.Errorf("%w: %s has more than %d rows", ErrFormat, name, maxPointRows)
		}
		row := PointRow{Row: rec.row, Raw: rec.raw, Err: rec.err, Fields: map[string]string{}}
		if row.Err == nil {
			rec.split(comma)
			for i, h := range header {
				row.Fields[plain(h)] = rec.text(i)
			}
			row.Point, row.Err = parsePlace(rec.text(lat), rec.text(lon))
		}
		each(row)
	}
}
