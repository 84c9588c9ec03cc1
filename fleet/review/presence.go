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

// PresenceOf tells which force was in a cell, by the terms of the review's profile.
func (r *Review) PresenceOf(c CellRow) Presence { return presenceOf(c, r.Sources, r.Profile.Terms) }

// presenceOf tells it of a cell, each force by the shifts in which it is known and
// by the minutes, or the parts of the clock that its plan lets expect it, in the
// mean of them: without such a floor everybody was everywhere in a quarter.
// Police stand as planned where only their plan is known.
func presenceOf(c CellRow, s Sources, terms Terms) Presence {
	t := terms.OrDefault()
	mean := func(sum float64, shifts int) float64 { return sum / float64(max(shifts, 1)) }
	p := mean(c.Police, s.PoliceShifts) >= t.PresentMinutes || s.Police == PolicePlanned && mean(c.PolicePlan, s.Shifts) >= t.ExpectedSlots
	switch m := mean(c.Municipal, s.Shifts) >= t.PresentMinutes; {
	case mean(c.Integrated, s.Shifts) >= t.PresentMinutes, m && p:
		return BothForces
	case m:
		return OnlyMunicipal
	case p:
		return OnlyPolice
	}
	return Nobody
}
