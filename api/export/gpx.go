package export

import (
	"io"
	"math"
	"strconv"
	"time"

	"github.com/paulmach/orb"
)

// gpxWriter writes GPX 1.1: places as waypoints, ways and trails as tracks. The
// speed goes into Garmin's extension of track points, which most readers know.
type gpxWriter struct {
	x     xmlOut
	loc   *time.Location
	track string // of the trail that is open
	open  bool
}

func newGPX(w io.Writer, title string, loc *time.Location) (writer, error) {
	g := &gpxWriter{x: newXML(w), loc: loc}
	g.x.WriteString(`<gpx version="1.1" creator="Serenazgo" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">` + "\n<metadata>")
	g.x.text("name", title)
	g.x.WriteString("</metadata>\n")
	return g, nil
}

func (g *gpxWriter) row(r row) error {
	switch {
	case r.place != nil && len(r.way) == 0:
		g.x.WriteString(`<wpt lat="` + degrees(r.place[1]) + `" lon="` + degrees(r.place[0]) + `">`)
		for _, c := range r.cells {
			if t, ok := c.(time.Time); ok && !t.IsZero() {
				g.x.text("time", instant(t, g.loc))
				break
			}
		}
		g.x.text("name", r.name)
		g.x.WriteString("</wpt>\n")
	case len(r.way) > 0:
		g.x.WriteString("<trk>")
		g.x.text("name", r.name)
		g.x.WriteString("<trkseg>\n")
		for _, s := range r.way {
			g.point(s)
		}
		g.x.WriteString("</trkseg></trk>\n")
	}
	return g.full()
}

func (g *gpxWriter) step(r row, s step, first bool) error {
	if !g.open || g.track != r.name {
		g.end()
		g.x.WriteString("<trk>")
		g.x.text("name", r.name)
		g.x.WriteString("<trkseg>\n")
		g.open, g.track = true, r.name
	} else if first {
		g.x.WriteString("</trkseg><trkseg>\n")
	}
	g.point(s)
	return g.full()
}

func (g *gpxWriter) point(s step) {
	g.x.WriteString(`<trkpt lat="` + degrees(s.point[1]) + `" lon="` + degrees(s.point[0]) + `">`)
	if !math.IsNaN(s.altitude) {
		g.x.text("ele", strconv.FormatFloat(s.altitude, 'f', 1, 64))
	}
	g.x.text("time", instant(s.at, g.loc))
	if !math.IsNaN(s.speed) {
		g.x.WriteString("<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>" + strconv.FormatFloat(s.speed, 'f', 2, 64) + "</gpxtpx:speed></gpxtpx:TrackPointExtension></extensions>")
	}
	g.x.WriteString("</trkpt>\n")
}

func (g *gpxWriter) end() {
	if g.open {
		g.x.WriteString("</trkseg></trk>\n")
	}
	g.open = false
}

// full tells of a reader that went away, at the latest when the buffer is full.
func (g *gpxWriter) full() error {
	if g.x.Available() > 4<<10 {
		return nil
	}
	return g.x.Flush()
}

func (g *gpxWriter) close() error {
	g.end()
	g.x.WriteString("</gpx>\n")
	return g.x.Flush()
}

// piece gathers the steps of a trail for formats that want lines whole. A long
// one is cut; its parts share a step, so that the line goes on.
type piece struct {
	name  string
	steps []step
}

const pieceSteps = 5000

// add takes the next step; done is called with each piece that is whole.
func (p *piece) add(name string, s step, first bool, done func(name string, steps []step) error) error {
	if first || name != p.name || len(p.steps) >= pieceSteps {
		goesOn := !first && name == p.name
		if err := p.end(done); err != nil {
			return err
		}
		if goesOn {
			p.steps = append(p.steps[:0], p.steps[len(p.steps)-1])
		} else {
			p.steps = p.steps[:0]
		}
		p.name = name
	}
	p.steps = append(p.steps, s)
	return nil
}

func (p *piece) end(done func(string, []step) error) error {
	if len(p.steps) == 0 {
		return nil
	}
	return done(p.name, p.steps)
}

// points are the places of steps.
func points(steps []step) []orb.Point {
	out := make([]orb.Point, len(steps))
	for i, s := range steps {
		out[i] = s.point
	}
	return out
}
