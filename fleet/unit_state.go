package fleet

import (
	"fmt"
	"time"
)

// Readiness tells whether a unit can go out.
type Readiness string

// The states of a unit in the register.
const (
	Operational Readiness = "operational"
	Workshop    Readiness = "workshop"
	NoFuel      Readiness = "no_fuel"
)

// UnitReadiness is a unit's entry in the register: its state from an instant
// until the next entry, who said so and why.
type UnitReadiness struct {
	Ubigeo   string    `json:"-"`
	Unit     string    `json:"unit"`
	Since    time.Time `json:"since"`
	State    Readiness `json:"state"`
	Expected time.Time `json:"expected,omitzero"` // back in service; zero: not known
	Reason   string    `json:"reason"`
	Username string    `json:"username,omitempty"`
}

// CheckReadiness tells what is wrong with an entry, if anything. A unit out of
// service needs a reason.
func CheckReadiness(r UnitReadiness) error {
	switch r.State {
	case Operational:
	case Workshop, NoFuel:
		if r.Reason == "" {
			return fmt.Errorf("%w: say why unit %s is out of service", ErrInvalid, r.Unit)
		}
	default:
		return fmt.Errorf("%w: state %q is none of operational, workshop, no_fuel", ErrInvalid, r.State)
	}
	if len([]rune(r.Reason)) > 200 {
		return fmt.Errorf("%w: the reason is longer than 200 letters", ErrInvalid)
	}
	if err := CheckLine("the reason", r.Reason); err != nil {
		return err
	}
	if !r.Expected.IsZero() && !r.Expected.After(r.Since) {
		return fmt.Errorf("%w: unit %s is expected back before it goes", ErrInvalid, r.Unit)
	}
	return nil
}
