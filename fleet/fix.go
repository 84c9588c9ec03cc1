package fleet

import (
	"math"
	"time"

	"github.com/paulmach/orb"
)

// FixFlag marks what is wrong with a fix. A flagged fix is kept and is not
// used where the flag matters; nothing is thrown away.
type FixFlag uint16

// Flags of a fix.
const (
	FlagInvalid     FixFlag = 1 << iota // the receiver said it had no position
	FlagZero                            // 0,0
	FlagFuture                          // more than 24 h ahead of its reception
	FlagPast                            // before 2010
	FlagJump                            // faster than possible from the fix before; see Sieve
	FlagAccuracy                        // worse than 100 m
	FlagReceiveTime                     // no device time: Time is the time of reception
	FlagBacklog                         // sent later, after a loss of coverage
	FlagDuplicate                       // the same position of the same instant or number again; see Sieve
	FlagStaleClock                      // the time of an earlier fix again, half a minute later; see Sieve
)

// Fix is one reported position. (Ubigeo, Device, Time, Seq) is its identity:
// the same fix delivered twice is one row.
type Fix struct {
	Ubigeo, Device string
	Unit           string // the device's unit at reception, empty if none
	Time           time.Time
	Seq            int64 // the device's own number, or derived from the payload
	Received       time.Time
	Point          orb.Point // [lon, lat]
	Speed          float64   // m/s, NaN unknown
	Course         float64   // degrees clockwise from north, NaN unknown
	Accuracy       float64   // metres, NaN unknown
	Altitude       float64   // metres, NaN unknown
	Battery        float64   // 0..1, NaN unknown
	Ignition       *bool
	Event          string // "sos", "power_cut", …; empty for an ordinary fix
	Flags          FixFlag
	Odometer       float64 // metres in all as the device tells, 0 not told
	Engine         float64 // seconds that the engine has run in all as the device tells, 0 not told
	Power          *bool   // the vehicle feeds the device; nil not told
}

// Usable tells whether the position may move a unit on the map.
func (f Fix) Usable() bool {
	return f.Flags&(FlagInvalid|FlagZero|FlagFuture|FlagPast) == 0 &&
		!math.IsNaN(f.Point[0]) && !math.IsNaN(f.Point[1])
}

// DirtyDay is a day (UTC) of a unit of which fixes came late: what was computed
// of it has to be computed again.
type DirtyDay struct {
	Ubigeo, Unit string
	Day          time.Time // its midnight UTC
	First, Last  time.Time // of the late fixes
	Fixes        int64     // how many came late
	Mark         int64     // changes with every further late fix
}
