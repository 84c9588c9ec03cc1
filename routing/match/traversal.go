// Package match turns the fixes of one unit into traversals of the street
// network (map matching).
package match

import (
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// Traversal is a part of an arc that a unit travelled. From and To are
// fractions of the arc's length in driving order, 0 ≤ From ≤ To ≤ 1.
type Traversal struct {
	Arc        routing.Arc
	From, To   float64
	Start, End time.Time
	Posterior  float64 // 0..1, how sure the match is
}
