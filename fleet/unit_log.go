package fleet

import (
	"fmt"
	"time"
)

// UnitLog is what a crew notes of its vehicle in a shift: the odometer when it
// goes out and when it comes back, and the fuel it took in. What nobody said is
// nil.
type UnitLog struct {
	Ubigeo  string    `json:"-"`
	Unit    string    `json:"unit"`
	Shift   ShiftID   `json:"shift"`
	KmOut   *float64  `json:"km_out,omitempty"`
	KmIn    *float64  `json:"km_in,omitempty"`
	Fuel    *float64  `json:"fuel_l,omitempty"` // litres
	Note    string    `json:"note"`
	SavedAt time.Time `json:"saved_at"`
	SavedBy string    `json:"saved_by"`
}

// Limits of what can be true of a vehicle and a shift.
const (
	MaxOdometer = 2_000_000 // km
	MaxShiftKm  = 1_500     // of one shift
	MaxFuel     = 400       // litres
	MaxLogNote  = 200       // letters
)

// LogMistake is what is wrong with a log. It is an ErrInvalid.
type LogMistake struct {
	Field string // "km_out", "km_in", "fuel_l", "note", "shift", "unit"
	Text  string
	Unit  string // whose, of several; may be empty
}

func (m LogMistake) Error() string { return ErrInvalid.Error() + ": " + m.Text }

// Unwrap tells its kind.
func (m LogMistake) Unwrap() error { return ErrInvalid }

// Empty tells whether nothing was said.
func (l UnitLog) Empty() bool {
	return l.KmOut == nil && l.KmIn == nil && l.Fuel == nil && l.Note == ""
}

// Km is how far the vehicle drove by its odometer; false: not known.
func (l UnitLog) Km() (float64, bool) {
	if l.KmOut == nil || l.KmIn == nil {
		return 0, false
	}
	return *l.KmIn - *l.KmOut, true
}

// Check tells what is wrong with a log, if anything.
func (l UnitLog) Check() error {
	if _, _, err := l.Shift.Split(); err != nil {
		return LogMistake{Field: "shift", Text: fmt.Sprintf("%q is no shift, such as 2026-11-21/noche", string(l.Shift))}
	}
	if err := CheckUnitID(l.Unit); err != nil {
		return err
	}
	within := func(v *float64, most float64) bool { return v == nil || *v >= 0 && *v <= most }
	switch {
	case !within(l.KmOut, MaxOdometer):
		return LogMistake{Field: "km_out", Text: fmt.Sprintf("an odometer shows 0 to %d km, not %g", MaxOdometer, *l.KmOut)}
	case !within(l.KmIn, MaxOdometer):
		return LogMistake{Field: "km_in", Text: fmt.Sprintf("an odometer shows 0 to %d km, not %g", MaxOdometer, *l.KmIn)}
	case !within(l.Fuel, MaxFuel):
		return LogMistake{Field: "fuel_l", Text: fmt.Sprintf("a vehicle takes 0 to %d litres, not %g", MaxFuel, *l.Fuel)}
	}
	if km, known := l.Km(); known && (km < 0 || km > MaxShiftKm) {
		return LogMistake{Field: "km_in", Text: fmt.Sprintf("the odometer went from %g to %g km in one shift; 0 to %d are possible", *l.KmOut, *l.KmIn, MaxShiftKm)}
	}
	if len([]rune(l.Note)) > MaxLogNote || CheckLine("the note", l.Note) != nil {
		return LogMistake{Field: "note", Text: fmt.Sprintf("a note is one line of up to %d letters", MaxLogNote)}
	}
	return nil
}
