// Package arc is arc routing on undirected street networks: the combinatorial
// core beneath the rounds. It knows no patrols: streets are numbered edges
// between numbered junctions, costs are non-negative.
//
// It holds minimum-cost perfect matching (Edmonds 1965, primal-dual with one
// alternating tree at a time, as in Cook & Rohe 1999) and the minimum T-join
// built on it, both proven optimal by their dual solution on the complete
// graph of junctions, not only on the candidate pairs that were looked at.
package arc

import "errors"

// ErrNoMatching says that the vertices cannot all be paired.
var ErrNoMatching = errors.New("no perfect matching")

// ErrOdd says that a part of the network holds an odd number of terminals, so
// that no T-join exists.
var ErrOdd = errors.New("odd number of terminals in a connected part")

// Pair is a candidate edge of a matching. Cost is in any unit of which sums
// of the instance fit an int64 four times over; it may be negative.
type Pair struct {
	U, V int32
	Cost int64
}
