package patrol

import (
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/routing"
)

// Rules are what people laid down for a plan: what stays with a unit, and
// where one may not go. They go on from version to version.
type Rules struct {
	Locks   []Lock `json:"locks,omitempty"`
	Forbids []Ban  `json:"forbids,omitempty"`
}

// Lock keeps something with a unit: a street, a stop (by its place), or, with
// neither, its whole round.
type Lock struct {
	Unit    string     `json:"unit"`
	Segment string     `json:"segment,omitempty"`
	Stop    *orb.Point `json:"stop,omitempty"`
}

// Ban closes a street to a unit, or to all.
type Ban struct {
	Unit    string    `json:"unit,omitempty"` // empty: to all
	Segment string    `json:"segment"`
	Since   time.Time `json:"since,omitzero"` // zero: from the beginning
}

// Violations of the rules, beside those of Check.
const (
	ForbiddenStreet ViolationCode = "forbidden_street" // a street that was closed to the unit
	LockBroken      ViolationCode = "lock_broken"      // a locked street is not with its unit
	LateStop        ViolationCode = "late_stop"        // a stop comes later than it was promised
)

func (r Rules) clone() Rules { return Rules{slices.Clone(r.Locks), slices.Clone(r.Forbids)} }

// IsZero tells whether there are none.
func (r Rules) IsZero() bool { return len(r.Locks) == 0 && len(r.Forbids) == 0 }

func (l Lock) same(o Lock) bool {
	return l.Unit == o.Unit && l.Segment == o.Segment && (l.Stop == nil) == (o.Stop == nil) && (l.Stop == nil || *l.Stop == *o.Stop)
}

// round tells whether a unit's whole round is locked.
func (r Rules) round(unit string) bool {
	return slices.ContainsFunc(r.Locks, func(l Lock) bool { return l.Unit == unit && l.Segment == "" && l.Stop == nil })
}

// street tells whether a street is locked to a unit.
func (r Rules) street(unit, segment string) bool {
	return r.round(unit) || slices.ContainsFunc(r.Locks, func(l Lock) bool { return l.Unit == unit && l.Segment == segment && segment != "" })
}

// stop tells whether a stop is locked to a unit.
func (r Rules) stop(unit string, at orb.Point) bool {
	return r.round(unit) || slices.ContainsFunc(r.Locks, func(l Lock) bool { return l.Unit == unit && l.Stop != nil && *l.Stop == at })
}

// closedTo gives the segments closed to a unit.
func (t *table) closedTo(unit string) map[routing.SegmentID]bool {
	out := map[routing.SegmentID]bool{}
	for _, b := range t.plan.Rules.Forbids {
		if id, ok := t.d.byID[b.Segment]; ok && (b.Unit == "" || b.Unit == unit) {
			out[id] = true
		}
	}
	return out
}

// Review lists what is wrong with a plan on a map: what Check finds, less what
// follows from a unit having fallen out, and the rules that are broken.
func Review(p Plan, g *routing.Graph, shift Span) []Violation {
	ended := map[string]bool{}
	for _, r := range p.Rounds {
		ended[r.Unit] = !r.Ended.IsZero()
	}
	out := slices.DeleteFunc(Check(p, g, shift), func(v Violation) bool {
		return ended[v.Unit] && (v.Code == NotAtBase || v.Code == NoBreak || v.Code == EmptyRound)
	})
	for _, r := range p.Rounds {
		out = append(out, p.Rules.violations(r)...)
	}
	return out
}

// violations lists the rules that a round breaks.
func (r Rules) violations(round Round) []Violation {
	var out []Violation
	add := func(seq int, code ViolationCode, format string, args ...any) {
		out = append(out, Violation{Unit: round.Unit, Seq: seq, Code: code, Message: fmt.Sprintf(format, args...)})
	}
	bans, locks := map[string]time.Time{}, map[string]bool{}
	for _, b := range r.Forbids {
		if b.Unit == "" || b.Unit == round.Unit {
			bans[b.Segment] = b.Since
		}
	}
	for _, l := range r.Locks {
		if l.Unit == round.Unit && l.Segment != "" {
			locks[l.Segment] = true
		}
	}
	for _, l := range round.Legs {
		if since, ok := bans[l.Segment]; ok && l.Segment != "" && !l.Start.Before(since) {
			add(l.Seq, ForbiddenStreet, "%s is closed to unit %s", l.Name, round.Unit)
		}
		delete(locks, l.Segment)
		if late := l.Start.Sub(l.Due); !l.Due.IsZero() && late > lateStop {
			add(l.Seq, LateStop, "the stop of %s is %s late", l.Due.Format("15:04"), late.Round(time.Minute))
		}
	}
	if n := len(locks); n > 0 && round.Ended.IsZero() {
		add(0, LockBroken, "%d streets locked to the round are not in it", n)
	}
	return out
}
