// Package routing is the street network of a district: junctions, street
// segments between them, who may drive them in which direction, and what may
// be asked of them (neighbours, snapping, shortest paths).
//
// Invariants. A Segment is the street between two junctions: chains of nodes
// of degree 2 are contracted, so its Line has all the map's vertices and its
// ends are graph nodes. An Arc is a Segment in one direction. Lengths are
// metres on the WGS 84 sphere (orb/geo), coordinates [lon, lat] in degrees.
// A Graph does not change after Build; corrections make a new one.
package routing

import (
	"errors"
	"fmt"

	"github.com/paulmach/orb"
)

// Errors of the package; wrap them with the place and the remedy.
var (
	ErrMode  = errors.New("unknown mode")
	ErrGraph = errors.New("inconsistent street graph")
)

// NodeID is an index into Graph.Nodes.
type NodeID int32

// SegmentID is an index into Graph.Segments. It is good for one graph only;
// what is kept uses Segment.ID.
type SegmentID int32

// Arc is a segment in one direction: 2*segment for From→To, 2*segment+1 for
// To→From.
type Arc int32

// NoArc stands for "none".
const NoArc Arc = -1

// ArcOf makes an arc.
func ArcOf(s SegmentID, reverse bool) Arc {
	a := Arc(s) << 1
	if reverse {
		a |= 1
	}
	return a
}

// Segment gives the arc's segment.
func (a Arc) Segment() SegmentID { return SegmentID(a >> 1) }

// Reverse tells whether the arc runs from To to From.
func (a Arc) Reverse() bool { return a&1 == 1 }

// Opposite is the same segment the other way.
func (a Arc) Opposite() Arc { return a ^ 1 }

// Node is a junction, a dead end, or a place where a segment was cut.
type Node struct {
	OSM   int64 // id of the OpenStreetMap node; negative for drawn streets
	Point orb.Point
}

// Class is the kind of street, after OpenStreetMap's highway values.
type Class uint8

// Classes, from the largest street to the smallest path.
const (
	Motorway Class = iota
	Trunk
	Primary
	Secondary
	Tertiary
	Residential
	Unclassified
	LivingStreet
	Service
	Road
	Pedestrian
	Path
	numClasses
)

var classNames = [...]string{"motorway", "trunk", "primary", "secondary", "tertiary", "residential", "unclassified", "living_street", "service", "road", "pedestrian", "path"}

// String gives OpenStreetMap's name of the class (links count as their class).
func (c Class) String() string {
	if c >= numClasses {
		return fmt.Sprintf("class(%d)", uint8(c))
	}
	return classNames[c]
}

// Known tells whether c is one of the classes above.
func (c Class) Known() bool { return c < numClasses }

// Drivable tells whether vehicles use streets of the class; the others are for
// people on foot.
func (c Class) Drivable() bool { return c < Pedestrian }

// Admits gives the modes that a street of the class is open to when nothing
// says otherwise.
func (c Class) Admits() ModeSet {
	switch c {
	case Motorway:
		return SetOf(Car, Motorcycle)
	case Pedestrian, Path:
		return SetOf(Foot)
	}
	return AllModes
}

// Segment is the street between two junctions.
type Segment struct {
	// ID is stable over imports of the same map:
	// "<from OSM node>-<to OSM node>-<first way id>".
	ID       string
	From, To NodeID
	Line     orb.LineString // From → To, every vertex of the map
	Length   float64        // metres
	WayIDs   []int64        // OpenStreetMap ways, in the order From → To
	Name     string         // as mapped or corrected; empty if it has none
	Label    string         // what people read: Name, or the street described by its neighbours
	Class    Class
	Surface  string // OpenStreetMap's surface value, empty if unknown

	// Forward and Backward are the modes that may go From→To and To→From.
	Forward, Backward ModeSet
	// Belongs: at least half of the length lies inside the boundary, so the
	// whole segment counts for the district.
	Belongs bool
	// Gate: an openable barrier stands on it (passable, worth knowing).
	Gate bool
}

// Restriction forbids entering To directly after From for some modes.
type Restriction struct {
	From, To Arc
	Modes    ModeSet
}

// Excluded is a street that the map closes to modes its class would admit
// ("private", "no"). It is not part of the network; it is kept so that what a
// plan leaves out can be counted and shown.
type Excluded struct {
	WayID  int64
	Name   string
	Class  Class
	Line   orb.LineString
	Length float64 // metres
	Inside float64 // metres of it inside the boundary
	Modes  ModeSet // whom it is closed to
}

// Graph is the street network of one district and its surroundings.
type Graph struct {
	Nodes        []Node
	Segments     []Segment
	Restrictions []Restriction
	Excluded     []Excluded
	Boundary     orb.MultiPolygon // of the district; empty: every segment belongs

	outStart []int32
	out      []Arc // arcs that leave a node, whoever may drive them
	banned   map[[2]Arc]ModeSet
	turns    []bool // by arc: some turn from it is banned
	index    *snapIndex
	derived  *derived
}

// Build checks the graph and makes its adjacency. Call it once, after the
// exported fields are set; the graph must not change afterwards.
func (g *Graph) Build() error {
	if g.index == nil {
		g.index = &snapIndex{}
	}
	g.derived = &derived{}
	n := len(g.Nodes)
	g.outStart = make([]int32, n+1)
	for i := range g.Segments {
		s := &g.Segments[i]
		if int(s.From) >= n || int(s.To) >= n || s.From < 0 || s.To < 0 {
			return fmt.Errorf("%w: segment %s names a node that is not there", ErrGraph, s.ID)
		}
		if len(s.Line) < 2 {
			return fmt.Errorf("%w: segment %s has no line", ErrGraph, s.ID)
		}
		g.outStart[s.From+1]++
		g.outStart[s.To+1]++
	}
	for i := 0; i < n; i++ {
		g.outStart[i+1] += g.outStart[i]
	}
	g.out = make([]Arc, 2*len(g.Segments))
	next := append([]int32(nil), g.outStart[:n]...)
	for i := range g.Segments {
		s := &g.Segments[i]
		g.out[next[s.From]] = ArcOf(SegmentID(i), false)
		next[s.From]++
		g.out[next[s.To]] = ArcOf(SegmentID(i), true)
		next[s.To]++
	}
	g.banned = make(map[[2]Arc]ModeSet, len(g.Restrictions))
	g.turns = make([]bool, 2*len(g.Segments))
	for _, r := range g.Restrictions {
		if r.From < 0 || r.To < 0 || int(r.From.Segment()) >= len(g.Segments) || int(r.To.Segment()) >= len(g.Segments) {
			return fmt.Errorf("%w: a turn restriction names a segment that is not there", ErrGraph)
		}
		if g.Head(r.From) != g.Tail(r.To) {
			return fmt.Errorf("%w: turn restriction between %s and %s, which do not meet", ErrGraph, g.Segment(r.From).ID, g.Segment(r.To).ID)
		}
		g.banned[[2]Arc{r.From, r.To}] |= r.Modes
		g.turns[r.From] = true
	}
	return nil
}

// Out gives the arcs that leave n for every mode, in the order of the
// segments; ask Allowed before using one. The slice is shared: do not change it.
func (g *Graph) Out(n NodeID) []Arc { return g.out[g.outStart[n]:g.outStart[n+1]] }

// Segment gives the segment of an arc.
func (g *Graph) Segment(a Arc) *Segment { return &g.Segments[a.Segment()] }

// Tail is the node that a leaves.
func (g *Graph) Tail(a Arc) NodeID {
	s := g.Segment(a)
	if a.Reverse() {
		return s.To
	}
	return s.From
}

// Head is the node that a reaches.
func (g *Graph) Head(a Arc) NodeID {
	s := g.Segment(a)
	if a.Reverse() {
		return s.From
	}
	return s.To
}

// Allowed tells whether m may go along a.
func (g *Graph) Allowed(a Arc, m Mode) bool {
	s := g.Segment(a)
	if a.Reverse() {
		return s.Backward.Has(m)
	}
	return s.Forward.Has(m)
}

// TurnAllowed tells whether m may go on from in to out where they meet.
// A U-turn is allowed unless the map forbids it.
func (g *Graph) TurnAllowed(in, out Arc, m Mode) bool {
	return !g.turns[in] || !g.banned[[2]Arc{in, out}].Has(m)
}

// Line gives the arc's vertices in driving order. For a forward arc it is the
// segment's own line: do not change it.
func (g *Graph) Line(a Arc) orb.LineString {
	l := g.Segment(a).Line
	if !a.Reverse() {
		return l
	}
	r := make(orb.LineString, len(l))
	for i, p := range l {
		r[len(l)-1-i] = p
	}
	return r
}
