package osm

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// geoObject is any GeoJSON object, as far as a boundary needs it.
type geoObject struct {
	Type        string          `json:"type"`
	Features    []geoObject     `json:"features"`
	Geometry    *geoObject      `json:"geometry"`
	Geometries  []geoObject     `json:"geometries"`
	Coordinates json.RawMessage `json:"coordinates"`
	Properties  map[string]any  `json:"properties"`
}

// geoFeature is one feature of a boundary file.
type geoFeature struct {
	number       int // from 1; 0 if the file is a single one
	name, ubigeo string
	geometry     *geoObject
	outline      orb.MultiPolygon // instead of a geometry, from KML
}

// place names the feature in messages.
func (f geoFeature) place() string {
	switch {
	case f.number == 0:
		return f.name
	case f.name == "":
		return fmt.Sprintf("feature %d", f.number)
	}
	return fmt.Sprintf("feature %d (%s)", f.number, f.name)
}

// features lists what the object holds.
func (g *geoObject) features() ([]geoFeature, error) {
	switch g.Type {
	case "FeatureCollection":
		var all []geoFeature
		for i := range g.Features {
			f := g.Features[i].feature()
			if len(g.Features) > 1 {
				f.number = i + 1
			}
			all = append(all, f)
		}
		if len(all) == 0 {
			return nil, errors.New("a FeatureCollection without features")
		}
		return all, nil
	case "Feature":
		return []geoFeature{g.feature()}, nil
	case "Polygon", "MultiPolygon", "GeometryCollection":
		return []geoFeature{{geometry: g}}, nil
	case "":
		return nil, errors.New("JSON, but not GeoJSON")
	}
	return nil, fmt.Errorf("a %s cannot bound a district", g.Type)
}

func (g *geoObject) feature() geoFeature {
	f := geoFeature{geometry: g.Geometry, name: text(g.Properties, "name", "nombre", "NOMBDIST", "DISTRITO")}
	if u := text(g.Properties, "pe:ubigeo", "ubigeo", "UBIGEO", "IDDIST"); isUbigeo(u) {
		f.ubigeo = u
	}
	return f
}

// text gives the first of the properties that is a text.
func text(m map[string]any, keys ...string) string {
	for _, k := range keys {
		if s, ok := m[k].(string); ok && strings.TrimSpace(s) != "" {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// polygons gives the feature's polygons; lines and points are an error.
func (f geoFeature) polygons() (orb.MultiPolygon, error) {
	if f.outline != nil {
		return f.outline, nil
	}
	return f.geometry.polygons(0)
}

func (g *geoObject) polygons(depth int) (orb.MultiPolygon, error) {
	if g == nil {
		return nil, errors.New("a feature without geometry")
	}
	switch g.Type {
	case "Polygon":
		var p [][][]float64
		if err := json.Unmarshal(g.Coordinates, &p); err != nil {
			return nil, errors.New("the coordinates of the Polygon are not lists of rings")
		}
		poly, err := toPolygon(p)
		return orb.MultiPolygon{poly}, err
	case "MultiPolygon":
		var m [][][][]float64
		if err := json.Unmarshal(g.Coordinates, &m); err != nil {
			return nil, errors.New("the coordinates of the MultiPolygon are not lists of polygons")
		}
		var out orb.MultiPolygon
		for _, p := range m {
			poly, err := toPolygon(p)
			if err != nil {
				return nil, err
			}
			out = append(out, poly)
		}
		return out, nil
	case "GeometryCollection":
		if depth > 4 {
			return nil, errors.New("GeometryCollections within each other")
		}
		var out orb.MultiPolygon
		for i := range g.Geometries {
			p, err := g.Geometries[i].polygons(depth + 1)
			if err != nil {
				return nil, err
			}
			out = append(out, p...)
		}
		return out, nil
	case "":
		return nil, errors.New("a feature without geometry")
	}
	return nil, fmt.Errorf("a %s cannot bound a district", g.Type)
}

func toPolygon(rings [][][]float64) (orb.Polygon, error) {
	var p orb.Polygon
	for i, r := range rings {
		ring := make(orb.Ring, 0, len(r))
		for j, c := range r {
			if len(c) < 2 {
				return nil, fmt.Errorf("point %d of ring %d has fewer than two numbers", j+1, i+1)
			}
			ring = append(ring, orb.Point{c[0], c[1]})
		}
		p = append(p, ring)
	}
	return p, nil
}
