package fleet

import (
	"fmt"
	"slices"
	"time"
)

// MaxRoster is how many units may go out in a shift.
const MaxRoster = 500

// Roster is who goes out in a shift.
type Roster struct {
	Shift ShiftID   `json:"shift"`
	Units []string  `json:"units"` // ids
	By    string    `json:"by"`    // user name
	At    time.Time `json:"at"`
}

// Check refuses a roster of nobody, of too many, or that names a unit twice.
func (r Roster) Check() error {
	if _, _, err := r.Shift.Split(); err != nil {
		return err
	}
	if n := len(r.Units); n == 0 || n > MaxRoster {
		return fmt.Errorf("%w: the roster of %s has %d units: give 1 to %d", ErrInvalid, r.Shift, n, MaxRoster)
	}
	for i, id := range r.Units {
		if err := CheckUnitID(id); err != nil {
			return err
		}
		if slices.Contains(r.Units[:i], id) {
			return fmt.Errorf("%w: unit %s is twice in the roster of %s", ErrInvalid, id, r.Shift)
		}
	}
	return nil
}
