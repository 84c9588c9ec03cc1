package patrol

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// PresenceKind is the form of a police presence.
type PresenceKind string

// Kinds of presence and their geometry.
const (
	PresenceRound  PresenceKind = "round"  // LineString or MultiLineString
	PresenceSector PresenceKind = "sector" // Polygon or MultiPolygon
	PresencePost   PresenceKind = "post"   // Point
)

// Presence is one feature of a police patrol plan, as the file gives it.
// Start and End are local "HH:MM" (every day, may cross midnight; equal: all
// day) or RFC 3339 (once). Rounds of equal name, start and end are pieces of
// one patrol whose order is unknown.
type Presence struct {
	Kind      PresenceKind `json:"kind"`
	Name      string       `json:"name"`
	Shift     string       `json:"shift"`
	Start     string       `json:"start"`
	End       string       `json:"end"`
	Mode      string       `json:"mode"`
	Units     int          `json:"units"`
	Trust     float64      `json:"trust"` // 0..1: planned 0.5, confirmed 1
	Simulated bool         `json:"simulated,omitempty"`
	Geometry  orb.Geometry `json:"-"`
}

// Span is a stretch of time that holds Start and not End.
type Span struct{ Start, End time.Time }

// times reads Start and End: either two instants, or two clock times in
// minutes after midnight.
func (p Presence) times() (once Span, from, to int, daily bool, bad *PresenceProblem) {
	from, errFrom := fleet.ParseClock(p.Start)
	to, errTo := fleet.ParseClock(p.End)
	if errFrom == nil && errTo == nil {
		return Span{}, from, to, true, nil
	}
	start, errStart := time.Parse(time.RFC3339, p.Start)
	end, errEnd := time.Parse(time.RFC3339, p.End)
	switch {
	case errStart == nil && errEnd == nil && end.After(start):
		return Span{start, end}, 0, 0, false, nil
	case errStart == nil && errEnd == nil:
		bad = &PresenceProblem{Property: "end", Code: PresenceEndFirst, Value: p.End, Text: fmt.Sprintf("end %s is not after start %s", p.End, p.Start)}
	case errStart == nil && errTo == nil || errEnd == nil && errFrom == nil:
		bad = &PresenceProblem{Property: "end", Code: PresenceTimeForms, Value: p.End,
			Text: fmt.Sprintf("start %q and end %q are of different forms: write both as HH:MM or both as RFC 3339", p.Start, p.End)}
	case errFrom != nil && errStart != nil:
		bad = wrongTime("start", p.Start)
	default:
		bad = wrongTime("end", p.End)
	}
	return Span{}, 0, 0, false, bad
}

func wrongTime(property, value string) *PresenceProblem {
	value = fmt.Sprintf("%q", clip(value))
	return &PresenceProblem{Property: property, Code: PresenceWrong, Value: value,
		Text: fmt.Sprintf("%s %s is neither a clock time (22:00) nor an instant (2026-11-21T22:00:00-05:00)", property, value)}
}

// Windows gives every stretch of the shift in which the presence is there, in
// time order. Clock times are read in loc and recur every day; a window that
// crosses midnight belongs to the day it starts on.
func (p Presence) Windows(shift fleet.Shift, loc *time.Location) []Span {
	var out []Span
	for _, w := range p.windows(shift, loc) {
		out = append(out, w.Span)
	}
	return out
}

// window is a stretch of the shift and how much of the presence's whole
// duration falls into it: 1 if the shift does not cut it.
type window struct {
	Span
	share float64
	whole time.Duration
}

func (p Presence) windows(shift fleet.Shift, loc *time.Location) []window {
	once, from, to, daily, bad := p.times()
	if bad != nil {
		return nil
	}
	var out []window
	add := func(s Span) {
		whole := s.End.Sub(s.Start)
		if s.Start.Before(shift.Start) {
			s.Start = shift.Start
		}
		if s.End.After(shift.End) {
			s.End = shift.End
		}
		if !s.End.After(s.Start) {
			return
		}
		share := float64(s.End.Sub(s.Start)) / float64(whole)
		if n := len(out); n > 0 && !s.Start.After(out[n-1].End) { // a round-the-clock presence
			out[n-1].End = s.End
			out[n-1].share += share
			return
		}
		out = append(out, window{s, share, whole})
	}
	if !daily {
		add(once)
		return out
	}
	crosses := 0
	if to <= from {
		crosses = 1
	}
	y, m, d := shift.Start.In(loc).Date()
	last := shift.End.In(loc)
	for day := d - 1; ; day++ {
		start := time.Date(y, m, day, from/60, from%60, 0, 0, loc)
		if start.After(last) {
			return out
		}
		add(Span{start, time.Date(y, m, day+crosses, to/60, to%60, 0, 0, loc)})
	}
}

// Window gives the stretch of the shift in which the presence is there, the
// longest if there are several; false if it is not there in this shift.
func (p Presence) Window(shift fleet.Shift, loc *time.Location) (start, end time.Time, ok bool) {
	var best Span
	for _, s := range p.Windows(shift, loc) {
		if s.End.Sub(s.Start) > best.End.Sub(best.Start) {
			best, ok = s, true
		}
	}
	return best.Start, best.End, ok
}
