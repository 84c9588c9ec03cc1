package journal

import (
	"time"

	"github.com/paulmach/orb"
)

// Config are the thresholds and places that a day is judged by.
type Config struct {
	StopMin     time.Duration // least duration of a stop
	StopRadius  float64       // within which a unit stands
	TripMin     float64       // least length of a trip
	Gap         time.Duration // between two fixes over which nothing is assumed
	SpeedLimit  float64
	SpeedMin    time.Duration // least duration of an overspeed
	LowBattery  float64       // 0..1
	GoodBattery float64       // at which it is no longer low
	Silence     time.Duration // without a fix
	OutsideMin  time.Duration // least time outside the district: streets run along its edge
	EdgeMargin  float64       // from an edge at which a unit has gone over it for sure; less in narrow areas
	EdgeMin     time.Duration // or it has been beyond it for so long
	Fences      []Fence
	District    orb.MultiPolygon // empty: not watched
}

// DefaultConfig has Traccar's thresholds for trips and stops, and 80 km/h, a
// speed that no patrol needs in a street for ten seconds.
func DefaultConfig() Config {
	return Config{StopMin: 180 * time.Second, StopRadius: 25, TripMin: 200, Gap: 5 * time.Minute, SpeedLimit: 80 / 3.6, SpeedMin: 10 * time.Second,
		LowBattery: 0.2, GoodBattery: 0.3, Silence: 10 * time.Minute, OutsideMin: 3 * time.Minute,
		EdgeMargin: 15, EdgeMin: 3 * time.Minute}
}

// SilenceOf is the silence of a device that reports at an interval: ten
// minutes, or ten intervals if that is longer.
func SilenceOf(interval time.Duration) time.Duration { return max(10*time.Minute, 10*interval) }

// Kind names an event. Kinds are words of the API.
type Kind string

// The kinds of events. Those with a duration have an end, unless they go on.
const (
	Overspeed       Kind = "overspeed"        // value: highest speed, m/s
	FenceEnter      Kind = "fence_enter"      // place: the fence
	FenceExit       Kind = "fence_exit"       // value: seconds inside
	OutsideDistrict Kind = "outside_district" // duration
	PowerCut        Kind = "power_cut"        // duration
	LowBattery      Kind = "low_battery"      // duration; value: lowest, 0..1, none if only that it is low was told
	Silence         Kind = "silence"          // duration, in which nothing was heard; place: MovingSilence or ParkedSilence
	DeviceAlarm     Kind = "alarm"            // place: what the device called it: "sos"
)

// What a unit did when it was heard last before a silence.
const (
	MovingSilence = "moving"
	ParkedSilence = "parked"
)

// alarms are the events of devices that are passed on as they come.
var alarms = map[string]bool{"sos": true, "panic": true, "accident": true, "fall_down": true, "jamming": true, "tow": true, "tampering": true, "removing": true,
	"fault": true, "gps_antenna_cut": true}

// Event is something that happened to a unit on a day. (Kind, Place, Start) is
// its identity within the unit's day. Its cause is in the fixes: no person made
// it.
type Event struct {
	Unit   string    `json:"unit"`
	Kind   Kind      `json:"kind"`
	Place  string    `json:"place,omitempty"` // fence or alarm
	Start  time.Time `json:"start"`
	End    time.Time `json:"end,omitzero"`    // zero: it goes on, or has no duration
	Point  orb.Point `json:"point"`           // where it began
	Value  *float64  `json:"value,omitempty"` // nil: none was told
	Device string    `json:"device"`
}

// Alerts tells whether somebody should be told at once.
func (e Event) Alerts(fences []Fence) bool {
	switch e.Kind {
	case FenceExit:
		return false
	case Silence:
		return e.Place == MovingSilence
	case FenceEnter:
		for _, f := range fences {
			if f.ID == e.Place {
				return f.Kind == Forbidden
			}
		}
		return false
	}
	return true
}

// Trip is a drive between two stops.
type Trip struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	From     orb.Point `json:"from"`
	To       orb.Point `json:"to"`
	Metres   float64   `json:"metres"`
	MaxSpeed float64   `json:"max_speed"`
}

// Stop is a time at one place.
type Stop struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Point orb.Point `json:"point"`
	Idle  float64   `json:"idle_s"` // of it with the ignition on
}

// Visit is a stay inside a fence.
type Visit struct {
	Fence string    `json:"fence"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	// Began and Ended tell whether the unit was seen to come and to go within
	// the day.
	Began bool `json:"began"`
	Ended bool `json:"ended"`
}

// Day is what a unit did on a day, up to the moment it was asked for.
type Day struct {
	Unit      string    `json:"unit"`
	Date      string    `json:"date"`
	Fixes     int       `json:"fixes"`
	Doubtful  int       `json:"doubtful"` // of these, not counted
	First     time.Time `json:"first,omitzero"`
	Last      time.Time `json:"last,omitzero"`
	Metres    float64   `json:"metres"`
	Estimated float64   `json:"estimated_metres"` // of these, straight over gaps
	Moving    float64   `json:"moving_s"`
	Idle      float64   `json:"idle_s"`    // standing, ignition on
	Stopped   float64   `json:"stopped_s"` // standing, ignition off or unknown
	Unheard   float64   `json:"unheard_s"` // gaps
	Engine    float64   `json:"engine_s"`
	MaxSpeed  float64   `json:"max_speed"`
	Device    *Meter    `json:"device,omitempty"` // what its device told of itself; nil: nothing
	Trips     []Trip    `json:"trips"`
	Stops     []Stop    `json:"stops"`
	Visits    []Visit   `json:"visits"`
	Events    []Event   `json:"events"`
}
