package fleet

import (
	"fmt"
	"strings"
	"time"
)

// ShiftDef is a named shift of a district: local clock times, may cross
// midnight (Start > End). Start == End is a shift of 24 hours.
type ShiftDef struct {
	Code  string `json:"code"` // "manana", "tarde", "noche"
	Name  string `json:"name"`
	Start string `json:"start"` // "HH:MM"
	End   string `json:"end"`
}

// DefaultShifts are the shifts most municipalities use.
func DefaultShifts() []ShiftDef {
	return []ShiftDef{
		{Code: "manana", Name: "Mañana", Start: "06:00", End: "14:00"},
		{Code: "tarde", Name: "Tarde", Start: "14:00", End: "22:00"},
		{Code: "noche", Name: "Noche", Start: "22:00", End: "06:00"},
	}
}

// ShiftID names a shift of a day: "2026-11-21/noche". The date is the local
// date on which it starts.
type ShiftID string

// Split gives the date and the code; it fails on anything else.
func (id ShiftID) Split() (date, code string, err error) {
	date, code, ok := strings.Cut(string(id), "/")
	if !ok || code == "" {
		return "", "", fmt.Errorf("%w: shift %q is not of the form AAAA-MM-DD/turno, such as 2026-11-21/noche", ErrInvalid, id)
	}
	if err := checkDate(date); err != nil {
		return "", "", fmt.Errorf("shift %q: %w", id, err)
	}
	return date, code, nil
}

// checkDate tells whether a date is one on which a shift may start: far enough
// from the ends of the calendar that every time near it can be written.
func checkDate(date string) error {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return fmt.Errorf("%w: %q is not a date of the form AAAA-MM-DD", ErrInvalid, date)
	}
	if t.Year() < 2000 || t.Year() > 2199 {
		return fmt.Errorf("%w: the year of %q is not one from 2000 to 2199", ErrInvalid, date)
	}
	return nil
}

// Shift is a shift of one day, as instants. It holds Start and not End.
type Shift struct {
	ID         ShiftID   `json:"id"`
	Code       string    `json:"code"`
	Name       string    `json:"name"`
	Start, End time.Time `json:"-"`
}

// Contains tells whether t is in the shift.
func (s Shift) Contains(t time.Time) bool { return !t.Before(s.Start) && t.Before(s.End) }

// ParseClock reads "HH:MM" as minutes after midnight.
func ParseClock(s string) (int, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%w: %q is not a clock time of the form HH:MM", ErrInvalid, s)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// On gives the shift that starts on the local date ("AAAA-MM-DD").
func (d ShiftDef) On(date string, loc *time.Location) (Shift, error) {
	if err := checkDate(date); err != nil {
		return Shift{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, date, loc)
	if err != nil {
		return Shift{}, fmt.Errorf("%w: %q: %w", ErrInvalid, date, err)
	}
	from, err := ParseClock(d.Start)
	if err != nil {
		return Shift{}, err
	}
	to, err := ParseClock(d.End)
	if err != nil {
		return Shift{}, err
	}
	endDay := 0
	if to <= from {
		endDay = 1
	}
	y, m, dd := day.Date()
	return Shift{
		ID: ShiftID(date + "/" + d.Code), Code: d.Code, Name: d.Name,
		Start: time.Date(y, m, dd, from/60, from%60, 0, 0, loc),
		End:   time.Date(y, m, dd+endDay, to/60, to%60, 0, 0, loc),
	}, nil
}

// ResolveShift finds the shift that an id names.
func ResolveShift(id ShiftID, defs []ShiftDef, loc *time.Location) (Shift, error) {
	date, code, err := id.Split()
	if err != nil {
		return Shift{}, err
	}
	var codes []string
	for _, d := range defs {
		if d.Code == code {
			return d.On(date, loc)
		}
		codes = append(codes, d.Code)
	}
	return Shift{}, fmt.Errorf("%w: the district has no shift %q; it has %s", ErrNotFound, code, strings.Join(codes, ", "))
}

// ShiftAt finds the shift that t falls in; of two that overlap, the one that
// started last.
func ShiftAt(t time.Time, defs []ShiftDef, loc *time.Location) (Shift, bool) {
	var best Shift
	found := false
	for _, d := range defs {
		for _, day := range []int{-1, 0} {
			s, err := d.On(t.In(loc).AddDate(0, 0, day).Format(time.DateOnly), loc)
			if err == nil && s.Contains(t) && (!found || s.Start.After(best.Start)) {
				best, found = s, true
			}
		}
	}
	return best, found
}
