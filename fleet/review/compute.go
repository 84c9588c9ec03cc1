package review

import (
	"iter"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/coverage"
)

// Days gives the facts of days in the order of their dates, one at a time; after
// an error nothing follows. A day is good until the next one is asked for.
type Days = iter.Seq2[*Day, error]

// Facts are the days of a review and of those that it is compared with.
type Facts struct {
	Days, Previous, LastYear            Days
	Calls, PreviousCalls, LastYearCalls []Occurrence
}

// Context is what a review is made for, beside its facts.
type Context struct {
	District fleet.District
	Query    Query
	Sector   orb.MultiPolygon // of Query.Sector; empty: the whole district
	Name     string           // of the sector
	Sectors  []Area           // whose hours without anybody are told, each
	Profile  Profile
}

// Compute makes the review of a period from the facts of its days.
func Compute(c Context, f Facts) (Review, error) {
	loc, err := c.District.Location()
	if err != nil {
		return Review{}, err
	}
	now, previous, lastYear := c.begin(c.Query.Period), c.begin(c.Query.Before()), c.begin(c.Query.YearBefore())
	c.follow(loc, now)
	for _, x := range []struct {
		s    *sums
		days Days
	}{{now, f.Days}, {previous, f.Previous}, {lastYear, f.LastYear}} {
		if err := x.s.addAll(x.days); err != nil {
			return Review{}, err
		}
	}
	t := now.t
	out := Review{Ubigeo: c.District.Ubigeo, District: c.District.Name, Query: c.Query, SectorName: c.Name, Profile: c.Profile, Simulated: c.District.Simulated,
		TimeZone: loc.String()}
	t.calls = c.call(f.Calls, t.heardShifts)
	out.Indicators = t.indicators()
	out.Streets, out.Presence, out.Register = t.streetSplit.figure(), t.presenceSplit.figure(), t.register
	out.Shifts, out.Cells, out.Gaps, out.Dosage = t.shiftRows(), t.cellRows(), t.worstGaps(), t.dosage()
	out.ByShift, out.Absences = t.byShift(out.Cells, c.Profile.Terms), t.absences.tell()
	out.Sources, out.Verdict = now.sources(), t.verdict(out.Indicators)
	previous.t.calls = c.call(f.PreviousCalls, previous.t.heardShifts)
	lastYear.t.calls = c.call(f.LastYearCalls, lastYear.t.heardShifts)
	out.Occurrences = occurrences(t.calls, previous.t.calls, lastYear.t.calls)
	then, before := previous.t.indicators(), lastYear.t.indicators()
	for i := range out.Indicators {
		for k, fig := range out.Indicators[i].figures() {
			fig.Previous, fig.LastYear = sameKind(fig, then[i].figures()[k]), sameKind(fig, before[i].figures()[k])
		}
	}
	return out, nil
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

// indicators makes the table, in the order of Profile.Formulas.
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

// rates fills a row with sums by a number of vehicles and days.
func (i *Indicator) rates(sums [4]float64, days [4]int) {
	for k, n := range days {
		*i.figures()[k] = mean{sums[k], n}.figure()
	}
}

// aWeek is the least number of days from which a weekly mean is told.
const aWeek = 7

// week fills in the mean kilometres of a force's vehicles in seven days.
func (i *Indicator) week(f int, t *tally) {
	if n := len(t.vehicles[f]); n > 0 && t.forceDays[f] >= aWeek {
		*i.figures()[f] = known(7*t.vehicleKm[f]/float64(n)/float64(t.forceDays[f]), n)
	}
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
	case KeyVehicleDay:
		row.rates(t.vehicleKm, t.vehicleDays)
	case KeyVehicleWeek:
		for f := range t.vehicles {
			row.week(f, t)
		}
	case KeyIntegrated:
		row.Integrated = t.integrated.total()
		row.Together = row.Integrated
	case KeyPriorityDay:
		row.rates(t.areaMinutes, t.areaDays)
	case KeyPartes, KeyDispatch, KeyResponse, KeyResponse90, KeyFalse:
		row.Together = t.called(row.Key)
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
		if t.heardDays == 0 {
			return
		}
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
		for f, p := range t.readyBy {
			*row.figures()[f] = p.pct()
		}
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
