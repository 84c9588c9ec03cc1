package review

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
	"github.com/serenazgo/serenazgo/hotspots"
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

// Facts are the days of a review and of those that it is compared with; each in
// any order.
type Facts struct {
	Days, Previous, LastYear []Day
}

// Context is what a review is made for, beside its facts.
type Context struct {
	District fleet.District
	Query    Query
	Sector   orb.MultiPolygon // of Query.Sector; empty: the whole district
	Name     string           // of the sector
	Profile  Profile
}

// Compute makes the review of a period from the facts of its days.
func Compute(c Context, f Facts) Review {
	t := c.sum(c.Query.Period, f.Days)
	out := Review{Ubigeo: c.District.Ubigeo, District: c.District.Name, Query: c.Query, SectorName: c.Name, Profile: c.Profile, Simulated: c.District.Simulated}
	if loc, err := c.District.Location(); err == nil {
		out.TimeZone = loc.String()
	}
	out.Indicators = t.indicators()
	previous, lastYear := c.sum(c.Query.Before(), f.Previous).indicators(), c.sum(c.Query.YearBefore(), f.LastYear).indicators()
	for i := range out.Indicators {
		row := &out.Indicators[i]
		for k, fig := range row.figures() {
			fig.Previous, fig.LastYear = sameKind(fig, previous[i].figures()[k]), sameKind(fig, lastYear[i].figures()[k])
		}
	}
	out.Shifts, out.Cells, out.Gaps, out.Dosage = t.shiftRows(), t.cellRows(), t.worstGaps(), t.dosage()
	out.Sources = t.sources(c.Query.Period, f.Days)
	out.Verdict = t.verdict(out.Indicators)
	return out
}

// sameKind gives the value of another period, if it may be set beside this one:
// what was planned is not set beside what was done.
func sameKind(now, then *Figure) *float64 {
	if now.Value != nil && now.Planned != then.Planned {
		return nil
	}
	return then.Value
}

// figures are those of a row, in the order of the forces, then together.
func (i *Indicator) figures() [4]*Figure {
	return [4]*Figure{&i.Municipal, &i.Police, &i.Integrated, &i.Together}
}

// sum adds up the days of a period.
func (c Context) sum(p Period, days []Day) *tally {
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
	t := newTally(c.Query, in, c.Profile.Bands)
	byDate := map[string]*Day{}
	for i := range days {
		byDate[days[i].Date] = &days[i]
	}
	for _, date := range p.Dates() {
		if d := byDate[date]; d != nil && d.heard() {
			t.day(d)
		} else {
			t.missing()
		}
	}
	return t
}

// missing says that nothing is known of a day: no gap runs through it.
func (t *tally) missing() {
	for _, c := range t.cells {
		c.waiting = 0
	}
}

func (t *tally) sources(p Period, days []Day) Sources {
	s := Sources{Days: t.days, Missing: []string{}, Shifts: t.shifts, Fixes: t.fixes, Units: len(t.units), Streets: t.streets, StreetKm: t.streetKm,
		PoliceShifts: t.policeShifts, UnknownHours: t.silent.Hours(), Police: PoliceNone}
	switch {
	case t.policeShifts > 0:
		s.Police = PoliceDriven
	case t.planShifts > 0:
		s.Police = PolicePlanned
	}
	if s.Streets == nil {
		s.Streets = []string{}
	}
	for _, date := range p.Dates() {
		if !slices.ContainsFunc(days, func(d Day) bool { return d.Date == date && d.heard() }) {
			s.Missing = append(s.Missing, date)
		}
	}
	return s
}

// indicators makes the table, in the order of Formulas.
func (t *tally) indicators() []Indicator {
	out := make([]Indicator, len(formulas))
	for i, f := range formulas {
		out[i] = Indicator{Key: f.Key}
		t.fill(&out[i])
		for _, fig := range out[i].figures() {
			if fig.Value == nil {
				continue
			}
			switch {
			case f.Unit == "%" && !f.Lower:
				fig.Light = t.bands.light(f.Key, *fig.Value)
			case f.Key == KeyStops && fig.N > 0:
				fig.Light = t.bands.light(f.Key, 100**fig.Value/float64(fig.N))
			}
			if fig.Planned {
				fig.Light = ""
			}
		}
	}
	return out
}

func known(v float64, n int) Figure {
	if n == 0 {
		return Figure{}
	}
	return Figure{Value: &v, N: n}
}

func (m mean) figure() Figure { return known(m.sum/float64(max(m.n, 1)), m.n) }

func (m mean) total() Figure { return known(m.sum, m.n) }

func (p part) pct() Figure {
	if p.whole <= 0 {
		return Figure{}
	}
	return known(100*p.of/p.whole, p.n)
}

// totals fills a row with the sums of each force and of all.
func (i *Indicator) totals(ms [3]mean) {
	all := mean{}
	for k, m := range ms {
		*i.figures()[k] = m.total()
		all.sum, all.n = all.sum+m.sum, all.n+m.n
	}
	i.Together = all.total()
}

// shares is totals for percentages.
func (i *Indicator) shares(ps [3]part) {
	all := part{}
	for k, p := range ps {
		*i.figures()[k] = p.pct()
		all = part{all.of + p.of, all.whole + p.whole, all.n + p.n}
	}
	i.Together = all.pct()
}

// fill computes one row.
func (t *tally) fill(row *Indicator) {
	switch row.Key {
	case KeyKm:
		row.totals(t.km)
	case KeyPatrol:
		row.totals(t.patrol)
	case KeyPriority:
		row.totals(t.priority)
	case KeyStops:
		all, made := 0, 0
		for f := range t.stops {
			*row.figures()[f] = known(float64(t.made[f]), t.stops[f])
			all, made = all+t.stops[f], made+t.made[f]
		}
		row.Together = known(float64(made), all)
	case KeyStopsPlanned:
		all := 0
		for f := range t.stops {
			if f != int(coverage.Police) {
				*row.figures()[f] = known(float64(t.stops[f]), t.planned)
			}
			all += t.stops[f]
		}
		row.Together = known(float64(all), t.planned)
	case KeyStreets, KeyStreetsDay:
		ms := t.perShift
		if row.Key == KeyStreetsDay {
			ms = t.perDay
		}
		for f, m := range ms {
			*row.figures()[f] = m.figure()
		}
		if row.Key == KeyStreets && t.policeShifts == 0 && t.policeStreet.n > 0 {
			row.Police = t.policeStreet.figure()
			row.Police.Planned = true
		}
	case KeyCells:
		for f, p := range t.seen {
			*row.figures()[f] = p.pct()
		}
	case KeyHot:
		row.Together = t.hot.pct()
	case KeyAlone, KeyDouble:
		row.Together = t.overlap(row.Key)
	case KeyGap:
		longest := 0.0
		for _, c := range t.cells {
			longest = max(longest, c.gap.Minutes)
		}
		row.Together = known(longest, len(t.cells))
	case KeyAdherence:
		row.shares(t.asked)
	case KeyUptime:
		row.shares(t.uptime)
	case KeyLate:
		row.shares(t.late)
	case KeyReady:
		row.Together = t.ready.pct()
	}
}

// overlap is complementarity or duplication: by police positions where there
// are any, else as the police plan lets expect.
func (t *tally) overlap(key string) Figure {
	alone, double := part{}, part{}
	switch {
	case t.policeShifts > 0:
		for _, c := range t.cells {
			alone.of, alone.whole, alone.n = alone.of+c.alone, alone.whole+c.judged, alone.n+c.withMuni
			double.of, double.whole, double.n = double.of+float64(c.doubled), double.whole+float64(c.presentSeen), double.n+c.presentSeen
		}
	case t.planShifts > 0:
		e := t.expected
		alone = part{e.alone, e.municipal, t.expectN}
		double = part{e.doubled, e.present, t.expectN}
	}
	f := alone.pct()
	if key == KeyDouble {
		f = double.pct()
	}
	f.Planned = f.Value != nil && t.policeShifts == 0
	return f
}

func (t *tally) verdict(rows []Indicator) Verdict {
	v := Verdict{}
	for _, r := range rows {
		if r.Key != KeyStreets {
			continue
		}
		v.Light, v.JointPct = r.Together.Light, r.Together.Value
		if r.Police.Planned {
			v.PolicePlanPct = r.Police.Value
		} else {
			v.PolicePct = r.Police.Value
		}
	}
	v.SerenazgoPct, v.UnknownPct = t.serenazgo.figure().Value, t.unknown.figure().Value
	if n := len(t.cells) * t.days; n > 0 {
		sum := 0.0
		for _, c := range t.cells {
			sum += c.nobody
		}
		h := sum / 3600 / float64(n)
		v.NobodyHours = &h
	}
	return v
}

func (t *tally) cellRows() []CellRow {
	out := make([]CellRow, 0, len(t.cells))
	for id, c := range t.cells {
		out = append(out, CellRow{Cell: id, Municipal: c.dwell[0] / 60, Police: c.dwell[1] / 60, Integrated: c.dwell[2] / 60, Alone: c.alone / 60,
			Doubled: c.doubled, Present: c.present, MaxGap: c.gap.Minutes, PolicePlan: c.plan, Nobody: c.nobody / 3600 / float64(max(t.days, 1))})
	}
	slices.SortFunc(out, func(a, b CellRow) int { return cmp.Compare(a.Cell, b.Cell) })
	return out
}

func (t *tally) worstGaps() []Gap {
	out := []Gap{}
	for id, c := range t.cells {
		if g := c.gap; g.Minutes > 0 {
			g.Cell, g.Start, g.End = id, g.Start.UTC(), g.End.UTC()
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(cmp.Compare(b.Minutes, a.Minutes), cmp.Compare(a.Cell, b.Cell)) })
	return out[:min(len(out), MaxGaps)]
}

func (t *tally) dosage() []Dose {
	out := []Dose{}
	for _, d := range t.doses {
		if d.PlannedMin > 0 {
			d.Pct = 100 * (d.Municipal + d.Police + d.Integrated) / d.PlannedMin
		}
		out = append(out, *d)
	}
	slices.SortFunc(out, func(a, b Dose) int { return cmp.Or(cmp.Compare(a.Pct, b.Pct), cmp.Compare(a.Cell, b.Cell)) })
	return out
}

func (t *tally) shiftRows() []ShiftRow {
	out := []ShiftRow{}
	for _, name := range t.codes {
		c := t.byCode[name]
		r := c.row
		r.Units = float64(c.units) / float64(r.Shifts)
		r.JointPct, r.SerenazgoPct, r.PolicePct = c.joint.figure().Value, c.serenazgo.figure().Value, c.pnp.figure().Value
		if c.cells > 0 {
			h := c.nobody / 3600 / float64(c.cells)
			r.NobodyHours = &h
		}
		out = append(out, r)
	}
	return out
}
