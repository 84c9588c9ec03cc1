// Package compliance sets what the units of a shift drove beside what the plan
// asked of them, leg by leg and stop by stop, and says what is missing.
//
// # Legs
//
// Legs that patrol (service, repeat, fill) and transfers are matched with the
// unit's drives along the same street, in the order of time: as many as
// possible, and of those pairings the one with the least delay in all. A drive
// counts for a patrol leg if it was no transit and covered Config.Share of the
// street with a posterior of at least the profile's probable one.
//
//	done     the drive began at most Config.Late after the leg was to begin
//	late     it began later
//	pending  no drive, and the leg may still be late
//	skipped  no drive, and it may not; Reason says why, as far as is known
//	extra    a drive at patrol speed that no leg asked for
//
// # Stops
//
// A stop is done if the unit stood there long enough (the caller says so), late
// if the stay that counts began more than Config.Late after its hour; else pending
// or skipped.
//
// # The verdict
//
// A unit has complied if of its first visits at least Config.KmPct percent of
// the length were driven, by it or by another unit, of its stops
// Config.StopsPct percent were made, and of their minutes Config.MinutesPct
// percent were stood. What is not planned is complied with.
//
// Lengths are km, times UTC. The package has no clock.
package compliance

import (
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Config holds the thresholds of a profile.
type Config struct {
	Late       time.Duration // a leg or stop begun later than this is late
	Share      float64       // 0..1: of a street's length that a drive must cover
	KmPct      float64       // percent of the length of first visits
	StopsPct   float64       // percent of the stops
	MinutesPct float64       // percent of the minutes of the stops
	Stops      Standing      // what a stop is
}

// DefaultConfig gives the product's defaults, which are municipal practice and
// no norm.
func DefaultConfig() Config {
	return Config{Late: 15 * time.Minute, Share: 0.8, KmPct: 90, StopsPct: 80, MinutesPct: 80,
		Stops: Standing{Radius: 60, Speed: 2, Silence: 3 * time.Minute, Enough: 10 * time.Minute}}
}

// Check tells what is wrong with the thresholds.
func (c Config) Check() error {
	if c.Late < 0 || !(c.Share > 0 && c.Share <= 1) {
		return fmt.Errorf("%w: late after %v, share %v: want 0 or more, and above 0 to 1", fleet.ErrInvalid, c.Late, c.Share)
	}
	if err := c.Stops.Check(); err != nil {
		return err
	}
	for _, p := range []float64{c.KmPct, c.StopsPct, c.MinutesPct} {
		if !(p >= 0 && p <= 100) {
			return fmt.Errorf("%w: %v percent: want 0 to 100", fleet.ErrInvalid, p)
		}
	}
	return nil
}
