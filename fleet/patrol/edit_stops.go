package patrol

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// How many metres more a unit drives rather than make a stop a minute from its
// time: one that the planner set, and one that a person asked for.
const (
	metresPerMinute = 60.0
	metresPromised  = 400.0
)

// near prices the distance from a time.
func near(at time.Time, perMinute float64) func(time.Time) float64 {
	return func(t time.Time) float64 { return perMinute * math.Abs(t.Sub(at).Minutes()) }
}

// editStop moves a stop to another unit or time, or leaves it out.
func (t *table) editStop(e Edit) error {
	c, err := t.course(e.Unit)
	if err != nil {
		return err
	}
	i, ok := c.stepOf(e.Stop)
	if !ok || c.steps[i].kind != Stop && (c.steps[i].kind != Break || e.Op != RetimeStop) {
		return fmt.Errorf("%w: leg %d of unit %s", ErrUnknownStop, e.Stop, e.Unit)
	}
	st := c.steps[i]
	if t.plan.Rules.stop(e.Unit, t.d.pointOf(st.node)) && e.Op != RetimeStop {
		return fmt.Errorf("%w: the stop of leg %d stays with unit %s", ErrLocked, e.Stop, e.Unit)
	}
	was := c.times()[i]
	if st.name == "" && st.old >= 0 {
		st.name = c.round.Legs[st.old].Name
	}
	to, at := c, e.At
	if e.Op == MoveStop {
		if to, err = t.course(e.To); err != nil {
			return err
		}
		if at.IsZero() {
			at = was
		}
		st.reason, st.due = "from:"+e.Unit, time.Time{}
		if !e.At.IsZero() {
			st.due = e.At
		}
	}
	limit := func(time.Time) float64 { return 0 }
	switch {
	case e.Op == RetimeStop && e.Before != 0:
		k, ok := c.stepOf(e.Before)
		if !ok || c.steps[k].drives() || k == i {
			return fmt.Errorf("%w: leg %d of unit %s, to come before", ErrUnknownStop, e.Before, e.Unit)
		}
		limit = t.beforeStop(c, i, k)
		st.due = time.Time{}
	case !at.IsZero():
		if at.Before(t.d.window().Start) || at.After(t.d.window().End) {
			return fmt.Errorf("%w: %s is outside the shift", ErrEdit, at.Format(time.RFC3339))
		}
		limit = near(at, metresPerMinute)
		if !e.At.IsZero() {
			limit = near(at, metresPromised)
		}
		if e.Op == RetimeStop && st.kind == Stop {
			st.due = e.At
		}
	}
	if err := t.takeStop(c, i); err != nil || e.Op == DropStop {
		return err
	}
	return t.putStop(to, st, limit, at)
}

// beforeStop allows only times between the stop before step k and k itself,
// as they are without step i.
func (t *table) beforeStop(c *course, i, k int) func(time.Time) float64 {
	times := c.times()
	from, until := t.d.window().Start, times[k]
	for h := k - 1; h >= 0; h-- {
		if !c.steps[h].drives() && h != i {
			from = times[h+1]
			break
		}
	}
	if i < k { // all of that comes earlier then
		until = until.Add(-c.steps[i].took)
		if !from.Before(times[i]) {
			from = from.Add(-c.steps[i].took)
		}
	}
	return func(at time.Time) float64 {
		switch {
		case at.Before(from):
			return 1000 * (1 + from.Sub(at).Minutes())
		case at.After(until):
			return 1000 * (1 + at.Sub(until).Minutes())
		}
		return 0
	}
}

// takeStop takes a stop or break out of a course, with the way there and back.
func (t *table) takeStop(c *course, i int) error {
	w := t.d.waysAround(c.round.Mode, t.closedTo(c.round.Unit), nil)
	if i < c.frozen {
		return fmt.Errorf("%w: the stop has been made, or is about to be", ErrEdit)
	}
	if c.steps[i].kind == Break || c.steps[i].node == c.base {
		c.replace(i, i+1, nil)
		return nil
	}
	// Roaming leads to the stop as well: only what goes out of its way to it.
	const marked = -1
	c.steps[i].chain = marked
	if _, ok := c.cut(w, func(s step) bool { return s.chain == marked }); !ok {
		return fmt.Errorf("%w: unit %s without the stop", ErrNoWay, c.round.Unit)
	}
	return nil
}

// putStop puts a stop into a course where it costs least by the metres and the
// time.
func (t *table) putStop(c *course, st step, extra func(time.Time) float64, at time.Time) error {
	w := t.d.waysAround(c.round.Mode, t.closedTo(c.round.Unit), nil)
	if st.kind == Break {
		return t.putBreak(c, st, extra)
	}
	s, err := t.d.place(c, &chain{node: st.node, stop: st}, w, extra)
	if err != nil {
		return err
	}
	t.fit(c, w, s.i+1)
	return nil
}

// putBreak rests where the unit is at the time.
func (t *table) putBreak(c *course, st step, extra func(time.Time) float64) error {
	best, least := -1, math.Inf(1)
	for i, at := range c.times() {
		if x := extra(at); i >= c.frozen && x < least {
			best, least = i, x
		}
	}
	if best < 0 {
		return fmt.Errorf("%w: unit %s has no time left to rest", ErrEdit, c.round.Unit)
	}
	st.node, st.old, st.name = c.nodeAfter(best-1), -1, ""
	c.replace(best, best, []step{st})
	return nil
}

// addStop adds a stop by hand.
func (t *table) addStop(e Edit) error {
	c, err := t.course(e.Unit)
	if err != nil {
		return err
	}
	n, err := t.d.nodeNear(c, *e.Point)
	if err != nil {
		return err
	}
	var extra func(time.Time) float64
	if !e.At.IsZero() {
		if e.At.Before(t.d.window().Start) || e.At.After(t.d.window().End) {
			return fmt.Errorf("%w: %s is outside the shift", ErrEdit, e.At.Format(time.RFC3339))
		}
		extra = near(e.At, metresPromised)
	}
	st := step{arc: routing.NoArc, kind: Stop, node: n, old: -1, took: time.Duration(e.Minutes * float64(time.Minute)).Round(time.Millisecond),
		reason: "manual", name: e.Name, due: e.At}
	return t.putStop(c, st, extra, e.At)
}

// rule lays down or lifts a rule.
func (t *table) rule(e Edit) error {
	r := &t.plan.Rules
	ids, err := t.segments(e.Segments)
	if err != nil {
		return err
	}
	switch e.Op {
	case LockRound, Unlock:
		locks, err := t.locksOf(e)
		if err != nil {
			return err
		}
		for _, l := range locks {
			r.Locks = slices.DeleteFunc(r.Locks, l.same)
			if e.Op == LockRound {
				r.Locks = append(r.Locks, l)
			}
		}
	case Permit:
		r.Forbids = slices.DeleteFunc(r.Forbids, func(b Ban) bool { return b.Unit == e.Unit && slices.Contains(e.Segments, b.Segment) })
	case Forbid:
		return t.forbid(e, ids)
	}
	return nil
}

func (t *table) locksOf(e Edit) ([]Lock, error) {
	c, err := t.course(e.Unit)
	if err != nil {
		return nil, err
	}
	if e.Stop != 0 {
		i, ok := c.stepOf(e.Stop)
		if !ok || c.steps[i].kind != Stop {
			return nil, fmt.Errorf("%w: leg %d of unit %s", ErrUnknownStop, e.Stop, e.Unit)
		}
		at := t.d.pointOf(c.steps[i].node)
		return []Lock{{Unit: e.Unit, Stop: &at}}, nil
	}
	if len(e.Segments) == 0 {
		return []Lock{{Unit: e.Unit}}, nil
	}
	var out []Lock
	for _, s := range e.Segments {
		out = append(out, Lock{Unit: e.Unit, Segment: s})
	}
	return out, nil
}

// forbid closes streets to a unit or to all, leads the rounds around them, and
// gives their first visits to others where that is allowed.
func (t *table) forbid(e Edit, ids []routing.SegmentID) error {
	if e.Unit != "" {
		if _, err := t.course(e.Unit); err != nil {
			return err
		}
	}
	for _, s := range e.Segments {
		b := Ban{Unit: e.Unit, Segment: s}
		t.plan.Rules.Forbids = append(slices.DeleteFunc(t.plan.Rules.Forbids, func(o Ban) bool { return o.Unit == b.Unit && o.Segment == b.Segment }), b)
	}
	set := map[routing.SegmentID]bool{}
	for _, id := range ids {
		set[id] = true
	}
	freed, err := t.leadAround(set, e.Unit)
	if err != nil || e.Unit == "" {
		return err
	}
	return t.handOn(freed, e.To, e.Unit)
}

// leadAround leads rounds around closed streets and gives the first visits
// that they lose. unit: only of this one.
func (t *table) leadAround(set map[routing.SegmentID]bool, unit string) ([]routing.Arc, error) {
	var freed []routing.Arc
	for _, c := range t.courses {
		if unit != "" && c.round.Unit != unit {
			continue
		}
		on := func(s step) bool { return s.drives() && set[s.arc.Segment()] }
		passes := false
		for i := c.frozen; i < len(c.steps); i++ {
			if on(c.steps[i]) {
				passes = true
				if c.steps[i].kind == Service {
					freed = append(freed, c.steps[i].arc)
				}
			}
		}
		if !passes {
			continue
		}
		w := t.d.waysAround(c.round.Mode, t.closedTo(c.round.Unit), nil)
		if err := t.cutClosed(c, w, on); err != nil {
			return nil, err
		}
		t.fit(c, w, c.frozen)
	}
	return freed, nil
}

// handOn gives streets to a unit, or to whoever visits them at the least cost,
// but not to one of them.
func (t *table) handOn(arcs []routing.Arc, to, not string) error {
	for _, ch := range t.d.chains(arcs, nil) {
		best, found := t.cheapest(ch, chainReach, to, not)
		if !found {
			best, found = t.cheapest(ch, math.Inf(1), to, not)
		}
		if !found {
			continue // settle tells that it is left out
		}
		w := t.d.waysAround(best.c.round.Mode, t.closedTo(best.c.round.Unit), nil)
		ch.from = not
		if best.c.insert(w, ch, best) {
			t.fit(best.c, w, best.i)
			t.notes = append(t.notes, Note{Code: TakenBy, Unit: best.c.round.Unit, From: not, Segments: t.d.idsOf(ch.arcs), Name: nameOf(t.d.g.Segment(ch.arcs[0])), Metres: ch.metres})
		}
	}
	return nil
}

// cheapest finds where a chain costs least that lies within limit of a round: of
// a unit, or of any whose round is not locked, but for one.
func (t *table) cheapest(ch *chain, limit float64, to, not string) (best slot, found bool) {
	var open map[chainKey]*reachTable // what the units have in common to whom nothing is closed
	for _, c := range t.courses {
		if c.round.Unit == not || c.gone || to != "" && c.round.Unit != to || t.plan.Rules.round(c.round.Unit) && to == "" {
			continue
		}
		closed := t.closedTo(c.round.Unit)
		if ch.reach = nil; len(closed) == 0 {
			ch.reach = open
		}
		s, ok := t.d.bestSlot(c, ch, t.d.waysAround(c.round.Mode, closed, nil), limit, nil)
		if len(closed) == 0 {
			open = ch.reach
		}
		if ok && (!found || s.metres < best.metres) {
			best, found = s, true
		}
	}
	return best, found
}

func (d *Desk) idsOf(arcs []routing.Arc) []string {
	var out []string
	for _, a := range arcs {
		if id := d.g.Segment(a).ID; !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
