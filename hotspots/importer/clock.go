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
		dates = append(dates, im.field(rec, roleAt))
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
	for _, rec := range im.peeked {
		m, err := parseMoment(im.field(rec, roleAt), im.order)
		if err != nil || m.instant.IsZero() {
			continue
		}
		zoned++
		turn, ok := turns[plain(im.field(rec, roleTurn))]
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
	case asInstant == 0 && asLocal == 0 && im.loc != time.UTC:
		im.note(TrueInstants, "times carry a zone or are epoch numbers and are taken as they say; if they are local clock times, set clock: local in the mapping")
	}
	im.res.Clock = ClockInstant
	if im.local {
		im.res.Clock = ClockLocal
	}
}

func (im *reader) note(code Code, format string, args ...any) {
	im.res.Remarks = append(im.res.Remarks, Remark{code, texts(args)})
	im.res.Notes = append(im.res.Notes, fmt.Sprintf(format, args...))
}
