package mqtt

import (
	"bytes"
	"math"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// Flespi reads the messages of a flespi channel or device, as its MQTT broker
// and its streams give them: one flat object with dotted names.
//
//	{"ident":"356307042441013","timestamp":1763764359.5,"position.latitude":-12.0,"position.longitude":-77.0,
//	  "position.speed":34,"position.direction":271,"engine.ignition.status":true,"battery.level":88}
//
// timestamp is in seconds with a fraction, speed in km/h,
// mileage in km, hours of the engine in hours. A message without a
// position is taken and counted.
type Flespi struct{}

type flespi struct {
	Ident      identity `json:"ident"`
	Timestamp  instant  `json:"timestamp"`
	Latitude   number   `json:"position.latitude"`
	Longitude  number   `json:"position.longitude"`
	Altitude   number   `json:"position.altitude"`
	Speed      number   `json:"position.speed"` // km/h
	Direction  number   `json:"position.direction"`
	Satellites number   `json:"position.satellites"`
	Valid      flag     `json:"position.valid"`
	Ignition   flag     `json:"engine.ignition.status"`
	Battery    number   `json:"battery.level"` // percent
	Buffered   flag     `json:"message.buffered.status"`
	Alarm      flag     `json:"alarm.event.trigger"`
	Power      flag     `json:"external.powersource.status"`
	Mileage    number   `json:"vehicle.mileage"`   // km in all
	Hours      number   `json:"engine.motorhours"` // h in all
}

// Name is the decoder's name in rules and counters.
func (Flespi) Name() string { return "flespi" }

// Fits takes what has an ident.
func (Flespi) Fits(s Shape) bool { return bool(s.Has.Ident) }

// Decode reads one message, or an array of them.
func (Flespi) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var m flespi
		if err := decodeObject(raw, &m); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		if !m.Latitude.set && !m.Longitude.set && m.Latitude.raw == "" && m.Longitude.raw == "" {
			d.Skipped = "telemetry"
			continue
		}
		f, err := m.fix(raw)
		if err != nil {
			d.reject(raw, "flespi: %v", err)
			continue
		}
		d.optional(m.Altitude, m.Speed, m.Direction, m.Satellites, m.Battery, m.Mileage, m.Hours)
		d.Fixes = append(d.Fixes, f)
	}
	d.backlog()
	return d
}

func (m flespi) fix(raw []byte) (f fleet.Fix, err error) {
	if err := m.Timestamp.check("timestamp"); err != nil {
		return f, err
	}
	lat, err := m.Latitude.require("position.latitude", -90, 90)
	if err != nil {
		return f, err
	}
	lon, err := m.Longitude.require("position.longitude", -180, 180)
	if err != nil {
		return f, err
	}
	f = fleet.Fix{Device: string(m.Ident), Time: m.Timestamp.t, Seq: fleet.DeriveSeq(bytes.TrimSpace(raw)), Point: orb.Point{lon, lat},
		Speed: m.Speed.unknownBelow(0) / 3.6, Course: m.Direction.unknownBelow(0), Accuracy: math.NaN(), Altitude: m.Altitude.or(math.NaN()),
		Battery: m.Battery.times(0.01), Ignition: m.Ignition.v,
		Odometer: m.Mileage.total(1000), Engine: m.Hours.total(3600), Power: m.Power.v}
	switch {
	case m.Alarm.is(true):
		f.Event = "sos"
	case m.Power.is(false):
		f.Event = "power_cut"
	}
	if m.Valid.is(false) || m.Satellites.set && m.Satellites.v == 0 {
		f.Flags |= fleet.FlagInvalid
	}
	if m.Buffered.is(true) {
		f.Flags |= fleet.FlagBacklog
	}
	return f, nil
}
