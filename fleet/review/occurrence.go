package review

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// Occurrence is an occurrence of a period, as far as reviews count it. Times that
// nobody knows are zero.
type Occurrence struct {
	Shift     fleet.ShiftID // "": between two shifts
	Date      string        // of the shift, or local
	Type      string        // the generic one
	Point     orb.Point
	Sector    string    // its name; "": in none
	Alarm     time.Time // when it was told of, if that was at once and by somebody other than the unit that found it
	Assigned  time.Time
	Arrived   time.Time // the first unit
	Outcome   hotspots.Outcome
	Simulated bool
}

// Answer is an occurrence and how it was answered.
type Answer struct {
	hotspots.Incident
	Reached time.Time // the first unit there by its positions; zero: none, or nobody looked
	Mark    int64     // changes when positions come late
}

// Reached is which unit came to an occurrence first, and when; zero: none.
type Reached struct {
	Key, Unit, Looked string
	At                time.Time
	Mark              int64
}

// answered gives how long it took from the alarm to a moment.
func (o *Occurrence) answered(at time.Time, most time.Duration) (minutes float64, ok bool) {
	if o.Alarm.IsZero() || at.IsZero() || at.Before(o.Alarm) || at.Sub(o.Alarm) > most {
		return 0, false
	}
	return at.Sub(o.Alarm).Minutes(), true
}

// fewest is the smallest count that is told: fewer might tell of one person.
const fewest = 3

// Count is a number of occurrences. One or two are not told: Few, and N is 0.
type Count struct {
	N   int  `json:"n"`
	Few bool `json:"few,omitempty"`
}

func countOf(n int) Count {
	if n > 0 && n < fewest {
		return Count{Few: true}
	}
	return Count{N: n}
}

// CountRow counts the occurrences of one type, shift or sector.
type CountRow struct {
	Name string `json:"name"` // "": none, such as between shifts or in no sector
	Count
	// The same of the period just before and of the same days a year before; nil:
	// nothing was registered then.
	Previous *Count `json:"previous"`
	LastYear *Count `json:"last_year"`
}

// Occurrences says what was registered. Nothing in it says that patrols changed
// anything.
type Occurrences struct {
	N         int        `json:"n"`
	Simulated int        `json:"simulated"` // of these
	Alarms    int        `json:"alarms"`    // told of at once: what can be answered
	Answered  int        `json:"answered"`  // of these, those that a unit came to, as far as is known
	ByType    []CountRow `json:"by_type"`   // most first
	ByShift   []CountRow `json:"by_shift"`
	BySector  []CountRow `json:"by_sector"`
}

// called is a period's occurrences, summed up.
type called struct {
	n, simulated, alarms, inShifts int
	byType, byShift, bySector      map[string]int
	assigned, arrived              []float64 // minutes
	closed, untrue                 int
}

// call sums up the occurrences of what is reviewed; heard tells of a shift
// whether a municipal crew was.
func (c Context) call(all []Occurrence, heard map[fleet.ShiftID]bool) called {
	out := called{byType: map[string]int{}, byShift: map[string]int{}, bySector: map[string]int{}}
	most := c.Profile.Terms.OrDefault().Arrival()
	for i := range all {
		o := &all[i]
		_, code, _ := o.Shift.Split()
		if c.Query.Shift != "" && code != c.Query.Shift || len(c.Sector) > 0 && !planar.MultiPolygonContains(c.Sector, o.Point) {
			continue
		}
		out.n++
		out.byType[o.Type]++
		out.byShift[code]++
		out.bySector[o.Sector]++
		if o.Simulated {
			out.simulated++
		}
		if heard[o.Shift] {
			out.inShifts++
		}
		if !o.Alarm.IsZero() {
			out.alarms++
		}
		if m, ok := o.answered(o.Assigned, most); ok {
			out.assigned = append(out.assigned, m)
		}
		if m, ok := o.answered(o.Arrived, most); ok {
			out.arrived = append(out.arrived, m)
		}
		switch o.Outcome {
		case hotspots.OutcomeFalse, hotspots.OutcomeNuisance:
			out.untrue++
			out.closed++
		case hotspots.OutcomeReal:
			out.closed++
		}
	}
	slices.Sort(out.assigned)
	slices.Sort(out.arrived)
	return out
}

// rank gives the nearest rank of a share of sorted minutes.
func rank(sorted []float64, share float64) Figure {
	if len(sorted) == 0 {
		return Figure{}
	}
	k := int(share*float64(len(sorted)) + 0.999999999)
	return known(sorted[min(max(k, 1), len(sorted))-1], len(sorted))
}

// figure gives the indicators that are made of occurrences.
func (t *tally) called(key string) Figure {
	c := t.calls
	switch key {
	case KeyPartes:
		if c.n > 0 {
			return known(float64(c.inShifts)/float64(max(t.shifts, 1)), t.shifts)
		}
	case KeyDispatch:
		return rank(c.assigned, 0.5)
	case KeyResponse:
		return rank(c.arrived, 0.5)
	case KeyResponse90:
		return rank(c.arrived, 0.9)
	case KeyFalse:
		return part{float64(c.untrue), float64(c.closed), c.closed}.pct()
	}
	return Figure{}
}

// occurrences sets the occurrences of a period beside those of two others.
func occurrences(now, before, lastYear called) Occurrences {
	rows := func(now, before, lastYear map[string]int, nb, nl int) []CountRow {
		names := map[string]bool{}
		for _, m := range []map[string]int{now, before, lastYear} {
			for name := range m {
				names[name] = true
			}
		}
		out := []CountRow{}
		for name := range names {
			r := CountRow{Name: name, Count: countOf(now[name])}
			if nb > 0 {
				c := countOf(before[name])
				r.Previous = &c
			}
			if nl > 0 {
				c := countOf(lastYear[name])
				r.LastYear = &c
			}
			out = append(out, r)
		}
		slices.SortFunc(out, func(a, b CountRow) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
		return out
	}
	return Occurrences{N: now.n, Simulated: now.simulated, Alarms: now.alarms, Answered: len(now.arrived),
		ByType:   rows(now.byType, before.byType, lastYear.byType, before.n, lastYear.n),
		ByShift:  rows(now.byShift, before.byShift, lastYear.byShift, before.n, lastYear.n),
		BySector: rows(now.bySector, before.bySector, lastYear.bySector, before.n, lastYear.n)}
}
