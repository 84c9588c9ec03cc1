package routing

import "fmt"

// Mode is a way of moving through the street network.
type Mode uint8

// The modes of a patrol unit.
const (
	Car Mode = iota
	Motorcycle
	Bicycle
	Foot
	numModes
)

// Modes lists every mode in order.
var Modes = [...]Mode{Car, Motorcycle, Bicycle, Foot}

var modeNames = [...]string{"car", "motorcycle", "bicycle", "foot"}

// String gives the mode's identifier in files and in the API.
func (m Mode) String() string {
	if m >= numModes {
		return fmt.Sprintf("mode(%d)", uint8(m))
	}
	return modeNames[m]
}

// ParseMode reads an identifier as String writes it.
func ParseMode(s string) (Mode, error) {
	for i, n := range modeNames {
		if n == s {
			return Mode(i), nil
		}
	}
	return 0, fmt.Errorf("%w: %q is none of car, motorcycle, bicycle, foot", ErrMode, s)
}

// MarshalText writes the identifier.
func (m Mode) MarshalText() ([]byte, error) {
	if m >= numModes {
		return nil, fmt.Errorf("%w: %d", ErrMode, uint8(m))
	}
	return []byte(modeNames[m]), nil
}

// UnmarshalText reads the identifier.
func (m *Mode) UnmarshalText(b []byte) error {
	v, err := ParseMode(string(b))
	if err == nil {
		*m = v
	}
	return err
}

// ModeSet is a set of modes, one bit each.
type ModeSet uint8

// AllModes holds every mode.
const AllModes ModeSet = 1<<numModes - 1

// SetOf makes a set.
func SetOf(ms ...Mode) ModeSet {
	var s ModeSet
	for _, m := range ms {
		s |= 1 << m
	}
	return s
}

// Has tells whether m is in the set.
func (s ModeSet) Has(m Mode) bool { return s&(1<<m) != 0 }
