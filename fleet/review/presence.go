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

// PresenceOf tells it of a cell. police is where the police figures come from:
// where only their plan is known, they are expected where it lets expect them in
// half a half-hour or more.
func PresenceOf(c CellRow, police string) Presence {
	p := c.Police > 0 || police == PolicePlanned && c.PolicePlan >= 0.5
	switch {
	case c.Integrated > 0, c.Municipal > 0 && p:
		return BothForces
	case c.Municipal > 0:
		return OnlyMunicipal
	case p:
		return OnlyPolice
	}
	return Nobody
}
