package forms

import (
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// stretchTime is how long a stretch of patrolling is on paper: a crew reads a
// line every quarter of an hour, not one at each corner.
const stretchTime = 15 * time.Minute

// LineKind is what a line of a route sheet is about.
type LineKind string

// Kinds of line.
const (
	Patrol   LineKind = "patrol"
	Transfer LineKind = "transfer"
	Stop     LineKind = "stop"
	Break    LineKind = "break"
)

// RouteLine is a numbered line of a route sheet: a stop, a break, or up to a
// quarter of an hour on the streets.
type RouteLine struct {
	Number  int       `json:"number"`
	Kind    LineKind  `json:"kind"`
	Start   time.Time `json:"start"`
	Minutes float64   `json:"minutes"`
	Metres  float64   `json:"metres"`
	Place   string    `json:"place"`           // of a stop; where a stretch begins
	To      string    `json:"to,omitempty"`    // where a stretch ends
	Streets []string  `json:"streets"`         // with a name, in the order in which they are first driven
	Unnamed int       `json:"unnamed"`         // how many pieces of street without a name
	Reason  string    `json:"reason"`          // as the plan says it: "hot:…", "fixed:…", "coverage"
	Due     time.Time `json:"due,omitzero"`    // promised for this time
	At      orb.Point `json:"at"`              // where it begins
	Turns   []Turn    `json:"turns,omitempty"` // street by street
}

// Turn is a street of a stretch, end to end of the part that is driven.
type Turn struct {
	Start  time.Time      `json:"start"`
	Street string         `json:"street"`
	Kind   patrol.LegKind `json:"kind"`
	Metres float64        `json:"metres"`
}

// RouteSheet is the hoja de ruta of a unit.
type RouteSheet struct {
	Head
	Round   int         `json:"round"`
	Unit    Unit        `json:"unit"`
	Lines   []RouteLine `json:"lines"`
	Metres  float64     `json:"metres"`
	Minutes float64     `json:"minutes"` // from leaving to coming back
	Stops   int         `json:"stops"`

	Driven    []orb.LineString `json:"-"` // while patrolling
	Transfers []orb.LineString `json:"-"`
}

// NewRouteSheets makes the route sheets of a plan, in its order; units: only
// theirs, none named: all.
func NewRouteSheets(s Source, units ...string) []RouteSheet {
	var out []RouteSheet
	if s.Plan == nil {
		return nil
	}
	unnamed := s.unnamed()
	for _, r := range s.Plan.Rounds {
		if len(units) == 0 || slices.Contains(units, r.Unit) {
			out = append(out, newRouteSheet(s, r, unnamed))
		}
	}
	slices.SortFunc(out, func(a, b RouteSheet) int { return a.Round - b.Round })
	return out
}

func newRouteSheet(s Source, r patrol.Round, unnamed map[string]bool) RouteSheet {
	out := RouteSheet{Head: s.head(), Round: r.Number, Unit: s.unit(r.Unit, r), Metres: r.Metres, Stops: stopsOf(r), Lines: []RouteLine{}}
	if n := len(r.Legs); n > 0 {
		out.Minutes = r.Legs[n-1].End.Sub(r.Legs[0].Start).Minutes()
	}
	for _, l := range r.Legs {
		switch l.Kind {
		case patrol.Stop, patrol.Break:
			kind := Stop
			if l.Kind == patrol.Break {
				kind = Break
			}
			out.Lines = append(out.Lines, RouteLine{Kind: kind, Start: l.Start, Minutes: l.End.Sub(l.Start).Minutes(), Place: l.Name, Streets: []string{},
				Reason: l.Reason, Due: l.Due, At: l.Point})
		case patrol.Deadhead:
			out.Transfers = append(out.Transfers, l.Line)
			out.drive(Transfer, l, unnamed[l.Segment])
		default:
			out.Driven = append(out.Driven, l.Line)
			out.drive(Patrol, l, unnamed[l.Segment])
		}
	}
	for i := range out.Lines {
		out.Lines[i].Number = i + 1
	}
	return out
}

// shortTransfer is how long a transfer may be and still belong to the stretch
// around it.
const shortTransfer = 600.0 // metres

// drive adds a leg on a street: to the line that is being written, or as a new
// one.
func (s *RouteSheet) drive(kind LineKind, l patrol.Leg, unnamed bool) {
	n := len(s.Lines)
	if n == 0 || !s.Lines[n-1].takes(kind, l) {
		line := RouteLine{Kind: kind, Start: l.Start, Place: l.Name, Streets: []string{}, Reason: "coverage"}
		if len(l.Line) > 0 {
			line.At = l.Line[0]
		}
		s.Lines = append(s.Lines, line)
		n++
	}
	s.Lines[n-1].add(l, unnamed)
}

// takes tells whether a leg belongs to the line.
func (r *RouteLine) takes(kind LineKind, l patrol.Leg) bool {
	if r.Kind == Stop || r.Kind == Break || l.End.Sub(r.Start) > stretchTime {
		return false
	}
	if r.Kind == kind {
		return true
	}
	return kind == Transfer || r.Metres <= shortTransfer
}

func (r *RouteLine) add(l patrol.Leg, unnamed bool) {
	m := geo.Length(l.Line)
	if l.Kind != patrol.Deadhead {
		r.Kind = Patrol
	}
	r.Minutes = l.End.Sub(r.Start).Minutes()
	r.Metres += m
	r.To = l.Name
	n := len(r.Turns)
	if n > 0 && r.Turns[n-1].Street == l.Name && r.Turns[n-1].Kind == l.Kind {
		r.Turns[n-1].Metres += m
	} else {
		r.Turns = append(r.Turns, Turn{l.Start, l.Name, l.Kind, m})
		if unnamed {
			r.Unnamed++
		}
	}
	if !unnamed && !slices.Contains(r.Streets, l.Name) {
		r.Streets = append(r.Streets, l.Name)
	}
}
