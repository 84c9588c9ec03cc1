package review

import (
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
)

// mean is a sum with the number of its observations.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(v float64) {
	m.sum += v
	m.n++
}

// part is a share of a whole, with the number of observations.
type part struct {
	of, whole float64
	n         int
}

// cellTally is what a cell got over the period.
type cellTally struct {
	dwell       [3]float64 // seconds, by force
	alone       float64    // municipal, police known to be absent
	judged      float64    // municipal, where it is known whether police were there
	withMuni    int        // half-hours with municipal presence that are judged
	doubled     int        // half-hours with both forces
	present     int        // with any
	presentSeen int        // of these, where it is known whether police were there
	plan        float64    // expected half-hours with police
	nobody      float64    // seconds of shift time
	gap         Gap        // the longest
	since       time.Time  // of the gap that goes on
	waiting     float64    // its seconds so far
	areas       []int      // of absences
	byCode      []codeCell // by codeTally.index
}

// tally sums up the facts of a period.
type tally struct {
	q     Query
	in    func(hotspots.Cell) bool // the sector; nil: the whole district
	bands Bands

	days, shifts, policeShifts, planShifts int
	unheard                                int     // shifts in which no municipal or integrated crew was heard
	heardDays                              float64 // days, each by the share of its shift time in which one was
	fixes                                  int
	units                                  map[string]bool
	streets                                []string
	streetKm                               float64
	silent                                 time.Duration

	km, patrol, priority [3]mean
	stops, made          [3]int
	planned              int // shifts with a plan
	asked                [3]part
	uptime, late         [3]part
	ready                part
	readyBy              [3]part
	register             Readiness

	// Of cars and motorcycles, by force and together: kilometres, pairs of vehicle
	// and day, and the same of minutes in priority areas.
	vehicleKm, areaMinutes [4]float64
	vehicleDays, areaDays  [4]int
	vehicles               [4]map[string]bool
	forceDays              [4]int // days on which any was heard
	integrated             mean   // hours
	today                  map[string]seenToday
	heardShifts            map[fleet.ShiftID]bool // with a municipal or integrated crew
	calls                  called
	streetSplit            split
	presenceSplit          split
	slot                   int64 // of the day that is added, in seconds
	places                 []hotspots.Cell
	perShift, perDay       [4]mean // percent of street: by force, together
	serenazgo, unknown     mean
	policeStreet           mean    // percent, planned
	seen                   [4]part // cells × shifts
	hot                    part
	doses                  map[hotspots.Cell]*Dose

	cells    map[hotspots.Cell]*cellTally
	expected struct{ alone, municipal, doubled, present float64 } // by the police plan
	expectN  int
	until    time.Time // of the shifts so far
	byCode   map[string]*codeTally
	codes    []string
	absences absences
}

// codeTally is what a shift of one name got over the period.
type codeTally struct {
	row                      ShiftRow
	index                    int // of tally.codes
	units                    int
	policeShifts, planShifts int
	joint, serenazgo, pnp    mean
	nobody                   float64 // seconds, of all cells
	cells                    int
}

func newTally(q Query, in func(hotspots.Cell) bool, b Bands) *tally {
	return &tally{q: q, in: in, bands: b, units: map[string]bool{}, heardShifts: map[fleet.ShiftID]bool{},
		vehicles: [4]map[string]bool{{}, {}, {}, {}}, doses: map[hotspots.Cell]*Dose{}, cells: map[hotspots.Cell]*cellTally{}, byCode: map[string]*codeTally{}}
}

// holds tells whether a cell belongs to what is reviewed.
func (t *tally) holds(c hotspots.Cell) bool { return t.in == nil || t.in(c) }

// day adds the facts of a day; days come in order.
func (t *tally) day(d *Day) {
	if len(d.Shifts) == 0 {
		return
	}
	t.days++
	t.slot, t.places, t.today = d.Slot(), d.Places, map[string]seenToday{}
	if !slices.Contains(t.streets, d.Streets) {
		t.streets = append(t.streets, d.Streets)
	}
	tiles := make([]bool, len(d.Tiles))
	metres := 0.0
	for i, c := range d.Tiles {
		if tiles[i] = t.holds(c); tiles[i] {
			metres += float64(d.Metres[i])
		}
	}
	t.streetKm = metres / 1000
	cells := make([]*cellTally, len(d.Cells))
	for i, c := range d.Cells {
		if !t.holds(c) {
			continue
		}
		if t.cells[c] == nil {
			t.cells[c] = &cellTally{areas: t.absences.areasOf(c)}
		}
		cells[i] = t.cells[c]
	}
	of := d.Shifts
	whole := d.Whole
	if t.q.Shift != "" {
		of = slices.DeleteFunc(slices.Clone(d.Shifts), func(s Shift) bool { return s.Code != t.q.Shift })
		if len(of) > 0 {
			whole = of[0].Streets
		}
	}
	if len(of) == 0 {
		return
	}
	var onDay heard
	var known, all time.Duration
	for i := range of {
		h, took := of[i].heard(), of[i].End.Sub(of[i].Start)
		all += took
		if h.own {
			known += took
		} else {
			t.unheard++
			t.lose()
		}
		onDay = heard{onDay.own || h.own, onDay.police || h.police}
		if h.own || h.police {
			t.shift(&of[i], h, tiles, metres, cells)
		}
	}
	t.closeToday()
	if all > 0 {
		t.heardDays += known.Seconds() / all.Seconds()
	}
	by, _, _ := whole.percents(tiles, metres)
	for k, v := range by {
		if metres > 0 && onDay.of(k) {
			t.perDay[k].add(v)
		}
	}
}

// percents gives the covered share of the street by force and together, that of
// municipal and integrated units, and what is unknown.
func (s *Streets) percents(tiles []bool, metres float64) (by [4]float64, serenazgo, unknown float64) {
	if metres <= 0 {
		return by, 0, 0
	}
	for mask := 1; mask < len(s.By); mask++ {
		sum := 0.0
		for i, m := range s.By[mask] {
			if tiles[i] {
				sum += float64(m)
			}
		}
		pct := 100 * sum / metres
		for f := range 3 {
			if mask>>f&1 == 1 {
				by[f] += pct
			}
		}
		by[3] += pct
		if mask&5 != 0 {
			serenazgo += pct
		}
	}
	for i, m := range s.Unknown {
		if tiles[i] {
			unknown += 100 * float64(m) / metres
		}
	}
	return by, serenazgo, unknown
}
