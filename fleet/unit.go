package fleet

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

// Unit is a patrol unit: a vehicle, or people on foot.
type Unit struct {
	Ubigeo     string       `json:"-"`
	ID         string       `json:"id"`        // short, stable, no personal data: "C01"
	CallSign   string       `json:"call_sign"` // "Cazador 7"
	Mode       routing.Mode `json:"mode"`
	Plate      string       `json:"plate,omitempty"`
	Base       orb.Point    `json:"base"` // zero: the district's default base
	Shifts     []string     `json:"shifts,omitempty"`
	Integrated bool         `json:"integrated"` // a police officer is aboard
	Active     bool         `json:"active"`     // false: workshop, retired
	Device     string       `json:"device,omitempty"`
}

// Limits of a unit's texts, in characters.
const (
	MaxCallSign = 40
	MaxPlate    = 12
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
	if n := utf8.RuneCountInString(u.Plate); n > MaxPlate {
		return fmt.Errorf("%w: the plate of unit %s has %d characters: give at most %d", ErrInvalid, u.ID, n, MaxPlate)
	}
	if u.Device != "" {
		return CheckDeviceID(u.Device)
	}
	return nil
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
