package risk

// Level is how much an area is to be preferred.
type Level string

// The levels, the highest first.
const (
	High   Level = "high"
	Medium Level = "medium"
	Low    Level = "low"
)

// Levels gives the levels, the highest first.
func Levels() []Level { return []Level{High, Medium, Low} }

// From how many times the district's mean on a cell is proposed as a priority
// area, and how many at most: more would be no priorities. Judgements.
const (
	highTimes   = 6
	mediumTimes = 3.5
	lowTimes    = 2
	MaxProposed = 24
)

// Proposal is a cell that the joint map puts forward as a priority area.
type Proposal struct {
	Cell  Cell
	Rank  int // 1 = the first
	Times float64
	Level Level
}

// Propose gives the cells that stand out from the rest, in order.
func (m Map) Propose() []Proposal {
	var out []Proposal
	for i, c := range m.Ranked(MaxProposed) {
		p := Proposal{Cell: c, Rank: i + 1, Times: m.Times(c)}
		switch {
		case p.Times >= highTimes:
			p.Level = High
		case p.Times >= mediumTimes:
			p.Level = Medium
		case p.Times >= lowTimes:
			p.Level = Low
		default:
			return out
		}
		out = append(out, p)
	}
	return out
}
