package mqtt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// number is a JSON member that should be a number. Trackers and the bridges
// between them also write numbers as strings ("-12.05"); those are read, and
// anything else is remembered as bad and rejected or ignored by the decoder,
// depending on the field.
type number struct {
	v   float64
	set bool
	raw string // of a member that is no number
}

// UnmarshalJSON never fails: what is wrong is told by require.
func (n *number) UnmarshalJSON(b []byte) error {
	*n = number{}
	s := string(b)
	if s == "null" {
		return nil
	}
	if b[0] == '"' {
		if err := json.Unmarshal(b, &s); err != nil {
			n.raw = string(b)
			return nil
		}
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(s, "xX_pP") {
		n.raw = string(b)
		return nil
	}
	n.v, n.set = v, true
	return nil
}

// or gives the number, or d when there is none.
func (n number) or(d float64) float64 {
	if n.set {
		return n.v
	}
	return d
}

// times gives the number in another unit, NaN when there is none.
func (n number) times(k float64) float64 { return n.or(math.NaN()) * k }

// total gives the reading of a counter in another unit, 0 when there is none.
func (n number) total(k float64) float64 { return max(0, n.or(0)) * k }

// feeds tells of a voltage that it is one that feeds a tracker; a lower one tells
// nothing: trackers that no wire leads to tell 0.
func (n number) feeds(least float64) *bool {
	if !n.set || n.v < least {
		return nil
	}
	yes := true
	return &yes
}

// unknownBelow gives the number, NaN when there is none or it is below lo:
// that is how devices write "not known" (-1).
func (n number) unknownBelow(lo float64) float64 {
	if n.set && n.v >= lo {
		return n.v
	}
	return math.NaN()
}

// require gives the number of a field that a fix cannot be without.
func (n number) require(field string, lo, hi float64) (float64, error) {
	switch {
	case n.raw != "":
		return 0, fmt.Errorf("%s is %s, not a number", field, brief(n.raw))
	case !n.set:
		return 0, fmt.Errorf("%s is missing", field)
	case n.v < lo || n.v > hi:
		return 0, fmt.Errorf("%s %v is outside %v..%v", field, n.v, lo, hi)
	}
	return n.v, nil
}

// instant is a JSON member that should be a time: seconds or milliseconds
// since 1970 as a number or a string, told apart by size, or ISO 8601 with a
// zone.
type instant struct {
	t   time.Time
	set bool
	bad string // why it is none
}

// UnmarshalJSON never fails: what is wrong is told by check.
func (i *instant) UnmarshalJSON(b []byte) error {
	*i = instant{}
	s := string(b)
	if s == "null" {
		return nil
	}
	if b[0] == '"' {
		if json.Unmarshal(b, &s) != nil {
			i.bad = brief(string(b))
			return nil
		}
		if s = strings.TrimSpace(s); s == "" {
			return nil
		}
		if t, ok := parseISO(s); ok {
			i.t, i.set = t, true
			return nil
		}
	}
	t, err := parseEpoch(s)
	if err != nil {
		i.bad = err.Error()
		return nil
	}
	i.t, i.set = t, true
	return nil
}

// check tells what is wrong with the field, if anything. A missing time is
// allowed: the fix then counts from its reception.
func (i instant) check(field string) error {
	if i.bad != "" {
		return fmt.Errorf("%s is %s, not epoch seconds, epoch milliseconds or ISO 8601 with a zone", field, i.bad)
	}
	return nil
}

// parseISO reads ISO 8601 with a zone, as RFC 3339 and with the zone written
// "+0000". A time without zone is refused: it could be local or UTC, five
// hours apart in Peru.
func parseISO(s string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// Sizes that tell seconds from milliseconds: 1e11 s is the year 5138, 1e11 ms
// is March 1973; 1e14 ms is again the year 5138.
const (
	maxSeconds = 1e11
	maxMillis  = 1e14
)

// parseEpoch reads seconds or milliseconds, with a fraction or not.
func parseEpoch(s string) (time.Time, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) >= maxMillis || strings.ContainsAny(s, "xX_pP") {
		return time.Time{}, fmt.Errorf("%s", brief(s))
	}
	if math.Abs(v) >= maxSeconds {
		return time.UnixMicro(int64(math.Round(v * 1000))).UTC(), nil
	}
	return time.UnixMicro(int64(math.Round(v * 1e6))).UTC(), nil
}

// flag is a JSON member that should be true or false; 1, 0, "on" and "off" and
// the like are read, anything else is unknown.
type flag struct{ v *bool }

// is tells whether the flag is known and has that value.
func (f flag) is(v bool) bool { return f.v != nil && *f.v == v }

// UnmarshalJSON never fails.
func (f *flag) UnmarshalJSON(b []byte) error {
	f.v = nil
	yes, no := true, false
	switch strings.ToLower(strings.Trim(string(b), `"`)) {
	case "true", "1", "on", "yes":
		f.v = &yes
	case "false", "0", "off", "no":
		f.v = &no
	}
	return nil
}

// word is a JSON member that should be text; anything else is as if missing.
type word string

// UnmarshalJSON never fails.
func (w *word) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) != nil {
		s = ""
	}
	*w = word(s)
	return nil
}

// ownSeq gives the number that a device gave its fix, or one derived from the
// bytes.
func ownSeq(n number, raw []byte) int64 {
	if n.set && n.v >= 0 && n.v < 1<<53 && n.v == math.Trunc(n.v) {
		return int64(n.v)
	}
	return fleet.DeriveSeq(bytes.TrimSpace(raw))
}

// brief shortens what came from outside for an error text.
func brief(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// firstByte gives the first byte that is not space, 0 if there is none.
func firstByte(b []byte) byte {
	b = bytes.TrimLeft(b, " \t\r\n")
	if len(b) == 0 {
		return 0
	}
	return b[0]
}
