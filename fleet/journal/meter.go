package journal

import (
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// Meter is what a device told of its vehicle on a day by its own odometer and
// clock of the engine, beside what its fixes come to.
type Meter struct {
	Device   string  `json:"device"`
	Metres   float64 `json:"metres"`   // between the first and the last reading
	Odometer float64 `json:"odometer"` // last reading, metres; 0: none
	Engine   float64 `json:"engine_s"` // between the first and the last reading
	Hours    float64 `json:"hours_s"`  // last reading, seconds; 0: none

	odometer, engine counter
}

// fastest is a speed that no vehicle reaches, m/s: an odometer that ran faster
// was set or exchanged.
const fastest = 70

// counter adds up what a counter of a device runs. One that goes back, or runs
// faster than it can, was set: from there it counts on.
type counter struct {
	last float64
	at   time.Time
}

func (c *counter) take(v float64, at time.Time, perSecond float64) (ran float64) {
	if v <= 0 {
		return 0
	}
	if d := v - c.last; c.last > 0 && d > 0 && d <= perSecond*(at.Sub(c.at).Seconds()+60) {
		ran = d
	}
	c.last, c.at = v, at
	return ran
}

// meters are those of a unit's devices.
type meters []*Meter

func (ms *meters) take(f fleet.Fix) {
	if f.Odometer <= 0 && f.Engine <= 0 {
		return
	}
	var m *Meter
	for _, x := range *ms {
		if x.Device == f.Device {
			m = x
		}
	}
	if m == nil {
		m = &Meter{Device: f.Device}
		*ms = append(*ms, m)
	}
	m.Metres += m.odometer.take(f.Odometer, f.Time, fastest)
	m.Engine += m.engine.take(f.Engine, f.Time, 1)
	m.Odometer, m.Hours = m.odometer.last, m.engine.last
}

// told is the meter of the device that told of the longest way; nil: of none.
func (ms meters) told() *Meter {
	var best *Meter
	for _, m := range ms {
		if best == nil || m.Metres > best.Metres {
			best = m
		}
	}
	if best == nil {
		return nil
	}
	out := *best
	out.odometer, out.engine = counter{}, counter{}
	return &out
}
