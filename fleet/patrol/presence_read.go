package patrol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// Limits of a police presence file.
const (
	maxPresenceBytes    = 64 << 20
	maxPresenceUnits    = 1000
	maxPresenceProblems = 20 // listed in full; the rest are counted
)

// ReadPresence reads a police patrol plan: a GeoJSON FeatureCollection of
// rounds, sectors and posts (docs/formats.md). name is what errors call the
// file. If any feature is wrong, nothing is read and the error lists what is
// wrong with each, a line a feature.
func ReadPresence(r io.Reader, name string) ([]Presence, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPresenceBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > maxPresenceBytes {
		return nil, fmt.Errorf("%w: %s is larger than %d MB: is it a police patrol plan?", fleet.ErrInvalid, name, maxPresenceBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var fc struct {
		Type      string            `json:"type"`
		Simulated bool              `json:"simulated"`
		Features  []json.RawMessage `json:"features"`
	}
	switch start := bytes.TrimSpace(data); {
	case bytes.HasPrefix(start, []byte("<")):
		return nil, fmt.Errorf("%w: %s is XML, such as KML or GPX: save it as GeoJSON and give every feature its kind, name, shift, start, end, mode, units and trust", fleet.ErrInvalid, name)
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return nil, fmt.Errorf("%w: %s is a workbook or zip file: a GeoJSON file is needed", fleet.ErrInvalid, name)
	}
	if err := json.Unmarshal(data, &fc); err != nil {
		return nil, fmt.Errorf("%w: %s is not GeoJSON: %v", fleet.ErrInvalid, name, err)
	}
	if fc.Type != "FeatureCollection" {
		return nil, fmt.Errorf("%w: %s is a GeoJSON %q; a police patrol plan is a FeatureCollection", fleet.ErrInvalid, name, fc.Type)
	}
	if len(fc.Features) == 0 {
		return nil, fmt.Errorf("%w: %s holds no features: a police patrol plan needs at least one round, sector or post", fleet.ErrInvalid, name)
	}
	out := make([]Presence, 0, len(fc.Features))
	var problems []string
	for i, raw := range fc.Features {
		p, err := readPresenceFeature(raw)
		if err != nil {
			problems = append(problems, fmt.Sprintf("feature %d (%s): %v", i+1, featureTitle(p.Name), err))
			continue
		}
		p.Simulated = p.Simulated || fc.Simulated
		out = append(out, p)
	}
	if n := len(problems); n > 0 {
		more := ""
		if n > maxPresenceProblems {
			more = fmt.Sprintf("\n  and %d more", n-maxPresenceProblems)
			problems = problems[:maxPresenceProblems]
		}
		return nil, fmt.Errorf("%w: %s: %d of %d features are wrong, nothing was read:\n  %s%s",
			fleet.ErrInvalid, name, n, len(fc.Features), strings.Join(problems, "\n  "), more)
	}
	return out, nil
}

func featureTitle(name string) string {
	if name == "" {
		return "without a name"
	}
	return fmt.Sprintf("%q", name)
}

// readPresenceFeature gives what it understood beside an error, so that the
// error can name the feature.
func readPresenceFeature(raw json.RawMessage) (Presence, error) {
	var f struct {
		Type       string                     `json:"type"`
		Geometry   json.RawMessage            `json:"geometry"`
		Properties map[string]json.RawMessage `json:"properties"`
	}
	var p Presence
	if err := json.Unmarshal(raw, &f); err != nil {
		return p, fmt.Errorf("it is not a GeoJSON Feature: %v", err)
	}
	if f.Type != "Feature" {
		return p, fmt.Errorf("it is a GeoJSON %q, not a Feature", f.Type)
	}
	var errs []error
	get := func(key string, into any, want string) {
		v, ok := f.Properties[key]
		if !ok || string(v) == "null" {
			errs = append(errs, fmt.Errorf("%s is missing: give %s", key, want))
		} else if json.Unmarshal(v, into) != nil {
			errs = append(errs, fmt.Errorf("%s is %s: give %s", key, clip(string(v)), want))
		}
	}
	get("name", &p.Name, "a text")
	p.Name = strings.TrimSpace(p.Name)
	get("kind", &p.Kind, "round, sector or post")
	get("shift", &p.Shift, `the shift's code, such as "noche"`)
	get("start", &p.Start, `"HH:MM" or RFC 3339`)
	get("end", &p.End, `"HH:MM" or RFC 3339`)
	get("mode", &p.Mode, "car, motorcycle, bicycle or foot")
	get("units", &p.Units, "a whole number from 1")
	get("trust", &p.Trust, "a number from 0 to 1")
	if v, ok := f.Properties["simulated"]; ok && json.Unmarshal(v, &p.Simulated) != nil {
		errs = append(errs, errors.New("simulated is neither true nor false"))
	}
	if len(errs) > 0 {
		return p, joinShort(errs)
	}
	p.Geometry, errs = nil, append(errs, p.check()...)
	geom, err := readPresenceGeometry(p.Kind, f.Geometry)
	if err != nil {
		errs = append(errs, err)
	}
	p.Geometry = geom
	if len(errs) > 0 {
		return p, joinShort(errs)
	}
	return p, nil
}

// check tells what is wrong with the presence, its geometry aside.
func (p Presence) check() []error {
	var errs []error
	if p.Name == "" {
		errs = append(errs, errors.New("name is empty: give a text"))
	}
	switch p.Kind {
	case PresenceRound, PresenceSector, PresencePost:
	default:
		errs = append(errs, fmt.Errorf("kind is %q: give round, sector or post", clip(string(p.Kind))))
	}
	if _, _, _, _, err := p.times(); err != nil {
		errs = append(errs, err)
	}
	if _, err := routing.ParseMode(p.Mode); err != nil {
		errs = append(errs, fmt.Errorf("mode is %q: give car, motorcycle, bicycle or foot", clip(p.Mode)))
	}
	if p.Units < 1 || p.Units > maxPresenceUnits {
		errs = append(errs, fmt.Errorf("units is %d: give a whole number from 1 to %d", p.Units, maxPresenceUnits))
	}
	if !(p.Trust >= 0 && p.Trust <= 1) {
		errs = append(errs, fmt.Errorf("trust is %v: give a number from 0 to 1", p.Trust))
	}
	return errs
}

// readPresenceGeometry reads the geometry that suits the kind. Positions are
// checked here because a short one would otherwise pass as latitude 0.
func readPresenceGeometry(kind PresenceKind, raw json.RawMessage) (orb.Geometry, error) {
	var g struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, errors.New("it has no geometry")
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		return nil, fmt.Errorf("its geometry is not GeoJSON: %v", err)
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
		return nil, fmt.Errorf("a %s has a %s, not a %q", kind, want, clip(g.Type))
	}
	if err := json.Unmarshal(g.Coordinates, into); err != nil {
		return nil, fmt.Errorf("its coordinates are not those of a %s", g.Type)
	}
	switch g.Type {
	case "Point":
		return position(point)
	case "LineString":
		return lineOf(line)
	case "MultiLineString":
		if len(lines) == 0 {
			return nil, errors.New("its MultiLineString is empty")
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
			return nil, errors.New("its MultiPolygon is empty")
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
		return orb.Point{}, errors.New("a position of its geometry is not [longitude, latitude]")
	}
	p := orb.Point{c[0], c[1]}
	if err := hotspots.CheckPoint(p); err != nil {
		return p, fmt.Errorf("%w (positions are [longitude, latitude])", err)
	}
	return p, nil
}

func lineOf(cs [][]float64) (orb.LineString, error) {
	if len(cs) < 2 {
		return nil, errors.New("a line of its geometry has fewer than two positions")
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
		return nil, errors.New("its polygon is empty")
	}
	var out orb.Polygon
	for _, cs := range rings {
		ls, err := lineOf(cs)
		if err != nil {
			return nil, err
		}
		if len(ls) < 4 || ls[0] != ls[len(ls)-1] {
			return nil, errors.New("a ring of its polygon does not close: repeat the first position at the end")
		}
		out = append(out, orb.Ring(ls))
	}
	return out, nil
}

// clip keeps a quoted value from flooding a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func joinShort(errs []error) error {
	var s []string
	for _, e := range errs {
		s = append(s, e.Error())
	}
	return errors.New(strings.Join(s, "; "))
}
