package mqtt

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/fleet"
)

// GeoJSON is a Feature with a Point, or a FeatureCollection (or array) of them
// for a backlog. The members of Native but lat and lon are its properties; the
// position is [lon, lat] or [lon, lat, altitude].
type GeoJSON struct{}

type feature struct {
	Type     word `json:"type"`
	Geometry *struct {
		Type        word     `json:"type"`
		Coordinates position `json:"coordinates"`
	} `json:"geometry"`
	Properties json.RawMessage   `json:"properties"`
	Features   []json.RawMessage `json:"features"`
}

// position is the coordinates of a Point; of any other geometry it is empty.
type position []number

// UnmarshalJSON never fails.
func (p *position) UnmarshalJSON(b []byte) error {
	var ns []number
	if json.Unmarshal(b, &ns) != nil {
		ns = nil
	}
	*p = ns
	return nil
}

// Name is the decoder's name in counters.
func (GeoJSON) Name() string { return "geojson" }

// Fits claims every type of RFC 7946, so that a bare geometry gets a reason
// that helps.
func (GeoJSON) Fits(s Shape) bool {
	switch s.Type {
	case "Feature", "FeatureCollection", "Point", "MultiPoint", "LineString", "MultiLineString",
		"Polygon", "MultiPolygon", "GeometryCollection":
		return true
	}
	return false
}

// Decode reads features with points.
func (GeoJSON) Decode(payload []byte) (d Decoded) {
	list, err := objects(payload)
	if err != nil {
		d.reject(payload, "%v", err)
		return d
	}
	for _, raw := range list {
		var f feature
		if err := decodeObject(raw, &f); err != nil {
			d.reject(raw, "%v", err)
			continue
		}
		if f.Type != "FeatureCollection" {
			d.feature(raw, f)
			continue
		}
		if len(f.Features) == 0 {
			d.reject(raw, "the FeatureCollection has no features")
		}
		for _, raw := range f.Features {
			var f feature
			if err := decodeObject(raw, &f); err != nil {
				d.reject(raw, "%v", err)
				continue
			}
			d.feature(raw, f)
		}
	}
	d.backlog()
	return d
}

// feature adds one feature, or the reason why it is none.
func (d *Decoded) feature(raw []byte, f feature) {
	n, fix, err := f.fix(raw)
	if err != nil {
		d.reject(raw, "%v", err)
		return
	}
	d.optional(n.SpeedKmh, n.Course, n.Acc, n.Alt, n.Batt, n.Seq)
	d.Fixes = append(d.Fixes, fix)
}

func (f feature) fix(raw []byte) (n nativeFix, fix fleet.Fix, err error) {
	if f.Type != "Feature" {
		return n, fix, fmt.Errorf("GeoJSON of type %q carries no position with a time; send a Feature with a Point", brief(string(f.Type)))
	}
	if f.Geometry == nil || f.Geometry.Type != "Point" {
		return n, fix, fmt.Errorf("the Feature's geometry is not a Point")
	}
	if c := firstByte(f.Properties); c == '{' {
		if err := json.Unmarshal(f.Properties, &n); err != nil {
			return n, fix, fmt.Errorf("the Feature's properties: %v", err)
		}
	} else if c != 0 && string(f.Properties) != "null" {
		return n, fix, fmt.Errorf("the Feature's properties are not an object")
	}
	c := f.Geometry.Coordinates
	if len(c) < 2 || len(c) > 3 {
		return n, fix, fmt.Errorf("the Point's coordinates are not [lon, lat] or [lon, lat, altitude]")
	}
	n.Lon, n.Lat = c[0], c[1]
	if len(c) == 3 && !n.Alt.set {
		n.Alt = c[2]
	}
	if math.Abs(n.Lat.v) > 90 && math.Abs(n.Lon.v) <= 90 {
		return n, fix, fmt.Errorf("the Point's latitude %v is outside -90..90; GeoJSON writes [lon, lat]", n.Lat.v)
	}
	fix, err = n.fix(raw)
	return n, fix, err
}
