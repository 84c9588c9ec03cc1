package export

import (
	"io"
	"time"
)

// kmlWriter writes KML 2.2: places as points, ways and trails as gx:Track, which
// knows the instant of every step.
type kmlWriter struct {
	x     xmlOut
	cols  []column
	loc   *time.Location
	piece piece
}

func newKML(w io.Writer, title string, cols []column, loc *time.Location) (writer, error) {
	k := &kmlWriter{x: newXML(w), cols: cols, loc: loc}
	k.x.WriteString(`<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>`)
	k.x.text("name", title)
	k.x.WriteString("\n")
	return k, nil
}

func (k *kmlWriter) row(r row) error {
	if r.place == nil && len(r.way) == 0 {
		return nil
	}
	k.x.WriteString("<Placemark>")
	k.x.text("name", r.name)
	k.x.WriteString("<ExtendedData>")
	for i, c := range r.cells {
		if s := csvCell(c, k.loc); s != "" {
			if t, ok := c.(string); ok {
				s = t // no formula is ever read here
			}
			k.x.WriteString(`<Data name="` + k.cols[i].key + `">`)
			k.x.text("value", s)
			k.x.WriteString("</Data>")
		}
	}
	k.x.WriteString("</ExtendedData>")
	if len(r.way) > 0 {
		k.track(r.way)
	} else {
		k.x.WriteString("<Point><coordinates>" + degrees(r.place[0]) + "," + degrees(r.place[1]) + "</coordinates></Point>")
	}
	k.x.WriteString("</Placemark>\n")
	return nil
}

func (k *kmlWriter) step(r row, s step, first bool) error {
	return k.piece.add(r.name, s, first, k.line)
}

func (k *kmlWriter) line(name string, steps []step) error {
	k.x.WriteString("<Placemark>")
	k.x.text("name", name)
	k.track(steps)
	k.x.WriteString("</Placemark>\n")
	return k.x.Flush()
}

func (k *kmlWriter) track(steps []step) {
	k.x.WriteString("<gx:Track>\n")
	for _, s := range steps {
		k.x.text("when", instant(s.at, k.loc))
	}
	for _, s := range steps {
		k.x.text("gx:coord", degrees(s.point[0])+" "+degrees(s.point[1])+" 0")
	}
	k.x.WriteString("</gx:Track>")
}

func (k *kmlWriter) close() error {
	if err := k.piece.end(k.line); err != nil {
		return err
	}
	k.x.WriteString("</Document></kml>\n")
	return k.x.Flush()
}
