package patrol

import (
	"encoding/json"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/hotspots"
)

// readPresenceGeometry reads the geometry that suits the kind. Positions are
// checked here because a short one would otherwise pass as latitude 0.
func readPresenceGeometry(kind PresenceKind, raw json.RawMessage) (orb.Geometry, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, shapeErrorf(PresenceNoGeometry, "it has no geometry")
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, shapeErrorf(PresenceBadGeometry, "its geometry is not GeoJSON: %v", err)
	}
	var (
		point []float64
		line  [][]float64
		lines [][][]float64
		polys [][][][]float64
		into  any
	)
	switch string(kind) + " " + g.Type {
	case "post Point":
		into = &point
	case "round LineString":
		into = &line
	case "round MultiLineString", "sector Polygon":
		into = &lines
	case "sector MultiPolygon":
		into = &polys
	default:
		want := map[PresenceKind]string{PresenceRound: "LineString", PresenceSector: "Polygon or MultiPolygon", PresencePost: "Point"}[kind]
		return nil, shapeErrorf(PresenceWrongShape, "a %s has a %s, not a %q", kind, want, clip(g.Type))
	}
	if err := json.Unmarshal(g.Coordinates, into); err != nil {
		return nil, shapeErrorf(PresenceBadGeometry, "its coordinates are not those of a %s", g.Type)
	}
	switch g.Type {
	case "Point":
		return position(point)
	case "LineString":
		return lineOf(line)
	case "MultiLineString":
		if len(lines) == 0 {
			return nil, shapeErrorf(PresenceBadGeometry, "its MultiLineString is empty")
		}
		var out orb.MultiLineString
		for _, l := range lines {
			ls, err := lineOf(l)
			if err != nil {
				return nil, err
			}
			out = append(out, ls)
		}
		return out, nil
	case "Polygon":
		return polygonOf(lines)
	default:
		if len(polys) == 0 {
			return nil, shapeErrorf(PresenceBadGeometry, "its MultiPolygon is empty")
		}
		var out orb.MultiPolygon
		for _, rings := range polys {
			poly, err := polygonOf(rings)
			if err != nil {
				return nil, err
			}
			out = append(out, poly)
		}
		return out, nil
	}
}

func position(c []float64) (orb.Point, error) {
	if len(c) < 2 {
		return orb.Point{}, shapeErrorf(PresenceBadPosition, "a position of its geometry is not [longitude, latitude]")
	}
	p := orb.Point{c[0], c[1]}
	if err := hotspots.CheckPoint(p); err != nil {
		return p, shapeErrorf(PresenceBadPosition, "%v (positions are [longitude, latitude])", err)
	}
	return p, nil
}

func lineOf(cs [][]float64) (orb.LineString, error) {
	if len(cs) < 2 {
		return nil, shapeErrorf(PresenceShortLine, "a line of its geometry has fewer than two positions")
	}
	out := make(orb.LineString, len(cs))
	for i, c := range cs {
		p, err := position(c)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

func polygonOf(rings [][][]float64) (orb.Polygon, error) {
	if len(rings) == 0 {
		return nil, shapeErrorf(PresenceBadGeometry, "its polygon is empty")
	}
	var out orb.Polygon
	for _, cs := range rings {
		ls, err := lineOf(cs)
		if err != nil {
			return nil, err
		}
		if len(ls) < 4 || ls[0] != ls[len(ls)-1] {
			return nil, shapeErrorf(PresenceOpenRing, "a ring of its polygon does not close: repeat the first position at the end")
		}
		out = append(out, orb.Ring(ls))
	}
	return out, nil
}

// shapeError is what is wrong with a geometry. Its text is English.
type shapeError struct {
	code PresenceCode
	text string
}

func (e shapeError) Error() string { return e.text }

func shapeErrorf(code PresenceCode, format string, args ...any) error {
	return shapeError{code, fmt.Sprintf(format, args...)}
}
