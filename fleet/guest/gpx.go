package guest

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// gpxPoint is a point of a track, by GPX 1.1 (topografix.com/GPX/1/1).
type gpxPoint struct {
	Lat  string `xml:"lat,attr"`
	Lon  string `xml:"lon,attr"`
	Time string `xml:"time"`
}

// readGPX reads the tracks of a GPX; a track's name is its vehicle's, and file
// that of a track without one. Routes and waypoints are no tracks. A name may
// stand after the points of its track, so that a track is kept until it ends.
func readGPX(in *bufio.Reader, file string, c *collector) error {
	d := xml.NewDecoder(in)
	var points []row
	var name string
	tracks, n, depth, inTrack := 0, 0, 0, false
	for {
		c.begin()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w: %s is no whole GPX: %w", ErrFile, file, err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			depth++
			switch {
			case depth > maxDepth:
				err = errors.New("its elements lie too deep in each other")
			case x.Name.Local == "trk":
				inTrack, name, points = true, "", points[:0]
				tracks++
			case inTrack && x.Name.Local == "name" && name == "":
				depth--
				err = d.DecodeElement(&name, &x)
			case inTrack && x.Name.Local == "trkpt":
				depth--
				var p gpxPoint
				err = d.DecodeElement(&p, &x)
				n++
				if n > MaxRows {
					return errMany
				}
				points = append(points, row{n: n, time: p.Time, lat: p.Lat, lon: p.Lon})
			}
			if err != nil {
				return fmt.Errorf("%w: %s is no whole GPX: %w", ErrFile, file, err)
			}
		case xml.EndElement:
			depth--
			if x.Name.Local != "trk" {
				continue
			}
			inTrack = false
			if strings.TrimSpace(name) == "" {
				name = file
			}
			for _, p := range points {
				p.unit = name
				if err := c.take(p); err != nil {
					return err
				}
			}
		}
	}
	if tracks == 0 {
		return fmt.Errorf("%w: %s has no track (trk)", ErrFile, file)
	}
	return nil
}
