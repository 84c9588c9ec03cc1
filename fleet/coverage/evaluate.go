package coverage

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// street is what follows from all units for one segment.
type street struct {
	dirty     bool
	covered   forces
	probable  forces  // covered if matches that are only probable count
	posterior float64 // of the probable cover
	transit   bool    // driven, but too fast to be covered
	shown     State
	stamp     uint64 // version in which shown last changed
}

// cellSum is what follows from all units for one cell.
type cellSum struct {
	dirty  bool
	by     forces
	dwell  [numForces]time.Duration // unit-seconds, as a duration
	visits []Window                 // by any force; those a Pause apart or less are one
	shown  State
	stamp  uint64
}

// refresh evaluates what changed and what time alone changes (a unit that has
// fallen silent). Call it with the lock held.
func (c *Coverage) refresh(now time.Time) (silent map[string][]Window) {
	next := c.version + 1
	for _, s := range c.dirty {
		c.evaluateStreet(s)
	}
	c.dirty = c.dirty[:0]
	silent = map[string][]Window{}
	for name, u := range c.units {
		if w := u.signal.silences(u.duty, now, c.cfg.Silence); len(w) > 0 {
			silent[name] = w
		}
	}
	for i := range c.streets {
		st := &c.streets[i]
		if !c.counts[i] {
			continue
		}
		shown := st.covered.state()
		if shown == None && len(silent) > 0 && c.unknown(routing.SegmentID(i), silent, now) {
			shown = Unknown
		}
		if shown != st.shown {
			st.shown, st.stamp = shown, next
			c.version = next
		}
	}
	for _, i := range c.dirtyCells {
		c.evaluateCell(i)
		c.cells[i].stamp = next
		c.version = next
	}
	c.dirtyCells = c.dirtyCells[:0]
	c.showCells(next)
	return silent
}

// evaluateStreet sums up a segment over the units.
func (c *Coverage) evaluateStreet(s routing.SegmentID) {
	work := c.workOf(s)
	st := &c.streets[s]
	st.dirty = false
	st.covered = cover(work, c.cfg.Share, func(w *segmentWork) Spans { return w.certain })
	st.probable = cover(work, c.cfg.Share, func(w *segmentWork) Spans { return w.probable })
	st.posterior = 0
	var any Spans
	for f := range work {
		st.posterior = max(st.posterior, work[f].posterior)
		any = any.addAll(work[f].transit)
	}
	st.transit = st.covered == 0 && any.reaches(c.cfg.Share)
}

// workOf sums up a segment for each force.
func (c *Coverage) workOf(s routing.SegmentID) (work [numForces]segmentWork) {
	for _, u := range c.units {
		u.work(s, &work[u.force])
	}
	return work
}

// cover tells which forces cover a segment. An integrated crew's part helps
// either force to reach the share, and is the force's own presence if it
// reaches the share alone.
func cover(work [numForces]segmentWork, share float64, spans func(*segmentWork) Spans) forces {
	var out forces
	integrated := spans(&work[Integrated])
	if integrated.reaches(share) {
		out |= 1 << Integrated
	}
	for _, f := range []Force{Municipal, Police} {
		own := spans(&work[f])
		if len(own) == 0 {
			continue
		}
		if !out.has(Integrated) {
			own = own.clone().addAll(integrated)
		}
		if own.reaches(share) {
			out |= 1 << f
		}
	}
	return out
}

// evaluateCell sums up a cell over the units.
func (c *Coverage) evaluateCell(i int32) {
	sum := &c.cells[i]
	*sum = cellSum{shown: sum.shown, stamp: sum.stamp}
	var all []Window
	for _, u := range c.units {
		for _, w := range u.stays(i) {
			sum.by |= 1 << u.force
			sum.dwell[u.force] += w.End.Sub(w.Start)
			all = append(all, w)
		}
	}
	sum.visits = visitsOf(all, c.cfg.Pause)
}

// visitsOf joins windows that are a pause apart or less.
func visitsOf(ws []Window, pause time.Duration) []Window {
	slices.SortFunc(ws, func(a, b Window) int {
		if d := a.Start.Compare(b.Start); d != 0 {
			return d
		}
		return a.End.Compare(b.End)
	})
	var out []Window
	for _, w := range ws {
		if n := len(out); n > 0 && w.Start.Sub(out[n-1].End) <= pause {
			out[n-1].End = later(out[n-1].End, w.End)
			continue
		}
		out = append(out, w)
	}
	return out
}

// showCells gives each cell its state: nobody's cell is unknown if one of its
// streets is.
func (c *Coverage) showCells(next uint64) {
	unknown := make([]bool, len(c.cells))
	for i := range c.streets {
		if c.streets[i].shown != Unknown {
			continue
		}
		for _, byRes := range c.index.parts {
			for _, p := range byRes[i] {
				unknown[p.cell] = true
			}
		}
	}
	for i := range c.cells {
		sum := &c.cells[i]
		shown := sum.by.state()
		switch {
		case !c.inCell[i]:
			shown = Outside
		case shown == None && unknown[i]:
			shown = Unknown
		}
		if shown != sum.shown {
			sum.shown, sum.stamp = shown, next
			c.version = next
		}
	}
}
