// Package tracktest makes up the fixes of a unit on patrol, for tests and
// benchmarks of trails: streets in blocks, lights, tactical stops, a receiver
// that drifts.
package tracktest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
)

// Drive says what to make up.
type Drive struct {
	Ubigeo, Unit, Device string
	From                 time.Time
	Interval             time.Duration
	Fixes                int
	Seed                 uint64
	Noise                float64 // metres, of the receiver
}

const (
	block  = 90.0 // metres
	blocks = 40
)

// Each makes the fixes one after the other.
func (d Drive) Each(do func(fleet.Fix)) {
	r := rand.New(rand.NewPCG(d.Seed, 1))
	origin := orb.Point{-79.0, -8.08}
	x, y, dx, dy := 20*block, 20*block, 1.0, 0.0
	speed, toCorner, halt := 5.0, block, 0.0
	var noise [2]float64
	on := true
	dt := d.Interval.Seconds()
	for i := range d.Fixes {
		now := speed
		for left := dt; left > 0; {
			if halt > 0 {
				now = 0
				wait := math.Min(halt, left)
				halt, left = halt-wait, left-wait
				continue
			}
			way := math.Min(toCorner, speed*left)
			x, y, left, toCorner = x+dx*way, y+dy*way, left-way/speed, toCorner-way
			if toCorner > 1e-9 {
				continue
			}
			toCorner = block
			switch u := r.Float64(); {
			case u < 0.10:
				halt = 5 + 25*r.Float64() // a light
			case u < 0.115:
				halt = 300 + 600*r.Float64() // a stop to be seen
			}
			if r.Float64() < 0.3 || x < 0 || y < 0 || x > blocks*block || y > blocks*block {
				dx, dy = -dy, dx
				if r.Float64() < 0.5 {
					dx, dy = -dx, -dy
				}
				if nx, ny := x+dx*block, y+dy*block; nx < 0 || ny < 0 || nx > blocks*block || ny > blocks*block {
					dx, dy = -dx, -dy
				}
			}
			speed = 4 + 5*r.Float64()
		}
		for k := range noise { // half a minute of memory
			a := math.Exp(-dt / 30)
			noise[k] = a*noise[k] + math.Sqrt(1-a*a)*d.Noise*r.NormFloat64()
		}
		at := d.From.Add(time.Duration(i) * d.Interval)
		east, north := x+noise[0], y+noise[1]
		do(fleet.Fix{Ubigeo: d.Ubigeo, Device: d.Device, Unit: d.Unit, Time: at, Seq: int64(i), Received: at.Add(time.Second), Ignition: &on,
			Point: orb.Point{origin[0] + east/(111_195*math.Cos(origin[1]*math.Pi/180)), origin[1] + north/111_195},
			Speed: math.Max(0, now+0.2*r.NormFloat64()), Course: math.NaN(), Accuracy: 5, Altitude: math.NaN(), Battery: math.NaN()})
	}
}

// All gives them at once.
func (d Drive) All() []fleet.Fix {
	out := make([]fleet.Fix, 0, d.Fixes)
	d.Each(func(f fleet.Fix) { out = append(out, f) })
	return out
}

// String names the drive in a benchmark.
func (d Drive) String() string { return fmt.Sprintf("%d fixes every %s", d.Fixes, d.Interval) }
