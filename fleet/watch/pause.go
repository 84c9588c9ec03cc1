package watch

import (
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/fleet"
)

// pause is where a unit stands, or stood, without a planned stop.
type pause struct {
	point      orb.Point
	start, end time.Time
}

// long tells whether a pause was as long as a tactical stop.
func (r *roundState) long(p pause) bool { return p.end.Sub(p.start) >= r.rules.Enough }

// stand takes a fix at which the unit stands since the last one, with no planned
// stop there. The caller holds r.mu.
func (r *roundState) stand(f fleet.Fix) {
	if r.pause.start.IsZero() || geo.Distance(r.pause.point, f.Point) > r.rules.Radius {
		r.moveOn()
		if slices.ContainsFunc(r.rests, func(p orb.Point) bool { return geo.Distance(p, f.Point) <= r.rules.Radius }) {
			return
		}
		r.pause = pause{point: r.last.Point, start: r.last.Time}
	}
	r.pause.end = f.Time
}

// moveOn ends a pause. The caller holds r.mu.
func (r *roundState) moveOn() {
	if r.long(r.pause) {
		r.pauses = append(r.pauses, r.pause)
	}
	r.pause = pause{}
}
