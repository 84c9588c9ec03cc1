package importer

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/serenazgo/serenazgo/hotspots/importer/bounded"
)

// Columns that the geometry of a feature is read into; properties of these
// names are called after them with _2.
const (
	geometryLat = "lat"
	geometryLon = "lon"
)

// geoJSON is a FeatureCollection of points (RFC 7946): its properties are the
// columns. Rows are numbered by feature, 1 = the first.
type geoJSON struct {
	name  string
	in    *bounded.Reader
	d     *json.Decoder
	ahead []feature
	keys  []string // the columns after latitude and longitude
	n     int
	done  bool
}

// feature is a point with its properties.
type feature struct {
	Type       string          `json:"type"`
	ID         json.RawMessage `json:"id"`
	Properties map[string]any  `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// openGeoJSON goes to the first feature.
func openGeoJSON(b *bufio.Reader, name string) (*geoJSON, error) {
	if bom, err := b.Peek(3); err == nil && string(bom) == "\xef\xbb\xbf" {
		if _, err := b.Discard(3); err != nil {
			return nil, err
		}
	}
	in := bounded.New(b, maxText, 2*maxElement) // the decoder reads ahead
	g := &geoJSON{name: name, in: in, d: json.NewDecoder(in)}
	g.d.UseNumber()
	if _, err := g.d.Token(); err != nil {
		return nil, g.broken(err)
	}
	for g.d.More() {
		key, err := g.d.Token()
		if err != nil {
			return nil, g.broken(err)
		}
		if key == "features" {
			t, err := g.d.Token()
			if err != nil {
				return nil, g.broken(err)
			}
			if t != json.Delim('[') {
				return nil, g.broken(fmt.Errorf("features is no list"))
			}
			return g, nil
		}
		g.in.Step()
		var skipped json.RawMessage
		if err := g.d.Decode(&skipped); err != nil {
			return nil, g.broken(err)
		}
	}
	return nil, wrong(Markup, nil, "%w: %s is JSON without a list of features: a GeoJSON FeatureCollection, CSV or XLSX file is needed", ErrFormat, name)
}

func (g *geoJSON) broken(err error) error {
	if errors.Is(err, bounded.ErrTooMuch) {
		return tooLarge(g.name, err)
	}
	return wrong(BreaksOff, []any{g.n + 1}, "%w: %s cannot be read as GeoJSON from feature %d on: %w", ErrFormat, g.name, g.n+1, err)
}

// begin takes the columns from the properties of the first features; what only
// later ones have is not read.
func (g *geoJSON) begin(func(rows [][]string) int) ([]string, error) {
	seen := map[string]bool{}
	for len(g.ahead) < peekRows && g.d.InputOffset() < maxPeeked {
		f, err := g.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		for k := range f.Properties {
			if !seen[k] {
				seen[k] = true
				g.keys = append(g.keys, k)
			}
		}
		g.ahead = append(g.ahead, f)
	}
	g.n = 0
	slices.Sort(g.keys)
	header := []string{geometryLat, geometryLon}
	for _, k := range g.keys {
		if p := plain(k); p == geometryLat || p == geometryLon {
			k += "_2"
		}
		header = append(header, k)
	}
	if !seen["id"] {
		g.keys = append(g.keys, "")
		header = append(header, "id")
	}
	return header, nil
}

// read decodes the next feature.
func (g *geoJSON) read() (feature, error) {
	var f feature
	if g.done || !g.d.More() {
		if !g.done {
			if _, err := g.d.Token(); err != nil { // the end of the list, or of a file cut off
				return f, g.broken(err)
			}
			g.done = true
		}
		return f, io.EOF
	}
	g.in.Step()
	if err := g.d.Decode(&f); err != nil {
		return f, g.broken(err)
	}
	g.n++
	return f, nil
}

func (g *geoJSON) next() (record, error) {
	var f feature
	if len(g.ahead) > 0 {
		f, g.ahead = g.ahead[0], g.ahead[1:]
		g.n++
	} else {
		var err error
		if f, err = g.read(); err != nil {
			return record{}, err
		}
	}
	rec := record{row: g.n}
	lat, lon, err := f.point()
	rec.err = err
	rec.fields = append(rec.fields, lat, lon)
	for _, k := range g.keys {
		if k == "" {
			rec.fields = append(rec.fields, strings.Trim(string(f.ID), `"`))
			continue
		}
		rec.fields = append(rec.fields, written(f.Properties[k]))
	}
	rec.raw = delimited(rec.fields, ",")
	return rec, nil
}

// point gives the latitude and longitude as text, both "" without a geometry.
func (f feature) point() (lat, lon string, err error) {
	if f.Geometry == nil {
		return "", "", nil
	}
	at := f.Geometry.Coordinates
	var p []json.Number
	switch f.Geometry.Type {
	case "Point":
		err = json.Unmarshal(at, &p)
	case "MultiPoint":
		var ps [][]json.Number
		if err = json.Unmarshal(at, &ps); err == nil && len(ps) == 1 {
			p = ps[0]
		} else if err == nil {
			err = fmt.Errorf("%d points", len(ps))
		}
	default:
		err = fmt.Errorf("a %s", short(f.Geometry.Type))
	}
	if err != nil {
		return "", "", wrong(NotPoint, []any{short(f.Geometry.Type)}, "its geometry is not one point: %w", err)
	}
	if len(p) < 2 {
		return "", "", nil
	}
	return p[1].String(), p[0].String(), nil
}

// written gives a property as text; lists and objects as JSON.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
