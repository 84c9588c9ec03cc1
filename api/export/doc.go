// Package export writes what units did as files that other programs read:
// tables (CSV, XLSX) and maps (GPX, KML, GeoJSON). Rows are written as they
// come from the store, so that no period has to fit into memory.
//
// Instants are written in the district's time with its offset from UTC; a cell
// of a spreadsheet has no room for an offset, so there it is in the heading.
package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	XLSX    Format = "xlsx"
	GPX     Format = "gpx"
	KML     Format = "kml"
	GeoJSON Format = "geojson"
)

// Formats lists them.
var Formats = []Format{CSV, XLSX, GPX, KML, GeoJSON}

// Mime is the media type of a format's files.
func (f Format) Mime() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case GPX:
		return "application/gpx+xml"
	case KML:
		return "application/vnd.google-earth.kml+xml"
	case GeoJSON:
		return "application/geo+json"
	}
	return "application/octet-stream"
}

// column is a heading; its cells are strings, numbers (float64, int; NaN is
// empty), instants, truths or nil.
type column struct {
	key     string
	instant bool
}

// row is one line of a table, and what of it goes on a map.
type row struct {
	cells []any
	name  string
	place *orb.Point // where it was
	way   []step     // which way it went
}

// step is an instant on a way.
type step struct {
	at       time.Time
	point    orb.Point
	speed    float64 // m/s; NaN unknown
	altitude float64 // metres; NaN unknown
}

// writer writes rows into a file of one format.
type writer interface {
	// row writes a row with its place or way.
	row(row) error
	// step writes a row that is the next step of a unit's trail; first begins a
	// new piece of it.
	step(r row, s step, first bool) error
	close() error
}

// holder is a writer that holds temporary files until it is given up or closed.
type holder interface{ abort() }

// newWriter begins a file.
func newWriter(w io.Writer, f Format, title string, cols []column, loc *time.Location) (writer, error) {
	switch f {
	case CSV:
		return newCSV(w, cols, loc)
	case XLSX:
		return newXLSX(w, title, cols, loc)
	case GPX:
		return newGPX(w, title, loc)
	case KML:
		return newKML(w, title, cols, loc)
	case GeoJSON:
		return newGeoJSON(w, cols, loc)
	}
	return nil, fmt.Errorf("%w: format %q is none of csv, xlsx, gpx, kml, geojson", fleet.ErrInvalid, f)
}

// instant writes an instant with the offset of its place.
func instant(t time.Time, loc *time.Location) string {
	return t.In(loc).Format("2006-01-02T15:04:05-07:00")
}

// FileName names the file of a query: what, which period, which format.
func FileName(q Query, f Format) string {
	day := func(t time.Time) string { return t.In(q.Loc).Format("20060102-1504") }
	unit := ""
	if len(q.Units) == 1 {
		unit = "-" + q.Units[0].ID
	}
	return strings.ToLower(fmt.Sprintf("%s-%s%s-%s-%s.%s", q.What.title(), q.Ubigeo, unit, day(q.From), day(q.To), f))
}
