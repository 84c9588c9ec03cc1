package match

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// Edge is the part of an arc that was travelled in one go, in metres along it.
type Edge struct {
	Arc      routing.Arc
	From, To float64
}

// Edges joins traversals of at least the posterior into edges, one for each
// passage of an arc; standing leaves none.
func Edges(g *routing.Graph, ts []Traversal, posterior float64) []Edge {
	var out []Edge
	for _, t := range ts {
		if t.Posterior < posterior || t.To <= t.From {
			continue
		}
		l := g.Segment(t.Arc).Length
		e := Edge{t.Arc, t.From * l, t.To * l}
		if n := len(out); n > 0 && out[n-1].Arc == e.Arc && e.From >= out[n-1].To-1e-6 && e.From-out[n-1].To < 1 {
			out[n-1].To = e.To
			continue
		}
		out = append(out, e)
	}
	return out
}

// MetresByArc sums up how far each arc was driven.
func MetresByArc(g *routing.Graph, ts []Traversal) map[routing.Arc]float64 {
	out := map[routing.Arc]float64{}
	for _, t := range ts {
		out[t.Arc] += (t.To - t.From) * g.Segment(t.Arc).Length
	}
	return out
}

// Length of edges in metres.
func Length(es []Edge) float64 {
	sum := 0.0
	for _, e := range es {
		sum += e.To - e.From
	}
	return sum
}

// Correct gives the length in metres of the longest common subsequence of two
// tracks: same arc, same direction, same order. Edges are compared piece by
// piece, cut wherever either track begins or ends on their arc, so that driving
// on, turning round and driving the same stretch again is compared with driving
// it once by its length, not as one edge against several.
func Correct(truth, matched []Edge) float64 {
	cuts := cutsOf(truth, matched)
	truth, matched = cutAt(truth, cuts), cutAt(matched, cuts)
	row := make([]float64, len(matched)+1)
	for _, t := range truth {
		diagonal := 0.0
		for j, m := range matched {
			above := row[j+1]
			best := max(above, row[j])
			if t.Arc == m.Arc {
				if both := min(t.To, m.To) - max(t.From, m.From); both > 0 {
					best = max(best, diagonal+both)
				}
			}
			diagonal = above
			row[j+1] = best
		}
	}
	return row[len(matched)]
}

// cutsOf gives, for each arc, the places where a track begins or ends on it, in
// order.
func cutsOf(tracks ...[]Edge) map[routing.Arc][]float64 {
	out := map[routing.Arc][]float64{}
	for _, es := range tracks {
		for _, e := range es {
			out[e.Arc] = append(out[e.Arc], e.From, e.To)
		}
	}
	for a, at := range out {
		slices.Sort(at)
		out[a] = slices.Compact(at)
	}
	return out
}

// cutAt divides edges at the given places.
func cutAt(es []Edge, cuts map[routing.Arc][]float64) []Edge {
	out := make([]Edge, 0, 2*len(es))
	for _, e := range es {
		from := e.From
		for _, at := range cuts[e.Arc] {
			if at > from && at < e.To {
				out = append(out, Edge{e.Arc, from, at})
				from = at
			}
		}
		out = append(out, Edge{e.Arc, from, e.To})
	}
	return out
}
