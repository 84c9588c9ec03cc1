// Package arc is arc routing: tasks on a street network, each a street to drive
// along or a stop, go into routes of units so that all routes cost least or the
// longest one does. It knows no patrols: tasks, places and units are numbers,
// costs are whole numbers in one unit of the caller's.
//
// Improve takes strings of neighbouring tasks out of a plan and puts them back
// where they cost least, every direction chosen best (Vidal 2017; Christiaens &
// Vanden Berghe 2020), while it cools down. Large problems are first brought to a
// plan that no move within one route or between two makes better (descent.go; each
// move is a file), then searched window by window. Distances between places are a
// matrix, or hub labels where that would be too large.
//
// Beside it stand minimum-cost perfect matching (Edmonds 1965, primal-dual with
// one alternating tree at a time, as in Cook & Rohe 1999) and the minimum T-join
// built on it, both proven optimal by their dual solution on the complete graph
// of junctions, not only on the candidate pairs that were looked at.
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
