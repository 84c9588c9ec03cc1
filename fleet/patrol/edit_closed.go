package patrol

import (
	"math"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/routing"
)

// cutClosed leads a course around the steps that drive closed streets. What
// lies behind them and cannot be reached any more is left out too; a break
// among it is taken elsewhere. Where a unit stands in a dead end behind a
// closed street it drives out all the same: Review tells of it.
func (t *table) cutClosed(c *course, w *ways, on func(step) bool) error {
	for i := c.frozen; i < len(c.steps); i++ {
		if !on(c.steps[i]) {
			continue
		}
		first, after := i, i+1
		for after < len(c.steps) && (on(c.steps[after]) || c.steps[after].loose()) {
			after++
		}
		for first > c.frozen && c.steps[first-1].loose() && !on(c.steps[first-1]) {
			first--
		}
		with, first, after := t.around(c, w, first, after)
		if with == nil { // no way out
			for i+1 < len(c.steps) && on(c.steps[i+1]) {
				i++
			}
			continue
		}
		lost := slices.Clone(c.steps[first:after])
		at := c.times()[first]
		steps := c.way(*with, "", "rerouted")
		c.label(steps, after)
		c.replace(first, after, steps)
		i = first + len(steps) - 1
		t.lose(c, lost, at)
	}
	return nil
}

// around finds a way from before step first to step after. Where there is none
// it goes on to the first step later that can be reached, and where the unit
// would stand in a one-way street that leads nowhere now, it turns off earlier.
// It gives what the way takes the place of; nil: there is none.
func (t *table) around(c *course, w *ways, first, after int) (*[]routing.Arc, int, int) {
	for ; first >= c.frozen; first-- {
		if arcs, ok := c.join(w, first-1, after); ok {
			return &arcs, first, after
		}
		c.search(w.out, c.lastArc(first-1), c.nodeAfter(first-1), math.Inf(1), nil)
		var reached []int
		for j := after; j <= len(c.steps); j++ {
			if j == len(c.steps) || !c.steps[j].drives() {
				if _, _, ok := w.out.CostToNode(c.nodeBefore(j)); ok {
					reached = append(reached, j)
				}
			} else if _, ok := w.out.CostBefore(c.steps[j].arc); ok {
				reached = append(reached, j)
			}
		}
		for _, j := range reached {
			if arcs, ok := c.join(w, first-1, j); ok {
				return &arcs, first, j
			}
		}
	}
	return nil, first, after
}

// lose tells of stops that were left out, and takes a break elsewhere.
func (t *table) lose(c *course, lost []step, at time.Time) {
	if t.onLost != nil {
		t.onLost(c, lost, at)
	}
	for _, s := range lost {
		switch s.kind {
		case Stop:
			t.notes = append(t.notes, t.stopNote(StopLost, c, s, at))
		case Break:
			_ = t.putBreak(c, s, near(at, metresPerMinute)) // without one Review says so
		}
		at = at.Add(s.took)
	}
}

// stopNote tells of a stop.
func (t *table) stopNote(code NoteCode, c *course, s step, at time.Time) Note {
	name := s.name
	if name == "" && s.old >= 0 {
		name = c.round.Legs[s.old].Name
	}
	if name == "" {
		name = t.d.sc.placeName(s.node)
	}
	return Note{Code: code, Unit: c.round.Unit, Name: name, Minutes: s.took.Minutes(), At: at}
}
