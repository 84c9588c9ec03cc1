package match

import (
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// Traversal is a part of an arc that a unit travelled. From and To are
// fractions of the arc's length in driving order, 0 ≤ From ≤ To ≤ 1. Where
// From equals To the unit stood there from Start to End.
//
// A unit's traversals come in the order of time. The pieces of one passage of
// an arc touch: each begins at the fraction where the one before ended.
type Traversal struct {
	Arc        routing.Arc
	From, To   float64
	Start, End time.Time
	Posterior  float64 // 0..1, how sure the match is
	Speed      float64 // m/s as the receiver reported it over the piece; NaN if it did not
}
