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

// PresenceOf tells it of a cell, each force by the shifts in which it is known.
// Police stand as planned where only their plan is known.
func PresenceOf(c CellRow, s Sources) Presence {
	mean := func(sum float64, shifts int) float64 { return sum / float64(max(shifts, 1)) }
	p := mean(c.Police, s.PoliceShifts) >= presentMinutes || s.Police == PolicePlanned && mean(c.PolicePlan, s.Shifts) >= expectedPresent
	switch m := mean(c.Municipal, s.Shifts) >= presentMinutes; {
	case mean(c.Integrated, s.Shifts) >= presentMinutes, m && p:
		return BothForces
	case m:
		return OnlyMunicipal
	case p:
		return OnlyPolice
	}
	return Nobody
}
