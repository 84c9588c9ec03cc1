package compliance

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/routing"
)

// Stood is what is known of a planned stop: when its unit came for the stay that
// counts and when it went, how long it stood there in all, whenever that was, and
// whether that is enough.
type Stood struct {
	Arrived, Left time.Time
	Dwell         time.Duration
	Enough        bool
}

// Seen is what is known of a unit's shift.
type Seen struct {
	Drives  []coverage.Drive  // in the order of time
	Silent  []coverage.Window // while on duty
	Planned map[int]Stood     // by the leg's seq
	Other   []Stood           // stops that nobody planned
}

// Input is what a report is made of.
type Input struct {
	Graph   *routing.Graph
	Plan    patrol.Plan
	Shift   fleet.Shift
	Now     time.Time
	Profile string
	// Drift is how far from a silence a planned leg may lie and still be
	// explained by it.
	Drift time.Duration
	Seen  map[string]Seen // by unit
	// Cell names the hot cell of a planned stop.
	Cell func(patrol.Leg) string
}
