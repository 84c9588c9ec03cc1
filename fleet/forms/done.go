package forms

import (
	"cmp"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet/compliance"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// StopLog is the log of a shift's tactical stops: planned and made.
type StopLog struct {
	Head
	Profile string    `json:"profile"`                 // whose thresholds
	RadiusM float64   `json:"stop_radius_m,omitempty"` // from the place; 0: not said
	At      time.Time `json:"at"`
	Final   bool      `json:"final"` // the shift is over
	Rows    []StopRow `json:"rows"`
}

// StopRow is a stop of a unit; Stop.Seq 0: no plan asked for it.
type StopRow struct {
	Unit Unit            `json:"unit"`
	Stop compliance.Stop `json:"stop"`
}

// NewStopLog makes the log of what a report says of stops, in the order of
// their times, unit by unit.
func NewStopLog(s Source, r compliance.Report) StopLog {
	out := StopLog{Head: s.head(), Profile: r.Profile, RadiusM: r.StopRadiusM, At: r.At, Final: r.Final, Rows: []StopRow{}}
	for _, u := range r.Units {
		stops := slices.Clone(u.Stops)
		slices.SortStableFunc(stops, func(a, b compliance.Stop) int { return when(a).Compare(when(b)) })
		for _, st := range stops {
			out.Rows = append(out.Rows, StopRow{s.unitOf(u), st})
		}
	}
	return out
}

// when gives the time of a stop: as planned, else as made.
func when(s compliance.Stop) time.Time {
	if !s.Start.IsZero() {
		return s.Start
	}
	return s.Arrived
}

// unitOf describes a unit of a report.
func (s Source) unitOf(u compliance.Unit) Unit {
	return s.unit(u.Unit, s.round(u))
}

// round finds the unit's round in the plan.
func (s Source) round(u compliance.Unit) patrol.Round {
	if s.Plan != nil {
		for _, r := range s.Plan.Rounds {
			if r.Unit == u.Unit {
				return r
			}
		}
	}
	return patrol.Round{CallSign: u.CallSign}
}

// UnitTable is what the units did on a day: of all shifts that begin on it and
// had a plan.
type UnitTable struct {
	District District  `json:"district"`
	Date     string    `json:"date"`
	Shifts   []Counted `json:"shifts"`
	Rows     []UnitRow `json:"rows"`
}

// Counted is a shift that is in the table.
type Counted struct {
	Shift   Shift  `json:"shift"`
	Plan    string `json:"plan"`
	Version int    `json:"version"`
	Profile string `json:"profile"`
	Final   bool   `json:"final"`
}

// UnitRow is a unit's day.
type UnitRow struct {
	Unit           Unit     `json:"unit"`
	Shifts         []string `json:"shifts"` // names
	Km             float64  `json:"km"`     // patrolled: of its plan, in time or late, and beyond
	KmMissing      float64  `json:"km_missing"`
	Minutes        float64  `json:"minutes"` // at planned stops
	MinutesMissing float64  `json:"minutes_missing"`
	StopsDone      int      `json:"stops_done"`
	StopsPlanned   int      `json:"stops_planned"`
	SilentMin      float64  `json:"silent_min"` // not heard while on duty
	Complied       bool     `json:"complied"`   // in each of its shifts
}

// NewUnitTable sums up the reports of a day's shifts; sources and reports
// belong together, one a shift, in the order of their starts.
func NewUnitTable(date string, sources []Source, reports []compliance.Report) UnitTable {
	out := UnitTable{Date: date, Shifts: []Counted{}, Rows: []UnitRow{}}
	at := map[string]int{}
	for i, s := range sources {
		h, r := s.head(), reports[i]
		out.District = h.District
		out.Shifts = append(out.Shifts, Counted{h.Shift, r.Plan, r.Version, r.Profile, r.Final})
		for _, u := range r.Units {
			k, ok := at[u.Unit]
			if !ok {
				k = len(out.Rows)
				at[u.Unit] = k
				out.Rows = append(out.Rows, UnitRow{Unit: s.unitOf(u), Complied: true})
			}
			row := &out.Rows[k]
			row.Shifts = append(row.Shifts, h.Shift.Name)
			row.Km += u.Tally.Done + u.Tally.Late + u.Tally.Extra
			row.KmMissing += u.Missing.Km
			row.Minutes += u.MinutesDone
			row.MinutesMissing += u.Missing.Minutes
			row.StopsDone += u.StopsDone
			row.StopsPlanned += u.StopsPlanned
			row.SilentMin += u.SilentMin
			row.Complied = row.Complied && u.Complied
		}
	}
	slices.SortFunc(out.Rows, func(a, b UnitRow) int { return cmp.Compare(a.Unit.ID, b.Unit.ID) })
	return out
}
