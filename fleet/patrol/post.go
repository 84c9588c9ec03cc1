package patrol

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// FixedPost is a place where a unit stands at fixed times: a school's gate when
// pupils come, a market. It is an appointment that a plan keeps whatever else it
// leaves out.
type FixedPost struct {
	ID    string         `json:"id"`
	Name  string         `json:"name"`
	Place orb.Point      `json:"place"`
	From  string         `json:"from"` // local clock "HH:MM"
	To    string         `json:"to"`   // may cross midnight
	Days  []time.Weekday `json:"days,omitempty"`
	Units []string       `json:"units,omitempty"` // that may take it; empty: any
}

// Limits of a district's fixed posts.
const (
	MaxPosts    = 60
	MaxPostName = 60             // letters
	postLongest = 12 * time.Hour // of one post
	// handover is how long before the end of a shift, or after its beginning, a
	// post is left to the shift beside it: units come and go then.
	handover = 15 * time.Minute
)

var (
	postID    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$`)
	postClock = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// PostMistake says which post of a list cannot be. It is a fleet.ErrInvalid.
type PostMistake struct {
	Name string // or its id
	What string // "count", "id", "name", "place", "clock", "long", "day", "twice", "unit"
	Unit string // of "unit": that there is none like it
}

// Error says it in English; pages have words of their own.
func (m PostMistake) Error() string {
	switch m.What {
	case "count":
		return fmt.Sprintf("%v: a district has at most %d fixed posts", fleet.ErrInvalid, MaxPosts)
	case "id":
		return fmt.Sprintf("%v: fixed post %q: an id has 1 to 40 lower-case letters without accents, digits and hyphens", fleet.ErrInvalid, m.Name)
	case "name":
		return fmt.Sprintf("%v: fixed post %s: give a name of 1 to %d letters", fleet.ErrInvalid, m.Name, MaxPostName)
	case "place":
		return fmt.Sprintf("%v: fixed post %s: give its place as longitude and latitude in degrees", fleet.ErrInvalid, m.Name)
	case "clock":
		return fmt.Sprintf("%v: fixed post %s: give from and to as HH:MM, such as 07:30", fleet.ErrInvalid, m.Name)
	case "long":
		return fmt.Sprintf("%v: fixed post %s lasts more than %.0f hours; split it", fleet.ErrInvalid, m.Name, postLongest.Hours())
	case "day":
		return fmt.Sprintf("%v: fixed post %s: days are 0 (Sunday) to 6, each once", fleet.ErrInvalid, m.Name)
	case "unit":
		return fmt.Sprintf("%v: fixed post %s names unit %q, which the district does not have", fleet.ErrInvalid, m.Name, m.Unit)
	}
	return fmt.Sprintf("%v: fixed post %s is given twice", fleet.ErrInvalid, m.Name)
}

// Unwrap makes it a fleet.ErrInvalid.
func (PostMistake) Unwrap() error { return fleet.ErrInvalid }

// CheckPosts tells the first thing that is wrong with a district's fixed posts.
// The error is a PostMistake.
func CheckPosts(posts []FixedPost) error {
	if len(posts) > MaxPosts {
		return PostMistake{What: "count"}
	}
	for i, p := range posts {
		name := strings.TrimSpace(p.Name)
		bad := func(what string) error { return PostMistake{Name: p.title(), What: what} }
		switch {
		case !postID.MatchString(p.ID):
			return bad("id")
		case name == "" || utf8.RuneCountInString(name) > MaxPostName:
			return bad("name")
		case !(math.Abs(p.Place[0]) <= 180 && math.Abs(p.Place[1]) <= 90) || p.Place == (orb.Point{}):
			return bad("place")
		case !postClock.MatchString(p.From) || !postClock.MatchString(p.To) || p.From == p.To:
			return bad("clock")
		case p.lasts() > postLongest:
			return bad("long")
		case slices.ContainsFunc(posts[:i], func(o FixedPost) bool { return o.ID == p.ID }):
			return bad("twice")
		}
		for k, d := range p.Days {
			if d < time.Sunday || d > time.Saturday || slices.Contains(p.Days[:k], d) {
				return bad("day")
			}
		}
		for _, u := range p.Units {
			if fleet.CheckUnitID(u) != nil {
				return PostMistake{Name: p.title(), What: "unit", Unit: u}
			}
		}
	}
	return nil
}

// title is what a post is called in errors.
func (p FixedPost) title() string {
	if n := strings.TrimSpace(p.Name); n != "" {
		return n
	}
	return p.ID
}

func (p FixedPost) lasts() time.Duration {
	from, _ := fleet.ParseClock(p.From)
	to, _ := fleet.ParseClock(p.To)
	return time.Duration((to-from+24*60)%(24*60)) * time.Minute
}

// PostTime is one time at which a fixed post is to be kept.
type PostTime struct {
	FixedPost
	Span
}

// PostTimes gives when posts are to be kept in a shift, in order of time. A post
// that goes on over a handover is kept by both shifts; the minutes in which
// units come and go do not count.
func PostTimes(posts []FixedPost, shift fleet.Shift, loc *time.Location) []PostTime {
	var out []PostTime
	first := shift.Start.In(loc).AddDate(0, 0, -1)
	for _, p := range posts {
		for day := 0; ; day++ {
			date := first.AddDate(0, 0, day)
			def := fleet.ShiftDef{Code: p.ID, Name: p.Name, Start: p.From, End: p.To}
			on, err := def.On(date.Format(time.DateOnly), loc)
			if err != nil || !on.Start.Before(shift.End) {
				break
			}
			if len(p.Days) > 0 && !slices.Contains(p.Days, date.Weekday()) {
				continue
			}
			whole := Span{later(on.Start, shift.Start), earlier(on.End, shift.End)}
			if !whole.End.After(whole.Start) {
				continue
			}
			span := Span{later(on.Start, shift.Start.Add(handover)), earlier(on.End, shift.End.Add(-handover))}
			if !span.End.After(span.Start) { // all of it falls into the handover: it is missed and not passed over
				span = whole
			}
			out = append(out, PostTime{p, span})
		}
	}
	slices.SortStableFunc(out, func(a, b PostTime) int { return a.Start.Compare(b.Start) })
	return out
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
