package review

import (
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// MaxDays bounds a period: a year and a day.
const MaxDays = 366

// Check tells what is wrong with the period.
func (p Period) Check() error {
	from, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		return fmt.Errorf("%w: from %q is not a date of the form AAAA-MM-DD", fleet.ErrInvalid, p.From)
	}
	to, err := time.Parse(time.DateOnly, p.To)
	if err != nil {
		return fmt.Errorf("%w: to %q is not a date of the form AAAA-MM-DD", fleet.ErrInvalid, p.To)
	}
	if to.Before(from) {
		return fmt.Errorf("%w: the period ends on %s, before it begins on %s", fleet.ErrInvalid, p.To, p.From)
	}
	if len(p.Dates()) > MaxDays {
		return fmt.Errorf("%w: the period from %s to %s is longer than %d days", fleet.ErrInvalid, p.From, p.To, MaxDays)
	}
	return nil
}

// Dates lists the days of the period, at most MaxDays and one more.
func (p Period) Dates() []string {
	var out []string
	d, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		return nil
	}
	for s := d.Format(time.DateOnly); s <= p.To && len(out) <= MaxDays; s = d.Format(time.DateOnly) {
		out = append(out, s)
		d = d.AddDate(0, 0, 1)
	}
	return out
}

// Before is the period of equal length just before.
func (p Period) Before() Period {
	return p.shifted(func(t time.Time) time.Time { return t.AddDate(0, 0, -len(p.Dates())) })
}

// YearBefore is the period of the same dates a year before.
func (p Period) YearBefore() Period {
	return p.shifted(func(t time.Time) time.Time { return t.AddDate(-1, 0, 0) })
}

// Widened is the period with some days more before and after it.
func (p Period) Widened(before, after int) Period {
	return Period{
		p.shifted(func(t time.Time) time.Time { return t.AddDate(0, 0, -before) }).From,
		p.shifted(func(t time.Time) time.Time { return t.AddDate(0, 0, after) }).To,
	}
}

func (p Period) shifted(by func(time.Time) time.Time) Period {
	move := func(s string) string {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return s
		}
		return by(t).Format(time.DateOnly)
	}
	return Period{move(p.From), move(p.To)}
}
