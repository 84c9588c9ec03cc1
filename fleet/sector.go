package fleet

import "fmt"

// SectorInUse is why an area must not go: a unit is bound to it. It is an
// ErrConflict.
type SectorInUse struct {
	Sector string // its id
	Unit   string // call sign of the unit
}

// Error says it in English.
func (e SectorInUse) Error() string {
	return fmt.Sprintf("%v: unit %s is bound to sector %s; change the unit first", ErrConflict, e.Unit, e.Sector)
}

// Unwrap makes it an ErrConflict.
func (SectorInUse) Unwrap() error { return ErrConflict }
