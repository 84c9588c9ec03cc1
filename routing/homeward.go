package routing

import "math"

// Homeward is the way home from everywhere: for the end of every arc how far it
// is to a place, and the arc to take there. +Inf and NoArc where there is no
// way, 0 and NoArc at the place itself. One-ways and turn restrictions are
// honoured.
type Homeward struct {
	Metres []float64 // by arc
	Next   []Arc     // by arc
}

// NewHomeward searches back from a base once.
func NewHomeward(g *Graph, base Start) Homeward {
	n := 2 * len(g.Segments)
	h := Homeward{Metres: make([]float64, n), Next: make([]Arc, n)}
	back := NewReverseSearch(g, base.Mode, nil)
	back.FromNode(base.Base, math.Inf(1), nil)
	for i := range n {
		a := Arc(i)
		h.Metres[i], h.Next[i] = math.Inf(1), NoArc
		if g.Head(a) == base.Base {
			h.Metres[i] = 0
			continue
		}
		for _, b := range g.Out(g.Head(a)) {
			if c, ok := back.Cost(b); ok && g.TurnAllowed(a, b, base.Mode) && c < h.Metres[i] {
				h.Metres[i], h.Next[i] = c, b
			}
		}
	}
	return h
}
