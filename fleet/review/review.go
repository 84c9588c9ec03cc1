package review

import (
	"time"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Period is the days of a review, local dates AAAA-MM-DD, both included. A
// night shift belongs to the day on which it begins.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Query says what is reviewed.
type Query struct {
	Period
	Sector string `json:"sector,omitempty"` // id of the area; "": the whole district
	Shift  string `json:"shift,omitempty"`  // code; "": all shifts
}

// Review is a finished review.
type Review struct {
	Ubigeo     string      `json:"ubigeo"`
	District   string      `json:"district"`
	TimeZone   string      `json:"time_zone"`
	Query      Query       `json:"query"`
	SectorName string      `json:"sector_name,omitempty"`
	Profile    Profile     `json:"profile"`
	Simulated  bool        `json:"simulated"` // some of the data is made up
	Verdict    Verdict     `json:"verdict"`
	Indicators []Indicator `json:"indicators"` // in the order of Profile.Formulas
	Shifts     []ShiftRow  `json:"shifts"`     // by code, in the order of the day
	Cells      []CellRow   `json:"cells"`      // resolution 9, with a street of the district, by id
	// ByShift is presence by the shifts' names; Absences are the hours of the week
	// without anybody, of all that is reviewed, then of each sector.
	ByShift  []ShiftPresence `json:"presence_by_shift"`
	Absences []Absence       `json:"absences"`
	Gaps     []Gap           `json:"gaps"`   // worst cells first, MaxGaps at most
	Dosage   []Dose          `json:"dosage"` // hot cells, least served first
	// Streets and Presence say who was there of both forces, in parts that add up
	// to all; nil: no shift in which both are known.
	Streets     *Split      `json:"streets_split"`
	Presence    *Split      `json:"presence_split"`
	Occurrences Occurrences `json:"occurrences"`
	Register    Readiness   `json:"register"`
	Sources     Sources     `json:"sources"`
}

// Profile names the thresholds.
type Profile struct {
	ID       string `json:"id"` // name and version
	Official bool   `json:"official"`
	Bands    Bands  `json:"bands"`
	// BandsVersion is of the bands that the district has set itself; 0: they are those
	// of the profile's file.
	BandsVersion int   `json:"bands_version,omitempty"`
	Terms        Terms `json:"terms"`
	// Stops and Visits stand in formulas; what they say is counted elsewhere. A
	// review that was kept before it named them has none.
	Stops  Stops  `json:"stops,omitzero"`
	Visits Visits `json:"visits,omitzero"`
}

// Light is a traffic light; empty: no band is set for the figure, or it has no
// value.
type Light string

// The lights.
const (
	Green Light = "green"
	Amber Light = "amber"
	Red   Light = "red"
)

// Verdict is the sentence that the figures prove; those who show it say it in
// words. Percentages are of street km, means over the shifts; nil: not known.
type Verdict struct {
	Light         Light    `json:"light"` // of the joint coverage of streets
	JointPct      *float64 `json:"joint_pct"`
	SerenazgoPct  *float64 `json:"serenazgo_pct"`
	PolicePct     *float64 `json:"police_pct"`      // driven; nil: no police positions
	PolicePlanPct *float64 `json:"police_plan_pct"` // only planned
	UnknownPct    *float64 `json:"unknown_pct"`
	// NobodyHours is the time of the period's shifts in which no force was seen
	// in the mean cell, in hours a day; shifts without a municipal or integrated
	// crew heard are left out.
	NobodyHours *float64 `json:"nobody_hours"`
}

// Indicator is one row of the table.
type Indicator struct {
	Key        string `json:"key"` // of Profile.Formulas
	Municipal  Figure `json:"municipal"`
	Police     Figure `json:"police"`
	Integrated Figure `json:"integrated"`
	Together   Figure `json:"together"`
}

// Figure is a value with what stands behind it.
type Figure struct {
	Value *float64 `json:"value"` // nil: not known, or it has no meaning for this force
	N     int      `json:"n"`     // observations, counted in Formula.Of
	Light Light    `json:"light,omitempty"`
	// Planned says that the value is what the police plan expects; it was not
	// seen.
	Planned bool `json:"planned,omitempty"`
	// The same figure of the period of equal length just before, and of the same
	// days a year before; nil: not known.
	Previous *float64 `json:"previous"`
	LastYear *float64 `json:"last_year"`
}

// ShiftRow is a shift's share of the period.
type ShiftRow struct {
	Code         string   `json:"code"`
	Name         string   `json:"name"`
	Shifts       int      `json:"shifts"`         // in which a municipal or integrated crew was heard
	Units        float64  `json:"units"`          // heard, mean a shift
	Municipal    float64  `json:"municipal_min"`  // minutes of patrol
	Police       float64  `json:"police_min"`     //
	Integrated   float64  `json:"integrated_min"` //
	JointPct     *float64 `json:"joint_pct"`      // of street km, mean a shift
	SerenazgoPct *float64 `json:"serenazgo_pct"`
	PolicePct    *float64 `json:"police_pct"`   // nil: no police positions
	NobodyHours  *float64 `json:"nobody_hours"` // in the mean cell, a shift
}

// CellRow is what a cell got, in minutes over the period.
type CellRow struct {
	Cell       hotspots.Cell `json:"cell"`
	Municipal  float64       `json:"municipal_min"`
	Police     float64       `json:"police_min"`
	Integrated float64       `json:"integrated_min"`
	Alone      float64       `json:"alone_min"`    // municipal, police known to be absent
	Doubled    int           `json:"doubled"`      // half-hours with both forces, integrated crews left out
	Present    int           `json:"present"`      // half-hours with any force
	MaxGap     float64       `json:"max_gap_min"`  // without any force within the shifts
	PolicePlan float64       `json:"police_plan"`  // half-hours, expected by the police plan
	Nobody     float64       `json:"nobody_hours"` // of the shifts, a day
}

// Split is who was there of both forces, in percent of the streets, or of parts of
// the clock in cells, of the shifts in which both are known. The parts are apart
// from each other and sum up to 100: what the municipality covered is Municipal
// and Both, what either did Municipal, Police, Both and Integrated.
type Split struct {
	N          int     `json:"n"` // shifts, or cells × parts of the clock
	Municipal  float64 `json:"municipal"`
	Police     float64 `json:"police"`
	Both       float64 `json:"both"`       // each by itself
	Integrated float64 `json:"integrated"` // and neither by itself
	Nobody     float64 `json:"nobody"`
	Unknown    float64 `json:"unknown"` // somebody was silent
}

// Readiness is the register of units over the shifts: units × shifts.
type Readiness struct {
	Units       int `json:"units"`
	Operational int `json:"operational"`
	Workshop    int `json:"workshop"`
	NoFuel      int `json:"no_fuel"`
	Retired     int `json:"retired"`
}

// MaxGaps bounds the list of worst gaps.
const MaxGaps = 50

// Gap is the longest stretch of shift time in which a cell saw nobody.
type Gap struct {
	Cell    hotspots.Cell `json:"cell"`
	Streets []string      `json:"streets,omitempty"` // in it, the longest first
	Start   time.Time     `json:"start"`
	End     time.Time     `json:"end"`
	Minutes float64       `json:"minutes"` // of shift time; hours without a shift do not count
}

// Dose is what a hot cell of resolution 10 got of what was planned.
type Dose struct {
	Cell       hotspots.Cell `json:"cell"`
	Streets    []string      `json:"streets,omitempty"` // in it, the longest first
	Shifts     int           `json:"shifts"`            // in which it was planned
	PlannedMin float64       `json:"planned_min"`       // of stops
	Municipal  float64       `json:"municipal_min"`
	Police     float64       `json:"police_min"`
	Integrated float64       `json:"integrated_min"`
	Pct        float64       `json:"pct"`    // delivered by any force, of planned; may be above 100
	Served     int           `json:"served"` // shifts with minutes and gaps as the profile asks
}

// Sources says what the figures were made of.
type Sources struct {
	Days         int      `json:"days"`          // with facts
	Missing      []string `json:"missing"`       // dates without: nobody was heard, or nothing is kept
	Shifts       int      `json:"shifts"`        // in which a municipal or integrated crew was heard
	Silent       int      `json:"silent_shifts"` // of these days, in which none was; they count for the police only
	Fixes        int      `json:"fixes"`
	Units        int      `json:"units"`   // heard
	Streets      []string `json:"streets"` // versions
	StreetKm     float64  `json:"street_km"`
	Police       string   `json:"police"`        // PoliceDriven, PolicePlanned or PoliceNone
	PoliceShifts int      `json:"police_shifts"` // with police positions
	UnknownHours float64  `json:"unknown_hours"` // silent units on duty
}

// Where police figures come from.
const (
	PoliceDriven  = "driven"
	PolicePlanned = "planned"
	PoliceNone    = "none"
)
