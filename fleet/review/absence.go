package review

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Area is a sector whose hours without anybody are told.
type Area struct {
	ID, Name string
	Shape    orb.MultiPolygon
}

// Absence says in which hours of the week an area was without any force. It counts
// clock hours, of which at least half was time of shifts in which a municipal or
// integrated crew was heard: in each either somebody was seen in one of its cells,
// or nobody, or it is unknown because a unit was silent throughout.
type Absence struct {
	Sector string `json:"sector"` // id; "": all that is reviewed
	Name   string `json:"name,omitempty"`
	Cells  int    `json:"cells"` // that it has
	// Hours and what they are; PoliceKnown of them lie in shifts in which positions
	// of the police are known: in the others nobody means no municipal crew.
	Hours       int `json:"hours"`
	Nobody      int `json:"nobody"`
	Unknown     int `json:"unknown"`
	PoliceKnown int `json:"police_known"`
	// Longest is the most hours in a row without anybody, the first time from Since.
	Longest int       `json:"longest"`
	Since   time.Time `json:"since,omitzero"`
	Week    Week      `json:"week"`
}

// Week tells the same by weekday, Monday first, and hour of the clock; and of how
// many pairs of cell and hour somebody was there in how many.
type Week struct {
	Hours     [7][24]int `json:"hours"`
	Nobody    [7][24]int `json:"nobody"`
	Unknown   [7][24]int `json:"unknown"`
	CellHours [7][24]int `json:"cell_hours"`
	SeenHours [7][24]int `json:"seen_cell_hours"`
}

// absences follows areas by the hour. Without areas it does nothing.
type absences struct {
	loc   *time.Location
	areas []*watched
	open  *openHour // may go on in the next shift
}

// watched is an area that is followed.
type watched struct {
	in   func(hotspots.Cell) bool
	told Absence
	run  int       // hours in a row
	from time.Time // of the run
	next time.Time // the hour with which it would go on
}

// openHour is a clock hour that is not over yet.
type openHour struct {
	at             time.Time
	known          time.Duration
	silent, police bool
	seen           map[*cellTally]bool // all cells of it
}

// minHour is the part of a clock hour that has to be known for it to count.
const minHour = 30 * time.Minute

// areasOf lists the areas in which a cell lies.
func (a *absences) areasOf(c hotspots.Cell) (out []int) {
	for i, x := range a.areas {
		if x.in == nil || x.in(c) {
			x.told.Cells++
			out = append(out, i)
		}
	}
	return out
}

// shift adds the hours of a shift from an instant on. Cells that are not reviewed
// are nil.
func (a *absences) shift(s *Shift, cells []*cellTally, h heard, from time.Time) {
	if len(a.areas) == 0 || !from.Before(s.End) {
		return
	}
	local := from.In(a.loc)
	begin := local.Add(-time.Duration(local.Minute())*time.Minute - time.Duration(local.Second())*time.Second - time.Duration(local.Nanosecond()))
	n := int((s.End.Sub(begin) + time.Hour - 1) / time.Hour)
	seen := make([]bool, n*len(cells))
	for _, x := range s.Stays {
		first, last := s.at(x.From), s.at(x.To)
		if first.Before(from) {
			first = from
		}
		if last.After(s.End) {
			last = s.End
		}
		for k := int(first.Sub(begin) / time.Hour); last.After(first) && k < n && begin.Add(time.Duration(k)*time.Hour).Before(last); k++ {
			seen[k*len(cells)+int(x.Cell)] = true
		}
	}
	for k := range n {
		at := begin.Add(time.Duration(k) * time.Hour)
		first, last := at, at.Add(time.Hour)
		if first.Before(from) {
			first = from
		}
		if last.After(s.End) {
			last = s.End
		}
		if a.open == nil || !a.open.at.Equal(at) {
			a.close()
			a.open = &openHour{at: at, police: true, seen: make(map[*cellTally]bool, len(cells))}
		}
		o := a.open
		o.known += last.Sub(first)
		o.silent = o.silent || s.silentBetween(first, last)
		o.police = o.police && h.police
		for i, c := range cells {
			if c != nil {
				o.seen[c] = o.seen[c] || seen[k*len(cells)+i]
			}
		}
	}
}

// silentBetween tells whether a unit was silent throughout.
func (s *Shift) silentBetween(first, last time.Time) bool {
	return slices.ContainsFunc(s.Units, func(u Unit) bool {
		return slices.ContainsFunc(u.Silences, func(w Spell) bool { return !s.at(w.From).After(first) && !s.at(w.To).Before(last) })
	})
}

// close counts the open hour.
func (a *absences) close() {
	o := a.open
	a.open = nil
	if o == nil || o.known < minHour {
		return
	}
	cells, met := make([]int, len(a.areas)), make([]int, len(a.areas))
	for c, seen := range o.seen {
		for _, i := range c.areas {
			cells[i]++
			if seen {
				met[i]++
			}
		}
	}
	day, hour := (int(o.at.Weekday())+6)%7, o.at.Hour()
	for i, x := range a.areas {
		if cells[i] == 0 {
			continue
		}
		w := &x.told.Week
		x.told.Hours++
		w.Hours[day][hour]++
		w.CellHours[day][hour] += cells[i]
		w.SeenHours[day][hour] += met[i]
		if o.police {
			x.told.PoliceKnown++
		}
		switch {
		case met[i] > 0:
		case o.silent:
			x.told.Unknown++
			w.Unknown[day][hour]++
		default:
			x.told.Nobody++
			w.Nobody[day][hour]++
			x.goOn(o.at)
		}
	}
}

// goOn counts an hour without anybody in a row with those before it.
func (x *watched) goOn(at time.Time) {
	if x.run == 0 || !at.Equal(x.next) {
		x.run, x.from = 0, at
	}
	x.run++
	x.next = at.Add(time.Hour)
	if x.run > x.told.Longest {
		x.told.Longest, x.told.Since = x.run, x.from.UTC()
	}
}

// tell gives the areas that have cells: what is reviewed, then its sectors.
func (a *absences) tell() []Absence {
	a.close()
	out := []Absence{}
	for _, x := range a.areas {
		if x.told.Cells > 0 {
			out = append(out, x.told)
		}
	}
	return out
}

// AbsentPct is the percentage of the cells in which nobody was seen at an hour of
// a weekday, 0 if none was looked at.
func (w Week) AbsentPct(day, hour int) float64 {
	n := w.CellHours[day][hour]
	if n == 0 {
		return 0
	}
	return 100 * float64(n-w.SeenHours[day][hour]) / float64(n)
}
