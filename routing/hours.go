package routing

import (
	"fmt"
	"time"
)

// hours are a daily span of local clock time, minutes from midnight. Equal
// ends mean the whole day; an end before the start lies on the next day.
type hours struct {
	from, until int
	loc         *time.Location
}

// parseHours reads two "HH:MM"; ok is false if both are empty.
func parseHours(from, until string, loc *time.Location) (h hours, ok bool, err error) {
	if from == "" && until == "" {
		return h, false, nil
	}
	h.loc = loc
	if h.from, err = parseClock(from); err != nil {
		return h, false, err
	}
	if h.until, err = parseClock(until); err != nil {
		return h, false, err
	}
	return h, true, nil
}

func parseClock(s string) (int, error) {
	if s == "24:00" {
		return 0, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("the hour %q is not HH:MM", s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// on gives the span that begins on a date.
func (h hours) on(year int, month time.Month, day int) (start, end time.Time) {
	next := 0
	if h.until <= h.from {
		next = 1
	}
	return time.Date(year, month, day, 0, h.from, 0, 0, h.loc), time.Date(year, month, day+next, 0, h.until, 0, 0, h.loc)
}

// each calls f with the spans that may touch a stretch of time, in order,
// until f says no more.
func (h hours) each(start, end time.Time, f func(from, until time.Time) bool) {
	first := start.In(h.loc)
	days := int(end.Sub(start).Hours()/24) + 3
	for d := -1; d < days; d++ {
		if a, b := h.on(first.Year(), first.Month(), first.Day()+d); !f(a, b) {
			return
		}
	}
}

// touch tells whether the span comes up at any moment of start ≤ t < end.
func (h hours) touch(start, end time.Time) bool {
	hit := false
	h.each(start, end, func(a, b time.Time) bool {
		hit = a.Before(end) && b.After(start)
		return !hit && a.Before(end)
	})
	return hit
}

// cover tells whether the spans leave no moment of start ≤ t < end out.
func (h hours) cover(start, end time.Time) bool {
	at := start
	h.each(start, end, func(a, b time.Time) bool {
		if !a.After(at) && b.After(at) {
			at = b
		}
		return at.Before(end)
	})
	return !at.Before(end)
}

// force is how a correction with dates and hours bears on a stretch of time.
type force int

const (
	never  force = iota
	partly       // at some moments of it
	always       // at all of them
)

// inForce evaluates when a correction holds. Without a window (zero times)
// only what holds for ever counts.
func (c *Correction) inForce(window [2]time.Time, loc *time.Location) (force, error) {
	h, daily, err := parseHours(c.HourFrom, c.HourUntil, loc)
	if err != nil {
		return never, err
	}
	if !c.Until.IsZero() && !c.From.IsZero() && !c.From.Before(c.Until) {
		return never, fmt.Errorf("it ends (%s) before it begins (%s)", c.Until.In(loc).Format(time.DateTime), c.From.In(loc).Format(time.DateTime))
	}
	bounded := daily || !c.From.IsZero() || !c.Until.IsZero()
	start, end := window[0], window[1]
	switch {
	case !bounded:
		return always, nil
	case start.IsZero():
		return never, nil
	}
	if c.From.After(start) {
		start = c.From
	}
	if !c.Until.IsZero() && c.Until.Before(end) {
		end = c.Until
	}
	whole := start.Equal(window[0]) && end.Equal(window[1])
	switch {
	case !start.Before(end):
		return never, nil
	case daily && !h.touch(start, end):
		return never, nil
	case whole && (!daily || h.cover(start, end)):
		return always, nil
	}
	return partly, nil
}

// gateShut tells whether a gate is shut at some moment of the window. A gate
// without hours is shut at all times; one with dates stands there between them.
func (c *Correction) gateShut(window [2]time.Time, loc *time.Location) (force, error) {
	dates := *c
	dates.HourFrom, dates.HourUntil = "", ""
	stands, err := dates.inForce(window, loc)
	if err != nil || stands == never {
		return never, err
	}
	h, daily, err := parseHours(c.HourFrom, c.HourUntil, loc)
	switch {
	case err != nil:
		return never, err
	case !daily:
		return stands, nil
	case window[0].IsZero():
		return never, nil
	case h.cover(window[0], window[1]):
		return never, nil
	case h.touch(window[0], window[1]):
		return partly, nil
	}
	return stands, nil
}
