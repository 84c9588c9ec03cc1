package mqtt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// ThingsBoard reads what devices and gateways made for ThingsBoard publish:
//
//	v1/gateway/telemetry      {"P-101":[{"ts":1763764359000,"values":{"latitude":-12.0,"longitude":-77.0,"speed":34}}]}
//	v1/devices/me/telemetry   {"ts":1763764359000,"values":{…}} or the values alone, or an array of either
//
// ts is in milliseconds and may be missing: the fix then counts from its
// reception. ThingsBoard knows no unit of speed; km/h is what its dashboards
// show, and what is read here. Values without a position are taken and counted.
type ThingsBoard struct{}

type thingsBoardRow struct {
	TS     instant         `json:"ts"`
	Values json.RawMessage `json:"values"`
}

type thingsBoardValues struct {
	Latitude  number `json:"latitude"`
	Longitude number `json:"longitude"`
	Lat       number `json:"lat"`
	Lon       number `json:"lon"`
	Altitude  number `json:"altitude"`
	Speed     number `json:"speed"` // km/h
	Course    number `json:"course"`
	Heading   number `json:"heading"`
	Accuracy  number `json:"accuracy"`
	Battery   number `json:"battery"` // percent
	Level     number `json:"batteryLevel"`
	Ignition  flag   `json:"ignition"`
	Alarm     word   `json:"alarm"`
}

// Name is the decoder's name in rules and counters.
func (ThingsBoard) Name() string { return "thingsboard" }

// Fits takes values under their name, and objects of lists: the gateway's form.
func (ThingsBoard) Fits(s Shape) bool { return bool(s.Has.Values || s.Has.Latitude) || s.Lists }

// Decode reads either form.
func (ThingsBoard) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		if devices, ok := thingsBoardGateway(raw); ok {
			for _, name := range slices.Sorted(maps.Keys(devices)) {
				if len(devices[name]) == 0 {
					d.reject(raw, "the list of %q is empty", brief(name))
				}
				for i, row := range devices[name] {
					d.thingsBoard(row, name, fmt.Appendf(nil, "%s %d %s", name, i, row))
				}
			}
			continue
		}
		d.thingsBoard(raw, "", bytes.TrimSpace(raw))
	}
	d.backlog()
	return d
}

// thingsBoardGateway reads an object of which every member is a list.
func thingsBoardGateway(raw []byte) (map[string][]json.RawMessage, bool) {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil || len(m) == 0 {
		return nil, false
	}
	out := make(map[string][]json.RawMessage, len(m))
	for name, v := range m {
		var rows []json.RawMessage
		if firstByte(v) != '[' || json.Unmarshal(v, &rows) != nil {
			return nil, false
		}
		out[name] = rows
	}
	return out, true
}

// thingsBoard adds one row of telemetry. numbered are the bytes that its number
// derives from.
func (d *Decoded) thingsBoard(raw []byte, device string, numbered []byte) {
	var row thingsBoardRow
	if err := decodeObject(raw, &row); err != nil {
		d.reject(raw, "%v", err)
		return
	}
	body := []byte(row.Values)
	if len(body) == 0 {
		body = raw
	}
	var v thingsBoardValues
	if err := decodeObject(body, &v); err != nil {
		d.reject(raw, "values: %v", err)
		return
	}
	lat, lon := either(v.Latitude, v.Lat), either(v.Longitude, v.Lon)
	if !lat.set && lat.raw == "" && !lon.set && lon.raw == "" {
		d.Skipped = "telemetry"
		return
	}
	err := row.TS.check("ts")
	var p orb.Point
	if err == nil {
		p[1], err = lat.require("latitude", -90, 90)
	}
	if err == nil {
		p[0], err = lon.require("longitude", -180, 180)
	}
	if err != nil {
		d.reject(raw, "%v", err)
		return
	}
	course, battery := either(v.Course, v.Heading), either(v.Level, v.Battery)
	d.optional(v.Altitude, v.Speed, course, v.Accuracy, battery)
	d.Fixes = append(d.Fixes, fleet.Fix{Device: device, Time: row.TS.t, Seq: fleet.DeriveSeq(numbered), Point: p, Speed: v.Speed.unknownBelow(0) / 3.6,
		Course: course.unknownBelow(0), Accuracy: accuracy(v.Accuracy), Altitude: v.Altitude.or(math.NaN()), Battery: battery.times(0.01),
		Ignition: v.Ignition.v, Event: snake(string(v.Alarm))})
}

// either gives a, or b if a is missing.
func either(a, b number) number {
	if a.set || a.raw != "" {
		return a
	}
	return b
}
