package osm

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/osm"
)

// errRoot is an XML file of another kind.
var errRoot = errors.New("XML, but not an OpenStreetMap extract")

// xmlElement gathers what lies inside a node, way or relation.
type xmlElement struct {
	kind     string
	id       int64
	lon, lat float64
	placed   bool
	deleted  bool
	tags     osm.Tags
	refs     []int64
	members  []member
}

// readXML passes once over an .osm file and hands its elements to v. It works
// on raw tokens, which costs a third of decoding into structs.
func readXML(ctx context.Context, r io.Reader, v *collector) error {
	d := xml.NewDecoder(r)
	d.Strict = true
	depth := 0
	rooted := false
	var e xmlElement
	for n := 0; ; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		tok, err := d.RawToken()
		switch {
		case err == io.EOF && !rooted:
			return errRoot
		case err == io.EOF && depth > 0:
			return io.ErrUnexpectedEOF
		case err == io.EOF:
			return nil
		case err != nil && rooted && endsEarly(err):
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if depth == 0 && t.Name.Local != "osm" {
				return fmt.Errorf("%w: its root is <%s>", errRoot, t.Name.Local)
			}
			rooted = true
			depth++
			if err := e.start(t, depth); err != nil {
				line, _ := d.InputPos()
				return fmt.Errorf("line %d: %w", line, err)
			}
		case xml.EndElement:
			if depth == 2 {
				if err := e.end(v); err != nil {
					line, _ := d.InputPos()
					return fmt.Errorf("line %d: %w", line, err)
				}
			}
			if depth--; depth < 0 {
				line, _ := d.InputPos()
				return fmt.Errorf("line %d: </%s> without a beginning", line, t.Name.Local)
			}
		}
	}
}

// endsEarly tells an XML file that was cut from one that is wrong.
func endsEarly(err error) bool {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return true
	}
	s, ok := errors.AsType[*xml.SyntaxError](err)
	return ok && s.Msg == "unexpected EOF"
}

func (e *xmlElement) start(t xml.StartElement, depth int) error {
	if depth == 2 {
		*e = xmlElement{kind: t.Name.Local, tags: e.tags[:0]}
		if e.kind != "node" && e.kind != "way" && e.kind != "relation" {
			return nil
		}
		return e.head(t.Attr)
	}
	if depth != 3 {
		return nil
	}
	switch t.Name.Local {
	case "tag":
		e.tags = append(e.tags, osm.Tag{Key: attr(t.Attr, "k"), Value: attr(t.Attr, "v")})
	case "nd":
		ref, err := strconv.ParseInt(attr(t.Attr, "ref"), 10, 64)
		if err != nil {
			return fmt.Errorf("node of way %d: ref=%q is no id", e.id, attr(t.Attr, "ref"))
		}
		e.refs = append(e.refs, ref)
	case "member":
		ref, err := strconv.ParseInt(attr(t.Attr, "ref"), 10, 64)
		if err != nil {
			return fmt.Errorf("member of relation %d: ref=%q is no id", e.id, attr(t.Attr, "ref"))
		}
		e.members = append(e.members, member{kind: osm.Type(attr(t.Attr, "type")), ref: ref, role: attr(t.Attr, "role")})
	}
	return nil
}

// head reads the attributes of a node, way or relation.
func (e *xmlElement) head(attrs []xml.Attr) error {
	var err error
	e.deleted = attr(attrs, "visible") == "false" || attr(attrs, "action") == "delete"
	if e.id, err = strconv.ParseInt(attr(attrs, "id"), 10, 64); err != nil {
		return fmt.Errorf("%s: id=%q is no number", e.kind, attr(attrs, "id"))
	}
	if e.kind != "node" || e.deleted {
		return nil
	}
	for _, a := range attrs {
		switch a.Name.Local {
		case "lon":
			e.lon, err = strconv.ParseFloat(a.Value, 64)
		case "lat":
			e.lat, err = strconv.ParseFloat(a.Value, 64)
			e.placed = true
		}
		if err != nil {
			return fmt.Errorf("node %d: %s=%q is no number", e.id, a.Name.Local, a.Value)
		}
	}
	if !e.placed {
		return fmt.Errorf("node %d has no coordinates", e.id)
	}
	return nil
}

// end hands a finished element over.
func (e *xmlElement) end(v *collector) error {
	if e.deleted {
		return nil
	}
	switch e.kind {
	case "node":
		if v.want.nodes {
			return v.node(e.id, round7(e.lon), round7(e.lat), e.tags)
		}
	case "way":
		if v.want.ways && v.wantsWay(e.id, e.tags) {
			return v.way(e.id, e.tags, e.refs)
		}
	case "relation":
		if v.want.relations && v.wantsRelation(e.id, e.tags) {
			return v.addRelation(e.id, e.tags, e.members)
		}
	}
	return nil
}

func attr(attrs []xml.Attr, name string) string {
	for _, a := range attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
