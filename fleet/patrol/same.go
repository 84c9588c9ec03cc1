package patrol

import "slices"

// Same names rounds that a plan has from another one, leg for leg: they need
// not be written again.
type Same struct {
	Plan  string   // the other one's id
	Units []string // whose rounds
}

// Has tells whether a unit's round is the other plan's.
func (s Same) Has(unit string) bool { return slices.Contains(s.Units, unit) }

// Whole names all rounds of a plan that is kept: what a copy has from it.
func Whole(p Plan) Same {
	s := Same{Plan: p.ID}
	for _, r := range p.Rounds {
		s.Units = append(s.Units, r.Unit)
	}
	return s
}

// Same names the rounds that the change left as they were.
func (c Change) Same() Same {
	s := Same{Plan: c.Plan.Parent}
	for _, r := range c.Plan.Rounds {
		if !slices.Contains(c.Units, r.Unit) {
			s.Units = append(s.Units, r.Unit)
		}
	}
	return s
}
