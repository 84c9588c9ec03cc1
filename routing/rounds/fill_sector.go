package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// headForSector takes a crew that may only be sent to some streets, and has none
// of them near, to the nearest that counts; false if it would not be back in
// time, or there is none.
func (f *fill) headForSector(c *crew, left float64) bool {
	s := f.s
	u := &s.p.Units[c.unit]
	search := f.ways(c, math.Inf(1), nil)
	best, least := routing.NoArc, math.Inf(1)
	for a := range routing.Arc(2 * len(s.metres)) {
		if seg := a.Segment(); !s.wanted[seg] || !u.serves(seg) || !s.reach[c.unit].Arc(a) {
			continue
		}
		if cost, ok := search.Cost(a); ok && cost < least {
			best, least = a, cost
		}
	}
	if best == routing.NoArc {
		return false
	}
	path := search.AppendPath(nil, best)
	metres := f.length(path)
	if metres/u.Speed+f.goalTime(c, best)-f.goalTime(c, c.arc) > left || !f.mayDrive(c, metres, best) {
		return false
	}
	for _, a := range path {
		f.drive(c, a)
	}
	return true
}
