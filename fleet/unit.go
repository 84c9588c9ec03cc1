package fleet

import (
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

// Unit is a patrol unit: a vehicle, or people on foot.
type Unit struct {
	Ubigeo   string       `json:"-"`
	ID       string       `json:"id"`        // short, stable, no personal data: "C01"
	CallSign string       `json:"call_sign"` // "Cazador 7"
	Mode     routing.Mode `json:"mode"`
	Plate    string       `json:"plate,omitempty"`
	Base     orb.Point    `json:"base"` // zero: the district's default base
	Shifts   []string     `json:"shifts,omitempty"`
	// From and To are local clock times between which it works in its shifts, if
	// that is less than the whole shift; may cross midnight. Both or none.
	From       string   `json:"from,omitempty"` // "HH:MM"
	To         string   `json:"to,omitempty"`
	MaxKm      float64  `json:"max_km,omitempty"`  // that it drives in a shift at most; 0: no limit
	Sectors    []string `json:"sectors,omitempty"` // ids of the areas that it patrols; empty: the whole district
	Integrated bool     `json:"integrated"`        // a police officer is aboard
	Active     bool     `json:"active"`            // false: workshop, retired
	Device     string   `json:"device,omitempty"`
}

// Limits of a unit's texts, in characters.
const (
	MaxCallSign = 40
	MaxPlate    = 12
	MaxUnitKm   = 2000 // that may be set as its limit
	MaxSectors  = 50   // of one unit
)

var unitID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`)

// CheckUnitID refuses what cannot be a unit's id: letters, digits, '.', '_' and
// '-', 32 at most, beginning with a letter or digit.
func CheckUnitID(id string) error {
	if !unitID.MatchString(id) {
		return fmt.Errorf("%w: a unit's id has 1 to 32 letters, digits, '.', '_' or '-', not %q", ErrInvalid, id)
	}
	return nil
}

// Check tells the first thing that is wrong with the unit's own texts; whether
// its base, shifts and device exist is for those who know them.
func (u Unit) Check() error {
	if err := CheckUnitID(u.ID); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(u.CallSign); n == 0 || n > MaxCallSign {
		return fmt.Errorf("%w: the call sign of unit %s has %d characters: give 1 to %d", ErrInvalid, u.ID, n, MaxCallSign)
	}
	if err := CheckLine("the call sign of unit "+u.ID, u.CallSign); err != nil {
		return err
	}
	if err := CheckLine("the plate of unit "+u.ID, u.Plate); err != nil {
		return err
	}
	if n := utf8.RuneCountInString(u.Plate); n > MaxPlate {
		return fmt.Errorf("%w: the plate of unit %s has %d characters: give at most %d", ErrInvalid, u.ID, n, MaxPlate)
	}
	if (u.From == "") != (u.To == "") || u.From != "" && (!shiftClock.MatchString(u.From) || !shiftClock.MatchString(u.To) || u.From == u.To) {
		return fmt.Errorf("%w: unit %s works from %q to %q: give both as HH:MM, such as 18:00 and 23:30, or none", ErrInvalid, u.ID, u.From, u.To)
	}
	if !(u.MaxKm >= 0 && u.MaxKm <= MaxUnitKm) {
		return fmt.Errorf("%w: the limit of unit %s is %g km: give 0 for none, and at most %d", ErrInvalid, u.ID, u.MaxKm, MaxUnitKm)
	}
	if len(u.Sectors) > MaxSectors {
		return fmt.Errorf("%w: unit %s is bound to %d sectors: give at most %d", ErrInvalid, u.ID, len(u.Sectors), MaxSectors)
	}
	if u.Device != "" {
		return CheckDeviceID(u.Device)
	}
	return nil
}

// Out is when a unit is out in a shift: all of it, or its own hours in it; false
// if none of them are. Of hours that come twice in a long shift the first count.
func (u Unit) Out(shift Shift, loc *time.Location) (from, to time.Time, ok bool) {
	if u.From == "" {
		return shift.Start, shift.End, true
	}
	def := ShiftDef{Code: u.ID, Start: u.From, End: u.To}
	for day := -1; day <= 1; day++ {
		h, err := def.On(shift.Start.In(loc).AddDate(0, 0, day).Format(time.DateOnly), loc)
		if err != nil {
			return from, to, false
		}
		from, to = h.Start, h.End
		if from.Before(shift.Start) {
			from = shift.Start
		}
		if to.After(shift.End) {
			to = shift.End
		}
		if from.Before(to) {
			return from, to, true
		}
	}
	return from, to, false
}

// Speeds of a mode in m/s: Patrol while covering streets, Transit on the way.
type Speeds struct{ Patrol, Transit float64 }

// DefaultSpeeds per mode: car 18/35 km/h, motorcycle 22/40, bicycle 11/15,
// foot 4/4.
func DefaultSpeeds(m routing.Mode) Speeds {
	const kmh = 1 / 3.6
	switch m {
	case routing.Motorcycle:
		return Speeds{22 * kmh, 40 * kmh}
	case routing.Bicycle:
		return Speeds{11 * kmh, 15 * kmh}
	case routing.Foot:
		return Speeds{4 * kmh, 4 * kmh}
	}
	return Speeds{18 * kmh, 35 * kmh}
}
