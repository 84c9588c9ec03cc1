package osm

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/serenazgo/serenazgo/routing"
)

// small is a map with everything that a reader meets.
func small() *world {
	return cross().node(90, 2, -1.5, "barrier", "gate").way(9, "highway=residential name=Ñ", 32, 90, 33).way(10, "building=yes", 11, 12, 11).
		relation(1, rawTags("type", "restriction", "restriction", "no_left_turn"), from(1), via(22), to(3)).
		relation(2, rawTags("type", "boundary", "pe:ubigeo", "130102", "name", "X"), member{"way", 10, "outer"})
}

func TestAllFormatsGiveTheSameGraph(t *testing.T) {
	w := small()
	var want *routing.Graph
	for _, f := range []struct {
		name string
		b    []byte
	}{
		{"map.osm", w.xml()}, {"map.osm.gz", gzipped(w.xml())}, {"dense.osm.pbf", w.pbf(true, false)},
		{"nodes.osm.pbf", w.pbf(false, false)}, {"raw.osm.pbf", w.pbf(true, true)}, {"packed.osm.pbf.gz", gzipped(w.pbf(true, false))},
		{"wrongly named.txt", w.pbf(true, false)},
	} {
		imp, err := Load(t.Context(), Source{File: file(t, f.name, f.b), Paths: true})
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		if want == nil {
			want = imp.Graph
		}
		if d := cmp.Diff(want, imp.Graph, cmpopts.IgnoreUnexported(routing.Graph{})); d != "" {
			t.Errorf("%s: %s", f.name, d)
		}
	}
}

func TestTruncatedAnywhere(t *testing.T) {
	w := small()
	for name, b := range map[string][]byte{"map.osm": w.xml(), "map.osm.pbf": w.pbf(true, false), "nodes.osm.pbf": w.pbf(false, true), "map.osm.gz": gzipped(w.xml())} {
		whole := bytes.LastIndex(b, []byte("</osm>")) + len("</osm>")
		for n := range b {
			err := readExtract(t.Context(), bytes.NewReader(b[:n]), everything())
			if name == "map.osm" && n >= whole {
				continue
			}
			// A file cut between two blocks looks whole; a good one has ways.
			if headerEnd := len(b) - len(lastBlock(b)); name[len(name)-3:] == "pbf" && n == headerEnd {
				continue
			}
			if err == nil {
				t.Errorf("%s cut at byte %d of %d is taken for whole", name, n, len(b))
			}
		}
		path := file(t, name, b[:len(b)/2])
		_, err := Load(t.Context(), Source{File: path})
		if p := problem(t, err); p.Code != Truncated || p.File != name {
			t.Errorf("%s cut in the middle: %v", name, err)
		}
	}
}

// lastBlock gives the bytes of the data block of a file that pbf wrote.
func lastBlock(b []byte) []byte {
	i := bytes.LastIndex(b, []byte("OSMData"))
	if i < 6 {
		return nil
	}
	return b[i-6:]
}

func everything() *collector {
	c := newCollector(routing.AllModes, true)
	c.want, c.ubigeo, c.allNodes = want{true, true, true}, "130102", true
	return c
}

func TestFlippedBitsDoNotPanic(t *testing.T) {
	for _, raw := range []bool{true, false} {
		b := small().pbf(raw, raw)
		for i := range b {
			c := bytes.Clone(b)
			c[i] ^= 1 << (i % 8)
			_ = readExtract(t.Context(), bytes.NewReader(c), everything())
		}
	}
}

func TestPBFOddities(t *testing.T) {
	var lzma, unknown message
	lzma.varint(2, 10).bytes(4, []byte("xxxx"))
	unknown.bytes(4, []byte("LocationsOnMars"))
	head := func(kind string, body []byte) []byte {
		var h message
		h.bytes(1, []byte(kind)).varint(3, uint64(len(body)))
		return append(append([]byte{0, 0, 0, byte(len(h.b))}, h.b...), body...)
	}
	for name, tt := range map[string]struct {
		b    []byte
		want error
	}{
		"another compression":  {append(blob("OSMHeader", nil, true), head("OSMData", lzma.b)...), errPacking},
		"data before a header": {blob("OSMData", nil, true), nil},
		"unknown feature":      {blob("OSMHeader", unknown.b, true), nil},
		"an empty header":      {[]byte{0, 0, 0, 0, 1, 2, 3}, errWire},
		"nothing":              {nil, io.ErrUnexpectedEOF},
	} {
		err := readExtract(t.Context(), bytes.NewReader(tt.b), everything())
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	more := append(small().pbf(true, true), blob("Thumbnail", []byte("x"), true)...)
	if err := readExtract(t.Context(), bytes.NewReader(more), everything()); err != nil {
		t.Errorf("a block of unknown type: %v", err)
	}
}

func FuzzReadPBF(f *testing.F) {
	f.Add(small().pbf(true, true))
	f.Add(small().pbf(false, true))
	f.Add(small().pbf(true, false))
	f.Fuzz(func(t *testing.T, b []byte) {
		_ = readPBF(t.Context(), bytes.NewReader(b), everything())
	})
}

// FuzzLoadXML takes any bytes all the way to a graph.
func FuzzLoadXML(f *testing.F) {
	f.Add(small().xml())
	f.Add([]byte(`<osm><node id="1" lon="1" lat="2"/><way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="road"/></way></osm>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := everything()
		if readXML(t.Context(), bytes.NewReader(b), c) != nil {
			return
		}
		c.allNodes = false
		c.places.index()
		c.forgetLines()
		c.needNodes()
		_, _ = c.outlineBoundary(&extract{path: "fuzz.osm"})
		var r Report
		g, err := build(c, nil, &r)
		if err != nil {
			t.Fatal(err)
		}
		g.Describe()
		r.finish(g, c)
	})
}
