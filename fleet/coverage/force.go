package coverage

import (
	"fmt"
	"slices"
)

// Force says whose presence a unit is.
type Force uint8

// The forces. An integrated crew is a municipal unit with a police officer
// aboard: it is presence of both at once, and never counts as duplication.
const (
	Municipal Force = iota
	Police
	Integrated
	numForces
)

var forceNames = [numForces]string{"municipal", "police", "integrated"}

// String gives the identifier used in files and in the API.
func (f Force) String() string {
	if f >= numForces {
		return fmt.Sprintf("force(%d)", uint8(f))
	}
	return forceNames[f]
}

// MarshalText writes the identifier.
func (f Force) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// forces is a set of forces, one bit each.
type forces uint8

func (s forces) has(f Force) bool { return s&(1<<f) != 0 }
func (s forces) serenazgo() bool  { return s.has(Municipal) || s.has(Integrated) }
func (s forces) pnp() bool        { return s.has(Police) || s.has(Integrated) }

// state is what the map shows for a set of forces.
func (s forces) state() State {
	switch {
	case s.has(Municipal) && s.has(Police):
		return Both
	case s.has(Integrated):
		return ByIntegrated
	case s.has(Municipal):
		return ByMunicipal
	case s.has(Police):
		return ByPolice
	}
	return None
}

// State is what is known of a street or cell.
type State uint8

// The states. Outside is a street that does not count: it does not belong to
// the district, or no unit can reach it.
const (
	None State = iota
	ByMunicipal
	ByPolice
	Both
	ByIntegrated
	Unknown
	Outside
)

var (
	stateNames   = [...]string{"none", "municipal", "police", "both", "integrated", "unknown", "outside"}
	stateLetters = [...]byte{'n', 'm', 'p', 'b', 'i', 'u', '.'}
)

// String gives the identifier used in the API.
func (s State) String() string {
	if int(s) >= len(stateNames) {
		return fmt.Sprintf("state(%d)", uint8(s))
	}
	return stateNames[s]
}

// MarshalText writes the identifier.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *State) UnmarshalText(text []byte) error {
	i := slices.Index(stateNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is not a coverage state", text)
	}
	*s = State(i)
	return nil
}

// States holds one state for each segment of a graph, in its order.
type States []State

// MarshalText writes one letter a segment: n none, m municipal, p police,
// b both, i integrated, u unknown, '.' outside.
func (s States) MarshalText() ([]byte, error) {
	out := make([]byte, len(s))
	for i, v := range s {
		if int(v) >= len(stateLetters) {
			return nil, fmt.Errorf("coverage state %d of segment %d is not known", v, i)
		}
		out[i] = stateLetters[v]
	}
	return out, nil
}

// UnmarshalText reads what MarshalText wrote.
func (s *States) UnmarshalText(text []byte) error {
	out := make(States, len(text))
	for i, c := range text {
		k := slices.Index(stateLetters[:], c)
		if k < 0 {
			return fmt.Errorf("%q of segment %d is not a coverage state", c, i)
		}
		out[i] = State(k)
	}
	*s = out
	return nil
}
