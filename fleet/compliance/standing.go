package compliance

import (
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Standing says what of a unit's positions is a tactical stop. Municipal practice
// asks for stops of 10 to 16 minutes.
type Standing struct {
	Radius  float64       // metres from the planned place
	Speed   float64       // m/s: standing is below
	Silence time.Duration // a longer pause between positions is not presence
	Enough  time.Duration // a stop of this length is made
}

// Check tells what is wrong with them.
func (s Standing) Check() error {
	if !(s.Radius > 0 && s.Radius <= 500) || !(s.Speed > 0 && s.Speed <= 10) {
		return fmt.Errorf("%w: a stop within %v m, below %v m/s: want above 0 to 500, and above 0 to 10", fleet.ErrInvalid, s.Radius, s.Speed)
	}
	if s.Silence <= 0 || s.Silence > time.Hour || s.Enough < time.Minute || s.Enough > 8*time.Hour {
		return fmt.Errorf("%w: a stop with pauses of %v and of %v: want above 0 to 1 h, and 1 min to 8 h", fleet.ErrInvalid, s.Silence, s.Enough)
	}
	return nil
}

// Made tells whether a stop that was planned to last so long is made by standing
// there: Enough, or, if it was planned shorter, all but a minute of it, and a
// minute at least.
func (s Standing) Made(stood, planned time.Duration) bool {
	return stood >= max(min(s.Enough, planned-time.Minute), time.Minute)
}
