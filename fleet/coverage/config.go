package coverage

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Errors of the package; wrap them with the place and the remedy.
var (
	ErrConfig    = errors.New("unusable coverage thresholds")
	ErrTraversal = errors.New("unusable traversal")
	ErrUnit      = errors.New("unit already counted for another force")
)

// Config holds the thresholds of a profile. They are municipal practice or our
// defaults, not law: reports name the profile beside each figure.
type Config struct {
	Profile string // named in reports

	// Certain and Probable bound the posterior of a match: at least Certain is
	// a fact, at least Probable is published beside it, less counts for nothing.
	Certain, Probable float64
	// Share of a segment's length that must be matched for it to be covered.
	Share float64
	// EndToEnd is the share that one passage must drive to be a visit.
	EndToEnd float64
	// PatrolSpeed in m/s: a passage whose speed is above it is transit.
	PatrolSpeed float64
	// Pause ends a passage or a visit of a cell that is resumed later.
	Pause time.Duration
	// Silence without a usable fix is unknown time.
	Silence time.Duration
	// Drift is how far from the planned minute a silent unit may have driven a
	// street, so that the street is unknown and not absent.
	Drift time.Duration
	// Resolutions of the H3 cells that are kept.
	Resolutions []int
}

// DefaultConfig gives the product's defaults: 80 % of the length at a
// posterior of 0.9 and at most 30 km/h.
func DefaultConfig() Config {
	return Config{
		Profile: "serenazgo-default",
		Certain: 0.9, Probable: 0.5, Share: 0.8, EndToEnd: 0.95,
		PatrolSpeed: 30 / 3.6,
		Pause:       5 * time.Minute, Silence: 5 * time.Minute, Drift: 15 * time.Minute,
		Resolutions: []int{10, 9},
	}
}

// Check tells what is wrong with the thresholds.
func (c Config) Check() error {
	switch {
	case !(c.Certain > 0 && c.Certain <= 1) || !(c.Probable > 0 && c.Probable <= c.Certain):
		return fmt.Errorf("%w: want 0 < probable ≤ certain ≤ 1, got %v and %v", ErrConfig, c.Probable, c.Certain)
	case !(c.Share > 0 && c.Share <= 1) || !(c.EndToEnd >= c.Share && c.EndToEnd <= 1):
		return fmt.Errorf("%w: want 0 < share ≤ end to end ≤ 1, got %v and %v", ErrConfig, c.Share, c.EndToEnd)
	case !(c.PatrolSpeed > 0):
		return fmt.Errorf("%w: patrol speed %v m/s is not above 0", ErrConfig, c.PatrolSpeed)
	case c.Pause <= 0 || c.Silence <= 0 || c.Drift < 0:
		return fmt.Errorf("%w: pause %v and silence %v must be above 0, drift %v not below", ErrConfig, c.Pause, c.Silence, c.Drift)
	}
	for i, r := range c.Resolutions {
		if r < 0 || r > 15 || slices.Contains(c.Resolutions[:i], r) {
			return fmt.Errorf("%w: H3 resolution %d: want 0 to 15, each once", ErrConfig, r)
		}
	}
	return nil
}
