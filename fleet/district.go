// Package fleet is the municipal security fleet: districts, units, shifts,
// GPS devices, the fixes they send, and the live state that follows from them.
//
// Units: metres, seconds, m/s, degrees [lon, lat], UTC instants. The
// district's time zone is used only to turn local clock times into instants.
// The package knows no transport, no SQL and no wall clock.
package fleet

import (
	"errors"
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// Errors that cross the domain; the API maps them to HTTP in one place.
var (
	ErrNotFound  = errors.New("not found")
	ErrConflict  = errors.New("conflict")
	ErrInvalid   = errors.New("invalid")
	ErrForbidden = errors.New("forbidden")
	// ErrStoreFull: the disk of the store is full. Nothing is lost, and nothing
	// is taken until there is room.
	ErrStoreFull = errors.New("the disk of the database is full; free space on it or make it larger")
)

// District is one municipality. Ubigeo is INEI's six-digit code, kept as text:
// it may begin with a zero. Foreign demo places use a code of the same form.
type District struct {
	Ubigeo    string           `json:"ubigeo"`
	Name      string           `json:"name"`
	Province  string           `json:"province,omitempty"`
	TimeZone  string           `json:"time_zone"` // IANA name
	Boundary  orb.MultiPolygon `json:"-"`
	Simulated bool             `json:"simulated"` // some of its incidents or police presence are made up
	Demo      bool             `json:"demo"`
}

// Location gives the district's time zone; America/Lima if it names none.
func (d District) Location() (*time.Location, error) {
	name := d.TimeZone
	if name == "" {
		name = "America/Lima"
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%w: time zone %q of district %s: %v", ErrInvalid, name, d.Ubigeo, err)
	}
	return loc, nil
}

// CheckUbigeo tells whether s is a six-digit code.
func CheckUbigeo(s string) error {
	if len(s) == 6 {
		ok := true
		for _, c := range s {
			ok = ok && c >= '0' && c <= '9'
		}
		if ok {
			return nil
		}
	}
	if len(s) == 5 {
		return fmt.Errorf("%w: ubigeo %q has five digits; the leading zero is missing: write %q", ErrInvalid, s, "0"+s)
	}
	return fmt.Errorf("%w: ubigeo %q is not a six-digit INEI code", ErrInvalid, s)
}

// Simulated is a kind of data that may be made up, for a demonstration.
type Simulated string

// The kinds.
const (
	SimulatedIncidents Simulated = "incidents"
	SimulatedPolice    Simulated = "police"
)
