package patrol

import (
	"fmt"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// owners gives who visits each segment first: the course with its service leg.
func (t *table) owners() map[routing.SegmentID]*course {
	out := make(map[routing.SegmentID]*course, len(t.d.g.Segments))
	for _, c := range t.courses {
		for _, s := range c.steps {
			if s.kind == Service && s.drives() {
				if _, ok := out[s.arc.Segment()]; !ok {
					out[s.arc.Segment()] = c
				}
			}
		}
	}
	return out
}

// moveStreets gives streets to another unit: each from whoever visits it, or
// from nobody.
func (t *table) moveStreets(e Edit) error {
	to, err := t.course(e.To)
	if err != nil {
		return err
	}
	ids, err := t.segments(e.Segments)
	if err != nil {
		return err
	}
	taken, err := t.take(ids, e.Unit, to)
	if err != nil {
		return err
	}
	closed := t.closedTo(e.To)
	w := t.d.waysAround(to.round.Mode, closed, nil)
	for _, ch := range taken {
		s, err := t.d.place(to, ch, w, nil)
		if err != nil {
			return fmt.Errorf("%w (%s)", err, nameOf(t.d.g.Segment(ch.arcs[0])))
		}
		t.fit(to, w, s.i)
	}
	return nil
}

// dropStreets leaves streets out.
func (t *table) dropStreets(e Edit) error {
	ids, err := t.segments(e.Segments)
	if err != nil {
		return err
	}
	_, err = t.take(ids, e.Unit, nil)
	return err
}

// take takes streets out of the rounds that visit them and gives them as
// chains. from: only out of this unit's round; to: who gets them.
func (t *table) take(ids []routing.SegmentID, from string, to *course) ([]*chain, error) {
	owner := t.owners()
	set := map[routing.SegmentID]bool{}
	var givers []*course
	var loose []routing.Arc // visited by nobody
	for _, id := range ids {
		c := owner[id]
		name := t.d.g.Segments[id].ID
		switch {
		case c == nil && from != "", c != nil && from != "" && c.round.Unit != from:
			return nil, fmt.Errorf("%w: unit %s has no first visit of segment %s", ErrEdit, from, name)
		case c == nil && to == nil:
			continue
		case c == nil:
			loose = append(loose, routing.ArcOf(id, false))
			continue
		case c == to:
			continue // it has it already
		case t.plan.Rules.street(c.round.Unit, name):
			return nil, fmt.Errorf("%w: segment %s stays with unit %s", ErrLocked, name, c.round.Unit)
		}
		set[id] = true
		if !slices.Contains(givers, c) {
			givers = append(givers, c)
		}
	}
	var out []*chain
	for _, c := range givers {
		mine := map[routing.SegmentID]bool{}
		var arcs []routing.Arc
		for _, s := range c.steps {
			if s.drives() && s.kind == Service && set[s.arc.Segment()] {
				mine[s.arc.Segment()] = true
				arcs = append(arcs, s.arc)
			}
		}
		w := t.d.waysAround(c.round.Mode, t.closedTo(c.round.Unit), mine)
		if _, ok := c.cut(w, func(s step) bool { return s.drives() && mine[s.arc.Segment()] }); !ok {
			return nil, fmt.Errorf("%w: unit %s without segment %s", ErrNoWay, c.round.Unit, t.d.g.Segment(arcs[0]).ID)
		}
		t.fit(c, w, c.same) // going round them may take longer
		t.noteStillPasses(c, mine)
		for _, ch := range t.d.chains(arcs, to) {
			ch.from = c.round.Unit
			out = append(out, ch)
		}
	}
	return append(out, t.d.chains(loose, to)...), nil
}

// noteStillPasses tells of streets that a unit was to leave out and drives
// all the same.
func (t *table) noteStillPasses(c *course, set map[routing.SegmentID]bool) {
	var still []string
	for _, s := range c.steps {
		if s.drives() && set[s.arc.Segment()] {
			if id := t.d.g.Segment(s.arc).ID; !slices.Contains(still, id) {
				still = append(still, id)
			}
		}
	}
	if len(still) > 0 {
		t.notes = append(t.notes, Note{Code: StillPasses, Unit: c.round.Unit, Segments: still, Name: nameOf(&t.d.g.Segments[t.d.byID[still[0]]])})
	}
}

// chains joins arcs that follow one another into chains that a course can
// drive; nil: for whoever.
func (d *Desk) chains(arcs []routing.Arc, c *course) []*chain {
	var out []*chain
	for _, a := range arcs {
		if n := len(out); n > 0 {
			last := out[n-1]
			longer := &chain{arcs: append(slices.Clone(last.arcs), a), node: -1}
			if d.g.Head(last.arcs[len(last.arcs)-1]) == d.g.Tail(a) && (c == nil || d.drivable(longer, c)) {
				last.arcs = longer.arcs
				last.metres += d.g.Segment(a).Length
				continue
			}
		}
		out = append(out, &chain{arcs: []routing.Arc{a}, node: -1, metres: d.g.Segment(a).Length})
	}
	return out
}

// drivable tells whether a course's mode may drive a chain in one direction at
// least.
func (d *Desk) drivable(ch *chain, c *course) bool {
	_, on := ch.arcsIn(d.g, c.round.Mode, false)
	_, back := ch.arcsIn(d.g, c.round.Mode, true)
	return on || back
}

// fit has a unit roam less if it would be late otherwise, and tells of it.
func (t *table) fit(c *course, w *ways, from int) bool {
	if c.excess() <= 0 {
		return true
	}
	fill := func() (m float64) {
		for _, s := range c.steps {
			if s.kind == Fill {
				m += t.d.g.Segment(s.arc).Length
			}
		}
		return m
	}
	before := fill()
	ok := c.trim(w, from+1)
	if cut := before - fill(); cut > 0 {
		for i := range t.notes {
			if n := &t.notes[i]; n.Code == FillCut && n.Unit == c.round.Unit {
				n.Metres += cut
				return ok
			}
		}
		t.notes = append(t.notes, Note{Code: FillCut, Unit: c.round.Unit, Metres: cut})
	}
	return ok
}
