package patrol

import (
	"math"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	roamFar   = 700.0         // metres: how far ahead a unit looks
	staleTime = 2 * time.Hour // after which a street is worth a full visit again
)

// roam fills the time of a unit that came to help: it goes where nobody has
// been for longest, rests if its time is long, and is back at the end.
func (r *replan) roam(c *course) {
	d, w := r.d, r.waysFor(c)
	if last := len(c.steps); last > c.frozen { // the way home comes last, anew
		for last > c.frozen && c.steps[last-1].kind == Fill {
			last--
		}
		c.replace(last, len(c.steps), nil)
	}
	w.back.FromNode(c.base, math.Inf(1), nil)
	home := make([]float64, 2*len(d.g.Segments))
	for i := range home {
		home[i] = math.Inf(1)
		if m, ok := w.back.CostBefore(routing.Arc(i)); ok {
			home[i] = m
		}
	}
	visits := r.visitTimes()
	at, last, node := c.end(), c.lastArc(len(c.steps)-1), c.nodeAfter(len(c.steps)-1)
	rested := c.until.Sub(c.begin) <= breakAfter
	half := c.begin.Add(c.until.Sub(c.begin) / 2)
	reach := d.reachOf(routing.Start{Mode: c.round.Mode, Base: c.base})
	var with []step
	for {
		if !rested && !at.Before(half) {
			with = append(with, step{arc: routing.NoArc, kind: Break, node: node, old: -1, took: BreakLength})
			at, rested = at.Add(BreakLength), true
		}
		if last == routing.NoArc {
			w.out.FromNode(node, roamFar, nil)
		} else {
			w.out.FromArc(last, roamFar, nil)
		}
		left := c.until.Sub(at).Seconds() * c.speed
		if !rested {
			left -= BreakLength.Seconds() * c.speed
		}
		best, most := routing.NoArc, 0.0
		for i := range home {
			a := routing.Arc(i)
			m, ok := w.out.Cost(a)
			if !ok || m+home[a] > left || !d.wanted[a.Segment()] || !reach.Arc(a) {
				continue
			}
			score := stale(visits[a.Segment()], at) * d.g.Segment(a).Length / (m + 60)
			if last != routing.NoArc && a == last.Opposite() {
				score /= 4
			}
			if score > most {
				best, most = a, score
			}
		}
		if best == routing.NoArc {
			break
		}
		for _, a := range w.out.AppendPath(nil, best) {
			with = append(with, c.way([]routing.Arc{a}, Fill, "")...)
			at = at.Add(c.takes(a))
			visits[a.Segment()] = append(visits[a.Segment()], at)
			last, node = a, d.g.Head(a)
		}
	}
	c.replace(len(c.steps), len(c.steps), with)
	if arcs, ok := c.join(w, len(c.steps)-1, len(c.steps)); ok {
		c.replace(len(c.steps), len(c.steps), c.way(arcs, Fill, ""))
	}
}

// stale is how much a street wants a visit at an instant, 0 to 1.
func stale(visits []time.Time, at time.Time) float64 {
	worst := staleTime
	for _, v := range visits {
		// Who comes soon counts as much as who has just been there.
		worst = min(worst, at.Sub(v).Abs())
	}
	return float64(worst) / float64(staleTime)
}

// visitTimes gives when each segment is driven by anybody.
func (r *replan) visitTimes() map[routing.SegmentID][]time.Time {
	out := map[routing.SegmentID][]time.Time{}
	for _, c := range r.courses {
		times := c.times()
		for i, s := range c.steps {
			if s.drives() {
				out[s.arc.Segment()] = append(out[s.arc.Segment()], times[i+1])
			}
		}
	}
	return out
}
