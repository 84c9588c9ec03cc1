package match_test

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// noon is when test drives start.
var noon = time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC)

// drive is a made-up trip: the truth, and what a receiver would report of it.
type drive struct {
	speed    float64       // m/s
	interval time.Duration // between fixes
	noise    float64       // metres, standard deviation per axis
	memory   float64       // AR(1) coefficient of the noise from fix to fix
	report   bool          // speed and course are known
	stops    float64       // probability of a stop of 1–4 minutes at the end of an arc
}

// wander drives about n arcs from a random one, at random, turning round at
// dead ends only.
func wander(g *routing.Graph, mode routing.Mode, r *rand.Rand, n int) []routing.Arc {
	var out []routing.Arc
	var at routing.Arc
	for at = routing.Arc(r.IntN(2 * len(g.Segments))); !g.Allowed(at, mode); at = routing.Arc(r.IntN(2 * len(g.Segments))) {
	}
	for len(out) < n {
		out = append(out, at)
		var next []routing.Arc
		for _, o := range g.Out(g.Head(at)) {
			if o != at.Opposite() && g.Allowed(o, mode) && g.TurnAllowed(at, o, mode) {
				next = append(next, o)
			}
		}
		switch {
		case len(next) > 0:
			at = next[r.IntN(len(next))]
		case g.Allowed(at.Opposite(), mode) && g.TurnAllowed(at, at.Opposite(), mode):
			at = at.Opposite()
		default:
			return out
		}
	}
	return out
}

// fixes drives the arcs end to end.
func (d drive) fixes(g *routing.Graph, arcs []routing.Arc, r *rand.Rand) (fixes []match.Fix, truth []match.Edge) {
	t := noon
	var nx, ny float64
	emit := func(p orb.Point, speed, course float64) {
		fresh := math.Sqrt(1 - d.memory*d.memory)
		nx = d.memory*nx + fresh*d.noise*r.NormFloat64()
		ny = d.memory*ny + fresh*d.noise*r.NormFloat64()
		f := match.Fix{Time: t, Point: shift(p, nx, ny), Speed: math.NaN(), Course: math.NaN(), Accuracy: math.NaN()}
		if d.report {
			f.Accuracy = 1.5 * d.noise
			f.Speed = max(0, speed+0.2*r.NormFloat64())
			f.Course = math.Mod(course+5*r.NormFloat64()+360, 360)
		}
		fixes = append(fixes, f)
		t = t.Add(d.interval)
	}
	next := 0.0 // metres to the next fix
	for _, a := range arcs {
		l := g.Segment(a).Length
		truth = append(truth, match.Edge{Arc: a, From: 0, To: l})
		line := g.Line(a)
		for next < l {
			p, course := pointAlong(line, next, l)
			emit(p, d.speed, course)
			next += d.speed * d.interval.Seconds()
		}
		next -= l
		if r.Float64() < d.stops {
			end := t.Add(time.Minute + time.Duration(r.IntN(180))*time.Second)
			p, course := pointAlong(line, l, l)
			for t.Before(end) {
				emit(p, 0, course)
			}
		}
	}
	return fixes, truth
}

// shift moves a point by metres east and north.
func shift(p orb.Point, east, north float64) orb.Point {
	const degree = math.Pi / 180 * orb.EarthRadius
	return orb.Point{p[0] + east/(degree*math.Cos(p[1]*math.Pi/180)), p[1] + north/degree}
}

// pointAlong gives the place and bearing some metres along a line of a length.
func pointAlong(line orb.LineString, metres, length float64) (orb.Point, float64) {
	metres *= geo.Length(line) / length
	for i := 1; ; i++ {
		a, b := line[i-1], line[i]
		d := geo.Distance(a, b)
		if metres <= d || i == len(line)-1 {
			f := 1.0
			if d > 0 {
				f = min(1, metres/d)
			}
			return orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}, geo.Bearing(a, b)
		}
		metres -= d
	}
}

// clip takes the first and last metres off a track.
func clip(es []match.Edge, metres float64) []match.Edge {
	out := append([]match.Edge(nil), es...)
	for left := metres; len(out) > 0 && left > 0; {
		l := min(left, out[0].To-out[0].From)
		out[0].From += l
		left -= l
		if out[0].From >= out[0].To {
			out = out[1:]
		}
	}
	for left := metres; len(out) > 0 && left > 0; {
		e := &out[len(out)-1]
		l := min(left, e.To-e.From)
		e.To -= l
		left -= l
		if e.From >= e.To {
			out = out[:len(out)-1]
		}
	}
	return out
}

// score sums up tracks.
type score struct{ truth, matched, correct, certain, certainCorrect float64 }

func (s *score) add(g *routing.Graph, truth []match.Edge, ts []match.Traversal) {
	all, sure := match.Edges(g, ts, 0), match.Edges(g, ts, 0.9)
	inner := clip(truth, 25)
	s.truth += match.Length(inner)
	s.correct += match.Correct(inner, all)
	s.matched += match.Length(all)
	s.certain += match.Length(sure)
	s.certainCorrect += match.Correct(truth, sure)
}

func (s *score) recall() float64           { return s.correct / s.truth }
func (s *score) certainPrecision() float64 { return s.certainCorrect / s.certain }
