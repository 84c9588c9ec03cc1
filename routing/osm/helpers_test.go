package osm

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/osm"

	"github.com/serenazgo/serenazgo/routing"
)

// world is a small map for tests: nodes on a grid of about 111 m, ways as
// lists of nodes and tags, relations.
type world struct {
	nodes [][3]float64 // id, x, y in steps of 0.001 degrees
	tags  map[int64]osm.Tags
	ways  []testWay
	rels  []testRelation
}

type testWay struct {
	id    int64
	nodes []int64
	tags  osm.Tags
}

type testRelation struct {
	id      int64
	members []member
	tags    osm.Tags
}

// tagList reads "highway=residential name=Jr._Unión"; _ stands for a blank.
func tagList(s string) osm.Tags {
	var out osm.Tags
	for _, f := range strings.Fields(s) {
		k, v, _ := strings.Cut(f, "=")
		out = append(out, osm.Tag{Key: k, Value: strings.ReplaceAll(v, "_", " ")})
	}
	return out
}

// rawTags takes keys and values as they are.
func rawTags(kv ...string) osm.Tags {
	var out osm.Tags
	for i := 0; i < len(kv); i += 2 {
		out = append(out, osm.Tag{Key: kv[i], Value: kv[i+1]})
	}
	return out
}

func (w *world) node(id int64, x, y float64, tags ...string) *world {
	w.nodes = append(w.nodes, [3]float64{float64(id), x, y})
	if len(tags) > 0 {
		if w.tags == nil {
			w.tags = map[int64]osm.Tags{}
		}
		w.tags[id] = rawTags(tags...)
	}
	return w
}

// grid adds n×n nodes, numbered 11, 12 … by row and column.
func (w *world) grid(n int) *world {
	for y := 1; y <= n; y++ {
		for x := 1; x <= n; x++ {
			w.node(int64(10*y+x), float64(x), -float64(y))
		}
	}
	return w
}

func (w *world) way(id int64, tags string, nodes ...int64) *world {
	w.ways = append(w.ways, testWay{id, nodes, tagList(tags)})
	return w
}

func (w *world) relation(id int64, tags osm.Tags, members ...member) *world {
	w.rels = append(w.rels, testRelation{id, members, tags})
	return w
}

func from(way int64) member    { return member{osm.TypeWay, way, "from"} }
func to(way int64) member      { return member{osm.TypeWay, way, "to"} }
func via(node int64) member    { return member{osm.TypeNode, node, "via"} }
func viaWay(way int64) member  { return member{osm.TypeWay, way, "via"} }
func lonlat(v float64) float64 { return round7(v * 0.001) }

// xml writes the map as an .osm file.
func (w *world) xml() []byte {
	var b strings.Builder
	esc := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace
	tags := func(ts osm.Tags) {
		for _, t := range ts {
			fmt.Fprintf(&b, `<tag k="%s" v="%s"/>`, esc(t.Key), esc(t.Value))
		}
	}
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\">\n")
	for _, n := range w.nodes {
		fmt.Fprintf(&b, `<node id="%d" lon="%.7f" lat="%.7f">`, int64(n[0]), -79+lonlat(n[1]), -8+lonlat(n[2]))
		tags(w.tags[int64(n[0])])
		b.WriteString("</node>\n")
	}
	for _, y := range w.ways {
		fmt.Fprintf(&b, `<way id="%d">`, y.id)
		for _, n := range y.nodes {
			fmt.Fprintf(&b, `<nd ref="%d"/>`, n)
		}
		tags(y.tags)
		b.WriteString("</way>\n")
	}
	for _, r := range w.rels {
		fmt.Fprintf(&b, `<relation id="%d">`, r.id)
		for _, m := range r.members {
			fmt.Fprintf(&b, `<member type="%s" ref="%d" role="%s"/>`, m.kind, m.ref, m.role)
		}
		tags(r.tags)
		b.WriteString("</relation>\n")
	}
	b.WriteString("</osm>\n")
	return []byte(b.String())
}

// message builds protocol buffer messages.
type message struct{ b []byte }

func (m *message) varint(field int, v uint64) *message {
	m.b = binary.AppendUvarint(binary.AppendUvarint(m.b, uint64(field)<<3), v)
	return m
}

func (m *message) sint(field int, v int64) *message {
	return m.varint(field, uint64(v)<<1^uint64(v>>63))
}

func (m *message) bytes(field int, v []byte) *message {
	m.b = binary.AppendUvarint(binary.AppendUvarint(m.b, uint64(field)<<3|2), uint64(len(v)))
	m.b = append(m.b, v...)
	return m
}

func packed(signed bool, vs []int64) []byte {
	var b []byte
	for _, v := range vs {
		if signed {
			b = binary.AppendVarint(b, v)
		} else {
			b = binary.AppendUvarint(b, uint64(v))
		}
	}
	return b
}

func deltas(vs []int64) []int64 {
	out := slices.Clone(vs)
	for i := len(out) - 1; i > 0; i-- {
		out[i] -= out[i-1]
	}
	return out
}

// pbf writes the map as an .osm.pbf file; dense chooses how nodes are written,
// raw leaves the blocks unpacked.
func (w *world) pbf(dense, raw bool) []byte {
	texts := []string{""}
	text := func(s string) int64 {
		if i := slices.Index(texts, s); i > 0 {
			return int64(i)
		}
		texts = append(texts, s)
		return int64(len(texts) - 1)
	}
	tagsOf := func(m *message, ts osm.Tags) {
		var ks, vs []int64
		for _, t := range ts {
			ks, vs = append(ks, text(t.Key)), append(vs, text(t.Value))
		}
		m.bytes(2, packed(false, ks)).bytes(3, packed(false, vs))
	}
	place := func(base, v float64) int64 { return int64((base+lonlat(v))*1e7 - 0.5) }
	var nodes, ways, rels message
	var ids, lats, lons, kvs []int64
	for _, n := range w.nodes {
		id := int64(n[0])
		lon, lat := place(-79, n[1]), place(-8, n[2])
		if !dense {
			var m message
			m.sint(1, id).sint(8, lat).sint(9, lon)
			tagsOf(&m, w.tags[id])
			nodes.bytes(1, m.b)
			continue
		}
		ids, lats, lons = append(ids, id), append(lats, lat), append(lons, lon)
		for _, t := range w.tags[id] {
			kvs = append(kvs, text(t.Key), text(t.Value))
		}
		kvs = append(kvs, 0)
	}
	if dense {
		var m message
		m.bytes(1, packed(true, deltas(ids))).bytes(8, packed(true, deltas(lats))).bytes(9, packed(true, deltas(lons))).bytes(10, packed(false, kvs))
		nodes.bytes(2, m.b)
	}
	for _, y := range w.ways {
		var m message
		m.varint(1, uint64(y.id))
		tagsOf(&m, y.tags)
		m.bytes(8, packed(true, deltas(y.nodes)))
		ways.bytes(3, m.b)
	}
	for _, r := range w.rels {
		var m message
		m.varint(1, uint64(r.id))
		tagsOf(&m, r.tags)
		var roles, refs, kinds []int64
		for _, x := range r.members {
			roles, refs = append(roles, text(x.role)), append(refs, x.ref)
			kinds = append(kinds, int64(slices.Index([]osm.Type{osm.TypeNode, osm.TypeWay, osm.TypeRelation}, x.kind)))
		}
		m.bytes(8, packed(false, roles)).bytes(9, packed(true, deltas(refs))).bytes(10, packed(false, kinds))
		rels.bytes(4, m.b)
	}
	var table, block, header message
	for _, s := range texts {
		table.bytes(1, []byte(s))
	}
	block.bytes(1, table.b)
	for _, g := range [][]byte{nodes.b, ways.b, rels.b} {
		if len(g) > 0 {
			block.bytes(2, g)
		}
	}
	header.bytes(4, []byte("OsmSchema-V0.6")).bytes(4, []byte("DenseNodes"))
	return append(blob("OSMHeader", header.b, raw), blob("OSMData", block.b, raw)...)
}

func blob(kind string, data []byte, raw bool) []byte {
	var b, head message
	if raw {
		b.bytes(1, data)
	} else {
		var z bytes.Buffer
		w := zlib.NewWriter(&z)
		_, _ = w.Write(data)
		_ = w.Close()
		b.varint(2, uint64(len(data))).bytes(3, z.Bytes())
	}
	head.bytes(1, []byte(kind)).varint(3, uint64(len(b.b)))
	out := binary.BigEndian.AppendUint32(nil, uint32(len(head.b)))
	return append(append(out, head.b...), b.b...)
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

// file writes bytes to a file of the test's own.
func file(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// load imports the map, paths included.
func (w *world) load(t testing.TB) *Import {
	t.Helper()
	imp, err := Load(context.Background(), Source{File: file(t, "map.osm", w.xml()), Paths: true})
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

// problem gives the Problem that err is.
func problem(t testing.TB, err error) *Problem {
	t.Helper()
	p, ok := errors.AsType[*Problem](err)
	if !ok {
		t.Fatalf("%v is no Problem", err)
	}
	return p
}

// data finds a file of the shared test data, or skips.
func data(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("SERENAZGO_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no %s: set SERENAZGO_DATA to the folder of the test data", path)
	}
	return path
}

// segment finds a segment by its id.
func segment(t testing.TB, g *routing.Graph, id string) *routing.Segment {
	t.Helper()
	for i := range g.Segments {
		if g.Segments[i].ID == id {
			return &g.Segments[i]
		}
	}
	var ids []string
	for i := range g.Segments {
		ids = append(ids, g.Segments[i].ID)
	}
	t.Fatalf("no segment %s in %s", id, strings.Join(ids, " "))
	return nil
}
