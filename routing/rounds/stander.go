package rounds

import (
	"math"
	"sort"

	"github.com/serenazgo/serenazgo/routing"
)

// stander follows a tour in time and says when its unit rests and when it
// leaves for a post.
type stander struct {
	s      *solver
	u      Unit
	arcs   []routing.Arc
	tl     *timeline
	duties []duty // still to come
	rest   float64
	rested bool
	delay  float64 // instant less driving so far
	cost   float64
	at     int // position up to which posts have been looked at
}

// now is when the unit is at a position of its tour.
func (w *stander) now(pos int) float64 { return w.tl.drive[pos] + w.delay }

// away is the time from a position of the tour to the next post.
func (w *stander) away(pos int) float64 {
	if pos == 0 {
		return w.duties[0].fromBase / w.u.Speed
	}
	return w.duties[0].there.Metres[w.arcs[pos-1]] / w.u.Speed
}

// late tells whether the next post would be missed by spending seconds at a
// position first.
func (w *stander) late(pos int, seconds float64) bool {
	return len(w.duties) > 0 && w.now(pos)+seconds+w.away(pos) > w.duties[0].start-postSlack
}

// advance brings the unit to a position of its tour, with the break and the
// posts that come before it.
func (w *stander) advance(pos int) {
	if len(w.duties) == 0 {
		w.restBefore(w.at, pos)
		return
	}
	for ; ; w.at++ {
		if !w.rested && w.now(w.at) >= w.rest && !w.late(w.at, w.u.Break) {
			w.takeRest(w.at)
		}
		for len(w.duties) > 0 && w.at < len(w.arcs) && w.late(w.at+1, 0) {
			w.leave(w.at)
		}
		if w.at == pos {
			return
		}
		if len(w.duties) == 0 {
			w.restBefore(w.at, pos)
			w.at = pos
			return
		}
	}
}

// restBefore takes the break where it is due between two positions.
func (w *stander) restBefore(from, pos int) {
	if w.rested || w.now(pos) < w.rest {
		return
	}
	w.takeRest(from + sort.Search(pos-from, func(i int) bool { return w.now(from+i) >= w.rest }))
}

func (w *stander) takeRest(pos int) {
	w.tl.halts = append(w.tl.halts, halt{pos, -1, -1, w.u.Break})
	w.delay += w.u.Break
	w.rested = true
}

// leave goes from a position to the next post, and to those after it that
// would be missed by coming back first, and comes back.
func (w *stander) leave(pos int) {
	begun := w.now(pos)
	t := begun + w.away(pos)
	for {
		d := w.duties[0]
		w.cost += priceLatePost * max(0, t-d.start)
		t = max(t, d.start) + d.end - d.start
		w.duties = w.duties[1:]
		back := d.back[w.arcs[pos]]
		if len(w.duties) == 0 || t+(back+w.s.metres[w.arcs[pos]>>1]+w.duties[0].there.Metres[w.arcs[pos]])/w.u.Speed <= w.duties[0].start-postSlack {
			if math.IsInf(back, 1) { // the tour cannot be taken up here
				back, w.cost = d.home, w.cost+priceMissed
			}
			t += back / w.u.Speed
			break
		}
		t += d.next / w.u.Speed
	}
	w.tl.halts = append(w.tl.halts, halt{pos, atPost, -1, t - begun})
	w.tl.posts += t - begun
	w.delay += t - begun
}

// expect makes a part of the stops that a hot place will want at each passage,
// as long as visits are not dealt: so streets around hot places are shared by
// more units.
func (w *stander) expect(ps pass) {
	d := w.s.expected[ps.hot]
	w.tl.halts = append(w.tl.halts, halt{ps.at, ps.hot, -1, d})
	w.tl.stops += d
	w.delay += d
}
