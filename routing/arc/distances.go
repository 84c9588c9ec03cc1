package arc

import "fmt"

// Distances are the costs of the cheapest ways between places, 0 from a place
// to itself. They must hold the triangle inequality for the engine to be good,
// not for it to be right. Never or more means that there is no way.
type Distances struct {
	n int
	// there[a*n+b] is a→b, back[a*n+b] is b→a: both are read along a row. They
	// are the same slice where every way costs the same both ways.
	there, back []int32
	sparse      *sparse
}

// Places gives how many places there are.
func (d *Distances) Places() int { return d.n }

// At gives the cost from a to b.
func (d *Distances) At(a, b int32) int32 {
	if d.sparse == nil {
		return d.there[int(a)*d.n+int(b)]
	}
	return d.sparse.at(a, b)
}

// NewMatrix takes the cost of every pair of places, row by row: costs[a*n+b] is
// from a to b. The slice belongs to the Distances afterwards.
func NewMatrix(n int, costs []int32) (*Distances, error) {
	if n < 0 || len(costs) != n*n {
		return nil, fmt.Errorf("%d costs for %d places; there must be %d", len(costs), n, n*n)
	}
	d := &Distances{n: n, there: costs, back: costs}
	even := true
	for a := range n {
		for b := range n {
			c := costs[a*n+b]
			if c < 0 || a == b && c != 0 {
				return nil, fmt.Errorf("cost %d from place %d to %d; it must not be negative, and 0 from a place to itself", c, a, b)
			}
			costs[a*n+b] = min(c, Never)
			even = even && costs[a*n+b] == costs[b*n+a]
		}
	}
	if !even {
		d.back = make([]int32, n*n)
		for a := range n {
			for b := range n {
				d.back[b*n+a] = costs[a*n+b]
			}
		}
	}
	return d, nil
}
