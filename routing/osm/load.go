// Package osm reads OpenStreetMap extracts (.osm, .osm.gz, .osm.bz2,
// .osm.pbf) and district boundaries into a street graph.
//
// An import never fails half-way: it gives a graph or an error that names the
// place and the remedy (Problem). Whatever the network leaves out is in the
// report. The same map gives the same graph and the same segment ids, in
// whatever order the file lists it.
//
// Which ways are streets, who may use them and in which direction follows the
// OpenStreetMap wiki: Key:highway, Key:access, Key:oneway,
// Relation:restriction, Key:barrier.
//
// Units: metres, degrees [lon, lat].
package osm

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/routing"
)

// Source says what to import.
type Source struct {
	File         string // the extract; its format is told by its first bytes
	BoundaryFile string // GeoJSON; empty: the outline comes from the extract
	// Boundary is a boundary that is known already, such as the one that the
	// district has; BoundaryFile counts before it.
	Boundary orb.MultiPolygon
	// Ubigeo chooses among the boundary file's features, or the boundary
	// relation in the extract if there is no file, or names what has no code.
	Ubigeo   string
	Relation int64 // OpenStreetMap relation in the extract that bounds the district
	// Modes are who the network is for; zero: every mode.
	Modes routing.ModeSet
	// Paths takes in the ways where only people walk (path, footway, steps,
	// track, pedestrian …), which a network for units on foot needs. They end
	// segments where they meet a street, so a network for vehicles alone is
	// better without them.
	Paths bool
	// Progress, if given, is told how far the work is (0..1) and at what.
	Progress func(done float64, note string)
}

// Import is the outcome.
type Import struct {
	Graph   *routing.Graph
	Report  Report
	Ubigeo  string   // code of the boundary or of the source; empty if there is none or there are several
	Ubigeos []string // all codes of the boundary
	Name    string   // of the district; empty if the boundary has none
}

// Load reads an extract and its boundary. Without any boundary every segment
// belongs. Errors about the files are of type *Problem.
func Load(ctx context.Context, src Source) (*Import, error) {
	if src.Modes == 0 {
		src.Modes = routing.AllModes
	}
	if src.Ubigeo != "" && !isUbigeo(src.Ubigeo) {
		return nil, fmt.Errorf("ubigeo %q is not a six-digit INEI code", src.Ubigeo)
	}
	say := src.Progress
	if say == nil {
		say = func(float64, string) {}
	}
	var b *Boundary
	var err error
	if src.BoundaryFile != "" {
		if b, err = ReadBoundaryFile(src.BoundaryFile, Pick{Ubigeo: src.Ubigeo}); err != nil {
			return nil, err
		}
	} else if len(src.Boundary) > 0 {
		b = &Boundary{Polygons: src.Boundary}
	}
	x, err := openExtract(src.File)
	if err != nil {
		return nil, err
	}
	x.progress = func(done, total int64) { say(0.8*float64(done)/float64(total), "reading "+x.name()) }
	c := newCollector(src.Modes, src.Paths)
	if b == nil {
		c.relation = src.Relation
		if c.relation == 0 {
			c.ubigeo = src.Ubigeo
		}
	}
	if err := c.read(ctx, x); err != nil {
		return nil, err
	}
	if len(c.ways) == 0 {
		p := x.problem(NoStreets, fmt.Sprintf("no street in it (%d nodes, %d ways, %d relations)", c.seen.nodes, c.seen.ways, c.seen.relations),
			"give an extract with the ways tagged highway=*", nil)
		return nil, p
	}
	if c.seeksOutline() {
		if b, err = c.outlineBoundary(x); err != nil {
			return nil, err
		}
	}
	if b == nil {
		b = &Boundary{}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	say(0.82, "building the street graph")
	imp := &Import{Name: b.Name(), Ubigeos: b.Ubigeos, Report: Report{File: x.name(), Modes: modeNames(src.Modes), Paths: src.Paths}}
	if imp.Graph, err = build(c, b.Polygons, &imp.Report); err != nil {
		return nil, err
	}
	if len(imp.Graph.Segments) == 0 {
		return nil, x.problem(NoStreets, "no street in it that anybody may use", "give an extract of the whole district", nil)
	}
	if err := c.checkOverlap(x, src, b.Polygons, imp.Graph); err != nil {
		return nil, err
	}
	if src.Ubigeo != "" {
		imp.Ubigeo = src.Ubigeo
	} else if len(b.Ubigeos) == 1 {
		imp.Ubigeo = b.Ubigeos[0]
	}
	say(0.92, "naming the streets")
	imp.Graph.Describe()
	imp.Report.finish(imp.Graph, c)
	say(1, "done")
	return imp, nil
}

// read passes over the extract as often as its format needs. XML lists nodes
// before the ways that need them and is costly to read, so it is read once;
// PBF is read three times, to hold only the nodes of streets.
func (c *collector) read(ctx context.Context, x *extract) error {
	f, err := x.format()
	if err != nil {
		return err
	}
	if f == formatXML {
		c.want, c.allNodes = want{true, true, true}, true
		if err := x.pass(ctx, c, 0, 1); err != nil {
			return err
		}
		c.allNodes = false
		c.places.index()
		c.forgetLines()
		c.needNodes()
		return nil
	}
	c.want = want{relations: true}
	if err := x.pass(ctx, c, 0, 3); err != nil {
		return err
	}
	c.want = want{ways: true}
	if err := x.pass(ctx, c, 1, 3); err != nil {
		return err
	}
	c.needNodes()
	c.want = want{nodes: true}
	return x.pass(ctx, c, 2, 3)
}

// forgetLines drops the ways that turned out to be no part of an outline.
func (c *collector) forgetLines() {
	keep := map[int64][]int64{}
	for _, o := range c.outlines {
		for _, m := range o.members {
			if l, ok := c.lines[m.ref]; ok {
				keep[m.ref] = l
			}
		}
	}
	c.lines = keep
}

// checkOverlap refuses a boundary that no street lies in.
func (c *collector) checkOverlap(x *extract, src Source, boundary orb.MultiPolygon, g *routing.Graph) error {
	if len(boundary) == 0 {
		return nil
	}
	for i := range g.Segments {
		if g.Segments[i].Belongs {
			return nil
		}
	}
	streets := g.Segments[0].Line.Bound()
	for i := range g.Segments {
		streets = streets.Union(g.Segments[i].Line.Bound())
	}
	file := filepath.Base(src.BoundaryFile)
	if src.BoundaryFile == "" {
		file = x.name()
	}
	b := boundary.Bound()
	p := &Problem{Code: BoundaryOutside, File: file,
		What:   fmt.Sprintf("the boundary (%s) lies outside the streets of %s (%s)", boxText(b), x.name(), boxText(streets)),
		Remedy: "give the boundary of the place that the extract covers"}
	swapped := orb.Bound{Min: orb.Point{b.Min[1], b.Min[0]}, Max: orb.Point{b.Max[1], b.Max[0]}}
	switch {
	case streets.Intersects(b):
		p.Code, p.What = NothingInside, "no street of "+x.name()+" lies inside the boundary"
	case streets.Intersects(swapped):
		p.What += "; longitude and latitude look exchanged"
		p.Remedy = "export it with longitude first"
	}
	return p
}

func boxText(b orb.Bound) string {
	return fmt.Sprintf("lon %.3f to %.3f, lat %.3f to %.3f", b.Min[0], b.Max[0], b.Min[1], b.Max[1])
}

func modeNames(s routing.ModeSet) []string {
	var out []string
	for _, m := range routing.Modes {
		if s.Has(m) {
			out = append(out, m.String())
		}
	}
	return out
}

// CheckUbigeo refuses an import that no single code names; a store needs one.
func (i *Import) CheckUbigeo() error {
	switch {
	case i.Ubigeo != "":
		return nil
	case len(i.Ubigeos) > 1:
		return &Problem{Code: ManyDistricts, File: i.Report.File, What: "the boundary holds several districts: " + listCodes(i.Ubigeos),
			Remedy: "choose one with --ubigeo, or a whole province with its code ending in 00"}
	}
	return &Problem{Code: NoUbigeo, File: i.Report.File, What: "the boundary does not say which district it is (no pe:ubigeo)",
		Remedy: "give its six-digit code with --ubigeo"}
}

// listCodes joins codes, the first dozen of many.
func listCodes(codes []string) string {
	if len(codes) > 12 {
		return strings.Join(codes[:12], ", ") + ", …"
	}
	return strings.Join(codes, ", ")
}
