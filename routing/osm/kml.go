package osm

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// kmlFeatures reads the Placemarks of a KML file (OGC 12-007r2) that have
// polygons, wherever they are nested. Rings that do not come back to their
// first point are closed, as map programs show them.
func kmlFeatures(raw []byte) ([]geoFeature, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	var all []geoFeature
	number := 0
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		start, ok := tok.(xml.StartElement)
		if !ok || start.Name.Local != "Placemark" {
			continue
		}
		number++
		f := geoFeature{number: number}
		if err := kmlPlacemark(dec, &f); err != nil {
			return nil, fmt.Errorf("placemark %d: %w", number, err)
		}
		if len(f.outline) > 0 {
			all = append(all, f)
		}
	}
}

// kmlPlacemark reads what belongs to a Placemark whose start has been read.
func kmlPlacemark(dec *xml.Decoder, f *geoFeature) error {
	attribute := "" // name of the Data that is open
	inner := false  // inside an innerBoundaryIs
	for depth := 1; depth > 0; {
		tok, err := dec.Token()
		if err != nil {
			return early(err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			if _, ok := tok.(xml.EndElement); ok {
				depth--
			}
			continue
		}
		depth++
		switch start.Name.Local {
		case "Polygon":
			f.outline = append(f.outline, nil)
		case "outerBoundaryIs":
			inner = false
		case "innerBoundaryIs":
			inner = true
		case "Data":
			attribute = kmlAttr(start, "name")
		case "name", "value", "SimpleData", "coordinates":
			text, err := kmlText(dec)
			if err != nil {
				return err
			}
			depth--
			switch start.Name.Local {
			case "name":
				if depth == 1 {
					f.name = text
				}
			case "value":
				f.kmlAttribute(attribute, text)
			case "SimpleData":
				f.kmlAttribute(kmlAttr(start, "name"), text)
			case "coordinates":
				if err := f.kmlCoordinates(text, inner); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// early says that the file ends before the element does.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// kmlCoordinates takes a ring of the polygon that was opened last; the
// coordinates of points and lines bound nothing.
func (f *geoFeature) kmlCoordinates(text string, inner bool) error {
	if len(f.outline) == 0 {
		return nil
	}
	ring, err := kmlRing(text)
	if err != nil {
		return err
	}
	p := &f.outline[len(f.outline)-1]
	if inner == (len(*p) == 0) {
		return errors.New("a polygon must have one outer boundary, before its inner ones")
	}
	*p = append(*p, ring)
	return nil
}

// kmlAttribute takes a value that may be the feature's code.
func (f *geoFeature) kmlAttribute(name, value string) {
	switch strings.ToLower(name) {
	case "pe:ubigeo", "ubigeo", "iddist":
		if isUbigeo(value) {
			f.ubigeo = value
		}
	}
}

func kmlAttr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// kmlText reads up to the end of the element that has been opened.
func kmlText(dec *xml.Decoder) (string, error) {
	var text strings.Builder
	for {
		tok, err := dec.Token()
		if err != nil {
			return "", early(err)
		}
		switch t := tok.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			return "", fmt.Errorf("a <%s> within a text", t.Name.Local)
		case xml.EndElement:
			return strings.TrimSpace(text.String()), nil
		}
	}
}

// kmlRing reads "lon,lat[,height]" tuples.
func kmlRing(text string) (orb.Ring, error) {
	var ring orb.Ring
	for _, tuple := range strings.Fields(text) {
		parts := strings.Split(tuple, ",")
		if len(parts) < 2 {
			return nil, fmt.Errorf("the coordinates %q are not lon,lat", tuple)
		}
		lon, err1 := strconv.ParseFloat(parts[0], 64)
		lat, err2 := strconv.ParseFloat(parts[1], 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("the coordinates %q are not lon,lat", tuple)
		}
		ring = append(ring, orb.Point{lon, lat})
	}
	if n := len(ring); n > 0 && ring[0] != ring[n-1] {
		ring = append(ring, ring[0])
	}
	return ring, nil
}
