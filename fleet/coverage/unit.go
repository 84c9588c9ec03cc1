package coverage

import (
	"time"

	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/routing/match"
)

// unit holds what one unit has done so far. Its passages are closed but for
// the last, which may still grow and even turn from patrol into transit.
type unit struct {
	force    Force
	duty     Window // zero: not on the roster
	signal   Signal
	segments map[routing.SegmentID]*segmentWork
	cells    map[int32][]Window // time in a cell, ascending, not touching

	pieces []match.Traversal // of the open passage
	open   passage           // good while pieces has any
	drives []Drive           // of the closed passages
}

// segmentWork sums up a unit's closed passages of a segment.
type segmentWork struct {
	certain, probable Spans // at patrol speed; probable includes certain
	transit           Spans // certain, at any speed
	posterior         float64
	first, last       time.Time // of passages with a certain part at patrol speed
	visits            int
}

func newUnit(f Force) *unit {
	return &unit{force: f, segments: map[routing.SegmentID]*segmentWork{}, cells: map[int32][]Window{}}
}

// add takes the next piece; touch is told every segment and cell whose sums
// may have changed.
func (u *unit) add(t match.Traversal, g *routing.Graph, x *Index, cfg *Config, touch func(passage)) {
	if len(u.pieces) > 0 {
		touch(u.open)
		if !continues(u.pieces, t, cfg.Pause) {
			u.close()
		}
	}
	u.pieces = append(u.pieces, t)
	u.open = newPassage(u.pieces, g, x, cfg)
	touch(u.open)
}

// close moves the open passage into the sums.
func (u *unit) close() {
	w := u.segments[u.open.segment]
	if w == nil {
		w = &segmentWork{}
		u.segments[u.open.segment] = w
	}
	w.add(&u.open)
	if d := u.open.drive(); d.Share > 0 {
		u.drives = append(u.drives, d)
	}
	for _, s := range u.open.stays {
		u.cells[s.cell] = appendWindow(u.cells[s.cell], s.Window)
	}
	u.pieces = u.pieces[:0]
}

// add counts a passage.
func (w *segmentWork) add(p *passage) {
	w.transit = w.transit.addAll(p.certain)
	if p.transit {
		return
	}
	w.certain = w.certain.addAll(p.certain)
	w.probable = w.probable.addAll(p.probable)
	w.posterior = max(w.posterior, p.posterior)
	if p.endToEnd {
		w.visits++
	}
	if len(p.certain) == 0 {
		return
	}
	if w.first.IsZero() || p.start.Before(w.first) {
		w.first = p.start
	}
	w.last = later(w.last, p.end)
}

// merge unites two sums; the order does not matter.
func (w *segmentWork) merge(o *segmentWork) {
	w.transit = w.transit.addAll(o.transit)
	w.certain = w.certain.addAll(o.certain)
	w.probable = w.probable.addAll(o.probable)
	w.posterior = max(w.posterior, o.posterior)
	w.visits += o.visits
	if o.first.IsZero() {
		return
	}
	if w.first.IsZero() || o.first.Before(w.first) {
		w.first = o.first
	}
	w.last = later(w.last, o.last)
}

// work adds the unit's doings on a segment, the open passage included, to w.
func (u *unit) work(s routing.SegmentID, w *segmentWork) bool {
	found := false
	if c := u.segments[s]; c != nil {
		w.merge(c)
		found = true
	}
	if len(u.pieces) > 0 && u.open.segment == s {
		w.add(&u.open)
		found = true
	}
	return found
}

// stays gives the unit's time in a cell, the open passage included.
func (u *unit) stays(cell int32) []Window {
	out := u.cells[cell]
	own := false
	if len(u.pieces) > 0 {
		for _, s := range u.open.stays {
			if s.cell != cell {
				continue
			}
			if !own {
				out = append([]Window(nil), out...)
				own = true
			}
			out = appendWindow(out, s.Window)
		}
	}
	return out
}

// appendWindow adds a window that does not begin before the last one does.
func appendWindow(ws []Window, w Window) []Window {
	if n := len(ws); n > 0 && !w.Start.After(ws[n-1].End) {
		ws[n-1].End = later(ws[n-1].End, w.End)
		return ws
	}
	return append(ws, w)
}
