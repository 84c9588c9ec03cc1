package fleet

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/routing"
)

// Motion tells what a unit does by its speed.
type Motion string

// The motions of a unit; MotionUnknown where no speed is known.
const (
	MotionUnknown Motion = ""
	MotionStopped Motion = "stopped"
	MotionPatrol  Motion = "patrol"
	MotionTransit Motion = "transit"
)

// Bands divide speeds in m/s: below Patrol a unit stands, above Transit it is
// on its way somewhere, between the two it patrols. What began above a threshold
// ends a little below it.
type Bands struct{ Patrol, Transit float64 }

// DefaultBands per mode: motor vehicles patrol at 5–30 km/h, bicycles at
// 3–20 km/h, people on foot at 1–8 km/h.
func DefaultBands(m routing.Mode) Bands {
	const kmh = 1 / 3.6
	switch m {
	case routing.Bicycle:
		return Bands{3 * kmh, 20 * kmh}
	case routing.Foot:
		return Bands{1 * kmh, 8 * kmh}
	}
	return Bands{5 * kmh, 30 * kmh}
}

func (b Bands) of(speed float64) Motion {
	switch {
	case math.IsNaN(speed):
		return MotionUnknown
	case speed < b.Patrol:
		return MotionStopped
	case speed > b.Transit:
		return MotionTransit
	}
	return MotionPatrol
}

// holds is the part of a threshold below which a motion ends that began above
// it, so that a unit that goes at about a threshold does not change its state
// with every fix.
const holds = 0.8

// next gives the motion at a speed after another motion.
func (b Bands) next(before Motion, speed float64) Motion {
	m := b.of(speed)
	switch {
	case m == MotionPatrol && before == MotionTransit && speed >= holds*b.Transit:
		return MotionTransit
	case m == MotionStopped && (before == MotionPatrol || before == MotionTransit) && speed >= holds*b.Patrol:
		return MotionPatrol
	}
	return m
}

// longestStep is the longest time between two fixes over which a speed may be
// worked out from their distance.
const longestStep = 5 * time.Minute

// track is what is kept of one device: its newest usable fixes in time order,
// and of those that fell off the end only when each motion was last seen.
//
// What is worked out of the trail (flags, and since when the device is heard and
// its unit moves so) is what the whole trail gives; while fixes come in order, it
// is carried on from one to the next.
type track struct {
	device deviceKey
	state  unitKey // that it belongs to
	heard  time.Time
	latest time.Time // of all fix times the trail ever had
	trail  []Fix
	sieve  Sieve                // after the judged ones of trail
	judged int                  // how many
	clean  int                  // the newest judged one that counts, -1: none
	runs   runs                 // of link and motion
	first  time.Time            // oldest fix that ever fell off
	last   map[Motion]time.Time // newest of each motion that fell off
}

// countsAt is the instant a fix counts from: its own time, but never later
// than its reception.
func countsAt(f Fix) time.Time {
	if f.Received.IsZero() || f.Time.Before(f.Received) {
		return f.Time
	}
	return f.Received
}

// compareFixes orders fixes of one or several devices: by the instant they
// count from, then by their own time, then by number.
func compareFixes(a, b Fix) int {
	return cmp.Or(countsAt(a).Compare(countsAt(b)), a.Time.Compare(b.Time), cmp.Compare(a.Seq, b.Seq))
}

// add puts a fix in its place. The trail has to be judged before it is read.
func (tr *track) add(f Fix, limit int, b Bands) {
	if f.Received.After(tr.heard) {
		tr.heard = f.Received
	}
	if !f.Usable() {
		return
	}
	// The same fix received twice counts from its first reception.
	if !f.Time.After(tr.latest) {
		same := slices.IndexFunc(tr.trail, func(g Fix) bool { return g.Seq == f.Seq && g.Time.Equal(f.Time) })
		if same >= 0 {
			if !f.Received.Before(tr.trail[same].Received) {
				return
			}
			tr.trail = slices.Delete(tr.trail, same, same+1)
			tr.anew()
		}
	} else {
		tr.latest = f.Time
	}
	n := len(tr.trail)
	if n == 0 || compareFixes(tr.trail[n-1], f) < 0 {
		tr.trail = append(tr.trail, f)
	} else {
		i, _ := slices.BinarySearchFunc(tr.trail, f, compareFixes)
		tr.trail = slices.Insert(tr.trail, i, f)
		tr.anew()
	}
	for len(tr.trail) > limit {
		tr.drop(b)
	}
}

// anew has the whole trail looked at again.
func (tr *track) anew() {
	tr.judged, tr.runs = 0, runs{}
}

// judge flags what the trail's fixes show of each other. Only a jump keeps a
// unit where it was: how poor an accuracy is, the page draws, and duplicates
// are where it is anyhow. Where every fix is a jump, the newest counts.
func (tr *track) judge() {
	if tr.judged == 0 {
		tr.sieve, tr.clean = Sieve{}, -1
	}
	for ; tr.judged < len(tr.trail); tr.judged++ {
		f := &tr.trail[tr.judged]
		f.Flags &^= FlagJump | FlagDuplicate | FlagStaleClock
		f.Flags |= tr.sieve.Judge(*f)
		if f.Flags&FlagJump == 0 {
			tr.clean = tr.judged
		}
	}
}

// drop lets the oldest fix go and remembers what it tells about motion.
func (tr *track) drop(b Bands) {
	at, m := countsAt(tr.trail[0]), b.of(tr.trail[0].Speed)
	if tr.first.IsZero() || at.Before(tr.first) {
		tr.first = at
	}
	if tr.last == nil {
		tr.last = map[Motion]time.Time{}
	}
	if at.After(tr.last[m]) {
		tr.last[m] = at
	}
	gone := tr.trail[0]
	tr.trail[0] = Fix{}
	tr.trail = tr.trail[1:]
	if tr.runs.drop(gone, tr.trail); tr.judged < 2 || !tr.sieve.begunAt(gone, tr.trail[0]) {
		tr.judged = 0
		return
	}
	tr.judged--
	tr.clean--
}

// newest gives the newest clean fix.
func (tr *track) newest() (Fix, bool) {
	if len(tr.trail) == 0 {
		return Fix{}, false
	}
	if tr.clean < 0 {
		return tr.trail[len(tr.trail)-1], true
	}
	return tr.trail[tr.clean], true
}

// speed of the i-th fix: as reported, else from the way since the one before.
func (tr *track) speed(i int) float64 {
	f := tr.trail[i]
	if !math.IsNaN(f.Speed) || i == 0 {
		return f.Speed
	}
	before := tr.trail[i-1]
	dt := countsAt(f).Sub(countsAt(before))
	if dt <= 0 || dt > longestStep {
		return math.NaN()
	}
	return geo.Distance(before.Point, f.Point) / dt.Seconds()
}

// motion gives what the unit does at its newest fix and since when: the first
// fix in a row that did the same. Where the row is longer than the trail, it
// began when another motion was last seen.
func (tr *track) motion(b Bands) (Motion, time.Time) {
	if len(tr.trail) == 0 {
		return MotionUnknown, time.Time{}
	}
	from := tr.moving(b)
	now := tr.runs.motion
	if from > 0 || tr.first.IsZero() {
		return now, countsAt(tr.trail[from])
	}
	since := tr.first
	for m, at := range tr.last {
		if m != now && at.After(since) {
			since = at
		}
	}
	return now, since
}

// onlineSince gives the first fix of the trail after its last gap.
func (tr *track) onlineSince(gap time.Duration) time.Time {
	return countsAt(tr.trail[tr.heardFrom(gap)])
}

// pauseBefore is how long nothing had been heard before the newest fix if it is
// the first one after a gap; else zero.
func (tr *track) pauseBefore(gap time.Duration) time.Duration {
	from := tr.heardFrom(gap)
	if from == 0 || from < len(tr.trail)-1 {
		return 0
	}
	return countsAt(tr.trail[from]).Sub(countsAt(tr.trail[from-1]))
}
