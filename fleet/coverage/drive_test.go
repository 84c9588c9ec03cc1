package coverage

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// trip is a made-up drive of one unit at random, a fix every 5 s.
type trip struct {
	g     *routing.Graph
	unit  string
	start time.Time
	noise float64                         // metres, standard deviation per axis
	speed func(routing.Arc) float64       // m/s
	stand bool                            // it stands for 200 s now and then
	done  func(a routing.Arc, whole bool) // told of each arc left; whole: driven end to end
}

// drive makes n fixes.
func (d trip) drive(n int, r *rand.Rand) []fleet.Fix {
	g := d.g
	var at routing.Arc
	for at = routing.Arc(r.IntN(2 * len(g.Segments))); !g.Allowed(at, routing.Car); {
		at = routing.Arc(r.IntN(2 * len(g.Segments)))
	}
	const metre = 1 / 111319.49
	var out []fleet.Fix
	pos := 0.0
	for i := range n {
		t := d.start.Add(time.Duration(i) * 5 * time.Second)
		p := placeAlong(g.Line(at), pos)
		nan := math.NaN()
		out = append(out, fleet.Fix{Ubigeo: "130102", Device: "D" + d.unit, Unit: d.unit, Time: t, Seq: int64(i), Received: t,
			Point: orb.Point{p[0] + d.noise*metre*r.NormFloat64(), p[1] + d.noise*metre*r.NormFloat64()},
			Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan})
		if d.stand && (i/40)%4 == 3 {
			continue
		}
		left := 5.0 // seconds
		for {
			s, v := g.Segment(at), d.speed(at)
			if pos+v*left < s.Length {
				pos += v * left
				break
			}
			left -= (s.Length - pos) / v
			pos = 0
			if d.done != nil {
				d.done(at, true)
			}
			at = d.next(at, r)
		}
	}
	if d.done != nil {
		d.done(at, false)
	}
	return out
}

// next goes on at random, and turns round at dead ends only.
func (d trip) next(at routing.Arc, r *rand.Rand) routing.Arc {
	var next []routing.Arc
	for _, o := range d.g.Out(d.g.Head(at)) {
		if o != at.Opposite() && d.g.Allowed(o, routing.Car) && d.g.TurnAllowed(at, o, routing.Car) {
			next = append(next, o)
		}
	}
	if len(next) == 0 {
		return at.Opposite()
	}
	return next[r.IntN(len(next))]
}

// placeAlong gives the place some metres along a line.
func placeAlong(line orb.LineString, metres float64) orb.Point {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		l := geo.Distance(a, b)
		if metres <= l && l > 0 {
			f := metres / l
			return orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
		}
		metres -= l
	}
	return line[len(line)-1]
}

// patrolDrive drives at 5 m/s with noise, standing now and then.
func patrolDrive(g *routing.Graph, unit string, start time.Time, n int, r *rand.Rand) []fleet.Fix {
	return trip{g: g, unit: unit, start: start, noise: 6, stand: true, speed: func(routing.Arc) float64 { return 5 }}.drive(n, r)
}
