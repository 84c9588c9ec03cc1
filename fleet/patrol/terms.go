package patrol

import (
	"fmt"
	"math"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Terms are what a municipality may settle about its plans: how much risk,
// police and waiting count, and what tactical stops may take from streets. None
// of them is law; a profile gives them.
type Terms struct {
	// HotPerUnit is how many hot cells a shift has for each unit.
	HotPerUnit int
	// HotGap is the time between two visits of a hot cell that plans stay under
	// where they can; the limit of good practice is two hours.
	HotGap time.Duration
	// StopMin and StopMax bound the length of a stop, which is drawn.
	StopMin, StopMax time.Duration
	// StopShare is how much of the units' time stops may take from streets where
	// there is not enough for both, 0..1.
	StopShare float64
	// Explore is the part of the hot cells that is chosen by who waited longest
	// and not by the forecast, 0..1.
	Explore float64
	// RiskShare is how much of a street's need follows the forecast, 0..1; the
	// rest is the floor that every street has (the whole territory!). RiskCap is
	// how many times the district's mean a street's risk counts at most.
	RiskShare, RiskCap float64
	// PoliceShare is how much of the need the police can take away at most, 0..1.
	PoliceShare float64
	// StaleShifts is after how many shifts without a visit a street's need grows
	// no more.
	StaleShifts int
	// PoolWorse is by how much a plan of the pool may take longer than the best,
	// 0..1.
	PoolWorse float64
}

// DefaultTerms are those of the program. A larger StopShare has few units come
// more often to hot cells and visit every street in more shifts.
func DefaultTerms() Terms {
	return Terms{HotPerUnit: 2, HotGap: 86 * time.Minute, StopMin: StopMin, StopMax: 16 * time.Minute, StopShare: 0.15, Explore: hotspots.DefaultExplore,
		RiskShare: 0.5, RiskCap: 6, PoliceShare: 0.6, StaleShifts: 30, PoolWorse: 0.02}
}

// Check tells what is wrong with terms. The error is a fleet.ErrInvalid.
func (t Terms) Check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%w: "+format, append([]any{fleet.ErrInvalid}, args...)...)
	}
	for _, v := range []struct {
		key    string
		v      float64
		lo, hi float64
	}{
		{"hot_cells_per_unit", float64(t.HotPerUnit), 0, 10}, {"hot_gap_s", t.HotGap.Seconds(), 1800, 21600},
		{"stop_min_s", t.StopMin.Seconds(), StopMin.Seconds(), 3600}, {"stop_max_s", t.StopMax.Seconds(), t.StopMin.Seconds(), 3600},
		{"stop_share", t.StopShare, 0, 0.9}, {"explore_share", t.Explore, 0, 1},
		{"risk_share", t.RiskShare, 0, 0.95}, {"risk_cap", t.RiskCap, 1, 100}, {"police_share", t.PoliceShare, 0, 0.95},
		{"stale_shifts", float64(t.StaleShifts), 1, 1000}, {"pool_worse", t.PoolWorse, 0, 0.5},
	} {
		if !(v.v >= v.lo && v.v <= v.hi) || math.IsNaN(v.v) {
			return bad("%s is %v: give a number from %v to %v", v.key, v.v, v.lo, v.hi)
		}
	}
	return nil
}

// staleStep is what each shift that has passed without a visit adds to a
// street's need: more than risk and police can make of a difference, so that a
// street left out in one shift comes before all that were visited, and few units
// get round the whole district in as few shifts as their time allows.
func (t Terms) staleStep() float64 {
	return 2 * (1 - t.RiskShare + t.RiskShare*t.RiskCap) / ((1 - t.RiskShare) * (1 - t.PoliceShare))
}
