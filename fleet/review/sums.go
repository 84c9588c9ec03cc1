package review

import (
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/hotspots"
)

// sums is a period that is being added up, a day at a time, so that no more than
// a few days are held at once.
type sums struct {
	t       *tally
	dates   []string
	next    int      // of dates
	missing []string // dates without facts
}

// begin begins to add up a period.
func (c Context) begin(p Period) *sums {
	var in func(hotspots.Cell) bool
	if len(c.Sector) > 0 {
		known := map[hotspots.Cell]bool{}
		in = func(cell hotspots.Cell) bool {
			ok, seen := known[cell]
			if !seen {
				centre, err := cell.Centre()
				ok = err == nil && planar.MultiPolygonContains(c.Sector, centre)
				known[cell] = ok
			}
			return ok
		}
	}
	return &sums{t: newTally(c.Query, in, c.Profile.Bands), dates: p.Dates(), missing: []string{}}
}

// add adds a day; days come in order. One that does not belong to the period is
// left out.
func (s *sums) add(d *Day) {
	s.skipTo(d.Date)
	if s.next == len(s.dates) || s.dates[s.next] != d.Date || !d.heard() {
		return
	}
	s.next++
	s.t.day(d)
}

// skipTo says that nothing is known of the days before a date.
func (s *sums) skipTo(date string) {
	for ; s.next < len(s.dates) && s.dates[s.next] < date; s.next++ {
		s.missing = append(s.missing, s.dates[s.next])
		s.t.lose()
	}
}

// addAll adds the days of a period to its end.
func (c Context) addAll(p Period, days Days) (*sums, error) {
	s := c.begin(p)
	for d, err := range days {
		if err != nil {
			return nil, err
		}
		s.add(d)
	}
	s.skipTo("9999-12-31")
	return s, nil
}

// lose says that nothing is known of a day: no gap runs through it.
func (t *tally) lose() {
	for _, c := range t.cells {
		c.waiting = 0
	}
}

func (s *sums) sources() Sources {
	t := s.t
	out := Sources{Days: t.days, Missing: s.missing, Shifts: t.shifts, Silent: t.unheard, Fixes: t.fixes, Units: len(t.units), Streets: t.streets, StreetKm: t.streetKm,
		PoliceShifts: t.policeShifts, UnknownHours: t.silent.Hours(), Police: PoliceNone}
	switch {
	case t.policeShifts > 0:
		out.Police = PoliceDriven
	case t.planShifts > 0:
		out.Police = PolicePlanned
	}
	if out.Streets == nil {
		out.Streets = []string{}
	}
	return out
}
