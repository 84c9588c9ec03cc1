package paper

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

var (
	weekdays = [...]string{"dom", "lun", "mar", "mié", "jue", "vie", "sáb"}
	months   = [...]string{"ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "set.", "oct.", "nov.", "dic."}
)

// Day writes a day as it is read in Peru: "dom 22 nov. 2026".
func Day(t time.Time, loc *time.Location) string {
	t = t.In(loc)
	return fmt.Sprintf("%s %d %s %d", weekdays[t.Weekday()], t.Day(), months[t.Month()-1], t.Year())
}

// ClockOf writes a time of day, 00:00 to 23:59.
func ClockOf(t time.Time, loc *time.Location) string { return t.In(loc).Format("15:04") }

// MomentOf writes day and time of day.
func MomentOf(t time.Time, loc *time.Location) string { return Day(t, loc) + ", " + ClockOf(t, loc) }

// Number writes a number with thousands' commas; NaN is a dash.
func Number(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "—"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, part, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if part != "" {
		whole += "." + part
	}
	if v < 0 && strings.Trim(whole, "0.,") != "" {
		whole = "−" + whole
	}
	return whole
}

// Percent writes a percentage with one decimal.
func Percent(v float64) string { return Number(v, 1) + "\u00a0%" }

// Hours writes minutes as hours: "7 h 45 min".
func Hours(minutes float64) string {
	if math.IsNaN(minutes) {
		return "—"
	}
	m := int(math.Round(minutes))
	if m < 60 {
		return fmt.Sprintf("%d min", m)
	}
	return fmt.Sprintf("%d h %02d min", m/60, m%60)
}

// words of the lights.
var lightWord = map[Light]string{Green: "Verde", Amber: "Ámbar", Red: "Rojo", NoBand: "Sin banda"}

// cell writes a cell as its column wants it.
func cell(v any, k Kind, loc *time.Location) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return clean(v)
	case bool:
		if v {
			return "Sí"
		}
		return "No"
	case int:
		return drawable(Number(float64(v), 0))
	case float64:
		if math.IsNaN(v) {
			return ""
		}
		return drawable(Number(v, decimals(k)))
	case Unknown:
		return "—"
	case time.Time:
		switch {
		case v.IsZero():
			return ""
		case k == Clock:
			return ClockOf(v, loc)
		case k == Date:
			return Day(v, loc)
		}
		return MomentOf(v, loc)
	case Light:
		return lightWord[v]
	}
	return clean(fmt.Sprint(v))
}

func decimals(k Kind) int {
	switch k {
	case Whole:
		return 0
	case Hundredths:
		return 2
	}
	return 1
}

// clean writes a text as the font can draw it.
func clean(s string) string { return drawable(plain(s)) }

// plain takes out control characters: they become blanks.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), r == unicode.ReplacementChar:
			return ' '
		}
		return r
	}, s)
}
