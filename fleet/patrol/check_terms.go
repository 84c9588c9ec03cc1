package patrol

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/routing"
)

// Violations of what a district lays down for its units, beside those of Check.
const (
	MissedPost    ViolationCode = "missed_post"    // nobody is at a fixed post for its whole time
	OverKm        ViolationCode = "over_km"        // more kilometres than the unit may drive
	OutsideHours  ViolationCode = "outside_hours"  // out before or after the unit's own hours
	OutsideSector ViolationCode = "outside_sector" // patrols streets outside its sectors
)

const (
	// A unit that is bound to sectors may pass other streets on its way: so many
	// times the straight line, and metres beside it.
	passShare  = 1.6
	passMetres = 400.0
	// kmSlack is by how much a round may be longer than its unit may drive: the
	// limit is a round number.
	kmSlack = 0.1
)

// Keeps lists what a plan breaks of the fixed posts and of the units' own
// limits. in is what plans of the shift are made from; units of the plan that it
// does not know have no limits.
func Keeps(p Plan, in DraftInput) []Violation {
	if in.Loc == nil {
		in.Loc = time.UTC
	}
	var out []Violation
	for _, t := range PostTimes(in.Posts, in.Shift, in.Loc) {
		if v, ok := t.kept(p); !ok {
			out = append(out, v)
		}
	}
	lengths := map[string]*routing.Segment{}
	for i := range in.Graph.Segments {
		lengths[in.Graph.Segments[i].ID] = &in.Graph.Segments[i]
	}
	for _, r := range p.Rounds {
		for _, u := range in.Units {
			if u.ID == r.Unit && len(r.Legs) > 0 {
				out = append(out, limits(r, u, in, lengths)...)
			}
		}
	}
	return out
}

// kept tells whether some unit that may is at the post from its beginning to its
// end; else what is wrong, with the unit that comes nearest to it.
func (t PostTime) kept(p Plan) (Violation, bool) {
	v := Violation{Code: MissedPost, What: fmt.Sprintf("%s, %s–%s", t.Name, t.From, t.To), Message: fmt.Sprintf("nobody is at %s from %s to %s", t.Name, t.Start.Format("15:04"), t.End.Format("15:04"))}
	if len(t.Units) == 1 {
		v.Unit = t.Units[0]
	}
	for _, r := range p.Rounds {
		if len(t.Units) > 0 && !contains(t.Units, r.Unit) {
			continue
		}
		for _, l := range r.Legs {
			if l.Kind != Stop || geo.Distance(l.Point, t.Place) > postMetres || !l.Start.Before(t.End) || !l.End.After(t.Start) {
				continue
			}
			late, early := l.Start.Sub(t.Start), t.End.Sub(l.End)
			if late <= roundingTime && early <= roundingTime {
				return v, true
			}
			v.Unit, v.Seq = r.Unit, l.Seq
			v.Message = fmt.Sprintf("unit %s is at %s from %s to %s, the post is from %s to %s", r.Unit, t.Name,
				l.Start.Format("15:04"), l.End.Format("15:04"), t.Start.Format("15:04"), t.End.Format("15:04"))
		}
	}
	return v, false
}

func contains(list []string, s string) bool {
	for _, o := range list {
		if o == s {
			return true
		}
	}
	return false
}

// limits lists what a round breaks of its unit's limits.
func limits(r Round, u fleet.Unit, in DraftInput, streets map[string]*routing.Segment) []Violation {
	var out []Violation
	add := func(seq int, code ViolationCode, format string, args ...any) {
		out = append(out, Violation{Unit: r.Unit, Seq: seq, Code: code, Message: fmt.Sprintf(format, args...)})
	}
	km := 0.0
	for _, l := range r.Legs {
		if s := streets[l.Segment]; s != nil {
			km += s.Length / 1000
		}
	}
	if u.MaxKm > 0 && km > u.MaxKm+kmSlack {
		add(0, OverKm, "the round has %.1f km, unit %s drives %g at most", km, u.ID, u.MaxKm)
	}
	if u.From != "" {
		from, to, ok := u.Out(in.Shift, in.Loc)
		for _, l := range r.Legs {
			if !ok || l.Start.Before(from.Add(-roundingTime)) || l.End.After(to.Add(roundingTime)) {
				add(l.Seq, OutsideHours, "unit %s works from %s to %s", u.ID, u.From, u.To)
				break
			}
		}
	}
	if len(u.Sectors) > 0 {
		if seq, metres := strays(r, u, in, streets); seq > 0 {
			add(seq, OutsideSector, "unit %s patrols %.1f km outside its sectors (%s)", u.ID, metres/1000, strings.Join(u.Sectors, ", "))
		}
	}
	return out
}

// strays finds the longest way of a round outside its unit's sectors that is
// more than passing through: its first leg, 0 if there is none, and its length.
func strays(r Round, u fleet.Unit, in DraftInput, streets map[string]*routing.Segment) (seq int, metres float64) {
	sc := scene{in: in, g: in.Graph, serves: map[string][]bool{}}
	serves := sc.servesOf(u)
	if serves == nil {
		return 0, 0
	}
	inside := map[string]bool{}
	for i := range in.Graph.Segments {
		inside[in.Graph.Segments[i].ID] = serves[i]
	}
	begun, length := -1, 0.0
	end := func(until int) {
		if begun < 0 {
			return
		}
		from, to := r.Legs[begun].from(), r.Legs[until].to()
		if length > passShare*geo.Distance(from, to)+passMetres && length > metres {
			seq, metres = r.Legs[begun].Seq, length
		}
		begun, length = -1, 0
	}
	for i, l := range r.Legs {
		s := streets[l.Segment]
		switch {
		case s == nil: // a stop or break: the way goes on after it
		case inside[l.Segment]:
			end(max(0, i-1))
		default:
			if begun < 0 {
				begun = i
			}
			length += s.Length
		}
	}
	end(len(r.Legs) - 1)
	return seq, math.Round(metres)
}
