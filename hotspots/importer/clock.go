package importer

import (
	"fmt"
	"time"
)

// turns are the parts of the day in the national police data.
var turns = map[string]int{"madrugada": 0, "manana": 1, "tarde": 2, "noche": 3}

// findClock finds out the order of day and month, and whether times that carry
// a zone or are epoch numbers are what they say or local times stored as if
// they were UTC: the source's own part of the day tells.
func (im *reader) findClock() {
	var dates []string
	for _, rec := range im.peeked {
		dates = append(dates, rec.text(im.at.at))
	}
	im.order = dateOrder(dates)
	rule := ClockAuto
	if m := im.opt.Mapping; m != nil {
		if m.Dates != "" {
			im.order = m.Dates
		}
		rule = m.Clock
	}
	c := im.clocks()
	im.res.Dates, im.res.Zoned = im.order, c.zoned > 0
	im.res.Clock = ClockLocal
	switch {
	case c.zoned == 0:
		im.local = true
		return
	case rule != ClockAuto:
		im.local = rule == ClockLocal
		im.doubtRule(rule, c)
	case c.alike == c.zoned: // the district's own zone is written, which says the same either way
	case c.asLocal > c.asInstant:
		im.local = true
		im.note(LocalAsUTC, "times are taken as local clock times stored as if they were UTC: their part of the day agrees in %d rows, against %d the other way", c.asLocal, c.asInstant)
	case c.asInstant == 0 && c.asLocal == 0 && im.quietAtNight(c.instant, c.wall):
	case c.asInstant == 0 && c.asLocal == 0 && im.loc != time.UTC:
		im.note(TrueInstants, "times carry a zone or are epoch numbers and are taken as they say; if they are local clock times, set clock: local in the mapping")
	}
	if !im.local {
		im.res.Clock = ClockInstant
	} else if c.foreign > 0 {
		im.note(ZoneDropped, "%d rows carry a zone that is neither UTC nor the district's, which clock: local passes over", c.foreign)
	}
}

// clocks is what the first rows tell of the two ways to read times with a zone.
type clocks struct {
	zoned         int     // rows whose time carries a zone or is an epoch number
	alike         int     // of them, the same either way
	foreign       int     // of them, with a zone that is neither UTC nor the district's
	instant, wall [24]int // rows by hour, read one way and the other
	// Rows that agree with the source's own part of the day, read one way and the
	// other.
	asInstant, asLocal int
}

func (im *reader) clocks() (c clocks) {
	for _, rec := range im.peeked {
		m, err := parseMoment(rec.text(im.at.at), im.order)
		if err != nil || m.instant.IsZero() {
			continue
		}
		c.zoned++
		instant, local := m.at(im.loc, false), m.at(im.loc, true)
		switch {
		case instant.Equal(local):
			c.alike++
		case !m.instant.Equal(m.wall):
			c.foreign++
		}
		hour := instant.In(im.loc).Hour()
		c.instant[hour]++
		c.wall[m.wall.Hour()]++
		turn, ok := turns[plain(rec.text(im.at.turn))]
		if !ok {
			continue
		}
		if hour/6 == turn {
			c.asInstant++
		}
		if m.wall.Hour()/6 == turn {
			c.asLocal++
		}
	}
	return c
}

// doubtRule tells if the source's own part of the day speaks against the
// mapping's clock rule.
func (im *reader) doubtRule(rule Clock, c clocks) {
	so, otherwise := c.asInstant, c.asLocal
	if im.local {
		so, otherwise = otherwise, so
	}
	if otherwise > so {
		im.note(ClockAgainst, "the mapping says clock: %s, but the rows' own part of the day agrees with it in %d rows, and in %d the other way: check the rule", rule, so, otherwise)
	}
}

// When people sleep: the quietest four hours of the day begin within these, the
// world over.
const (
	quietFrom  = 1
	quietUntil = 5
	// quietShare: four hours are quiet if they have less than this of what four
	// hours have on average; otherwise the hours tell nothing.
	quietShare = 0.6
	// quietRows is how many rows it takes to tell.
	quietRows = 200
)

// quietHours gives the hour at which the quietest four hours of a day begin;
// false: they are not clearly quieter than others.
func quietHours(hours [24]int) (int, bool) {
	total, least, at := 0, 0, 0
	for h, n := range hours {
		total += n
		four := 0
		for k := range 4 {
			four += hours[(h+k)%24]
		}
		if h == 0 || four < least {
			least, at = four, h
		}
	}
	return at, total >= quietRows && float64(least) < quietShare*float64(total)*4/24
}

func asleep(hour int) bool { return hour >= quietFrom && hour <= quietUntil }

// quietAtNight decides by when nothing happens whether times with a zone are
// local ones stored as UTC; false: it cannot be told.
func (im *reader) quietAtNight(instant, wall [24]int) bool {
	a, okA := quietHours(instant)
	b, okB := quietHours(wall)
	if !okA || !okB || asleep(a) == asleep(b) {
		return false
	}
	if im.local = asleep(b); im.local {
		im.note(QuietAsUTC, "times are taken as local clock times stored as if they were UTC: so the quietest hours begin at %d:00, and at %d:00 the other way", b, a)
	}
	return true
}

// When 00:00 stands for "not known".
const (
	midnightRows  = 20   // at the least
	midnightTimes = 3    // times as many as at any other full hour
	midnightShare = 0.03 // of the rows with a time of day
)

// checkHours looks at the hours of what was read. A source that writes 00:00
// where the time of day is not known has far more rows at that minute than at
// any other full hour; they then count for their whole day. Hours that are
// quietest when people are about are worth a note.
func (im *reader) checkHours() {
	sharp, most := im.sharp[0], 0
	for _, n := range im.sharp[1:] {
		most = max(most, n)
	}
	hours := im.hours
	if sharp >= midnightRows && sharp > midnightTimes*most && float64(sharp) > midnightShare*float64(im.timed) {
		n := 0
		for i := range im.facts {
			if in := &im.res.Incidents[i]; im.facts[i].midnight {
				in.Until = in.At.In(im.loc).AddDate(0, 0, 1).UTC()
				n++
			}
		}
		hours[0] -= sharp
		im.note(MidnightTimes, "%d of %d rows happened at 00:00 sharp, many more than at any other full hour: their time of day is taken as not known", n, im.timed)
	}
	if at, ok := quietHours(hours); ok && !asleep(at) {
		off := (at - 3 + 24) % 24
		if off > 12 {
			off -= 24
		}
		im.note(OddHours, "the quietest hours begin at %d:00, as if the times were off by %+d hours: check the time zone and the clock rule of the mapping", at, off)
	}
}

func (im *reader) note(code Code, format string, args ...any) {
	im.res.Remarks = append(im.res.Remarks, Remark{code, texts(args)})
	im.res.Notes = append(im.res.Notes, fmt.Sprintf(format, args...))
}
