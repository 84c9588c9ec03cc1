package importer

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

var errNoPlace = wrong(NoPlace, nil, "no coordinates")

// parsePlace reads a latitude and longitude in degrees, with a decimal point
// or comma.
func parsePlace(lat, lon string) (orb.Point, error) {
	y, errY := parseDegrees(lat)
	x, errX := parseDegrees(lon)
	if err := errors.Join(errY, errX); err != nil {
		if errY != nil {
			return orb.Point{}, errY
		}
		return orb.Point{}, errX
	}
	p := orb.Point{x, y}
	switch {
	case x == 0 && y == 0:
		return p, wrong(NoPlace, nil, "%w: 0, 0", errNoPlace)
	case math.Abs(x) >= 100_000 && math.Abs(x) < 1_000_000 && math.Abs(y) >= 1_000_000 && math.Abs(y) <= 10_000_000:
		return p, wrong(UTM, []any{short(lat), short(lon)}, "%w: %s, %s look like UTM metres: convert them to degrees", hotspots.ErrPoint, short(lat), short(lon))
	case math.Abs(x) <= 90 && math.Abs(y) > 90 && math.Abs(y) <= 180:
		return p, wrong(Swapped, []any{short(lat), short(lon)}, "%w: latitude %s and longitude %s seem to have changed places", hotspots.ErrPoint, short(lat), short(lon))
	}
	if err := hotspots.CheckPoint(p); err != nil {
		return p, wrong(OffEarth, []any{short(lat), short(lon)}, "%w", err)
	}
	return p, nil
}

func parseDegrees(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if plainDecimal(s) {
		if v, err := strconv.ParseFloat(s, 64); err == nil {
			return v, nil
		}
	}
	t := s
	if strings.Count(t, ",") == 1 && !strings.Contains(t, ".") {
		t = strings.Replace(t, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(t, 64)
	if err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) && !strings.ContainsAny(t, "xX_") {
		return v, nil
	}
	switch strings.ToLower(s) {
	case "", "-", "null", "nan", "n/a", "na", "none":
		return 0, errNoPlace
	}
	return 0, wrong(NotDegrees, []any{short(s)}, "%w: %q is not a number of degrees", hotspots.ErrPoint, short(s))
}

// plainDecimal tells whether s is of digits, signs and points alone, as nearly all
// coordinates are.
func plainDecimal(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' {
			return false
		}
	}
	return s != ""
}
