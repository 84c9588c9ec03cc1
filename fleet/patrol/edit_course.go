package patrol

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// course is a round while it is changed: what the unit does in order; the
// times follow from it.
type course struct {
	d      *Desk
	round  Round // as it was
	base   routing.NodeID
	speed  float64 // m/s at which new ways are driven
	begin  time.Time
	until  time.Time // by then the unit should be back
	steps  []step
	same   int  // so many of the first steps are exactly as they were
	frozen int  // so many cannot be changed any more
	gone   bool // the unit fell out
	// changed: the round is not what it was.
	changed bool
}

// step is a leg of a course.
type step struct {
	arc    routing.Arc // NoArc: a stop or break
	kind   LegKind
	node   routing.NodeID // of a stop or break
	old    int            // its leg in the round as it was; -1: new
	took   time.Duration
	reason string
	name   string // of a new stop's place
	due    time.Time
	chain  int // id of the chain that it was put in with; 0: none
}

func (s step) drives() bool { return s.arc != routing.NoArc }

// course takes a round apart.
func (d *Desk) course(r Round) (*course, error) {
	base, ok := d.at[r.Base]
	if !ok {
		return nil, fmt.Errorf("%w: its base %.6f,%.6f is no junction of the present streets: make a new plan", fleet.ErrInvalid, r.Base[0], r.Base[1])
	}
	c := &course{d: d, round: r, base: base, speed: fleet.DefaultSpeeds(r.Mode).Patrol, steps: make([]step, len(r.Legs)), same: len(r.Legs)}
	c.begin, c.until = d.sc.in.Shift.Start, d.sc.in.Shift.End
	if u, ok := d.unitOf(r.Unit); ok {
		if from, to, ok := u.Out(d.sc.in.Shift, d.sc.in.Loc); ok {
			c.begin, c.until = from, to
		}
	}
	if len(r.Legs) > 0 {
		c.begin = r.Legs[0].Start
	}
	for i, l := range r.Legs {
		s := step{arc: routing.NoArc, kind: l.Kind, old: i, took: l.End.Sub(l.Start), reason: l.Reason, due: l.Due}
		if l.Kind == Stop || l.Kind == Break {
			n, ok := d.at[l.Point]
			if !ok {
				return nil, fmt.Errorf("%w: leg %d stops where no junction is: make a new plan", fleet.ErrInvalid, l.Seq)
			}
			s.node = n
		} else {
			id, ok := d.byID[l.Segment]
			if !ok {
				return nil, fmt.Errorf("%w: leg %d drives segment %q, which is not on the present map: make a new plan", fleet.ErrInvalid, l.Seq, l.Segment)
			}
			a, ok := arcAlong(d.g, id, l.Line)
			if !ok {
				return nil, fmt.Errorf("%w: leg %d does not run along segment %s as it is now: make a new plan", fleet.ErrInvalid, l.Seq, l.Segment)
			}
			if back := a.Opposite(); !d.g.Allowed(a, r.Mode) && d.g.Tail(a) == d.g.Head(a) && d.g.Allowed(back, r.Mode) {
				a = back // a loop that reads the same both ways
			}
			s.arc = a
		}
		c.steps[i] = s
	}
	return c, nil
}

// lastArc is the arc driven last up to step i; NoArc: none, the unit is at its base.
func (c *course) lastArc(i int) routing.Arc {
	for ; i >= 0; i-- {
		if c.steps[i].drives() {
			return c.steps[i].arc
		}
	}
	return routing.NoArc
}

// nodeAfter is where the unit is after step i; -1 means before the first.
func (c *course) nodeAfter(i int) routing.NodeID {
	if i < 0 {
		return c.base
	}
	if s := c.steps[i]; !s.drives() {
		return s.node
	}
	return c.d.g.Head(c.steps[i].arc)
}

// nextArc is the arc driven first from step j on; NoArc: none.
func (c *course) nextArc(j int) routing.Arc {
	for ; j < len(c.steps); j++ {
		if c.steps[j].drives() {
			return c.steps[j].arc
		}
	}
	return routing.NoArc
}

// nodeBefore is where the unit must be for step j; after the last it is the base.
func (c *course) nodeBefore(j int) routing.NodeID {
	if j >= len(c.steps) {
		return c.base
	}
	if s := c.steps[j]; !s.drives() {
		return s.node
	}
	return c.d.g.Tail(c.steps[j].arc)
}

// replace puts steps in the place of those from i up to, not including, j.
func (c *course) replace(i, j int, with []step) {
	out := make([]step, 0, len(c.steps)-(j-i)+len(with))
	out = append(out, c.steps[:i]...)
	out = append(out, with...)
	c.steps = append(out, c.steps[j:]...)
	c.same = min(c.same, i)
	c.changed = true
}

// way makes the steps that drive arcs.
func (c *course) way(arcs []routing.Arc, kind LegKind, reason string) []step {
	out := make([]step, len(arcs))
	for i, a := range arcs {
		out[i] = step{arc: a, kind: kind, old: -1, took: c.takes(a), reason: reason}
	}
	return out
}

// takes is how long a unit drives along an arc, to the millisecond.
func (c *course) takes(a routing.Arc) time.Duration {
	return time.Duration(c.d.g.Segment(a).Length/c.speed*1000+0.5) * time.Millisecond
}

// duration adds up steps.
func duration(steps []step) time.Duration {
	sum := time.Duration(0)
	for _, s := range steps {
		sum += s.took
	}
	return sum
}

// times gives when each step begins; one more than steps, the last is the end.
func (c *course) times() []time.Time {
	out := make([]time.Time, len(c.steps)+1)
	at := c.begin
	for i, s := range c.steps {
		if i < c.same {
			at = c.round.Legs[s.old].Start
		}
		out[i] = at
		at = at.Add(s.took)
		if i < c.same {
			at = c.round.Legs[s.old].End
		}
	}
	out[len(c.steps)] = at
	return out
}

// end is when the unit is back.
func (c *course) end() time.Time {
	at := c.begin
	if c.same > 0 {
		at = c.round.Legs[c.steps[c.same-1].old].End
	}
	return at.Add(duration(c.steps[c.same:]))
}

// excess is by how much the unit is late; negative: the time it has left.
func (c *course) excess() time.Duration { return c.end().Sub(c.until) }

// finish writes the round. What was not touched is what it was, to the byte.
func (c *course) finish() Round {
	r := c.round
	if !c.changed {
		return r
	}
	r.Legs = make([]Leg, len(c.steps))
	times := c.times()
	r.Metres = 0
	for i, s := range c.steps {
		var l Leg
		if s.old >= 0 {
			l = c.round.Legs[s.old]
		} else {
			l = c.leg(s)
		}
		if i >= c.same {
			l.Seq = i + 1
			if i > 0 {
				l.Seq = r.Legs[i-1].Seq + 1
			}
			l.Start, l.End = times[i], times[i+1]
			l.Kind, l.Reason, l.Due = s.kind, s.reason, s.due
		}
		r.Legs[i] = l
		if s.drives() {
			r.Metres += c.d.g.Segment(s.arc).Length
		}
	}
	return r
}

// leg words a new step.
func (c *course) leg(s step) Leg {
	if !s.drives() {
		name := s.name
		if name == "" {
			name = c.d.sc.placeName(s.node)
		}
		return Leg{Point: c.d.g.Nodes[s.node].Point, Name: name}
	}
	seg := c.d.g.Segment(s.arc)
	return Leg{Segment: seg.ID, WayIDs: seg.WayIDs, Line: c.d.g.Line(s.arc), Name: nameOf(seg)}
}

// relabel gives a step another kind; earlier ones stay as they were.
func (c *course) relabel(i int, k LegKind) {
	if c.steps[i].kind == k {
		return
	}
	c.steps[i].kind = k
	c.changed = true
	if i < c.same {
		c.pin(i)
	}
}

// pin lets the steps from i on be written anew without changing their times.
func (c *course) pin(i int) {
	// Times of later steps follow from their own lengths; a plan with gaps in
	// its time keeps them up to here.
	c.same = i
}

// stepOf finds the step of a leg by its seq.
func (c *course) stepOf(seq int) (int, bool) {
	for i, s := range c.steps {
		if s.old >= 0 && i < c.same && c.round.Legs[s.old].Seq == seq {
			return i, true
		}
	}
	if len(c.steps) > c.same { // seqs that finish will give
		first := c.same + 1
		if c.same > 0 {
			first = c.round.Legs[c.steps[c.same-1].old].Seq + 1
		}
		if i := c.same + seq - first; seq >= first && i < len(c.steps) {
			return i, true
		}
	}
	return 0, false
}

// pointOf is where a node is.
func (d *Desk) pointOf(n routing.NodeID) orb.Point { return d.g.Nodes[n].Point }
