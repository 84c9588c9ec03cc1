package mqtt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
)

// OsmAnd reads what the Traccar Client app, OsmAnd and many small trackers send
// to Traccar's "osmand" port, in both of its forms:
//
//	{"location":{"timestamp":"2026-11-21T22:12:35.000Z","coords":{"latitude":-12.0,"longitude":-77.0,"accuracy":8,
//	  "speed":5,"heading":271,"altitude":154},"battery":{"level":0.88}},"device_id":"P-101"}
//	id=P-101&lat=-12.0&lon=-77.0&timestamp=1763764359&speed=9.7&bearing=271&batt=88
//
// The speed of the first is in m/s and its battery 0..1; the speed of the
// second is in knots and its battery in percent. -1 is "not known".
type OsmAnd struct{}

type osmand struct {
	Location json.RawMessage `json:"location"` // an object, or an array of a backlog
	DeviceID identity        `json:"device_id"`
}

type osmandLocation struct {
	Timestamp instant `json:"timestamp"`
	Coords    *struct {
		Latitude  number `json:"latitude"`
		Longitude number `json:"longitude"`
		Accuracy  number `json:"accuracy"`
		Speed     number `json:"speed"` // m/s
		Heading   number `json:"heading"`
		Altitude  number `json:"altitude"`
	} `json:"coords"`
	Battery struct {
		Level number `json:"level"` // 0..1
	} `json:"battery"`
	Alarm  word `json:"alarm"`
	Extras struct {
		Alarm word `json:"alarm"`
	} `json:"extras"`
}

// Name is the decoder's name in rules and counters.
func (OsmAnd) Name() string { return "osmand" }

// Fits takes a location object, or a query with a latitude.
func (OsmAnd) Fits(s Shape) bool { return bool(s.Has.Location) || s.Query }

// Decode reads either form.
func (OsmAnd) Decode(payload []byte) (d Decoded) {
	if c := firstByte(payload); c != '{' && c != '[' && c != 0 {
		f, err := osmandQuery(payload)
		if err != nil {
			d.reject(payload, "OsmAnd query: %v", err)
			return d
		}
		d.Fixes = append(d.Fixes, f)
		return d
	}
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var o osmand
		if err := decodeObject(raw, &o); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		if len(o.Location) == 0 {
			d.reject(raw, "location is missing")
			continue
		}
		d.inside(raw, "location", o.Location, func(part []byte) (fleet.Fix, error) {
			f, err := d.osmand(part)
			f.Device = string(o.DeviceID)
			return f, err
		})
	}
	d.backlog()
	return d
}

func (d *Decoded) osmand(raw []byte) (f fleet.Fix, err error) {
	var l osmandLocation
	if err := decodeObject(raw, &l); err != nil {
		return f, err
	}
	if err := l.Timestamp.check("timestamp"); err != nil {
		return f, err
	}
	if l.Coords == nil {
		return f, fmt.Errorf("coords is missing")
	}
	c := *l.Coords
	lat, err := c.Latitude.require("latitude", -90, 90)
	if err != nil {
		return f, err
	}
	lon, err := c.Longitude.require("longitude", -180, 180)
	if err != nil {
		return f, err
	}
	d.optional(c.Accuracy, c.Speed, c.Heading, c.Altitude, l.Battery.Level)
	alarm := l.Alarm
	if alarm == "" {
		alarm = l.Extras.Alarm
	}
	return fleet.Fix{Time: l.Timestamp.t, Seq: fleet.DeriveSeq(bytes.TrimSpace(raw)), Point: orb.Point{lon, lat},
		Speed: c.Speed.unknownBelow(0), Course: c.Heading.unknownBelow(0), Accuracy: accuracy(c.Accuracy),
		Altitude: c.Altitude.or(math.NaN()), Battery: l.Battery.Level.unknownBelow(0), Event: snake(string(alarm))}, nil
}

// osmandQuery reads the form of a query string. A parameter given twice counts
// as first given.
func osmandQuery(raw []byte) (f fleet.Fix, err error) {
	q, err := url.ParseQuery(strings.TrimPrefix(strings.TrimSpace(string(raw)), "?"))
	if err != nil {
		return f, fmt.Errorf("it is not of the form id=…&lat=…&lon=…: %v", err)
	}
	get := func(names ...string) (n number) {
		for _, name := range names {
			if v := q.Get(name); v != "" {
				_ = n.UnmarshalJSON([]byte(quoted(v)))
				return n
			}
		}
		return n
	}
	lat, lon := get("lat"), get("lon")
	if place := q.Get("location"); place != "" && !lat.set {
		a, b, _ := strings.Cut(place, ",")
		_ = lat.UnmarshalJSON([]byte(quoted(a)))
		_ = lon.UnmarshalJSON([]byte(quoted(b)))
	}
	y, err := lat.require("lat", -90, 90)
	if err != nil {
		return f, err
	}
	x, err := lon.require("lon", -180, 180)
	if err != nil {
		return f, err
	}
	at, err := osmandTime(q.Get("timestamp"))
	if err != nil {
		return f, err
	}
	var valid flag
	_ = valid.UnmarshalJSON([]byte(q.Get("valid")))
	f = fleet.Fix{Time: at, Seq: fleet.DeriveSeq(bytes.TrimSpace(raw)), Point: orb.Point{x, y}, Speed: get("speed").unknownBelow(0) * knot,
		Course: get("bearing", "heading").unknownBelow(0), Accuracy: accuracy(get("accuracy")), Altitude: get("altitude").or(math.NaN()),
		Battery: get("batt").times(0.01), Event: snake(q.Get("alarm"))}
	if f.Device = q.Get("id"); f.Device == "" {
		f.Device = q.Get("deviceid")
	}
	if valid.is(false) {
		f.Flags |= fleet.FlagInvalid
	}
	return f, nil
}

// osmandTime reads epoch seconds or milliseconds, ISO 8601, or the date and
// time without a zone that this protocol defines as UTC.
func osmandTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	var i instant
	_ = i.UnmarshalJSON([]byte(quoted(s)))
	if i.set {
		return i.t, nil
	}
	if t, err := time.Parse(time.DateTime, s); err == nil {
		return t, nil
	}
	return time.Time{}, i.check("timestamp")
}

// quoted writes text as a JSON string.
func quoted(s string) string {
	b, _ := json.Marshal(s) // of text it never fails
	return string(b)
}
