package osm

import (
	"fmt"
	"strings"
)

// Code says what is wrong with a file, so that a page can word it in the
// reader's language.
type Code string

// What can be wrong with an extract or a boundary.
const (
	Unreadable      Code = "unreadable"        // the file cannot be opened or read
	Empty           Code = "empty"             // the file has no bytes
	WrongType       Code = "wrong_type"        // not an OpenStreetMap extract, not GeoJSON
	Truncated       Code = "truncated"         // the file ends too early
	Corrupt         Code = "corrupt"           // the bytes make no sense
	NoStreets       Code = "no_streets"        // a good extract without a drivable street
	NoBoundary      Code = "no_boundary"       // no polygon, or not the one asked for
	NoUbigeo        Code = "no_ubigeo"         // the boundary has no district code
	ManyDistricts   Code = "many_districts"    // several districts where one is needed
	OpenRing        Code = "open_ring"         // a ring does not close; A and B number its points
	CrossedRing     Code = "crossed_ring"      // a ring crosses itself; A and B number the first points of the edges
	BadCoordinate   Code = "bad_coordinate"    // not degrees; A numbers the point
	BoundaryOutside Code = "boundary_outside"  // the boundary and the extract do not overlap
	BoundaryMissing Code = "boundary_missing"  // parts of the relation's outline are not in the extract
	TooLarge        Code = "too_large"         // beyond what an import takes
	NothingInside   Code = "no_streets_inside" // streets, but none inside the boundary
)

// Problem is a file that cannot be imported: where, what, and the remedy.
// Nothing was changed by the attempt.
type Problem struct {
	Code   Code   `json:"code"`
	File   string `json:"file"`            // base name of the file
	Place  string `json:"place,omitempty"` // where in the file
	What   string `json:"what"`
	Remedy string `json:"remedy"`
	A      int    `json:"a,omitempty"` // first point, from 1
	B      int    `json:"b,omitempty"` // second point, from 1
	Cause  error  `json:"-"`
}

// Error gives one line: file, place, what is wrong, what to do.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Place != "" {
		b.WriteString(": " + p.Place)
	}
	b.WriteString(": " + p.What)
	if p.Cause != nil {
		fmt.Fprintf(&b, " (%s)", strings.ReplaceAll(p.Cause.Error(), "\n", " "))
	}
	if p.Remedy != "" {
		b.WriteString("; " + p.Remedy)
	}
	return b.String()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Remedies that several problems share.
const (
	remedyDownload = "download the extract again"
	remedyExtract  = "give an OpenStreetMap extract (.osm, .osm.gz, .osm.bz2 or .osm.pbf)"
)
