package match

import (
	"errors"
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// Errors of the package.
var (
	// ErrTime: the fix is not after the one before. The matcher has not
	// changed; sort the fixes and feed the unit's track anew.
	ErrTime = errors.New("fix is not after the one before")
	// ErrFix: the fix has no place or no time. The matcher has not changed.
	ErrFix = errors.New("fix without a place")
	// ErrConfig: a parameter of the model is out of its range.
	ErrConfig = errors.New("unusable matching parameters")
)

// Config holds the parameters of the model.
type Config struct {
	Mode routing.Mode

	Radius     float64 // metres: candidates are sought so far from a fix
	Candidates int     // segments at most a fix, the nearest
	Sigma      float64 // metres: standard deviation of a fix of unknown accuracy
	Beta       float64 // metres: scale of |straight line − way|
	UTurn      float64 // metres that a U-turn adds to that difference
	Aside      float64 // nats: going over to another street that runs the same way
	Back       float64 // metres: further back along an arc is no noise
	HeadingDev float64 // degrees: standard deviation of a course
	HeadingMin float64 // m/s: a course means nothing below

	// Memory is the time after which 1/e of a receiver's error is left; 0: the
	// errors of two fixes have nothing to do with each other.
	Memory time.Duration

	MinMove    float64       // metres: nearer fixes are the same place
	StopRadius float64       // metres: the same while standing
	StopSpeed  float64       // m/s: standing is below
	StandGap   time.Duration // a standing unit may be silent for so long

	MaxGap   time.Duration // the track breaks after
	MaxJump  float64       // metres: the track breaks after
	MaxSpeed float64       // m/s: no way faster than this
	Lag      time.Duration // a step is committed when it is so old

	// StopLeast is how long a unit must stay within StopRadius of one place to
	// have stood there, as Match collapses stops before it matches; 0: it does
	// not, since as fixes come it is not known yet who will stay.
	StopLeast time.Duration

	BridgeGap    time.Duration // over a longer gap no path is given
	BridgeMetres float64       // nor over a longer way
	BridgeSpeed  float64       // m/s: nor over a slower one, which may have wandered
	BridgeSure   float64       // 0..1: nor where a way around one of its streets makes that street less likely
}

// DefaultConfig gives the parameters for a mode.
func DefaultConfig(m routing.Mode) Config {
	c := Config{
		Mode: m, Radius: 40, Candidates: 8, Sigma: 10, Beta: 10, UTurn: 60, Aside: 1, Back: 100, HeadingDev: 30, HeadingMin: 2.5,
		Memory:  10 * time.Second,
		MinMove: 10, StopRadius: 25, StopSpeed: 0.7, StandGap: 4 * time.Minute,
		MaxGap: time.Minute, MaxJump: 1500, MaxSpeed: 45, Lag: 45 * time.Second,
		BridgeGap: 3 * time.Minute, BridgeMetres: 1000, BridgeSpeed: 3, BridgeSure: 0.9,
	}
	switch m {
	case routing.Bicycle:
		c.MaxSpeed, c.BridgeSpeed, c.MaxJump = 15, 1.5, 800
	case routing.Foot:
		c.MaxSpeed, c.BridgeSpeed, c.MaxJump = 5, 0.7, 300
	}
	return c
}

// OffLine gives the parameters for a track that is known to its end: a step is
// decided by the ten minutes that follow, stops are collapsed first, and a gap is bridged by its likeliest
// way, with the probability that it was this one, instead of only where there is
// no other.
func (c Config) OffLine() Config {
	c.Lag = 10 * time.Minute
	c.StopLeast = 3 * time.Minute
	c.BridgeGap, c.BridgeMetres, c.BridgeSpeed, c.BridgeSure = 6*time.Minute, 2500, 0.1, 0.6
	return c
}

// Check tells what is wrong with the parameters.
func (c Config) Check() error {
	for _, v := range []struct {
		name  string
		value float64
	}{
		{"radius", c.Radius}, {"sigma", c.Sigma}, {"beta", c.Beta}, {"heading deviation", c.HeadingDev},
		{"candidates", float64(c.Candidates)}, {"greatest gap", c.MaxGap.Seconds()}, {"greatest jump", c.MaxJump},
		{"greatest speed", c.MaxSpeed}, {"lag", c.Lag.Seconds()},
	} {
		if !(v.value > 0) {
			return fmt.Errorf("%w: %s is %v; want more than 0", ErrConfig, v.name, v.value)
		}
	}
	if c.Mode >= routing.Mode(len(routing.Modes)) {
		return fmt.Errorf("%w: mode %d is not known", ErrConfig, c.Mode)
	}
	if !(c.Aside >= 0 && c.Memory >= 0) {
		return fmt.Errorf("%w: want going aside %v ≥ 0 and memory %v ≥ 0", ErrConfig, c.Aside, c.Memory)
	}
	if !(c.UTurn >= 0 && c.MinMove >= 0 && c.StopRadius >= c.MinMove) {
		return fmt.Errorf("%w: want U-turn %v ≥ 0 and 0 ≤ least move %v ≤ stop radius %v", ErrConfig, c.UTurn, c.MinMove, c.StopRadius)
	}
	if !(c.BridgeSure >= 0.5 && c.BridgeSure <= 1) {
		return fmt.Errorf("%w: sureness of a bridge is %v; want 0.5 to 1", ErrConfig, c.BridgeSure)
	}
	return nil
}

// jitter is how far noise may move a fix, in metres.
func (c *Config) jitter() float64 { return 3 * c.Sigma }
