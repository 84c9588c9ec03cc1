package fleet

import (
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
