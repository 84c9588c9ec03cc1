package osm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// maxBoundary is the largest boundary file taken, in bytes.
const maxBoundary = 64 << 20

// Boundary is a district's outline and what the file says about it.
type Boundary struct {
	Polygons orb.MultiPolygon // of all chosen features; a place inside any of them is inside
	Names    []string         // of the chosen features
	Ubigeos  []string         // their codes, sorted, without repeats; empty if none has one
}

// Name joins the features' names; of many it gives the first and how many more
// there are.
func (b *Boundary) Name() string {
	switch n := len(b.Names); {
	case n == 0:
		return ""
	case n > 3:
		return fmt.Sprintf("%s + %d", slices.Min(b.Names), n-1)
	}
	return strings.Join(b.Names, ", ")
}

// Pick chooses among the features of a boundary file.
type Pick struct {
	// Ubigeo chooses among features that have the property pe:ubigeo (or
	// ubigeo); one that ends in 00 stands for all districts of its province, in
	// 0000 of its region. A file without codes counts whole.
	Ubigeo string
	// Name chooses the features of that name.
	Name string
}

// ReadBoundaryFile reads a boundary from a GeoJSON or KML file; see
// ReadBoundary.
func ReadBoundaryFile(path string, pick Pick) (*Boundary, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		what := "cannot be read"
		if errors.Is(err, fs.ErrNotExist) {
			what, err = "no such file", nil
		}
		return nil, &Problem{Code: Unreadable, File: name, What: what, Remedy: "check the path and the permissions", Cause: err}
	}
	defer f.Close()
	return ReadBoundary(f, name, pick)
}

// ReadBoundary reads GeoJSON (a FeatureCollection, a Feature or a geometry, of
// Polygons and MultiPolygons) or the polygons of KML. Several features are
// united. Every ring must close and must not cross itself.
func ReadBoundary(r io.Reader, name string, pick Pick) (*Boundary, error) {
	bad := func(c Code, place, what, remedy string, cause error) error {
		return &Problem{Code: c, File: name, Place: place, What: what, Remedy: remedy, Cause: cause}
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxBoundary+1))
	switch {
	case err != nil:
		return nil, bad(Unreadable, "", "cannot be read", "check the file", err)
	case len(raw) > maxBoundary:
		return nil, bad(TooLarge, "", "the boundary is larger than 64 MB", "give the district's boundary alone", nil)
	}
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	switch {
	case len(raw) == 0:
		return nil, bad(Empty, "", "the file is empty", "export the boundary again as GeoJSON", nil)
	case raw[0] != '{' && raw[0] != '<':
		return nil, bad(WrongType, "", "neither GeoJSON nor KML", "export the boundary as GeoJSON", nil)
	}
	var features []geoFeature
	if raw[0] == '<' {
		features, err = readKML(raw, bad)
	} else {
		features, err = readGeoJSON(raw, bad)
	}
	if err != nil {
		return nil, err
	}
	chosen, err := choose(features, pick)
	if err != nil {
		return nil, bad(NoBoundary, "", err.Error(), "check the code, the name or the file", nil)
	}
	return unite(chosen, name, bad)
}

// problemMaker makes a Problem of the file.
type problemMaker func(c Code, place, what, remedy string, cause error) error

func readKML(raw []byte, bad problemMaker) ([]geoFeature, error) {
	if !bytes.Contains(raw, []byte("<kml")) {
		return nil, bad(WrongType, "", "neither GeoJSON nor KML but a web page or other XML", "export the boundary as GeoJSON", nil)
	}
	features, err := kmlFeatures(raw)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || err != nil && strings.Contains(err.Error(), "unexpected EOF"):
		return nil, bad(Truncated, fmt.Sprintf("at byte %d", len(raw)), "the file ends too early", "export or download the boundary again", nil)
	case err != nil:
		return nil, bad(Corrupt, "", "not valid KML", "export the boundary again", err)
	}
	return features, nil
}

func readGeoJSON(raw []byte, bad problemMaker) ([]geoFeature, error) {
	var top geoObject
	dec := json.NewDecoder(bytes.NewReader(raw))
	err := dec.Decode(&top)
	if err == nil && dec.More() {
		err = errors.New("more follows after its end")
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, bad(Truncated, fmt.Sprintf("at byte %d", len(raw)), "the file ends too early", "export or download the boundary again", nil)
	case err != nil:
		return nil, bad(Corrupt, fmt.Sprintf("at byte %d", dec.InputOffset()), "not valid GeoJSON", "export the boundary again as GeoJSON", err)
	}
	features, err := top.features()
	if err != nil {
		return nil, bad(WrongType, "", err.Error(), "give a Feature or FeatureCollection of polygons", nil)
	}
	return features, nil
}

// unite checks the polygons of the features and takes them together.
func unite(chosen []geoFeature, name string, bad problemMaker) (*Boundary, error) {
	b := &Boundary{}
	for _, f := range chosen {
		polys, err := f.polygons()
		if err != nil {
			return nil, bad(WrongType, f.place(), err.Error(), "give polygons", nil)
		}
		for i, p := range polys {
			place := f.place()
			if len(polys) > 1 {
				place = fmt.Sprintf("%s, polygon %d", place, i+1)
			}
			if problem := checkPolygon(p); problem != nil {
				problem.File = name
				problem.Place = strings.TrimPrefix(place+", "+problem.Place, ", ")
				return nil, problem
			}
		}
		b.Polygons = append(b.Polygons, polys...)
		if f.name != "" && !slices.Contains(b.Names, f.name) {
			b.Names = append(b.Names, f.name)
		}
		if f.ubigeo != "" {
			b.Ubigeos = append(b.Ubigeos, f.ubigeo)
		}
	}
	if len(b.Polygons) == 0 {
		return nil, bad(NoBoundary, "", "no polygon in it", "give the district's outline as a Polygon or MultiPolygon", nil)
	}
	slices.Sort(b.Ubigeos)
	b.Ubigeos = slices.Compact(b.Ubigeos)
	return b, nil
}

// choose picks the features of a name, district or province.
func choose(features []geoFeature, pick Pick) ([]geoFeature, error) {
	if pick.Name != "" {
		named := slices.DeleteFunc(slices.Clone(features), func(f geoFeature) bool { return f.name != pick.Name })
		if len(named) == 0 {
			var names []string
			for _, f := range features {
				names = append(names, f.name)
			}
			slices.Sort(names)
			return nil, fmt.Errorf("no polygon is called %q: it holds %s", pick.Name, listCodes(slices.Compact(names)))
		}
		features = named
	}
	ubigeo := pick.Ubigeo
	if ubigeo == "" {
		return features, nil
	}
	prefix := ubigeo
	if strings.HasSuffix(prefix, "0000") {
		prefix = prefix[:2]
	} else if strings.HasSuffix(prefix, "00") {
		prefix = prefix[:4]
	}
	var chosen []geoFeature
	var codes []string
	for _, f := range features {
		if f.ubigeo == "" {
			continue
		}
		codes = append(codes, f.ubigeo)
		if strings.HasPrefix(f.ubigeo, prefix) {
			chosen = append(chosen, f)
		}
	}
	switch {
	case len(codes) == 0:
		return features, nil // the code names a boundary that has none
	case len(chosen) == 0:
		slices.Sort(codes)
		return nil, fmt.Errorf("no district %s in it: it holds %s", ubigeo, listCodes(codes))
	}
	return chosen, nil
}
