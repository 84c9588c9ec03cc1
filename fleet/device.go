package fleet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Device is a GPS tracker, a phone, or a gateway that reports for others. Its
// credentials never leave the store.
type Device struct {
	Ubigeo   string        `json:"-"`
	ID       string        `json:"id"`
	Name     string        `json:"name,omitempty"` // for people: "Tracker of the Hilux"
	Unit     string        `json:"unit,omitempty"`
	Interval time.Duration `json:"interval"` // expected time between fixes while moving
	// Identities are what the device is called elsewhere: IMEI, Traccar's
	// uniqueId, flespi's ident, "user/device" of OwnTracks. One identity names
	// one device of a district.
	Identities []string `json:"identities,omitempty"`
	// Gateway devices (a Traccar server, a ThingsBoard gateway) may report for
	// every device of the district; others only for themselves.
	Gateway bool `json:"gateway,omitempty"`
	// ClockFix is added to the times that the device writes: a tracker set to
	// Lima's time instead of UTC needs 5 h.
	ClockFix time.Duration `json:"clock_fix,omitempty"`
	RawDays  int           `json:"raw_days,omitempty"` // its payloads are kept for so many days, for support; SaveDevice leaves it
	Known    bool          `json:"known"`              // false: it reported without having been registered
}

// Seen is what is stored of a device: for the list of those that nobody
// registered.
type Seen struct {
	Fixes       int64     // kept
	Unassigned  int64     // of these, of no unit: claimable
	First, Last time.Time // instants of reception; zero: never
	ClockOffset time.Duration
}

// Limits of a device's fields.
const (
	maxDeviceName = 60
	maxIdentity   = 128
	maxIdentities = 8
	maxClockFix   = 15 * time.Hour // beyond every time zone
	// MaxInterval is the longest expected time between fixes: a day.
	MaxInterval = 24 * time.Hour
)

// CheckDevice tells what is wrong with a device's record, if anything.
func CheckDevice(d Device) error {
	if err := CheckUbigeo(d.Ubigeo); err != nil {
		return err
	}
	if err := CheckDeviceID(d.ID); err != nil {
		return err
	}
	if len([]rune(d.Name)) > maxDeviceName {
		return fmt.Errorf("%w: the name of device %s is longer than %d letters", ErrInvalid, d.ID, maxDeviceName)
	}
	if err := CheckLine("the name of device "+d.ID, d.Name); err != nil {
		return err
	}
	if d.Interval < 0 || d.Interval > MaxInterval {
		return fmt.Errorf("%w: the interval of device %s is %s; give 1 s to 24 h", ErrInvalid, d.ID, d.Interval)
	}
	if d.ClockFix.Abs() > maxClockFix {
		return fmt.Errorf("%w: the clock of device %s is corrected by %s; give at most %s", ErrInvalid, d.ID, d.ClockFix, maxClockFix)
	}
	if len(d.Identities) > maxIdentities {
		return fmt.Errorf("%w: device %s has %d identities; give at most %d", ErrInvalid, d.ID, len(d.Identities), maxIdentities)
	}
	for i, x := range d.Identities {
		if err := CheckIdentity(x); err != nil {
			return err
		}
		if slices.Contains(d.Identities[:i], x) {
			return fmt.Errorf("%w: device %s has the identity %q twice", ErrInvalid, d.ID, x)
		}
	}
	return nil
}

// CheckIdentity tells whether s can be what a device is called elsewhere: 1 to
// 128 bytes of printable text.
func CheckIdentity(s string) error {
	if s == "" || len(s) > maxIdentity || s != printable(s) || strings.TrimSpace(s) != s || strings.ContainsAny(s, "\r\n\t") {
		return fmt.Errorf("%w: identity %q must have 1 to %d printable bytes and no space around it", ErrInvalid, s, maxIdentity)
	}
	return nil
}

// DeviceIDOf makes a device id of what a payload or topic calls a device that
// nobody registered. An identity that can be an id stays as it is; of any other
// the odd letters become '_', and a short hash keeps different ones apart.
func DeviceIDOf(identity string) string {
	if CheckDeviceID(identity) == nil {
		return identity
	}
	h := sha256.Sum256([]byte(identity))
	plain := strings.Map(func(r rune) rune {
		if r < 128 && CheckDeviceID(string(r)) == nil {
			return r
		}
		return '_'
	}, identity)
	return plain[:min(len(plain), 50)] + "-" + hex.EncodeToString(h[:4])
}
