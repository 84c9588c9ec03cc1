package risk

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/geojson"

	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/hotspots/importer"
)

// ErrFile says that a file of factors cannot be read at all.
var ErrFile = errors.New("unusable file of risk factors")

// Codes of what is rejected, beside those of package importer for a row without
// a place.
const (
	NoKind   = "no_kind" // the word
	BadShape = "bad_shape"
	Twice    = "twice"
)

// maxFile bounds a GeoJSON file of factors, in bytes.
const maxFile = 64 << 20

// Read reads factors from GeoJSON (Points, LineStrings and Polygons; Multi… are
// taken apart) or from a CSV or XLSX table of places. A property or column named
// kind (tipo, factor, clase) says what each is, in words or as the identifier;
// name (nombre, descripcion) is what it is called; id (codigo) names it for a later
// file of the same name. A number of the row (nro, numero) is no id.
// Of factors without a kind it is fallback, if one is given. What cannot be used
// is rejected, each with its reason.
func Read(r io.Reader, file string, fallback Kind) ([]Factor, []hotspots.Rejected, error) {
	in := &reading{file: file, fallback: fallback, ids: map[string]bool{}}
	b := bufio.NewReader(r)
	head, err := b.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("read %s: %w", file, err)
	}
	if bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"), []byte("{")) {
		err = in.features(b)
	} else if err = importer.ReadPoints(b, file, in.row); err != nil {
		err = fmt.Errorf("%w: %w", ErrFile, err)
	}
	if err == nil && len(in.factors)+len(in.rejected) == 0 {
		err = fmt.Errorf("%w: %s holds none", ErrFile, file)
	}
	if err == nil && len(in.factors) > MaxFactors {
		err = fmt.Errorf("%w: %s holds %d factors, at most %d", ErrFile, file, len(in.factors), MaxFactors)
	}
	return in.factors, in.rejected, err
}

// reading is a file being read.
type reading struct {
	file     string
	fallback Kind
	ids      map[string]bool
	factors  []Factor
	rejected []hotspots.Rejected
}

// features reads a FeatureCollection.
func (in *reading) features(r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", in.file, err)
	}
	if len(data) > maxFile {
		return fmt.Errorf("%w: %s is larger than %d MiB", ErrFile, in.file, maxFile>>20)
	}
	// One bad feature must not make the others unreadable.
	var fc struct {
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &fc); err != nil {
		return fmt.Errorf("%w: %s is no GeoJSON: %w", ErrFile, in.file, err)
	}
	for i, raw := range fc.Features {
		f, err := geojson.UnmarshalFeature(raw)
		if err != nil {
			in.reject(i+1, BadShape, fmt.Errorf("%w: %w", ErrFactor, err), short(string(raw)))
			continue
		}
		field := func(names ...string) string {
			for _, n := range names {
				for k, v := range f.Properties {
					if strings.EqualFold(k, n) && v != nil {
						return strings.TrimSpace(fmt.Sprint(v))
					}
				}
			}
			return ""
		}
		id := ""
		if f.ID != nil {
			id = fmt.Sprint(f.ID)
		}
		for _, g := range parts(f.Geometry) {
			in.add(i+1, field, id, g, short(string(raw)))
		}
	}
	return nil
}

// row takes a row of a table.
func (in *reading) row(r importer.PointRow) {
	if r.Err != nil {
		code := ""
		if p := (*importer.Problem)(nil); errors.As(r.Err, &p) {
			code = string(p.Code)
		}
		in.reject(r.Row, code, r.Err, r.Raw)
		return
	}
	in.add(r.Row, func(names ...string) string {
		for _, n := range names {
			if v := r.Fields[n]; v != "" {
				return v
			}
		}
		return ""
	}, "", r.Point, r.Raw)
}

// add takes a factor, if it is one.
func (in *reading) add(row int, field func(names ...string) string, id string, g orb.Geometry, raw string) {
	said := field("kind", "tipo", "factor", "clase", "type", "categoria", "amenity")
	name := field("name", "nombre", "descripcion", "description", "detalle")
	kind, ok := KindOf(said)
	if !ok && said == "" {
		kind, ok = KindOf(name)
	}
	if !ok && in.fallback != "" {
		kind, ok = in.fallback, true
	}
	if !ok {
		in.reject(row, NoKind, fmt.Errorf("%w: %q names no kind of factor", ErrFactor, said), raw, short(said))
		return
	}
	if id == "" {
		id = field("id", "codigo", "code")
	}
	if id != "" {
		id = sourceID(in.file, id)
	}
	f := Factor{ID: id, Kind: kind, Name: cut(name, maxName), Geometry: g, Source: in.file}
	if err := checkShape(g); err != nil {
		in.reject(row, BadShape, err, raw)
		return
	}
	if f.ID == "" || in.ids[f.ID] {
		f.ID = NewID(f)
	}
	if err := f.Check(); err != nil {
		in.reject(row, BadShape, err, raw)
		return
	}
	if in.ids[f.ID] {
		in.reject(row, Twice, fmt.Errorf("%w: the same %s is in the file twice", ErrFactor, kind), raw)
		return
	}
	in.ids[f.ID] = true
	in.factors = append(in.factors, f)
}

func (in *reading) reject(row int, code string, err error, raw string, values ...string) {
	in.rejected = append(in.rejected, hotspots.Rejected{Row: row, Reason: err.Error(), Raw: raw, Code: code, Values: values})
}

// sourceID names a factor by the id that its source gave it, which another source
// may give to something else.
func sourceID(source, id string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\x00%s%s", len(source), source, id)
	return "s-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// NewID names a factor by what it is and where, so that the same one comes out
// alike from every file.
func NewID(f Factor) string {
	h := sha256.New()
	shape, err := wkb.Marshal(f.Geometry)
	if err == nil {
		h.Write(shape)
	}
	fmt.Fprintf(h, "%s\x00%s", f.Kind, f.Name)
	return "f-" + hex.EncodeToString(h.Sum(nil)[:8])
}

// parts takes a geometry of several parts apart.
func parts(g orb.Geometry) []orb.Geometry {
	var out []orb.Geometry
	switch g := g.(type) {
	case orb.MultiPoint:
		for _, p := range g {
			out = append(out, p)
		}
	case orb.MultiLineString:
		for _, l := range g {
			out = append(out, l)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			out = append(out, p)
		}
	default:
		return []orb.Geometry{g}
	}
	return out
}

// short is a text to show, at most 200 bytes of it.
func short(s string) string { return cut(s, 200) }

// cut takes at most n letters of a text.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
