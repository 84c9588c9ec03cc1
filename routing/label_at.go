package routing

import "github.com/paulmach/orb"

// LabelAt names the nearest street within so many metres of a place; empty if
// there is none, or no graph.
func (g *Graph) LabelAt(p orb.Point, within float64) string {
	if g == nil {
		return ""
	}
	for _, c := range g.Snap(p, within) {
		return g.Segments[c.Segment].Label
	}
	return ""
}
