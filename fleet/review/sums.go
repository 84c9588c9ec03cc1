package review

import (
	"time"

	"github.com/paulmach/orb"
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
		in = within(c.Sector)
	}
	return &sums{t: newTally(c.Query, in, c.Profile.Bands), dates: p.Dates(), missing: []string{}}
}

// within tells whether the centre of a cell lies in a shape.
func within(shape orb.MultiPolygon) func(hotspots.Cell) bool {
	known := map[hotspots.Cell]bool{}
	return func(cell hotspots.Cell) bool {
		ok, seen := known[cell]
		if !seen {
			centre, err := cell.Centre()
			ok = err == nil && planar.MultiPolygonContains(shape, centre)
			known[cell] = ok
		}
		return ok
	}
}

// follow has the hours without anybody told too, of what is reviewed and of each
// sector.
func (c Context) follow(loc *time.Location, s *sums) {
	s.t.absences = absences{loc: loc, areas: []*watched{{}}}
	for _, a := range c.Sectors {
		s.t.absences.areas = append(s.t.absences.areas, &watched{in: within(a.Shape), told: Absence{Sector: a.ID, Name: a.Name}})
	}
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
func (s *sums) addAll(days Days) error {
	for d, err := range days {
		if err != nil {
			return err
		}
		s.add(d)
	}
	s.skipTo("9999-12-31")
	return nil
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
		PoliceShifts: t.policeShifts, UnknownHours: t.silent.Hours(), Police: policeFrom(t.policeShifts, t.planShifts)}
	if out.Streets == nil {
		out.Streets = []string{}
	}
	return out
}
