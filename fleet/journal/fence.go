package journal

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/serenazgo/serenazgo/fleet"
)

// FenceKind tells what a geofence is for.
type FenceKind string

// The kinds of fences. Entering a forbidden one alerts.
const (
	Sector    FenceKind = "sector"
	Base      FenceKind = "base"
	Forbidden FenceKind = "forbidden"
	Priority  FenceKind = "priority"
)

// Fence is an area that units come to and leave.
type Fence struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Kind     FenceKind        `json:"kind"`
	Term     Term             `json:"term,omitzero"` // of a priority area
	Geometry orb.MultiPolygon `json:"-"`
}

// CheckFence tells what is wrong with a fence, if anything.
func CheckFence(f Fence) error {
	if err := fleet.CheckDeviceID(f.ID); err != nil {
		return fmt.Errorf("%w: the fence's id %q may hold only letters, digits, '.', '_' and '-', at most 64", fleet.ErrInvalid, f.ID)
	}
	if f.Name == "" || len([]rune(f.Name)) > 80 {
		return fmt.Errorf("%w: fence %s needs a name of 1 to 80 letters", fleet.ErrInvalid, f.ID)
	}
	if !slices.Contains([]FenceKind{Sector, Base, Forbidden, Priority}, f.Kind) {
		return fmt.Errorf("%w: fence %s: kind %q is none of sector, base, forbidden, priority", fleet.ErrInvalid, f.ID, f.Kind)
	}
	if err := f.Term.Check(); err != nil {
		return fmt.Errorf("fence %s: %w", f.ID, err)
	}
	points := 0
	for _, p := range f.Geometry {
		for _, r := range p {
			if len(r) < 4 || !r.Closed() {
				return fmt.Errorf("%w: fence %s has a ring that is not closed", fleet.ErrInvalid, f.ID)
			}
			for _, x := range r {
				if !(math.Abs(x[0]) <= 180 && math.Abs(x[1]) <= 90) {
					return fmt.Errorf("%w: fence %s has a corner %v that is not on the Earth", fleet.ErrInvalid, f.ID, x)
				}
			}
			points += len(r)
		}
	}
	if points == 0 || points > 20_000 {
		return fmt.Errorf("%w: fence %s has %d corners; give an area of 4 to 20,000", fleet.ErrInvalid, f.ID, points)
	}
	return nil
}

// area answers whether points are inside, and where a segment crosses the edge.
type area struct {
	shape  orb.MultiPolygon
	bound  orb.Bound
	scale  orb.Point // metres in a degree, there
	narrow float64   // shorter side of its bound in metres
}

func newArea(m orb.MultiPolygon) area {
	b := m.Bound()
	a := area{shape: m, bound: b, scale: orb.Point{metresPerDegree * math.Cos(b.Center()[1]*math.Pi/180), metresPerDegree}}
	a.narrow = min((b.Max[0]-b.Min[0])*a.scale[0], (b.Max[1]-b.Min[1])*a.scale[1])
	return a
}

// metresPerDegree of latitude on a sphere with the Earth's mean radius.
const metresPerDegree = 111_195.08

// depth is how far a point is from the edge, in metres, on whichever side.
func (a area) depth(p orb.Point) float64 {
	least := math.Inf(1)
	at := func(q orb.Point) orb.Point { return orb.Point{(q[0] - p[0]) * a.scale[0], (q[1] - p[1]) * a.scale[1]} }
	for _, poly := range a.shape {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				least = min(least, planar.DistanceFromSegment(at(ring[i-1]), at(ring[i]), orb.Point{}))
			}
		}
	}
	return least
}

func (a area) contains(p orb.Point) bool {
	return a.bound.Contains(p) && planar.MultiPolygonContains(a.shape, p)
}

// crossings gives the parts of the way from p to q, 0..1, at which it goes from
// inside to outside or back, in order, given where p is. Touching the edge is
// no crossing. Straight in degrees: over the length of a gap between two fixes
// that is centimetres from the true line.
func (a area) crossings(p, q orb.Point, inside bool) []float64 {
	way := orb.MultiPoint{p, q}.Bound()
	if p == q || !way.Intersects(a.bound) {
		return nil
	}
	cuts := []float64{}
	for _, poly := range a.shape {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				if t, ok := cut(p, q, ring[i-1], ring[i]); ok {
					cuts = append(cuts, t)
				}
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	// Between two cuts the way is on one side: its middle tells which.
	var out []float64
	for i, t := range cuts {
		next := 1.0
		if i+1 < len(cuts) {
			next = cuts[i+1]
		}
		mid := (t + next) / 2
		in := a.contains(orb.Point{p[0] + (q[0]-p[0])*mid, p[1] + (q[1]-p[1])*mid})
		if next-t < 1e-12 {
			in = inside
			if next == 1 {
				in = a.contains(q)
			}
		}
		if in != inside {
			out, inside = append(out, t), in
		}
	}
	return out
}

// cut gives where on p→q the edge a→b crosses it.
func cut(p, q, a, b orb.Point) (float64, bool) {
	dx, dy, ex, ey := q[0]-p[0], q[1]-p[1], b[0]-a[0], b[1]-a[1]
	det := dx*ey - dy*ex
	if det == 0 {
		return 0, false
	}
	t := ((a[0]-p[0])*ey - (a[1]-p[1])*ex) / det
	u := ((a[0]-p[0])*dy - (a[1]-p[1])*dx) / det
	return t, t >= 0 && t <= 1 && u >= 0 && u <= 1
}
