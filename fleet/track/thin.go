package track

import (
	"math"

	"github.com/paulmach/orb"
)

// Thinner leaves out the points of a trail that a straight, even way between
// those that stay passes by closely enough: at the instant of every point left
// out, that way is within Tolerance of it. So a thinned trail can be replayed,
// not only drawn. One pass, constant memory.
//
// From an anchor, each point at (p, t) asks of the velocity v of the way that
// passes it by that |v·t − p| ≤ tolerance: a disk. The square within the disk
// stands for it, so that what all points so far ask is a rectangle; the way to a
// point may be taken if its own velocity lies inside. Meratnia and de By (2004)
// state the criterion, by time and not by distance.
type Thinner struct {
	Tolerance float64
	Emit      func(Point)

	anchor, prev Point
	begun        bool
	pending      bool // prev has not been emitted
	fast         float64
	lo, hi       orb.Point // velocities that pass all points since the anchor
	scale        float64   // metres in a degree of longitude
}

// metresPerDegree of latitude on a sphere with the Earth's mean radius.
const metresPerDegree = 111_195.08

// Add takes the next point. One of the instant of the point before is passed
// over: a unit is at one place.
func (t *Thinner) Add(p Point) {
	if !t.begun {
		t.begun, t.fast = true, math.NaN()
		t.stay(p)
		return
	}
	dt := p.Time.Sub(t.prev.Time)
	switch {
	case dt <= 0:
		t.fast = faster(t.fast, p.Speed)
		return
	case dt > Gap || p.Gap:
		t.Flush()
		p.Gap = true
		t.stay(p)
		return
	}
	if !t.fits(p) {
		t.emitPrev()
		t.fits(p)
	}
	t.fast = faster(t.fast, p.Speed)
	t.prev, t.pending = p, true
}

// Flush emits what was kept back; more points may follow.
func (t *Thinner) Flush() {
	if t.pending {
		t.emitPrev()
	}
}

// stay emits a point at once and goes on from it.
func (t *Thinner) stay(p Point) {
	t.Emit(p)
	t.prev, t.pending = p, false
	t.from(p)
}

func (t *Thinner) emitPrev() {
	p := t.prev
	p.Speed = t.fast
	t.Emit(p)
	t.pending, t.fast = false, math.NaN()
	t.from(p)
}

func (t *Thinner) from(p Point) {
	t.anchor = p
	t.lo, t.hi = orb.Point{math.Inf(-1), math.Inf(-1)}, orb.Point{math.Inf(1), math.Inf(1)}
	t.scale = metresPerDegree * math.Cos(p.Point[1]*math.Pi/180)
}

// fits tells whether the way from the anchor to p passes all points since
// closely enough, and if so asks the same for p of ways further on.
func (t *Thinner) fits(p Point) bool {
	dt := p.Time.Sub(t.anchor.Time).Seconds()
	v := orb.Point{(p.Point[0] - t.anchor.Point[0]) * t.scale / dt, (p.Point[1] - t.anchor.Point[1]) * metresPerDegree / dt}
	h := t.Tolerance / math.Sqrt2 / dt
	for k := range v {
		if v[k] < t.lo[k] || v[k] > t.hi[k] {
			return false
		}
	}
	for k := range v {
		t.lo[k], t.hi[k] = max(t.lo[k], v[k]-h), min(t.hi[k], v[k]+h)
	}
	return true
}

// faster is the higher of two speeds, of which NaN is none.
func faster(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

// Thin thins a whole trail.
func Thin(points []Point, tolerance float64) []Point {
	var out []Point
	t := Thinner{Tolerance: tolerance, Emit: func(p Point) { out = append(out, p) }}
	for _, p := range points {
		t.Add(p)
	}
	t.Flush()
	return out
}
