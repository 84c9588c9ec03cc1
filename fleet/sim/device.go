package sim

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/paulmach/orb"
)

// maxBacklog is how many fixes a device sends in one array after a loss of
// coverage.
const maxBacklog = 100

// receiver is the GPS receiver of a device: its error wanders, so that fixes
// seconds apart are wrong in the same direction (a first-order autoregressive
// process on each axis).
type receiver struct {
	rng    *rand.Rand
	sigma  float64
	memory time.Duration
	dx, dy float64
	last   time.Time
}

func (g *receiver) measure(p orb.Point, t time.Time) (orb.Point, float64) {
	rho := 0.0
	if !g.last.IsZero() && g.memory > 0 {
		rho = math.Exp(-float64(t.Sub(g.last)) / float64(g.memory))
	}
	fresh := g.sigma * math.Sqrt(1-rho*rho)
	g.dx = rho*g.dx + fresh*g.rng.NormFloat64()
	g.dy = rho*g.dy + fresh*g.rng.NormFloat64()
	g.last = t
	const perDegree = orb.EarthRadius * math.Pi / 180
	accuracy := g.sigma * (1 + 0.6*g.rng.Float64())
	return orb.Point{p[0] + g.dx/(perDegree*math.Cos(p[1]*math.Pi/180)), p[1] + g.dy/perDegree}, accuracy
}

// messages gives all that the unit's device sends in its round.
func (u *unit) messages(cfg Config, rng *rand.Rand) (out []Message, fixes int) {
	first, last := u.drive.moves[0].start, u.drive.moves[len(u.drive.moves)-1].end
	gps := &receiver{rng: rng, sigma: cfg.Noise, memory: cfg.NoiseMemory}
	battery := 70 + 30*rng.Float64()
	mute := newDropouts(cfg.DropoutsPerHour, cfg.DropoutMean, rng, first, last)
	blind := newDropouts(cfg.BlindPerHour, cfg.BlindMean, rng, first, last)
	var backlog [][]byte // of the loss of coverage that ends at backAt
	var backAt time.Time
	send := func(at time.Time, fixes ...[]byte) {
		out = append(out, Message{At: at, Device: u.device, Payload: payload(fixes), Fixes: len(fixes)})
	}
	flush := func(at time.Time) {
		for len(backlog) > 0 {
			n := min(len(backlog), maxBacklog)
			send(at, backlog[:n]...)
			backlog = backlog[n:]
		}
	}
	t := first.Add(time.Duration(rng.Int64N(int64(cfg.Interval)))).Truncate(time.Millisecond)
	for seq := int64(1); !t.After(last); seq++ {
		if sees := blind.until(t); !sees.IsZero() {
			t = sees
			continue
		}
		s := u.drive.at(t)
		p, accuracy := gps.measure(s.point, t)
		hours := t.Sub(first).Hours()
		fix := encode(t, p, s, accuracy, math.Max(5, battery-6*hours), seq, rng)
		fixes++
		if back := mute.until(t); !back.IsZero() {
			backlog, backAt = append(backlog, fix), back
		} else {
			flush(backAt)
			switch r := rng.Float64(); {
			case r < cfg.LateShare:
				send(t.Add(20*time.Second+time.Duration(rng.Int64N(int64(70*time.Second)))), fix)
			case r < cfg.LateShare+cfg.DuplicateShare:
				send(t, fix)
				send(t.Add(time.Second+time.Duration(rng.Int64N(int64(9*time.Second)))), fix)
			default:
				send(t, fix)
			}
		}
		next := cfg.Interval
		if s.speed == 0 {
			next = cfg.StoppedInterval
			// A unit that is about to leave reports as soon as it moves.
			if wait := u.drive.leaves(t); wait > 0 && wait < next {
				next = max(wait, cfg.Interval)
			}
		}
		t = t.Add(next)
	}
	flush(backAt)
	return out, fixes
}

// leaves gives how long after t the unit's next move begins; 0: never.
func (d *drive) leaves(t time.Time) time.Duration {
	for i := range d.moves {
		if m := &d.moves[i]; m.length() > 0 && m.start.After(t) {
			return m.start.Sub(t)
		}
	}
	return 0
}

// dropouts are the stretches in which a device has no coverage, or its receiver
// no satellites.
type dropouts []struct{ start, end time.Time }

func newDropouts(perHour float64, mean time.Duration, rng *rand.Rand, first, last time.Time) dropouts {
	var out dropouts
	if perHour <= 0 {
		return nil
	}
	for t := first; ; {
		t = t.Add(time.Duration(rng.ExpFloat64() / perHour * float64(time.Hour)))
		if t.After(last) {
			return out
		}
		end := t.Add(time.Duration(min(rng.ExpFloat64(), 4) * float64(mean)))
		out = append(out, struct{ start, end time.Time }{t, end})
		t = end
	}
}

// until gives when coverage comes back; zero: it is there at t.
func (d dropouts) until(t time.Time) time.Time {
	for _, x := range d {
		if !t.Before(x.start) && t.Before(x.end) {
			return x.end
		}
	}
	return time.Time{}
}

// encode writes a fix as our devices do (docs/formats.md).
func encode(t time.Time, p orb.Point, s state, accuracy, battery float64, seq int64, rng *rand.Rand) []byte {
	b := append(make([]byte, 0, 144), `{"ts":`...)
	b = strconv.AppendInt(b, t.UnixMilli(), 10)
	number := func(key string, v float64, digits int) {
		b = append(b, `,"`...)
		b = append(b, key...)
		b = append(b, `":`...)
		b = strconv.AppendFloat(b, v, 'f', digits, 64)
	}
	number("lat", p[1], 7)
	number("lon", p[0], 7)
	if s.speed == 0 {
		number("speed_kmh", 0, 1)
	} else {
		number("speed_kmh", math.Max(0, s.speed*3.6+0.5*rng.NormFloat64()), 1)
		number("course", math.Mod(s.course+3*rng.NormFloat64()+360, 360), 0)
	}
	number("acc", accuracy, 1)
	number("batt", battery, 0)
	number("seq", float64(seq), 0)
	return append(b, '}')
}

// payload joins fixes: one alone, more as an array.
func payload(fixes [][]byte) []byte {
	if len(fixes) == 1 {
		return fixes[0]
	}
	b := []byte{'['}
	for i, f := range fixes {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, f...)
	}
	return append(b, ']')
}
