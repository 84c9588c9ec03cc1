package importer

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// moment is a date and time as a source writes it.
type moment struct {
	wall    time.Time // the fields as written, as if they were UTC
	instant time.Time // what they mean by their zone or epoch; zero: no zone is given
	dayOnly bool      // no time of day is given
}

// at gives the instant: by the zone given unless local, else by loc's clock.
func (m moment) at(loc *time.Location, local bool) time.Time {
	if !m.instant.IsZero() && !local {
		return m.instant.UTC()
	}
	w := m.wall
	if loc == time.UTC {
		return w
	}
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), loc).UTC()
}

var (
	errNoDate  = wrong(NoDate, nil, "no date")
	errNotDate = errors.New("not a date")
)

// parseMoment reads a date and time: ISO 8601; day, month and year in the
// order given, with slashes, dots or dashes, or a month's name in Spanish or
// English; epoch seconds and milliseconds; AAAAMMDD[HHMMSS]; Excel's day
// numbers. order is "dmy" or "mdy" and matters only where the year is last.
func parseMoment(s, order string) (moment, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return moment{}, errNoDate
	}
	if m, ok := isoMinute(s); ok {
		return m, nil
	}
	if m, ok, err := numeric(s); ok {
		return m, err
	}
	bad := func() (moment, error) { return moment{}, notDate(NotDate, s, "") }
	c := &cursor{s: strings.ToLower(s)}
	var parts [3]int
	named := -1
	digits := 0
	for i := range parts {
		if i > 0 {
			c.skip("/-. ,")
			c.word("de ")
			c.word("del ")
		}
		if n, width, ok := c.number(); ok {
			parts[i] = n
			if i == 0 {
				digits = width
			}
			continue
		}
		m := c.month()
		if m == 0 || named >= 0 {
			return bad()
		}
		parts[i], named = m, i
	}
	y, mo, d := parts[2], parts[1], parts[0] // dmy
	switch {
	case digits == 4 || named < 0 && order == "ymd":
		y, mo, d = parts[0], parts[1], parts[2]
	case named == 0 || named < 0 && order == "mdy":
		mo, d = parts[0], parts[1]
	}
	if y < 100 {
		y += 2000
		if y > 2079 {
			y -= 100
		}
	}
	if mo < 1 || mo > 12 || d < 1 || d > 31 || y < 1800 || y > 9999 {
		return moment{}, wrong(NotDate, []any{short(s)}, "%w: %q has day %d, month %d, year %d", errNotDate, short(s), d, mo, y)
	}
	m := moment{dayOnly: true}
	date := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if date.Day() != d {
		return moment{}, notDate(NoSuchDay, s, ": there is no such day")
	}
	m.wall = date
	c.skip(" ,")
	c.word("t")
	if c.s == "" {
		return m, nil
	}
	sec, ok := c.clock()
	if !ok {
		return bad()
	}
	m.wall, m.dayOnly = date.Add(sec), false
	zone, ok := c.zone()
	if !ok || strings.TrimSpace(c.s) != "" {
		return bad()
	}
	if zone != nil {
		m.instant = m.wall.Add(-*zone)
	}
	return m, nil
}

// isoMinute reads the commonest form, YYYY-MM-DD HH:MM[:SS], quickly; false: s
// is of another form, or holds no such moment.
func isoMinute(s string) (moment, bool) {
	if len(s) != 16 && len(s) != 19 || s[4] != '-' || s[7] != '-' || s[10] != ' ' && s[10] != 'T' || s[13] != ':' {
		return moment{}, false
	}
	good := true
	digits := func(i, n int) (v int) {
		for _, c := range []byte(s[i : i+n]) {
			good = good && c >= '0' && c <= '9'
			v = v*10 + int(c-'0')
		}
		return v
	}
	y, mo, d, h, m, sec := digits(0, 4), digits(5, 2), digits(8, 2), digits(11, 2), digits(14, 2), 0
	if len(s) == 19 {
		good = good && s[16] == ':'
		sec = digits(17, 2)
	}
	if !good || y < 1800 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || m > 59 || sec > 59 {
		return moment{}, false
	}
	wall := time.Date(y, time.Month(mo), d, h, m, sec, 0, time.UTC)
	if d > 28 && wall.Day() != d { // the long way tells what is wrong
		return moment{}, false
	}
	return moment{wall: wall}, true
}

// parseHour reads a time of day.
func parseHour(s string) (time.Duration, bool) {
	c := &cursor{s: strings.ToLower(strings.TrimSpace(s))}
	d, ok := c.clock()
	return d, ok && strings.TrimSpace(c.s) == ""
}

// numeric reads dates that are one number; false: s is none.
func numeric(s string) (moment, bool, error) {
	if len(s) > 4 && (s[4] == '-' || s[4] == '/') || strings.IndexByte(s, '/') > 0 {
		return moment{}, false, nil
	}
	number := s
	if len(s) > 6 && s[5] == ',' { // a spreadsheet's day number with a decimal comma
		number = s[:5] + "." + s[6:]
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return moment{}, false, nil
	}
	if strings.ContainsAny(s, "eExX") {
		return moment{}, true, notDate(RoundedNumber, s, ": a spreadsheet has rounded the number: export it as text")
	}
	whole, frac, _ := strings.Cut(strings.TrimLeft(number, "+-"), ".")
	switch {
	case v < 0:
	case strings.Trim(frac, "0") == "" && len(whole) == 8:
		if t, err := time.Parse("20060102", whole); err == nil {
			return moment{wall: t, dayOnly: true}, true, nil
		}
	case strings.Trim(frac, "0") == "" && len(whole) == 14:
		if t, err := time.Parse("20060102150405", whole); err == nil {
			return moment{wall: t}, true, nil
		}
	case v >= 20000 && v < 80000: // days since 1899-12-30
		day := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(math.Round(v*86400)) * time.Second)
		return moment{wall: day, dayOnly: frac == ""}, true, nil
	case v >= 1e8 && v < 1e11:
		t := time.UnixMilli(int64(math.Round(v * 1000))).UTC()
		return moment{wall: t, instant: t}, true, nil
	case v >= 1e11 && v < 1e14:
		t := time.UnixMilli(int64(v)).UTC()
		return moment{wall: t, instant: t}, true, nil
	}
	return moment{}, true, notDate(NotDate, s, "")
}

// cursor reads a lower-case text from left to right.
type cursor struct{ s string }

func (c *cursor) skip(chars string) { c.s = strings.TrimLeft(c.s, chars) }

func (c *cursor) word(w string) bool {
	rest, ok := strings.CutPrefix(c.s, w)
	c.s = rest
	return ok
}

func (c *cursor) number() (n, width int, ok bool) {
	for width < len(c.s) && c.s[width] >= '0' && c.s[width] <= '9' && width < 5 {
		n = n*10 + int(c.s[width]-'0')
		width++
	}
	c.s = c.s[width:]
	return n, width, width > 0
}

var monthNames = [...][]string{{"ene", "jan"}, {"feb"}, {"mar"}, {"abr", "apr"}, {"may"}, {"jun"}, {"jul"}, {"ago", "aug"}, {"set", "sep"}, {"oct"}, {"nov"}, {"dic", "dec"}}

// month reads a month's name or abbreviation; 0: it is none.
func (c *cursor) month() int {
	n := 0
	for n < len(c.s) && c.s[n] >= 'a' && c.s[n] <= 'z' {
		n++
	}
	for i, names := range monthNames {
		for _, name := range names {
			if strings.HasPrefix(c.s[:n], name) {
				c.s = c.s[n:]
				return i + 1
			}
		}
	}
	return 0
}

// clock reads HH:MM[:SS[.fff]] with or without "a. m." or "p. m.", also as
// H.MM, HHhMM or HMM; 24:00 is the end of the day.
func (c *cursor) clock() (time.Duration, bool) {
	h, digits, ok := c.number()
	if !ok {
		return 0, false
	}
	var m, width int
	switch {
	case c.word(":"), c.word("."), c.word("h"):
		m, width, ok = c.number()
	case digits == 3 || digits == 4: // 830, 2230
		h, m, width = h/100, h%100, 2
	case digits <= 2 && amPM(c.s) != "": // 8 p. m.
		width = 2
	default:
		return 0, false
	}
	if !ok || width != 2 {
		return 0, false
	}
	s, frac := 0, 0.0
	if c.word(":") {
		if s, width, ok = c.number(); !ok || width != 2 {
			return 0, false
		}
		if c.word(".") || c.word(",") {
			scale := 0.1
			for len(c.s) > 0 && c.s[0] >= '0' && c.s[0] <= '9' {
				frac += scale * float64(c.s[0]-'0')
				scale /= 10
				c.s = c.s[1:]
			}
		}
	}
	if half := amPM(c.s); half != "" {
		if h < 1 || h > 12 {
			return 0, false
		}
		h %= 12
		if half == "pm" {
			h += 12
		}
		c.s = ""
	}
	if c.skip(" "); c.word("horas") || c.word("hrs") || c.word("hr") || c.word("h") {
		c.word(".")
	}
	if h == 24 && m == 0 && s == 0 { // the end of the day
		return 24 * time.Hour, true
	}
	if h > 23 || m > 59 || s > 60 {
		return 0, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(frac*1e9), true
}

// noSpaces drops what stands between the letters of "p. m.".
var noSpaces = strings.NewReplacer(" ", "", ".", "", "\u00a0", "", "\u202f", "")

// amPM gives "am", "pm" or, if the text is neither, "".
func amPM(s string) string {
	if !strings.HasSuffix(strings.TrimRight(s, ". \u00a0\u202f"), "m") {
		return ""
	}
	if s = noSpaces.Replace(s); s == "am" || s == "pm" {
		return s
	}
	return ""
}

// zone reads Z or ±HH[:MM]; nil: none is given.
func (c *cursor) zone() (*time.Duration, bool) {
	c.skip(" ")
	if c.word("z") || c.word("utc") {
		return new(time.Duration), true
	}
	sign := time.Duration(1)
	if c.word("-") {
		sign = -1
	} else if !c.word("+") {
		return nil, true
	}
	n, width, ok := c.number()
	h, m := n, 0
	switch {
	case !ok || width > 4 || width == 3:
		return nil, false
	case width == 4:
		h, m = n/100, n%100
	case c.word(":"):
		if m, width, ok = c.number(); !ok || width != 2 {
			return nil, false
		}
	}
	if h > 14 || m > 59 {
		return nil, false
	}
	d := sign * (time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)
	return &d, true
}

// dateOrder finds out whether dates that end in the year begin with the day or
// with the month: a number above 12 is a day. Without any it is the day, as in
// Peru.
func dateOrder(samples []string) string {
	month := 0
	for _, s := range samples {
		c := &cursor{s: strings.TrimSpace(s)}
		a, width, ok := c.number()
		if !ok || width > 2 {
			continue
		}
		c.skip("/-. ")
		b, width, ok := c.number()
		if !ok || width > 2 {
			continue
		}
		switch {
		case a > 12:
			return "dmy"
		case b > 12:
			month++
		}
	}
	if month > 0 {
		return "mdy"
	}
	return "dmy"
}

// short keeps a quoted value from flooding a message.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// notDate is the error of a text that is no date; more ends its sentence.
func notDate(code Code, s, more string) error {
	return wrong(code, []any{short(s)}, "%w: %q%s", errNotDate, short(s), more)
}
