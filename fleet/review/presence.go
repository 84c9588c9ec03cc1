package review

// Presence tells which force was in a cell over a period.
type Presence string

// The presences.
const (
	Nobody        Presence = "none"
	OnlyMunicipal Presence = "municipal"
	OnlyPolice    Presence = "police"
	BothForces    Presence = "both" // one after the other, at once, or together
)

// What makes a force present in a cell: minutes in the mean shift, or half-hours
// in which its plan lets expect it in the mean shift. Without such a floor
// everybody was everywhere in a quarter.
const (
	presentMinutes  = 1
	expectedPresent = 0.5
)

// PresenceOf tells it of a cell. Police stand as planned where only their plan is
// known.
func PresenceOf(c CellRow, s Sources) Presence {
	shifts := float64(max(s.Shifts, 1))
	here := func(minutes float64) bool { return minutes/shifts >= presentMinutes }
	p := here(c.Police) || s.Police == PolicePlanned && c.PolicePlan/shifts >= expectedPresent
	switch m := here(c.Municipal); {
	case here(c.Integrated), m && p:
		return BothForces
	case m:
		return OnlyMunicipal
	case p:
		return OnlyPolice
	}
	return Nobody
}
