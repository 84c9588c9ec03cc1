package guest

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// number reads a decimal number, with point or comma.
func number(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// zoned and local are the ways in which times are written, with and without
// their zone. Days come before months, as in Peru.
var (
	zoned = []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700"}
	local = []string{"2006-01-02 15:04:05.999", "2006-01-02T15:04:05.999", "2006-01-02 15:04", "2006-01-02T15:04",
		"02/01/2006 15:04:05", "02/01/2006 15:04", "2/1/2006 15:04:05", "2/1/2006 15:04", "02-01-2006 15:04:05", "02-01-2006 15:04"}
)

// earliest is before any tracker; latest is after any.
const (
	earliest = 2000
	latest   = 2100
)

// parseTime reads an instant: with its zone, local, or as seconds or milliseconds
// since 1970.
func parseTime(s string, loc *time.Location) (time.Time, bool) {
	at, ok := time.Time{}, false
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) >= 9 {
		switch {
		case len(s) <= 10:
			at, ok = time.Unix(n, 0), true
		case len(s) == 13:
			at, ok = time.UnixMilli(n), true
		}
	}
	for i := 0; i < len(zoned) && !ok; i++ {
		t, err := time.Parse(zoned[i], s)
		at, ok = t, err == nil
	}
	for i := 0; i < len(local) && !ok; i++ {
		t, err := time.ParseInLocation(local[i], s, loc)
		at, ok = t, err == nil
	}
	at = at.UTC().Truncate(time.Microsecond)
	return at, ok && at.Year() >= earliest && at.Year() < latest
}
