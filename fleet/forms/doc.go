// Package forms is the content of the papers that a serenazgo works with: the
// rol de patrullaje, the hoja de ruta of each unit, the log of tactical stops
// and the table of a day's units. It says what stands in them; how they are
// drawn is for those who print. What nobody noted is left empty, for the pen.
//
// Lengths are metres, durations seconds, instants UTC, places [lon, lat].
package forms

import (
	"cmp"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// District is whose form it is.
type District struct {
	Ubigeo    string `json:"ubigeo"`
	Name      string `json:"name"`
	Province  string `json:"province,omitempty"`
	TimeZone  string `json:"time_zone"`
	Simulated bool   `json:"simulated"` // some of its data is made up
}

// Shift is when.
type Shift struct {
	ID    fleet.ShiftID `json:"id"`
	Name  string        `json:"name"`
	Start time.Time     `json:"start"`
	End   time.Time     `json:"end"`
}

// Plan is the version that a form was made of, with the seed by which the plan
// can be made again.
type Plan struct {
	ID         string       `json:"id"`
	Version    int          `json:"version"`
	State      patrol.State `json:"state"`
	Seed       int64        `json:"seed"`
	Streets    string       `json:"streets"` // version of the street graph
	CreatedAt  time.Time    `json:"created_at"`
	CreatedBy  string       `json:"created_by"`
	ApprovedAt time.Time    `json:"approved_at,omitzero"`
	ApprovedBy string       `json:"approved_by,omitempty"`
}

// Head is what every form of a shift begins with.
type Head struct {
	District District `json:"district"`
	Shift    Shift    `json:"shift"`
	Plan     *Plan    `json:"plan"` // nil: the shift has none
}

// Unit is who goes out.
type Unit struct {
	ID         string       `json:"id"`
	CallSign   string       `json:"call_sign"`
	Mode       routing.Mode `json:"mode"`
	Plate      string       `json:"plate,omitempty"`
	Integrated bool         `json:"integrated"` // a police officer is aboard
	From       time.Time    `json:"from"`       // on duty in the shift
	To         time.Time    `json:"to"`
	Sectors    []string     `json:"sectors"` // names of those that it is bound to; empty: the whole district
	MaxKm      float64      `json:"max_km,omitempty"`
	Shifts     []string     `json:"shifts,omitempty"` // the only ones that it may work in
}

// Source is what forms are made of.
type Source struct {
	District fleet.District
	Shift    fleet.Shift
	Units    []fleet.Unit
	Sectors  map[string]string // names by id
	Plan     *patrol.Plan      // nil: none
	Graph    *routing.Graph    // the streets that the plan was made on; nil: not known
	Loc      *time.Location
}

// unnamed lists the segments whose street has no name of its own and is called
// by its neighbours.
func (s Source) unnamed() map[string]bool {
	out := map[string]bool{}
	if s.Graph != nil {
		for i := range s.Graph.Segments {
			if s.Graph.Segments[i].Name == "" {
				out[s.Graph.Segments[i].ID] = true
			}
		}
	}
	return out
}

// head writes what every form begins with.
func (s Source) head() Head {
	h := Head{District: District{s.District.Ubigeo, s.District.Name, s.District.Province, s.Loc.String(), s.District.Simulated},
		Shift: Shift{s.Shift.ID, s.Shift.Name, s.Shift.Start.UTC(), s.Shift.End.UTC()}}
	if p := s.Plan; p != nil {
		h.Plan = &Plan{p.ID, p.Version, p.State, p.Seed, p.Streets, p.CreatedAt, p.CreatedBy, p.ApprovedAt, p.ApprovedBy}
		h.District.Simulated = h.District.Simulated || p.Simulated
	}
	return h
}

// unit describes a unit of the shift; one that is registered no more keeps what
// the plan says of it.
func (s Source) unit(id string, r patrol.Round) Unit {
	out := Unit{ID: id, CallSign: r.CallSign, Mode: r.Mode, From: s.Shift.Start.UTC(), To: s.Shift.End.UTC(), Sectors: []string{}}
	i := slices.IndexFunc(s.Units, func(u fleet.Unit) bool { return u.ID == id })
	if i < 0 {
		return out
	}
	u := s.Units[i]
	out.CallSign, out.Plate, out.Integrated, out.MaxKm, out.Shifts = cmp.Or(out.CallSign, u.CallSign), u.Plate, u.Integrated, u.MaxKm, u.Shifts
	if r.Unit == "" {
		out.Mode = u.Mode
	}
	if from, to, ok := u.Out(s.Shift, s.Loc); ok {
		out.From, out.To = from.UTC(), to.UTC()
	}
	for _, id := range u.Sectors {
		out.Sectors = append(out.Sectors, cmp.Or(s.Sectors[id], id))
	}
	slices.Sort(out.Sectors)
	return out
}
