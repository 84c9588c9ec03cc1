package routing

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// The stored form of a graph: the magic, then a zlib stream of varints.
// Coordinates are differences in units of 1e-7 degrees, the map's own
// precision, or raw floats where a graph was not made from a map. Lengths,
// adjacency and the snapping index are computed anew.
const (
	codecMagic   = "SZG1"
	maxGraphSize = 1 << 30 // bytes unpacked
)

// Encode writes a graph. Equal graphs give equal bytes.
func Encode(g *Graph) ([]byte, error) {
	e := &encoder{texts: map[string]uint64{}}
	e.exact = isOnGrid(g)
	var body encoder
	body.texts, body.exact = e.texts, e.exact
	body.graph(g)
	e.number(b2u(e.exact))
	e.number(uint64(len(body.order)))
	for _, t := range body.order {
		e.number(uint64(len(t)))
		e.b = append(e.b, t...)
	}
	e.b = append(e.b, body.b...)
	var out bytes.Buffer
	out.WriteString(codecMagic)
	z, err := zlib.NewWriterLevel(&out, zlib.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(e.b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// encoder gathers the bytes of the stored form.
type encoder struct {
	b     []byte
	texts map[string]uint64
	order []string
	exact bool
	x, y  int64
}

func b2u(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (e *encoder) number(v uint64) { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) signed(v int64)  { e.b = binary.AppendVarint(e.b, v) }

// text writes the number of a text in the table.
func (e *encoder) text(s string) {
	i, ok := e.texts[s]
	if !ok {
		i = uint64(len(e.order))
		e.texts[s] = i
		e.order = append(e.order, s)
	}
	e.number(i)
}

func (e *encoder) float(v float64) {
	e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(v))
}

func (e *encoder) point(p orb.Point) {
	if !e.exact {
		e.float(p[0])
		e.float(p[1])
		return
	}
	x, y := toGrid(p[0]), toGrid(p[1])
	e.signed(x - e.x)
	e.signed(y - e.y)
	e.x, e.y = x, y
}

func (e *encoder) line(l []orb.Point) {
	e.number(uint64(len(l)))
	for _, p := range l {
		e.point(p)
	}
}

func (e *encoder) graph(g *Graph) {
	e.number(uint64(len(g.Nodes)))
	var last int64
	for _, n := range g.Nodes {
		e.signed(n.OSM - last)
		last = n.OSM
		e.point(n.Point)
	}
	e.number(uint64(len(g.Segments)))
	for i := range g.Segments {
		s := &g.Segments[i]
		e.number(uint64(s.From))
		e.number(uint64(s.To))
		e.text(s.ID)
		e.text(s.Name)
		e.text(s.Label)
		e.text(s.Surface)
		e.number(uint64(s.Class))
		e.number(uint64(s.Forward) | uint64(s.Backward)<<8 | b2u(s.Belongs)<<16 | b2u(s.Gate)<<17)
		e.number(uint64(len(s.WayIDs)))
		last = 0
		for _, w := range s.WayIDs {
			e.signed(w - last)
			last = w
		}
		e.line(s.Line)
	}
	e.number(uint64(len(g.Restrictions)))
	for _, r := range g.Restrictions {
		e.number(uint64(r.From))
		e.number(uint64(r.To))
		e.number(uint64(r.Modes))
	}
	e.number(uint64(len(g.Excluded)))
	for i := range g.Excluded {
		x := &g.Excluded[i]
		e.signed(x.WayID)
		e.text(x.Name)
		e.number(uint64(x.Class))
		e.number(uint64(x.Modes))
		e.float(x.Inside)
		e.line(x.Line)
	}
	e.number(uint64(len(g.Boundary)))
	for _, p := range g.Boundary {
		e.number(uint64(len(p)))
		for _, r := range p {
			e.line(r)
		}
	}
}

func toGrid(v float64) int64   { return int64(math.Round(v * 1e7)) }
func fromGrid(v int64) float64 { return float64(v) / 1e7 }

// isOnGrid tells whether every coordinate survives the 1e-7 grid unchanged.
func isOnGrid(g *Graph) bool {
	ok := true
	check := func(l []orb.Point) {
		for _, p := range l {
			for _, v := range p {
				ok = ok && math.Abs(v) <= 360 && fromGrid(toGrid(v)) == v
			}
		}
	}
	for _, n := range g.Nodes {
		check([]orb.Point{n.Point})
	}
	for i := range g.Segments {
		check(g.Segments[i].Line)
	}
	for i := range g.Excluded {
		check(g.Excluded[i].Line)
	}
	for _, p := range g.Boundary {
		for _, r := range p {
			check(r)
		}
	}
	return ok
}

var errCodec = errors.New("not a stored street graph, or damaged")

// Decode reads what Encode wrote. It trusts nothing: damaged bytes are an
// error.
func Decode(b []byte) (*Graph, error) {
	rest, ok := bytes.CutPrefix(b, []byte(codecMagic))
	if !ok {
		return nil, fmt.Errorf("%w; import the streets again", errCodec)
	}
	z, err := zlib.NewReader(bytes.NewReader(rest))
	if err != nil {
		return nil, fmt.Errorf("%w (%v); import the streets again", errCodec, err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxGraphSize))
	if err != nil {
		return nil, fmt.Errorf("%w (%v); import the streets again", errCodec, err)
	}
	d := &decoder{b: raw}
	g := d.graph()
	if d.failed || len(d.b) > 0 {
		return nil, fmt.Errorf("%w; import the streets again", errCodec)
	}
	if err := g.Build(); err != nil {
		return nil, err
	}
	return g, nil
}

// decoder reads the stored form; after the first fault it gives zero values.
type decoder struct {
	b      []byte
	failed bool
	exact  bool
	texts  []string
	x, y   int64
}

func (d *decoder) fail() {
	d.failed = true
	d.b = nil
}

func (d *decoder) number() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) signed() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

// count reads the length of a list whose items take at least a byte each.
func (d *decoder) count() int {
	v := d.number()
	if v > uint64(len(d.b)) {
		d.fail()
		return 0
	}
	return int(v)
}

// below reads a number that must be smaller than a limit.
func (d *decoder) below(limit int) int {
	v := d.number()
	if v >= uint64(limit) {
		d.fail()
		return 0
	}
	return int(v)
}

func (d *decoder) text() string {
	v := d.below(len(d.texts))
	if d.failed {
		return ""
	}
	return d.texts[v]
}

func (d *decoder) float() float64 {
	if len(d.b) < 8 {
		d.fail()
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	if math.IsNaN(v) || math.IsInf(v, 0) {
		d.fail()
		return 0
	}
	return v
}

func (d *decoder) point() orb.Point {
	if !d.exact {
		x := d.float()
		return orb.Point{x, d.float()}
	}
	d.x += d.signed()
	d.y += d.signed()
	return orb.Point{fromGrid(d.x), fromGrid(d.y)}
}

func (d *decoder) line() []orb.Point {
	l := make([]orb.Point, 0, d.count())
	for range cap(l) {
		l = append(l, d.point())
	}
	return l
}

func (d *decoder) graph() *Graph {
	d.exact = d.below(2) == 1
	d.texts = make([]string, d.count())
	for i := range d.texts {
		n := d.count()
		if d.failed {
			break
		}
		d.texts[i] = string(d.b[:n])
		d.b = d.b[n:]
	}
	g := &Graph{Nodes: make([]Node, d.count())}
	var last int64
	for i := range g.Nodes {
		last += d.signed()
		g.Nodes[i] = Node{OSM: last, Point: d.point()}
	}
	g.Segments = make([]Segment, d.count())
	for i := range g.Segments {
		if d.failed {
			return g
		}
		d.segment(&g.Segments[i], len(g.Nodes))
	}
	arcs := 2 * len(g.Segments)
	if n := d.count(); n > 0 {
		g.Restrictions = make([]Restriction, n)
	}
	for i := range g.Restrictions {
		g.Restrictions[i] = Restriction{From: Arc(d.below(arcs)), To: Arc(d.below(arcs)), Modes: ModeSet(d.below(1 << numModes))}
	}
	if n := d.count(); n > 0 {
		g.Excluded = make([]Excluded, n)
	}
	for i := range g.Excluded {
		x := &g.Excluded[i]
		x.WayID, x.Name, x.Class, x.Modes = d.signed(), d.text(), Class(d.below(int(numClasses))), ModeSet(d.below(1<<numModes))
		x.Inside, x.Line = d.float(), d.line()
		x.Length = geo.Length(x.Line)
	}
	for range d.count() {
		var p orb.Polygon
		for range d.count() {
			p = append(p, d.line())
		}
		g.Boundary = append(g.Boundary, p)
	}
	return g
}

func (d *decoder) segment(s *Segment, nodes int) {
	s.From, s.To = NodeID(d.below(nodes)), NodeID(d.below(nodes))
	s.ID, s.Name, s.Label, s.Surface = d.text(), d.text(), d.text(), d.text()
	s.Class = Class(d.below(int(numClasses)))
	flags := d.below(1 << 18)
	s.Forward, s.Backward = ModeSet(flags)&AllModes, ModeSet(flags>>8)&AllModes
	s.Belongs, s.Gate = flags>>16&1 == 1, flags>>17&1 == 1
	if n := d.count(); n > 0 {
		s.WayIDs = make([]int64, n)
	}
	var last int64
	for i := range s.WayIDs {
		last += d.signed()
		s.WayIDs[i] = last
	}
	s.Line = d.line()
	s.Length = geo.Length(s.Line)
}
