package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/track"
)

// What is exported.
type What string

// The things that can be exported.
const (
	Trail  What = "trail"  // every fix that counts
	Trips  What = "trips"  // drives between stops
	Stops  What = "stops"  // stays at a place
	Events What = "events" // what happened
)

// Whats lists them.
var Whats = []What{Trail, Trips, Stops, Events}

// title is the name of a thing, for people.
func (w What) title() string {
	switch w {
	case Trail:
		return "Recorrido"
	case Trips:
		return "Viajes"
	case Stops:
		return "Paradas"
	}
	return "Sucesos"
}

// Store is what is exported from.
type Store interface {
	track.Source
	Days(ctx context.Context, ubigeo, unit, from, to string) ([]journal.Day, error)
	Events(ctx context.Context, ubigeo, unit string, from, to time.Time, limit int) ([]journal.Event, error)
}

// Query says what to export.
type Query struct {
	Ubigeo   string
	Loc      *time.Location
	What     What
	Units    []fleet.Unit
	From, To time.Time
	// Doubtful adds to a trail, in tables, the fixes that do not count, with the
	// reasons.
	Doubtful bool
}

// Check tells what is wrong with a query, if anything.
func (q Query) Check(f Format) error {
	switch {
	case !slices.Contains(Whats, q.What):
		return fmt.Errorf("%w: %q is none of trail, trips, stops, events", fleet.ErrInvalid, q.What)
	case !slices.Contains(Formats, f):
		return fmt.Errorf("%w: format %q is none of csv, xlsx, gpx, kml, geojson", fleet.ErrInvalid, f)
	case !q.From.Before(q.To):
		return fmt.Errorf("%w: the period ends before it begins", fleet.ErrInvalid)
	case q.Doubtful && (q.What != Trail || f != CSV && f != XLSX):
		return fmt.Errorf("%w: fixes that do not count are exported only in tables (csv, xlsx) of trails", fleet.ErrInvalid)
	}
	return nil
}

// Write exports.
func Write(ctx context.Context, w io.Writer, st Store, q Query, f Format) error {
	if err := q.Check(f); err != nil {
		return err
	}
	x := exporter{st: st, q: q, names: map[string]string{}}
	for _, u := range q.Units {
		x.names[u.ID] = u.CallSign
	}
	run, cols := x.trail, trailColumns
	switch q.What {
	case Trips:
		run, cols = x.trips, tripColumns
		x.ways = f == GPX || f == KML || f == GeoJSON
	case Stops:
		run, cols = x.stops, stopColumns
	case Events:
		run, cols = x.events, eventColumns
	}
	var err error
	if x.w, err = newWriter(w, f, q.What.title(), cols, q.Loc); err != nil {
		return err
	}
	if h, ok := x.w.(holder); ok {
		defer h.abort()
	}
	if err := run(ctx); err != nil {
		return err
	}
	return x.w.close()
}

// exporter writes one file.
type exporter struct {
	st    Store
	q     Query
	w     writer
	names map[string]string // call signs
	ways  bool              // trips are drawn
}

// kmh is a speed for people, in tenths.
func kmh(v float64) float64 { return round(v*3.6, 10) }

// each calls do for each day of the query with what the units did on it.
func (x *exporter) each(ctx context.Context, do func(d journal.Day) error) error {
	last := journal.WindowAt(x.q.To.Add(-time.Nanosecond), x.q.Loc)
	for w := journal.WindowAt(x.q.From, x.q.Loc); !w.Start.After(last.Start); w = journal.WindowAt(w.End, x.q.Loc) {
		unit := ""
		if len(x.q.Units) == 1 {
			unit = x.q.Units[0].ID
		}
		days, err := x.st.Days(ctx, x.q.Ubigeo, unit, w.Date, w.Date)
		if err != nil {
			return err
		}
		for _, d := range days {
			if _, wanted := x.names[d.Unit]; !wanted {
				continue
			}
			if err := do(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// within tells whether something that lasts belongs to the query: it counts
// where it begins.
func (x *exporter) within(start time.Time) bool {
	return !start.Before(x.q.From) && start.Before(x.q.To)
}

// title of a row on a map.
func title(parts ...string) string { return strings.Join(parts, " · ") }
