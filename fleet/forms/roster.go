package forms

import (
	"slices"
	"strings"

	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// Roster is the rol de patrullaje: who goes out in a shift, where and how.
type Roster struct {
	Head
	Rows []RosterRow `json:"rows"`
}

// RosterRow is a unit of the roster. Who is aboard is written on the paper: the
// program keeps no names of crews.
type RosterRow struct {
	Round  int     `json:"round,omitempty"` // its number in the plan; 0: none
	Unit   Unit    `json:"unit"`
	Metres float64 `json:"metres"`
	Stops  int     `json:"stops"`
}

// NewRoster makes the roster of a shift: the units named, and those that the
// plan has a round for, in the plan's order, then by id.
func NewRoster(s Source, units []string) Roster {
	out := Roster{Head: s.head(), Rows: []RosterRow{}}
	if s.Plan != nil {
		for _, r := range s.Plan.Rounds {
			out.Rows = append(out.Rows, RosterRow{Round: r.Number, Unit: s.unit(r.Unit, r), Metres: r.Metres, Stops: stopsOf(r)})
		}
	}
	slices.SortFunc(out.Rows, func(a, b RosterRow) int { return a.Round - b.Round })
	rest := slices.Clone(units)
	slices.SortFunc(rest, strings.Compare)
	for _, id := range slices.Compact(rest) {
		if !slices.ContainsFunc(out.Rows, func(r RosterRow) bool { return r.Unit.ID == id }) {
			out.Rows = append(out.Rows, RosterRow{Unit: s.unit(id, patrol.Round{})})
		}
	}
	return out
}

func stopsOf(r patrol.Round) int {
	n := 0
	for _, l := range r.Legs {
		if l.Kind == patrol.Stop {
			n++
		}
	}
	return n
}
