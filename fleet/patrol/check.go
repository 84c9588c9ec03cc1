package patrol

import (
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// ViolationCode says what is wrong with a plan.
type ViolationCode string

// The codes of violations. Contiguity and the streets' own rules make a plan
// impossible to drive; the others break the shift's rules.
const (
	NotContiguous  ViolationCode = "not_contiguous"  // a leg does not start where the last ended
	UnknownSegment ViolationCode = "unknown_segment" // no such street on the map
	WrongGeometry  ViolationCode = "wrong_geometry"  // the line is not the street's
	WrongWay       ViolationCode = "wrong_way"       // closed to the mode in this direction
	ForbiddenTurn  ViolationCode = "forbidden_turn"
	TooFast        ViolationCode = "too_fast"
	TimeOrder      ViolationCode = "time_order" // starts before the last ended, or ends before it starts
	TimeGap        ViolationCode = "time_gap"   // nothing planned for a while
	OutsideShift   ViolationCode = "outside_shift"
	NotAtBase      ViolationCode = "not_at_base"
	NoBreak        ViolationCode = "no_break"
	ShortStop      ViolationCode = "short_stop"
	SequenceBroken ViolationCode = "sequence" // seq does not rise
	DoubleRound    ViolationCode = "double_round"
	EmptyRound     ViolationCode = "empty_round"
)

// Violation is one thing wrong with a plan.
type Violation struct {
	Unit    string        `json:"unit"`
	Seq     int           `json:"seq,omitempty"` // of the leg; 0: the whole round
	Code    ViolationCode `json:"code"`
	Message string        `json:"message"`
	What    string        `json:"what,omitempty"` // of a missed post: its name and hours
}

const (
	// transitSlack is by how much a leg may be faster than transit speed, for
	// times rounded to the second.
	transitSlack = 1.05
	roundingTime = time.Second
	// breakAfter is the length of a round from which a break is due.
	breakAfter = 6 * time.Hour
)

// Check lists what is wrong with a plan on a map, round by round. shift is the
// window it must keep to; zero: not checked.
func Check(p Plan, g *routing.Graph, shift Span) []Violation {
	c := &checker{g: g, shift: shift, byID: make(map[string]routing.SegmentID, len(g.Segments))}
	for i := range g.Segments {
		c.byID[g.Segments[i].ID] = routing.SegmentID(i)
	}
	seen := map[string]bool{}
	for _, r := range p.Rounds {
		if seen[r.Unit] {
			c.add(r, 0, DoubleRound, "unit %s has two rounds", r.Unit)
		}
		seen[r.Unit] = true
		c.round(r)
	}
	return c.out
}

// Contiguous tells whether none of the violations breaks a round on the map.
func Contiguous(vs []Violation) bool {
	return !slices.ContainsFunc(vs, func(v Violation) bool {
		return v.Code == NotContiguous || v.Code == UnknownSegment || v.Code == WrongGeometry
	})
}

type checker struct {
	g     *routing.Graph
	byID  map[string]routing.SegmentID
	shift Span
	out   []Violation
}

func (c *checker) add(r Round, seq int, code ViolationCode, format string, args ...any) {
	c.out = append(c.out, Violation{Unit: r.Unit, Seq: seq, Code: code, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) round(r Round) {
	if len(r.Legs) == 0 {
		c.add(r, 0, EmptyRound, "unit %s has nothing to do", r.Unit)
		return
	}
	first, last := r.Legs[0], r.Legs[len(r.Legs)-1]
	if first.from() != r.Base {
		c.add(r, first.Seq, NotAtBase, "the round does not start at the base")
	}
	if last.to() != r.Base {
		c.add(r, last.Seq, NotAtBase, "the round does not end at the base")
	}
	before := routing.NoArc
	rested := false
	for i, l := range r.Legs {
		if i > 0 {
			c.after(r, r.Legs[i-1], l)
		}
		if l.End.Before(l.Start) {
			c.add(r, l.Seq, TimeOrder, "the leg ends %s before it starts", l.Start.Sub(l.End))
		}
		if c.shift != (Span{}) && (l.Start.Before(c.shift.Start.Add(-roundingTime)) || l.End.After(c.shift.End.Add(roundingTime))) {
			c.add(r, l.Seq, OutsideShift, "%s to %s is outside the shift", l.Start.Format(time.TimeOnly), l.End.Format(time.TimeOnly))
		}
		switch l.Kind {
		case Break:
			rested = rested || l.End.Sub(l.Start) >= BreakLength-roundingTime
		case Stop:
			if !l.atPost() && l.End.Sub(l.Start) < StopMin-roundingTime {
				c.add(r, l.Seq, ShortStop, "a tactical stop of %s is shorter than %s", l.End.Sub(l.Start).Round(time.Second), StopMin)
			}
		default:
			before = c.drive(r, l, before)
		}
	}
	if span := last.End.Sub(first.Start); !rested && span > breakAfter {
		c.add(r, 0, NoBreak, "a round of %s has no break of %s", span.Round(time.Minute), BreakLength)
	}
}

// after checks a leg against the one before it.
func (c *checker) after(r Round, prev, l Leg) {
	if prev.to() != l.from() {
		c.add(r, l.Seq, NotContiguous, "the leg starts %.0f m from where the one before ended", geo.Distance(prev.to(), l.from()))
	}
	if l.Seq <= prev.Seq {
		c.add(r, l.Seq, SequenceBroken, "leg %d comes after leg %d", l.Seq, prev.Seq)
	}
	switch gap := l.Start.Sub(prev.End); {
	case gap < -roundingTime:
		c.add(r, l.Seq, TimeOrder, "the leg starts %s before the one before ended", -gap)
	case gap > roundingTime:
		c.add(r, l.Seq, TimeGap, "nothing is planned for %s before the leg", gap.Round(time.Second))
	}
}

// drive checks a leg against the map and gives its arc; NoArc if it has none.
func (c *checker) drive(r Round, l Leg, before routing.Arc) routing.Arc {
	id, ok := c.byID[l.Segment]
	if !ok {
		c.add(r, l.Seq, UnknownSegment, "segment %q is not on the map", l.Segment)
		return routing.NoArc
	}
	s := &c.g.Segments[id]
	a, ok := arcAlong(c.g, id, l.Line)
	if !ok {
		c.add(r, l.Seq, WrongGeometry, "the line driven is not that of segment %s (%s)", s.ID, nameOf(s))
		return routing.NoArc
	}
	if !c.g.Allowed(a, r.Mode) {
		if back := a.Opposite(); s.From == s.To && slices.Equal(c.g.Line(back), l.Line) && c.g.Allowed(back, r.Mode) {
			a = back
		} else {
			c.add(r, l.Seq, WrongWay, "%s is closed to %s in this direction", nameOf(s), r.Mode)
		}
	}
	if before != routing.NoArc && c.g.Head(before) == c.g.Tail(a) && !c.g.TurnAllowed(before, a, r.Mode) {
		c.add(r, l.Seq, ForbiddenTurn, "turning from %s into %s is forbidden to %s", nameOf(c.g.Segment(before)), nameOf(s), r.Mode)
	}
	most := fleet.DefaultSpeeds(r.Mode).Transit * transitSlack
	if took := l.End.Sub(l.Start) + roundingTime; s.Length > most*took.Seconds() {
		c.add(r, l.Seq, TooFast, "%.0f m in %s is faster than %.0f km/h", s.Length, l.End.Sub(l.Start).Round(time.Second), most*3.6)
	}
	return a
}

// CheckReport is what `plan check` prints.
type CheckReport struct {
	Violations  []Violation `json:"violations"`
	Contiguous  bool        `json:"contiguous"`
	CoveragePct float64     `json:"coverage_pct"`
	Rounds      int         `json:"rounds"`
	Legs        int         `json:"legs"`
	DrivenKm    float64     `json:"driven_km"`
}

// Report checks a plan and measures how much of the district it visits: the
// length of the belonging segments driven end to end, of those that its units
// reach from their bases and return from.
func Report(p Plan, g *routing.Graph, shift Span) CheckReport {
	out := CheckReport{Violations: Check(p, g, shift), Rounds: len(p.Rounds)}
	if out.Violations == nil {
		out.Violations = []Violation{}
	}
	out.Contiguous = Contiguous(out.Violations)
	byID := make(map[string]routing.SegmentID, len(g.Segments))
	for i := range g.Segments {
		byID[g.Segments[i].ID] = routing.SegmentID(i)
	}
	visited := make([]bool, len(g.Segments))
	wanted := make([]bool, len(g.Segments))
	starts := map[routing.Start]bool{}
	for _, r := range p.Rounds {
		out.Legs += len(r.Legs)
		for n := range g.Nodes {
			if st := (routing.Start{Mode: r.Mode, Base: routing.NodeID(n)}); g.Nodes[n].Point == r.Base && !starts[st] {
				starts[st] = true
				reach := g.Reachable(r.Mode, st.Base)
				for i := range wanted {
					wanted[i] = wanted[i] || g.Segments[i].Belongs && reach.Segment(routing.SegmentID(i))
				}
			}
		}
		for _, l := range r.Legs {
			if id, ok := byID[l.Segment]; ok && l.Kind != Stop && l.Kind != Break {
				if a, ok := arcAlong(g, id, l.Line); ok {
					visited[id] = visited[id] || g.Allowed(a, r.Mode)
					out.DrivenKm += g.Segments[id].Length / 1000
				}
			}
		}
	}
	got, all := 0.0, 0.0
	for i := range g.Segments {
		if wanted[i] {
			all += g.Segments[i].Length
			if visited[i] {
				got += g.Segments[i].Length
			}
		}
	}
	if all > 0 {
		out.CoveragePct = float64(int(100*got/all*1000+0.5)) / 1000
	}
	return out
}
