package match

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

// memory is how much of a receiver's error at one fix is still there at another,
// 0..1: the errors are a first-order autoregressive process. Fixes of one time
// are one fix, which says nothing more.
func (c *Config) memory(a, b Fix) float64 {
	d := b.Time.Sub(a.Time)
	if d <= 0 || c.Memory <= 0 {
		return 0
	}
	return math.Exp(-d.Seconds() / c.Memory.Seconds())
}

// lasting tells how much likelier it is, in nats, that a fix lies so far to the
// side of its state, now that the fix before lay off its own, than if nothing had
// been known of that. Only what lies across the arcs is known of the two errors;
// on arcs at an angle these share less, and at a right angle nothing. memory is
// of the two fixes, sigma the deviation of an error in metres.
func lasting(from, to *state, memory, sigma float64) float64 {
	gain, own := agreeing(from.side/sigma, to.side/sigma, memory*cosine(from, to))
	return gain - 0.5*math.Log(own)
}

// agreeing gives the part of lasting that depends on the errors, in deviations:
// how well the second agrees with the first, of which it shares so much; and what
// of its variance is its own, of which lasting adds −½ log.
func agreeing(was, is, shared float64) (gain, own float64) {
	own = 1 - shared*shared
	off := is - shared*was
	return 0.5 * (is*is - off*off/own), own
}

// cosine of the angle between the arcs of two states, where these are.
func cosine(a, b *state) float64 { return a.east*b.east + a.north*b.north }

// sameWay is the cosine from which on two streets run the same way: 37°.
const sameWay = 0.8

// aside is what it costs to go over to a street of another name or class that
// runs the same way, in nats. Beside a wide street run its lanes for those who
// live there, nearer than the error of a fix; who drives on mostly stays where he
// is.
func (m *Matcher) aside(from, to *state) float64 {
	if from.arc.Segment() == to.arc.Segment() || cosine(from, to) <= sameWay || sameStreet(m.g, from.arc, to.arc) {
		return 0
	}
	return m.cfg.Aside
}

// sameStreet tells whether two arcs are, by name and class, of one street.
func sameStreet(g *routing.Graph, a, b routing.Arc) bool {
	x, y := g.Segment(a), g.Segment(b)
	return x.Class == y.Class && x.Name == y.Name
}
