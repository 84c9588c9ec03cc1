package export

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// geoJSONWriter writes a FeatureCollection: places as points, ways and trails
// as lines with the instant of every corner in coordTimes.
type geoJSONWriter struct {
	w     *bufio.Writer
	cols  []column
	loc   *time.Location
	n     int
	piece piece
}

func newGeoJSON(w io.Writer, cols []column, loc *time.Location) (writer, error) {
	g := &geoJSONWriter{w: bufio.NewWriterSize(w, 32<<10), cols: cols, loc: loc}
	_, err := g.w.WriteString(`{"type":"FeatureCollection","features":[`)
	return g, err
}

func (g *geoJSONWriter) feature(shape orb.Geometry, p geojson.Properties) error {
	if g.n++; g.n > 1 {
		g.w.WriteString(",\n")
	}
	f := struct {
		Type       string             `json:"type"`
		Properties geojson.Properties `json:"properties"`
		Geometry   *geojson.Geometry  `json:"geometry"`
	}{"Feature", p, nil}
	if shape != nil {
		f.Geometry = geojson.NewGeometry(shape)
	}
	raw, err := json.Marshal(f)
	if err != nil {
		return err
	}
	_, err = g.w.Write(raw)
	return err
}

func (g *geoJSONWriter) row(r row) error {
	p := geojson.Properties{"name": r.name}
	for i, c := range r.cells {
		switch v := c.(type) {
		case float64:
			if math.IsNaN(v) {
				c = nil
			}
		case time.Time:
			c = nil
			if !v.IsZero() {
				c = instant(v, g.loc)
			}
		}
		p[g.cols[i].key] = c
	}
	switch {
	case len(r.way) > 1:
		p["coordTimes"] = g.times(r.way)
		return g.feature(orb.LineString(points(r.way)), p)
	case r.place != nil:
		return g.feature(*r.place, p)
	}
	return g.feature(nil, p)
}

func (g *geoJSONWriter) step(r row, s step, first bool) error {
	return g.piece.add(r.name, s, first, g.line)
}

func (g *geoJSONWriter) line(name string, steps []step) error {
	p := geojson.Properties{"name": name, "coordTimes": g.times(steps)}
	if len(steps) == 1 {
		return g.feature(steps[0].point, p)
	}
	return g.feature(orb.LineString(points(steps)), p)
}

func (g *geoJSONWriter) times(steps []step) []string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = instant(s.at, g.loc)
	}
	return out
}

func (g *geoJSONWriter) close() error {
	if err := g.piece.end(g.line); err != nil {
		return err
	}
	g.w.WriteString("]}\n")
	return g.w.Flush()
}
