package fleet

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a district's shifts.
const (
	maxShifts    = 12
	maxShiftName = 40 // letters
	day          = 24 * 60
)

var (
	shiftCode  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)
	shiftClock = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// ShiftMistake says which shift of a list cannot be, and which other one is in
// its way. It is an ErrInvalid.
type ShiftMistake struct {
	Code  string // of the shift
	What  string // "count", "code", "name", "line", "clock", "twice", "overlap"
	Other string // code of the one that it overlaps
}

// Error says it in English; pages have words of their own.
func (m ShiftMistake) Error() string {
	switch m.What {
	case "count":
		return fmt.Sprintf("%v: a district has from 1 to %d shifts", ErrInvalid, maxShifts)
	case "code":
		return fmt.Sprintf("%v: shift %q: a code has 1 to 32 lower-case letters without accents, digits and hyphens, such as noche", ErrInvalid, m.Code)
	case "name":
		return fmt.Sprintf("%v: shift %s: give a name of 1 to %d letters", ErrInvalid, m.Code, maxShiftName)
	case "line":
		return fmt.Sprintf("%v: shift %s: the name has a control character or is not UTF-8; write it in one line of plain text", ErrInvalid, m.Code)
	case "clock":
		return fmt.Sprintf("%v: shift %s: give start and end as HH:MM, such as 06:00", ErrInvalid, m.Code)
	case "twice":
		return fmt.Sprintf("%v: shift %s is given twice", ErrInvalid, m.Code)
	}
	return fmt.Sprintf("%v: shifts %s and %s overlap; end one where the other begins", ErrInvalid, m.Code, m.Other)
}

// Unwrap makes it an ErrInvalid.
func (ShiftMistake) Unwrap() error { return ErrInvalid }

// ShiftInUse is why a shift must not go: a unit is bound to it, or a plan of it
// is still to be driven. It is an ErrConflict.
type ShiftInUse struct {
	Code string  // of the shift
	Unit string  // call sign of the unit; empty if it is a plan
	Plan ShiftID // the first shift to come that is planned
}

// Error says it in English.
func (e ShiftInUse) Error() string {
	if e.Plan != "" {
		return fmt.Sprintf("%v: shift %s is planned for %s; take it away when that is over, or change its hours", ErrConflict, e.Code, e.Plan)
	}
	return fmt.Sprintf("%v: unit %s works in shift %s; change the unit first", ErrConflict, e.Unit, e.Code)
}

// Unwrap makes it an ErrConflict.
func (ShiftInUse) Unwrap() error { return ErrConflict }

// CheckShifts holds the shifts of a district against each other: of any minute
// of the day at most one is on. Hours without a shift are allowed; nobody is on
// duty then. The error is a ShiftMistake.
func CheckShifts(defs []ShiftDef) error {
	if len(defs) == 0 || len(defs) > maxShifts {
		return ShiftMistake{What: "count"}
	}
	owner := make([]string, day) // by minute
	for i, d := range defs {
		name := strings.TrimSpace(d.Name)
		switch {
		case !shiftCode.MatchString(d.Code):
			return ShiftMistake{Code: d.Code, What: "code"}
		case name == "" || utf8.RuneCountInString(name) > maxShiftName:
			return ShiftMistake{Code: d.Code, What: "name"}
		case CheckLine("the name", name) != nil:
			return ShiftMistake{Code: d.Code, What: "line"}
		case !shiftClock.MatchString(d.Start) || !shiftClock.MatchString(d.End):
			return ShiftMistake{Code: d.Code, What: "clock"}
		case slices.ContainsFunc(defs[:i], func(o ShiftDef) bool { return o.Code == d.Code }):
			return ShiftMistake{Code: d.Code, What: "twice"}
		}
		from, _ := ParseClock(d.Start)
		to, _ := ParseClock(d.End)
		if to <= from {
			to += day
		}
		for m := from; m < to; m++ {
			if o := owner[m%day]; o != "" {
				return ShiftMistake{Code: d.Code, What: "overlap", Other: o}
			}
			owner[m%day] = d.Code
		}
	}
	return nil
}

// NextShift finds the first shift that begins at t or later; false if the
// district has none.
func NextShift(t time.Time, defs []ShiftDef, loc *time.Location) (Shift, bool) {
	var best Shift
	found := false
	for _, d := range defs {
		for _, days := range []int{0, 1} {
			s, err := d.On(t.In(loc).AddDate(0, 0, days).Format(time.DateOnly), loc)
			if err == nil && !s.Start.Before(t) && (!found || s.Start.Before(best.Start)) {
				best, found = s, true
			}
		}
	}
	return best, found
}
