package fleet

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// Limits that flag a fix. See the flags for what each means.
const (
	// FutureLimit is how far ahead of its reception a fix may claim to be.
	FutureLimit = 24 * time.Hour
	// BacklogAfter is the age at reception from which a fix counts as sent
	// late; no live alert is raised for it.
	BacklogAfter = 5 * time.Minute
	// PoorAccuracy in metres.
	PoorAccuracy = 100.0
)

// pastLimit: no satellite tracker of today was sold before; a clock that says
// so was never set, or has wrapped.
var pastLimit = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)

// timeOfReception gives up the part of a second that no store keeps, so that
// a fix read back equals the fix written.
const timeOfReception = time.Microsecond

// Normalise completes a decoded fix and flags what is wrong with it. Received
// must be set. It adds flags and never removes one that a decoder has set; to
// normalise twice changes nothing. Values outside their range become unknown
// (NaN): only the position, the time and the identity make a fix.
//
// A fix that cannot be stored at all (no identity, a latitude of 512) is an
// error that wraps ErrInvalid.
func Normalise(f *Fix) error {
	if err := CheckUbigeo(f.Ubigeo); err != nil {
		return err
	}
	if err := CheckDeviceID(f.Device); err != nil {
		return err
	}
	if f.Received.IsZero() {
		return fmt.Errorf("%w: fix of device %s has no time of reception", ErrInvalid, f.Device)
	}
	f.Received = f.Received.UTC().Truncate(timeOfReception)
	if f.Time.IsZero() {
		f.Time = f.Received
		f.Flags |= FlagReceiveTime
	}
	f.Time = f.Time.UTC().Truncate(timeOfReception)
	if y := f.Time.Year(); y < 0 || y > 9999 {
		return fmt.Errorf("%w: fix of device %s is of the year %d", ErrInvalid, f.Device, y)
	}
	switch age := f.Received.Sub(f.Time); {
	case f.Time.Before(pastLimit):
		f.Flags |= FlagPast
	case age < -FutureLimit:
		f.Flags |= FlagFuture
	case age > BacklogAfter:
		f.Flags |= FlagBacklog
	}

	switch lon, lat := f.Point[0], f.Point[1]; {
	case math.IsNaN(lon) || math.IsNaN(lat):
		f.Point = orb.Point{math.NaN(), math.NaN()}
		f.Flags |= FlagInvalid
	case math.Abs(lat) > 90 || math.Abs(lon) > 180:
		return fmt.Errorf("%w: position [%g, %g] of device %s is not on the Earth", ErrInvalid, lon, lat, f.Device)
	case lon == 0 && lat == 0:
		f.Flags |= FlagZero
	}

	f.Speed = within(f.Speed, 0, 350)
	f.Accuracy = within(f.Accuracy, 0, 1e6)
	f.Altitude = within(f.Altitude, -1000, 20_000)
	f.Battery = within(f.Battery, 0, 1)
	f.Course = within(f.Course, 0, 360)
	if f.Course == 360 {
		f.Course = 0
	}
	if f.Accuracy > PoorAccuracy {
		f.Flags |= FlagAccuracy
	}
	f.Event = eventName(f.Event)
	return nil
}

// within gives v, or NaN outside lo..hi.
func within(v, lo, hi float64) float64 {
	if v >= lo && v <= hi {
		return v
	}
	return math.NaN()
}

// eventName makes an event a short lower-case identifier, whatever the device
// wrote there.
func eventName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-', r == '.', r == ':':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '_'
	}, s)
	return s[:min(len(s), 40)]
}

// DeriveSeq numbers a fix whose device does not: from the bytes that carried
// it, so that the same message delivered twice gets the same number and two
// messages of one second get two. Derived numbers are negative and a device's
// own are not, so that the two never meet.
func DeriveSeq(payload []byte) int64 {
	h := sha256.Sum256(payload)
	return math.MinInt64 | int64(binary.BigEndian.Uint64(h[:8])&math.MaxInt64)
}
