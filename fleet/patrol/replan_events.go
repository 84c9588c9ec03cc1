package patrol

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// missedAfter is how long after its time a street counts as left out.
const missedAfter = 10 * time.Minute

// replan is a plan that is made anew in the middle of its shift.
type replan struct {
	*table
	s     Situation
	freed []freedWork
	added []*course
	puts  []*chain // what was put in again, in order

	lastID   int
	unitWays map[string]*ways
}

// freedWork is what a unit was to do, in its order, and does no more.
type freedWork struct {
	from  string
	steps []step
	at    []time.Time
}

// freeze leaves what begins before an instant as it is.
func (r *replan) freeze(c *course, until time.Time) {
	c.frozen = 0
	for i, at := range c.times()[:len(c.steps)] {
		if at.Before(until) {
			c.frozen = i + 1
		}
	}
}

// free takes over what a course was to do from step i up to j.
func (r *replan) free(c *course, i, j int) {
	w := freedWork{from: c.round.Unit}
	times := c.times()
	for k := i; k < j; k++ {
		s := c.steps[k]
		if !s.drives() && s.name == "" && s.old >= 0 {
			s.name = c.round.Legs[s.old].Name
		}
		w.steps, w.at = append(w.steps, s), append(w.at, times[k])
	}
	r.freed = append(r.freed, w)
}

func (r *replan) happen(e Event) error {
	switch e.Kind {
	case UnitLost:
		return r.loseUnit(e)
	case UnitAdded:
		return r.addUnit(e)
	case StreetClosed:
		return r.closeStreets(e)
	default:
		return r.alert(e)
	}
}

// onDuty finds the course of a unit that has not fallen out.
func (r *replan) onDuty(unit string) (*course, error) {
	c, err := r.course(unit)
	if err == nil && !c.round.Ended.IsZero() {
		err = fmt.Errorf("%w: unit %s fell out at %s", ErrEdit, unit, c.round.Ended.Format(time.RFC3339))
	}
	return c, err
}

// loseUnit ends a round where the unit is.
func (r *replan) loseUnit(e Event) error {
	c, err := r.onDuty(e.Unit)
	if err != nil {
		return err
	}
	r.freeze(c, r.s.Now)
	r.free(c, c.frozen, len(c.steps))
	c.replace(c.frozen, len(c.steps), nil)
	c.gone, c.round.Ended = true, r.s.Now
	return nil
}

// addUnit gives a unit a round from now on; one that fell out goes on from
// where it was.
func (r *replan) addUnit(e Event) error {
	if c, err := r.course(e.Unit); err == nil {
		if c.round.Ended.IsZero() {
			return fmt.Errorf("%w: unit %s has a round already", ErrEdit, e.Unit)
		}
		c.round.Ended, c.gone, c.frozen = time.Time{}, false, len(c.steps)
		if wait := r.s.Now.Sub(c.end()); wait > 0 {
			c.replace(len(c.steps), len(c.steps), []step{{arc: routing.NoArc, kind: Stop, node: c.nodeAfter(len(c.steps) - 1), old: -1, took: wait, reason: "away"}})
			c.frozen++
		}
		r.added = append(r.added, c)
		return nil
	}
	u, ok := r.s.Added[e.Unit]
	if !ok {
		if u, ok = r.d.unitOf(e.Unit); !ok {
			return fmt.Errorf("%w: %q", ErrUnknownUnit, e.Unit)
		}
	}
	start, err := Starts(r.d.g, []fleet.Unit{u})
	if err != nil {
		return err
	}
	number := 0
	for _, c := range r.courses {
		number = max(number, c.round.Number)
	}
	c, err := r.d.course(Round{Number: number + 1, Unit: u.ID, CallSign: u.CallSign, Mode: u.Mode, Base: r.d.pointOf(start[0].Base)})
	if err != nil {
		return err
	}
	c.begin, c.changed = r.s.Now, true
	r.courses, r.added = append(r.courses, c), append(r.added, c)
	return nil
}

// closeStreets leads everybody around streets from now on.
func (r *replan) closeStreets(e Event) error {
	ids, err := r.segments(e.Segments)
	if err != nil {
		return err
	}
	set := map[routing.SegmentID]bool{}
	for _, id := range ids {
		set[id] = true
		name := r.d.g.Segments[id].ID
		if !slices.ContainsFunc(r.plan.Rules.Forbids, func(b Ban) bool { return b.Segment == name && b.Unit == "" }) {
			r.plan.Rules.Forbids = append(r.plan.Rules.Forbids, Ban{Segment: name, Since: r.s.Now})
		}
	}
	for _, c := range r.courses {
		for i, at := range c.times()[:len(c.steps)] {
			if i < c.frozen && !at.Before(r.s.Now) && c.steps[i].drives() && set[c.steps[i].arc.Segment()] {
				r.freeze(c, r.s.Now) // it would drive into it in a moment
				break
			}
		}
	}
	r.onLost = func(c *course, lost []step, at time.Time) {
		w := freedWork{from: c.round.Unit}
		for _, s := range lost {
			if s.kind == Service && s.drives() && !set[s.arc.Segment()] {
				w.steps, w.at = append(w.steps, s), append(w.at, at)
			}
			at = at.Add(s.took)
		}
		r.freed = append(r.freed, w)
	}
	_, err = r.leadAround(set, "")
	return err
}

// alert sends a unit to a place and has it go on with its round as if it had
// been driven meanwhile; what it misses is freed.
func (r *replan) alert(e Event) error {
	c, err := r.onDuty(e.Unit)
	if err != nil {
		return err
	}
	if !e.Until.IsZero() && !e.Until.After(r.s.Now) {
		return fmt.Errorf("%w: the alert is over at %s, before now: give a later end", ErrEdit, e.Until.Format(time.RFC3339))
	}
	r.freeze(c, r.s.Now)
	w := r.d.waysAround(c.round.Mode, r.closedTo(c.round.Unit), nil)
	node := c.nodeAfter(c.frozen - 1)
	if e.Point != nil {
		if node, err = r.d.nodeNear(c, *e.Point); err != nil {
			return err
		}
	}
	there, ok := c.between(w, c.lastArc(c.frozen-1), c.nodeAfter(c.frozen-1), node, routing.NoArc)
	if !ok {
		return fmt.Errorf("%w: unit %s to the place of the alert", ErrNoWay, e.Unit)
	}
	times := c.times()
	begin := times[c.frozen]
	if begin.Before(r.s.Now) { // it was done already: it waits at its base
		begin = r.s.Now
	}
	way := c.way(there, Deadhead, "alert")
	arrive := begin.Add(duration(way))
	until := e.Until
	if until.IsZero() {
		until = r.s.Now.Add(alertTime)
	}
	if least := arrive.Add(StopMin); until.Before(least) {
		until = least
	}
	last := c.lastArc(c.frozen - 1)
	if len(there) > 0 {
		last = there[len(there)-1]
	}
	// Back into the round where it would be by then; a break that falls in
	// between is taken first.
	c.search(w.out, last, node, math.Inf(1), nil)
	back := func() int {
		for k := c.frozen; k < len(c.steps); k++ {
			if !c.steps[k].drives() {
				continue
			}
			if m, ok := w.out.CostBefore(c.steps[k].arc); ok && !until.Add(time.Duration(m/c.speed*float64(time.Second))).After(times[k]) {
				return k
			}
		}
		return len(c.steps)
	}
	j := back()
	var rest []step
	if k := slices.IndexFunc(c.steps[c.frozen:j], func(s step) bool { return s.kind == Break }); k >= 0 {
		pause := c.steps[c.frozen+k]
		pause.node, pause.old, pause.name = node, -1, ""
		rest = []step{pause}
		until = until.Add(pause.took)
		j = back()
	}
	arcs, ok := c.between(w, last, node, c.nodeBefore(j), c.nextArc(j))
	if !ok {
		return fmt.Errorf("%w: unit %s back from the alert", ErrNoWay, e.Unit)
	}
	home := c.way(arcs, Deadhead, "alert")
	if j < len(c.steps) {
		until = times[j].Add(-duration(home))
	}
	r.free(c, c.frozen, j)
	with := append(way, step{arc: routing.NoArc, kind: Stop, node: node, old: -1, took: until.Sub(arrive) - duration(rest), reason: "alert"})
	with = append(with, rest...)
	first := c.frozen
	c.frozen += len(with)
	c.replace(first, j, append(with, home...))
	r.fit(c, w, c.frozen)
	return nil
}

// missed frees the streets that should have been visited by now and were not.
func (r *replan) missed() {
	if r.s.Visited == nil {
		return
	}
	for _, c := range r.courses {
		times := c.times()
		w := freedWork{from: c.round.Unit}
		for i, s := range c.steps[:c.frozen] {
			if s.kind != Service || !s.drives() || times[i+1].After(r.s.Now.Add(-missedAfter)) {
				continue
			}
			if id := s.arc.Segment(); r.d.wanted[id] && !r.s.Visited[id] {
				r.undone[id] = true
				w.steps, w.at = append(w.steps, s), append(w.at, times[i])
			}
		}
		if len(w.steps) > 0 {
			r.freed = append(r.freed, w)
		}
	}
}
