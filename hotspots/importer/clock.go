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
	zoned, asInstant, asLocal := 0, 0, 0
	var instant, wall [24]int // rows by hour, read one way and the other
	for _, rec := range im.peeked {
		m, err := parseMoment(rec.text(im.at.at), im.order)
		if err != nil || m.instant.IsZero() {
			continue
		}
		zoned++
		instant[m.at(im.loc, false).In(im.loc).Hour()]++
		wall[m.wall.Hour()]++
		turn, ok := turns[plain(rec.text(im.at.turn))]
		if !ok {
			continue
		}
		if m.at(im.loc, false).In(im.loc).Hour()/6 == turn {
			asInstant++
		}
		if m.wall.Hour()/6 == turn {
			asLocal++
		}
	}
	im.res.Dates = im.order
	switch {
	case zoned == 0:
		im.res.Clock = ClockLocal
		im.local = true
		return
	case rule != ClockAuto:
		im.local = rule == ClockLocal
	case asLocal > asInstant:
		im.local = true
		im.note(LocalAsUTC, "times are taken as local clock times stored as if they were UTC: their part of the day agrees in %d rows, against %d the other way", asLocal, asInstant)
	case asInstant == 0 && asLocal == 0 && im.quietAtNight(instant, wall):
	case asInstant == 0 && asLocal == 0 && im.loc != time.UTC:
		im.note(TrueInstants, "times carry a zone or are epoch numbers and are taken as they say; if they are local clock times, set clock: local in the mapping")
	}
	im.res.Clock = ClockInstant
	if im.local {
		im.res.Clock = ClockLocal
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
