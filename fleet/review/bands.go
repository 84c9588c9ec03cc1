package review

import (
	"errors"
	"fmt"
	"slices"
)

// ErrBands says that the bands of a traffic light cannot be used.
var ErrBands = errors.New("unusable bands of the traffic light")

// Bands are a profile's values for a review. They are practice or our defaults,
// not law.
type Bands struct {
	Green float64               `json:"green"`        // percent from which an indicator is green
	Amber float64               `json:"amber"`        // and from which amber; below, red
	Of    map[string][2]float64 `json:"of,omitempty"` // other bands, by indicator: green, amber

	HotMinutes float64 `json:"hot_minutes"`     // that a hot cell needs in a shift
	HotGap     float64 `json:"hot_gap_minutes"` // that it may be without anybody
}

// DefaultBands are those of the default profile.
func DefaultBands() Bands { return Bands{Green: 90, Amber: 70, HotMinutes: 10, HotGap: 120} }

// judged are the indicators that a light is shown for by the common bands.
var judged = []string{KeyStops, KeyStreets, KeyStreetsDay, KeyCells, KeyHot, KeyAdherence, KeyUptime, KeyReady}

// Check tells what is wrong with the bands.
func (b Bands) Check() error {
	if err := checkBand("all indicators", b.Green, b.Amber); err != nil {
		return err
	}
	for key, v := range b.Of {
		if f, ok := FormulaOf(key); !ok || f.Unit != "%" || f.Lower {
			return fmt.Errorf("%w: %q is no indicator in percent of which more is better", ErrBands, key)
		}
		if err := checkBand(key, v[0], v[1]); err != nil {
			return err
		}
	}
	if !(b.HotMinutes > 0 && b.HotMinutes <= 480) || !(b.HotGap > 0 && b.HotGap <= 1440) {
		return fmt.Errorf("%w: a hot cell needs %v minutes and may wait %v: give 1 to 480, and 1 to 1440", ErrBands, b.HotMinutes, b.HotGap)
	}
	return nil
}

func checkBand(what string, green, amber float64) error {
	if !(amber >= 0 && green > amber && green <= 100) {
		return fmt.Errorf("%w: %s: want 0 ≤ amber < green ≤ 100, got green %v and amber %v", ErrBands, what, green, amber)
	}
	return nil
}

// light judges a value; pct is the value as percent.
func (b Bands) light(key string, pct float64) Light {
	green, amber := b.Green, b.Amber
	if v, ok := b.Of[key]; ok {
		green, amber = v[0], v[1]
	} else if !slices.Contains(judged, key) {
		return ""
	}
	switch {
	case pct >= green:
		return Green
	case pct >= amber:
		return Amber
	}
	return Red
}
