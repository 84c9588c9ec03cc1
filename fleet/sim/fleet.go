package sim

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
)

// Config describes a simulated fleet. Zero values take the default named;
// negative ones switch the fault off.
type Config struct {
	Plan    patrol.Plan
	Devices map[string]string // unit → device; a unit without one reports as DeviceOf
	Seed    int64

	Interval        time.Duration // between fixes while moving; 5 s
	StoppedInterval time.Duration // and while standing; 30 s
	Noise           float64       // metres, standard deviation on each axis; 5
	NoiseMemory     time.Duration // over which the error stays alike; 30 s
	DropoutsPerHour float64       // losses of coverage an hour and unit; 0.5
	DropoutMean     time.Duration // their mean length; 3 min
	BlindPerHour    float64       // losses of the satellites an hour and unit: fixes that never were; none
	BlindMean       time.Duration // their mean length; 1 min
	DuplicateShare  float64       // fixes sent twice; 0.01
	LateShare       float64       // fixes that arrive after later ones; 0.005
}

func (c Config) withDefaults() Config {
	c.Interval = orDefault(c.Interval, 5*time.Second)
	c.StoppedInterval = orDefault(c.StoppedInterval, 30*time.Second)
	c.Noise = orDefault(c.Noise, 5)
	c.NoiseMemory = orDefault(c.NoiseMemory, 30*time.Second)
	c.DropoutsPerHour = orDefault(c.DropoutsPerHour, 0.5)
	c.DropoutMean = orDefault(c.DropoutMean, 3*time.Minute)
	c.BlindMean = orDefault(c.BlindMean, time.Minute)
	c.DuplicateShare = orDefault(c.DuplicateShare, 0.01)
	c.LateShare = orDefault(c.LateShare, 0.005)
	return c
}

func orDefault[T ~float64 | ~int64](v, d T) T {
	switch {
	case v == 0:
		return d
	case v < 0:
		return 0
	}
	return v
}

// Message is one payload that a device publishes.
type Message struct {
	At      time.Time // simulated
	Device  string
	Payload []byte // one fix, or an array after a loss of coverage
	Fixes   int
}

// Fleet is a simulated fleet on its way through a plan.
type Fleet struct {
	messages []Message
	units    map[string]*unit
	order    []string
	fixes    int // sent at least once
}

type unit struct {
	id, device string
	round      patrol.Round
	drive      *drive
}

// New makes the fleet and everything that it will send.
func New(cfg Config) (*Fleet, error) {
	cfg = cfg.withDefaults()
	if cfg.Interval <= 0 || cfg.StoppedInterval <= 0 {
		return nil, fmt.Errorf("%w: fixes need an interval", fleet.ErrInvalid)
	}
	f := &Fleet{units: map[string]*unit{}}
	devices := map[string]string{}
	for i, r := range cfg.Plan.Rounds {
		if len(r.Legs) == 0 { // a unit that stays at its base
			continue
		}
		if _, twice := f.units[r.Unit]; twice {
			return nil, fmt.Errorf("%w: the plan has two rounds for unit %s", fleet.ErrInvalid, r.Unit)
		}
		d, err := newDrive(r)
		if err != nil {
			return nil, err
		}
		device := cfg.Devices[r.Unit]
		if device == "" {
			device = DeviceOf(r.Unit)
		}
		if err := fleet.CheckDeviceID(device); err != nil {
			return nil, err
		}
		if other, twice := devices[device]; twice {
			return nil, fmt.Errorf("%w: units %s and %s have the same device %s", fleet.ErrInvalid, other, r.Unit, device)
		}
		devices[device] = r.Unit
		u := &unit{id: r.Unit, device: device, round: r, drive: d}
		f.units[r.Unit] = u
		f.order = append(f.order, r.Unit)
		ms, n := u.messages(cfg, rand.New(rand.NewPCG(uint64(cfg.Seed), uint64(i)+1)))
		f.messages = append(f.messages, ms...)
		f.fixes += n
	}
	if len(f.messages) == 0 {
		return nil, fmt.Errorf("%w: the plan has no rounds to drive", fleet.ErrInvalid)
	}
	slices.SortStableFunc(f.messages, func(a, b Message) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Device, b.Device))
	})
	return f, nil
}

// DeviceOf names the simulated device of a unit, so that it never passes for
// the unit's own.
func DeviceOf(unit string) string { return "sim-" + unit }

// Messages gives everything that the fleet sends, in order of sending. The
// slice is shared: do not change it.
func (f *Fleet) Messages() []Message { return f.messages }

// Fixes gives the number of different fixes among the messages.
func (f *Fleet) Fixes() int { return f.fixes }

// Span gives the time from the first message to the last.
func (f *Fleet) Span() (start, end time.Time) {
	return f.messages[0].At, f.messages[len(f.messages)-1].At
}

// Units gives the units in the plan's order, Device the device of one.
func (f *Fleet) Units() []string { return f.order }

// Device gives the device of a unit, "" if it is not in the plan.
func (f *Fleet) Device(unit string) string {
	if u, ok := f.units[unit]; ok {
		return u.device
	}
	return ""
}

// Drive is a leg that a unit truly drove, or a part of it.
type Drive struct {
	Unit, Device string
	Leg          patrol.Leg
	Start, End   time.Time
	From, To     float64 // share of the leg's line, 0..1
}

// Truth gives what the units truly drove from one instant to another, unit by
// unit in the plan's order: legs whose line was driven at least in part.
func (f *Fleet) Truth(from, to time.Time) []Drive {
	var out []Drive
	for _, id := range f.order {
		u := f.units[id]
		for i := range u.drive.moves {
			m := &u.drive.moves[i]
			if m.length() == 0 || !m.end.After(from) || !m.start.Before(to) {
				continue
			}
			d := Drive{Unit: u.id, Device: u.device, Leg: u.round.Legs[m.leg], Start: m.start, End: m.end, To: 1}
			whole := m.end.Sub(m.start).Seconds()
			if m.start.Before(from) {
				d.Start = from
				d.From, _ = easeBetween(from.Sub(m.start).Seconds()/whole, m.first, m.last)
			}
			if m.end.After(to) {
				d.End = to
				d.To, _ = easeBetween(to.Sub(m.start).Seconds()/whole, m.first, m.last)
			}
			out = append(out, d)
		}
	}
	return out
}

// Position gives where a unit truly is; false if it is not in the plan.
func (f *Fleet) Position(unit string, t time.Time) (orb.Point, bool) {
	u, ok := f.units[unit]
	if !ok {
		return orb.Point{}, false
	}
	return u.drive.at(t).point, true
}
