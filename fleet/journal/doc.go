// Package journal works out what each unit did on a day from its fixes: trips
// and stops, distance, engine hours, visits to geofences, and events such as
// overspeed, power cut or silence.
//
// A Machine takes a unit's fixes in the order of their times and can be asked
// at any moment. Its answer depends on the fixes, the configuration and the
// moment alone. So a day computed again after late fixes is what it would have
// been live, and a Keeper, which follows units live, does nothing but feed
// machines from the store.
//
// A day is an operational one: from 06:00 local time to 06:00 of the next
// calendar day, so that no night shift is cut in two. Lengths are metres,
// durations seconds in JSON, speeds m/s.
package journal

import (
	"fmt"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// dayBegins is the local hour at which a day begins.
const dayBegins = 6

// Window is a day: it holds Start and not End.
type Window struct {
	Date       string // AAAA-MM-DD, local, on which it begins
	Start, End time.Time
}

// WindowAt gives the day that an instant belongs to.
func WindowAt(t time.Time, loc *time.Location) Window {
	l := t.In(loc)
	if l.Hour() < dayBegins {
		l = l.AddDate(0, 0, -1)
	}
	return windowOf(l.Year(), l.Month(), l.Day(), loc)
}

// WindowOn gives the day of a date AAAA-MM-DD.
func WindowOn(date string, loc *time.Location) (Window, error) {
	d, err := time.ParseInLocation(time.DateOnly, date, loc)
	if err != nil {
		return Window{}, fmt.Errorf("%w: %q is not a date of the form AAAA-MM-DD", fleet.ErrInvalid, date)
	}
	return windowOf(d.Year(), d.Month(), d.Day(), loc), nil
}

func windowOf(y int, m time.Month, d int, loc *time.Location) Window {
	start := time.Date(y, m, d, dayBegins, 0, 0, 0, loc)
	return Window{start.Format(time.DateOnly), start.UTC(), time.Date(y, m, d+1, dayBegins, 0, 0, 0, loc).UTC()}
}
