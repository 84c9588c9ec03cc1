package fleet

import (
	"math"
	"time"
)

// runs are where the last rows of a trail begin: of fixes without a gap, and of
// fixes with the same motion. They hold for the first upto fixes and for one gap
// and one set of bands.
type runs struct {
	gap       time.Duration
	heard     int
	heardUpto int

	bands      Bands
	moving     int
	movingUpto int
	motion     Motion // of the fix before movingUpto
}

// drop follows the trail, whose oldest fix has gone.
func (r *runs) drop(gone Fix, trail []Fix) {
	r.heard, r.heardUpto = max(r.heard-1, 0), max(r.heardUpto-1, 0)
	r.moving, r.movingUpto = max(r.moving-1, 0), max(r.movingUpto-1, 0)
	if len(trail) == 0 {
		return
	}
	// The oldest fix has the motion of its own speed, whatever was before it.
	speed := trail[0].Speed
	if math.IsNaN(speed) || r.bands.next(r.bands.of(gone.Speed), speed) != r.bands.of(speed) {
		r.movingUpto = 0
	}
}

// heardFrom gives the index of the first fix after the last gap of a trail that
// is not empty.
func (tr *track) heardFrom(gap time.Duration) int {
	r := &tr.runs
	if r.heardUpto == 0 || r.gap != gap {
		r.gap, r.heard, r.heardUpto = gap, 0, 1
	}
	for ; r.heardUpto < len(tr.trail); r.heardUpto++ {
		if countsAt(tr.trail[r.heardUpto]).Sub(countsAt(tr.trail[r.heardUpto-1])) > gap {
			r.heard = r.heardUpto
		}
	}
	return r.heard
}

// moving gives the index of the first fix from which on all have the motion of
// the newest, which is then in runs.motion.
func (tr *track) moving(b Bands) int {
	r := &tr.runs
	if r.movingUpto == 0 || r.bands != b {
		r.bands, r.moving, r.movingUpto, r.motion = b, 0, 1, b.of(tr.speed(0))
	}
	for ; r.movingUpto < len(tr.trail); r.movingUpto++ {
		if m := b.next(r.motion, tr.speed(r.movingUpto)); m != r.motion {
			r.motion, r.moving = m, r.movingUpto
		}
	}
	return r.moving
}
