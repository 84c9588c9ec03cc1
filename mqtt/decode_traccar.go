package mqtt

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// Traccar reads what a Traccar server forwards (forward.type=mqtt and
// event.forward.type=mqtt, or the same as JSON over another way): so every
// protocol that Traccar speaks arrives here.
//
//	{"position":{"fixTime":"2026-11-21T22:12:35.000+00:00","valid":true,"latitude":-12.0,"longitude":-77.0,
//	  "speed":18.36,"course":271,"accuracy":0,"attributes":{"ignition":true,"batteryLevel":88,"alarm":"sos"}},
//	 "device":{"uniqueId":"356307042441013"}}
//
// Speed is in knots, the vehicle's own odometer (or else the distance that Traccar
// sums up) in metres, hours of the engine in milliseconds. Accuracy 0 is "not known". An alarm may be a list with
// commas: each becomes a fix of its own. A position that is not valid, or
// "outdated" (the last known one, repeated), is kept and marked invalid.
type Traccar struct{}

const knot = 1852.0 / 3600 // m/s

type traccar struct {
	Position *traccarPosition `json:"position"`
	Event    *struct {
		Type       word    `json:"type"`
		EventTime  instant `json:"eventTime"`
		Attributes struct {
			Alarm word `json:"alarm"`
		} `json:"attributes"`
	} `json:"event"`
	Device struct {
		UniqueID identity `json:"uniqueId"`
	} `json:"device"`
}

type traccarPosition struct {
	ID         number  `json:"id"`
	FixTime    instant `json:"fixTime"`
	DeviceTime instant `json:"deviceTime"`
	Valid      flag    `json:"valid"`
	Outdated   flag    `json:"outdated"`
	Latitude   number  `json:"latitude"`
	Longitude  number  `json:"longitude"`
	Altitude   number  `json:"altitude"`
	Speed      number  `json:"speed"` // knots
	Course     number  `json:"course"`
	Accuracy   number  `json:"accuracy"`
	Attributes struct {
		Ignition     flag   `json:"ignition"`
		BatteryLevel number `json:"batteryLevel"` // percent
		Alarm        word   `json:"alarm"`
		Event        word   `json:"event"`
		Archive      flag   `json:"archive"`       // sent from the device's memory
		Odometer     number `json:"odometer"`      // metres, of the vehicle
		Distance     number `json:"totalDistance"` // metres, summed up by Traccar
		Hours        number `json:"hours"`         // ms
		Power        number `json:"power"`         // V, of the vehicle; devices without a wire tell 0
	} `json:"attributes"`
}

// Name is the decoder's name in rules and counters.
func (Traccar) Name() string { return "traccar" }

// Fits takes what has a position or an event, and a device.
func (Traccar) Fits(s Shape) bool { return bool(s.Has.Device && (s.Has.Position || s.Has.Event)) }

// Decode reads one forwarded message, or an array of them.
func (Traccar) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var t traccar
		if err := decodeObject(raw, &t); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		d.traccar(raw, t)
	}
	return d
}

func (d *Decoded) traccar(raw []byte, t traccar) {
	var f fleet.Fix
	var events []string
	var err error
	switch {
	case t.Event != nil:
		if t.Event.Type == "" {
			err = fmt.Errorf("event.type is missing")
			break
		}
		f, err = t.happened(raw)
		events = []string{snake(string(t.Event.Type))}
		if events[0] == "alarm" {
			events = alarms(t.Event.Attributes.Alarm)
		}
	case t.Position != nil:
		f, err = t.Position.fix(raw)
		events = alarms(t.Position.Attributes.Alarm)
	default:
		err = fmt.Errorf("neither position nor event: this is no message forwarded by Traccar")
	}
	if err != nil {
		d.reject(raw, "Traccar: %v", err)
		return
	}
	if p := t.Position; p != nil {
		a := p.Attributes
		d.optional(p.Altitude, p.Speed, p.Course, p.Accuracy, a.BatteryLevel, a.Odometer, a.Distance, a.Hours, a.Power)
	}
	f.Device = string(t.Device.UniqueID)
	if len(events) == 0 {
		events = []string{""}
	}
	for i, e := range events {
		g := f
		if g.Event = e; i > 0 {
			g.Seq = fleet.DeriveSeq(fmt.Appendf(nil, "%d %s", i, raw))
		}
		d.Fixes = append(d.Fixes, g)
	}
}

// fix is a position as a fix.
func (p traccarPosition) fix(raw []byte) (f fleet.Fix, err error) {
	at, field := p.FixTime, "position.fixTime"
	if !at.set && at.bad == "" {
		at, field = p.DeviceTime, "position.deviceTime"
	}
	if err := at.check(field); err != nil {
		return f, err
	}
	lat, err := p.Latitude.require("position.latitude", -90, 90)
	if err != nil {
		return f, err
	}
	lon, err := p.Longitude.require("position.longitude", -180, 180)
	if err != nil {
		return f, err
	}
	f = fleet.Fix{Time: at.t, Seq: fleet.DeriveSeq(raw), Point: orb.Point{lon, lat}, Speed: p.Speed.unknownBelow(0) * knot,
		Course: p.Course.unknownBelow(0), Accuracy: accuracy(p.Accuracy), Altitude: p.Altitude.or(math.NaN()),
		Battery: p.Attributes.BatteryLevel.times(0.01), Ignition: p.Attributes.Ignition.v,
		Odometer: p.Attributes.Odometer.total(1), Engine: p.Attributes.Hours.total(0.001), Power: p.Attributes.Power.feeds(unplugged / 1000)}
	if f.Odometer == 0 {
		f.Odometer = p.Attributes.Distance.total(1)
	}
	if p.ID.set && p.ID.v > 0 {
		f.Seq = ownSeq(p.ID, raw)
	}
	if p.Valid.is(false) || p.Outdated.is(true) {
		f.Flags |= fleet.FlagInvalid
	}
	if p.Attributes.Archive.is(true) {
		f.Flags |= fleet.FlagBacklog
	}
	return f, nil
}

// happened is an event as a fix, where the unit was if that is told. Its number
// is never the position's own: that one comes by itself.
func (t traccar) happened(raw []byte) (f fleet.Fix, err error) {
	nan := math.NaN()
	f = fleet.Fix{Point: orb.Point{nan, nan}, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan, Flags: fleet.FlagInvalid}
	if t.Position != nil {
		if f, err = t.Position.fix(raw); err != nil {
			return f, err
		}
	}
	if err := t.Event.EventTime.check("event.eventTime"); err != nil {
		return f, err
	}
	if t.Event.EventTime.set {
		f.Time = t.Event.EventTime.t
	}
	f.Seq = fleet.DeriveSeq(raw)
	return f, nil
}

// alarms are the names in a list with commas.
func alarms(list word) (out []string) {
	for name := range strings.SplitSeq(string(list), ",") {
		if name = strings.TrimSpace(name); name != "" && len(out) < 8 {
			out = append(out, snake(name))
		}
	}
	return out
}

// snake writes powerCut as power_cut.
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// identity is a JSON member that names a device: text, or a number as its
// digits.
type identity string

// UnmarshalJSON never fails.
func (i *identity) UnmarshalJSON(b []byte) error {
	*i = ""
	if len(b) == 0 {
		return nil
	}
	switch c := b[0]; {
	case c == '"':
		var s string
		if json.Unmarshal(b, &s) == nil {
			*i = identity(strings.TrimSpace(s))
		}
	case c >= '0' && c <= '9':
		*i = identity(b)
	}
	return nil
}
