package mqtt

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// Native is our own payload: an object, or an array of them for a backlog.
//
//	{"ts":1763764359,"lat":-8.08,"lon":-79.0,"speed_kmh":18,"course":271,"acc":8,
//	 "alt":34,"batt":88,"ign":true,"seq":4711,"event":"sos"}
//
// lat and lon (degrees) are required. ts is epoch seconds, epoch milliseconds
// or ISO 8601 with a zone; without it the fix counts from its reception, and a
// redelivery cannot be told from a second fix. course is in degrees clockwise
// from north, acc and alt in metres, batt in percent. seq tells apart fixes of
// one instant; without it one is derived from the bytes. Optional fields that
// are missing, out of range or unreadable are unknown: a bad battery reading
// does not cost a position. Negative speed, course or accuracy, and accuracy 0,
// mean "not known".
type Native struct{}

type nativeFix struct {
	TS       instant `json:"ts"`
	Lat      number  `json:"lat"`
	Lon      number  `json:"lon"`
	SpeedKmh number  `json:"speed_kmh"`
	Course   number  `json:"course"`
	Acc      number  `json:"acc"`
	Alt      number  `json:"alt"`
	Batt     number  `json:"batt"`
	Ign      flag    `json:"ign"`
	Seq      number  `json:"seq"`
	Event    word    `json:"event"`
}

// Name is the decoder's name in counters.
func (Native) Name() string { return "serenazgo" }

// Fits takes anything that no other decoder claims.
func (Native) Fits(Shape) bool { return true }

// Decode reads an object or an array of objects.
func (Native) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var n nativeFix
		if err := decodeObject(raw, &n); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		f, err := n.fix(raw)
		if err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		d.optional(n.SpeedKmh, n.Course, n.Acc, n.Alt, n.Batt, n.Seq)
		d.Fixes = append(d.Fixes, f)
	}
	d.backlog()
	return d
}

func (n nativeFix) fix(raw []byte) (fleet.Fix, error) {
	if err := n.TS.check("ts"); err != nil {
		return fleet.Fix{}, err
	}
	lat, err := n.Lat.require("lat", -90, 90)
	if err != nil {
		return fleet.Fix{}, err
	}
	lon, err := n.Lon.require("lon", -180, 180)
	if err != nil {
		return fleet.Fix{}, err
	}
	return fleet.Fix{
		Time: n.TS.t, Seq: ownSeq(n.Seq, raw), Point: orb.Point{lon, lat},
		Speed: n.SpeedKmh.unknownBelow(0) / 3.6, Course: n.Course.unknownBelow(0), Accuracy: accuracy(n.Acc),
		Altitude: n.Alt.or(math.NaN()), Battery: n.Batt.times(0.01), Ignition: n.Ign.v, Event: string(n.Event),
	}, nil
}

// accuracy in metres; 0 and less mean "not known", since no receiver knows
// its place exactly.
func accuracy(n number) float64 {
	if n.set && n.v > 0 {
		return n.v
	}
	return math.NaN()
}

// objects takes a payload apart: one JSON object, or the elements of an array.
func objects(payload []byte) ([]json.RawMessage, error) {
	var list []json.RawMessage
	switch firstByte(payload) {
	case 0:
		return nil, notJSON("the payload is empty")
	case '[':
		if err := json.Unmarshal(payload, &list); err != nil {
			return nil, notJSON("the payload is not JSON: %v", err)
		}
		if len(list) == 0 {
			return nil, notJSON("the array is empty")
		}
		return list, nil
	}
	var one json.RawMessage
	if err := json.Unmarshal(payload, &one); err != nil {
		return nil, notJSON("the payload is not JSON: %v", err)
	}
	return []json.RawMessage{one}, nil
}

// inside decodes what a field of a payload holds, one object or several, each by
// itself: one that cannot be decoded does not cost the others.
func (d *Decoded) inside(raw []byte, field string, value []byte, decode func([]byte) (fleet.Fix, error)) {
	parts, err := objects(value)
	if err != nil {
		d.reject(raw, "%s: %v", field, err)
		return
	}
	for _, part := range parts {
		f, err := decode(part)
		if err != nil {
			d.reject(part, "%s: %v", field, err)
			continue
		}
		d.Fixes = append(d.Fixes, f)
	}
}

// decodeObject reads one JSON object into v.
func decodeObject(raw []byte, v any) error {
	if firstByte(raw) != '{' {
		return fmt.Errorf("%s is not a JSON object", brief(string(raw)))
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("the payload is not as expected: %v", err)
	}
	return nil
}
