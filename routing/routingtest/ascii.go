// Package routingtest makes street graphs for tests: small ones drawn in text,
// large ones from a seed.
package routingtest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/routing"
)

// Origin is where the top left corner of a drawn map lies: in the middle of
// Trujillo, Peru.
var Origin = orb.Point{-79.03, -8.11}

// Step is the distance between two neighbouring characters of a drawn map, in
// metres.
const Step = 50

// Map is a drawn street graph.
type Map struct {
	*routing.Graph
	nodes map[string]routing.NodeID
}

// Option changes the graph before it is built.
type Option func(*Map)

// Draw reads a map drawn in text, one character every 50 metres:
//
//	a---b->-c
//	|   |   |
//	d---e---f
//
// Letters (but v) and digits are junctions, joined by - and |. An arrow
// (> < ^ v) on the way makes it one-way for vehicles. A * is a bend: the street
// goes on round the corner. Every street is named after its ends ("ab") and is
// residential; options change that. Segments and nodes are numbered in reading
// order. A drawing that makes no sense panics: it is a mistake in the test.
func Draw(drawing string, options ...Option) *Map {
	m := &Map{Graph: &routing.Graph{}, nodes: map[string]routing.NodeID{}}
	rows := strings.Split(strings.Trim(drawing, "\n"), "\n")
	indent := commonIndent(rows)
	for i := range rows {
		rows[i] = strings.TrimRight(rows[i][min(indent, len(rows[i])):], " \t")
	}
	d := drawn{rows: rows}
	for y, row := range rows {
		for x := range len(row) {
			if isNode(row[x]) {
				name := string(row[x])
				if _, ok := m.nodes[name]; ok {
					panic(fmt.Sprintf("routingtest: two junctions %s in the drawing", name))
				}
				m.nodes[name] = routing.NodeID(len(m.Nodes))
				m.Nodes = append(m.Nodes, routing.Node{OSM: int64(row[x]), Point: at(x, y)})
			}
		}
	}
	for y, row := range rows {
		for x := range len(row) {
			if isNode(row[x]) {
				for _, dir := range [...][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
					d.street(m, x, y, dir)
				}
			}
		}
	}
	for _, o := range options {
		o(m)
	}
	if err := m.Build(); err != nil {
		panic("routingtest: " + err.Error())
	}
	m.Describe()
	return m
}

func commonIndent(rows []string) int {
	indent := -1
	for _, r := range rows {
		if strings.TrimSpace(r) == "" {
			continue
		}
		n := len(r) - len(strings.TrimLeft(r, " \t"))
		if indent < 0 || n < indent {
			indent = n
		}
	}
	return max(indent, 0)
}

func isNode(c byte) bool {
	return c >= 'a' && c <= 'z' && c != 'v' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// at gives the place of a character, on the grid of 1e-7 degrees.
func at(x, y int) orb.Point {
	const degree = 1 / 111319.49 // of a metre
	p := orb.Point{Origin[0] + float64(x)*Step*degree/0.99, Origin[1] - float64(y)*Step*degree}
	return orb.Point{round7(p[0]), round7(p[1])}
}

func round7(v float64) float64 { return math.Round(v*1e7) / 1e7 }

type drawn struct{ rows []string }

func (d *drawn) at(x, y int) byte {
	if y < 0 || y >= len(d.rows) || x < 0 || x >= len(d.rows[y]) {
		return ' '
	}
	return d.rows[y][x]
}

// street follows a street from a junction in a direction and adds it when its
// other end comes later in reading order, or is the same junction.
func (d *drawn) street(m *Map, x, y int, dir [2]int) {
	from := string(d.at(x, y))
	line := orb.LineString{at(x, y)}
	forward, backward := routing.AllModes, routing.AllModes
	const foot routing.ModeSet = 1 << routing.Foot
	for {
		x, y = x+dir[0], y+dir[1]
		c := d.at(x, y)
		line = append(line, at(x, y))
		switch {
		case isNode(c):
			if len(line) < 2 {
				return
			}
			d.add(m, from, string(c), line, forward, backward)
			return
		case c == '*':
			next, ok := d.turn(x, y, dir)
			if !ok {
				panic(fmt.Sprintf("routingtest: the bend in line %d, column %d leads nowhere", y+1, x+1))
			}
			dir = next
			continue
		case c == '-' && dir[0] != 0, c == '|' && dir[1] != 0:
		case c == '>' && dir[0] != 0, c == '<' && dir[0] != 0, c == '^' && dir[1] != 0, c == 'v' && dir[1] != 0:
			along := c == '>' && dir[0] > 0 || c == '<' && dir[0] < 0 || c == 'v' && dir[1] > 0 || c == '^' && dir[1] < 0
			if along {
				backward = foot
			} else {
				forward = foot
			}
		default:
			return // a street that ends without a junction is no street
		}
		line = line[:len(line)-1]
	}
}

// turn finds the way on at a bend.
func (d *drawn) turn(x, y int, dir [2]int) ([2]int, bool) {
	for _, next := range [...][2]int{{dir[1], dir[0]}, {-dir[1], -dir[0]}} {
		c := d.at(x+next[0], y+next[1])
		if next[0] != 0 && strings.IndexByte("-<>*", c) >= 0 || next[1] != 0 && strings.IndexByte("|^v*", c) >= 0 || isNode(c) {
			return next, true
		}
	}
	return dir, false
}

func (d *drawn) add(m *Map, from, to string, line orb.LineString, forward, backward routing.ModeSet) {
	f, t := m.nodes[from], m.nodes[to]
	if f > t {
		return // it is added from its other end
	}
	if f == t {
		// A loop is found from both sides: keep one.
		for i := range m.Segments {
			if m.Segments[i].From == f && m.Segments[i].To == f && len(m.Segments[i].Line) == len(line) {
				r := slices.Clone(m.Segments[i].Line)
				slices.Reverse(r)
				if slices.Equal(r, line) {
					return
				}
			}
		}
	}
	way := int64(len(m.Segments) + 1)
	m.Segments = append(m.Segments, routing.Segment{ID: fmt.Sprintf("%d-%d-%d", m.Nodes[f].OSM, m.Nodes[t].OSM, way),
		From: f, To: t, Line: line, Length: geo.Length(line), WayIDs: []int64{way}, Name: from + to,
		Class: routing.Residential, Forward: forward, Backward: backward, Belongs: true})
}

// Node gives the junction with that letter.
func (m *Map) Node(letter string) routing.NodeID {
	n, ok := m.nodes[letter]
	if !ok {
		panic("routingtest: no junction " + letter)
	}
	return n
}

// Arc gives the arc between two junctions, as "ab"; the first in reading order
// if there are several.
func (m *Map) Arc(ends string) routing.Arc {
	f, t := m.Node(ends[:1]), m.Node(ends[1:])
	for i := range m.Segments {
		s := &m.Segments[i]
		switch {
		case s.From == f && s.To == t:
			return routing.ArcOf(routing.SegmentID(i), false)
		case s.From == t && s.To == f:
			return routing.ArcOf(routing.SegmentID(i), true)
		}
	}
	panic("routingtest: no street " + ends)
}

// Segment gives the segment between two junctions.
func (m *Map) Segment(ends string) *routing.Segment { return m.Graph.Segment(m.Arc(ends)) }

// Letters writes arcs as the junctions that they pass: "a-b-c".
func (m *Map) Letters(arcs []routing.Arc) string {
	var b strings.Builder
	for i, a := range arcs {
		if i == 0 {
			b.WriteByte(byte(m.Nodes[m.Tail(a)].OSM))
		}
		b.WriteByte('-')
		b.WriteByte(byte(m.Nodes[m.Head(a)].OSM))
	}
	return b.String()
}

// Ban forbids the turn from one arc into another, as Ban("ab", "bc"), for all
// modes but foot.
func Ban(in, out string) Option {
	return func(m *Map) {
		m.Restrictions = append(m.Restrictions, routing.Restriction{From: m.Arc(in), To: m.Arc(out),
			Modes: routing.AllModes &^ routing.SetOf(routing.Foot)})
	}
}

// Named names a street; "" makes it a street without a name.
func Named(ends, name string) Option { return func(m *Map) { m.Segment(ends).Name = name } }

// Classed sets a street's class.
func Classed(ends string, c routing.Class) Option {
	return func(m *Map) { m.Segment(ends).Class = c }
}

// For opens a street to the given modes only, in both directions.
func For(ends string, modes ...routing.Mode) Option {
	return func(m *Map) {
		s := m.Segment(ends)
		s.Forward, s.Backward = routing.SetOf(modes...), routing.SetOf(modes...)
	}
}

// Outside marks streets that do not belong to the district.
func Outside(ends ...string) Option {
	return func(m *Map) {
		for _, e := range ends {
			m.Segment(e).Belongs = false
		}
	}
}
