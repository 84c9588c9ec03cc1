package routing

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
)

// How a drawn street joins the network, in metres.
const (
	joinEnd    = 15 // an end this near to a street is meant to meet it
	joinVertex = 4  // so is a vertex on the way
	joinNode   = 8  // a place this near to a junction is the junction
	drawnMin   = 3  // shorter pieces are left out
	drawnMax   = 50_000
	drawnDots  = 5_000 // vertices of one drawn street
)

// editor cuts segments and adds drawn streets. Lines are numbered through: the
// base graph's segments, then the drawn streets.
type editor struct {
	base    *Graph
	nodes   []Node // the base's and new ones
	drawn   []drawnStreet
	drawnBy []int // index of the result of a drawn street
	cuts    map[int][]joint
	pieces  map[int][]SegmentID // of cut segments and drawn streets
	nextID  map[string]int
}

type drawnStreet struct {
	Segment
	first, last NodeID
}

// joint is a junction on a line.
type joint struct {
	along float64
	node  NodeID
}

func newEditor(g *Graph) *editor {
	return &editor{base: g, nodes: slices.Clone(g.Nodes), cuts: map[int][]joint{}, pieces: map[int][]SegmentID{}}
}

// line gives a line by its number.
func (e *editor) line(i int) orb.LineString {
	if i < len(e.base.Segments) {
		return e.base.Segments[i].Line
	}
	return e.drawn[i-len(e.base.Segments)].Line
}

// ends gives the nodes at the ends of a line.
func (e *editor) ends(i int) (first, last NodeID) {
	if i < len(e.base.Segments) {
		return e.base.Segments[i].From, e.base.Segments[i].To
	}
	d := &e.drawn[i-len(e.base.Segments)]
	return d.first, d.last
}

// draw takes a drawn street in and joins it to what is there; result numbers
// its result.
func (e *editor) draw(c *Correction, result int, r *CorrectionResult, window [2]time.Time, loc *time.Location) {
	line, err := cleanLine(c.Line)
	if err != nil {
		r.Note = err.Error()
		return
	}
	f, err := c.inForce(window, loc)
	if err != nil {
		r.Note = err.Error()
		return
	}
	r.By = Drawn
	if f != always { // a street that exists for a part of the window only cannot be counted on
		r.Note = "it is not there all the time"
		return
	}
	r.InForce = true
	modes := AllModes
	if len(c.Modes) > 0 {
		modes = SetOf(c.Modes...)
	}
	s := Segment{Line: line, Name: c.Name, Class: Residential, Forward: modes, Backward: modes, WayIDs: []int64{drawnID(c.ID, 0)}}
	if c.OneWay {
		s.Backward &= SetOf(Foot)
	}
	if modes == SetOf(Foot) {
		s.Class = Path
	}
	if joined := e.join(c, s); joined == 0 {
		r.Note = "it meets no other street; nobody can get there"
	}
	e.drawnBy = append(e.drawnBy, result)
}

// join finds the junctions of a drawn street and counts those with other
// streets.
func (e *editor) join(c *Correction, s Segment) (joined int) {
	serial := 0
	newNode := func(p orb.Point) NodeID {
		serial++
		e.nodes = append(e.nodes, Node{OSM: drawnID(c.ID, serial), Point: p})
		return NodeID(len(e.nodes) - 1)
	}
	total := lineLength(s.Line)
	var joints []joint
	end := func(p orb.Point, along float64) NodeID {
		other, at, ok := e.nearest(p, joinEnd)
		if !ok {
			n := newNode(p)
			joints = append(joints, joint{along, n})
			return n
		}
		joined++
		n := e.nodeOn(other, at, joinEnd, newNode)
		joints = append(joints, joint{along, n})
		return n
	}
	d := drawnStreet{Segment: s}
	d.first = end(s.Line[0], 0)
	d.last = end(s.Line[len(s.Line)-1], total)
	far := func(along float64) bool {
		return !slices.ContainsFunc(joints, func(j joint) bool { return math.Abs(j.along-along) < joinEnd })
	}
	for _, x := range e.crossings(s.Line) {
		if far(x.along) {
			joined++
			joints = append(joints, joint{x.along, e.nodeOn(x.other, x.at, joinNode, newNode)})
		}
	}
	at := 0.0
	for i := 1; i+1 < len(s.Line); i++ {
		at += geo.Distance(s.Line[i-1], s.Line[i])
		if other, on, ok := e.nearest(s.Line[i], joinVertex); ok && far(at) {
			joined++
			joints = append(joints, joint{at, e.nodeOn(other, on, joinNode, newNode)})
		}
	}
	slices.SortFunc(joints, func(a, b joint) int { return cmp.Compare(a.along, b.along) })
	e.cuts[len(e.base.Segments)+len(e.drawn)] = joints
	e.drawn = append(e.drawn, d)
	return joined
}

// nearest gives the line nearest to p within a distance, and how far along it
// the nearest point lies.
func (e *editor) nearest(p orb.Point, within float64) (line int, along float64, ok bool) {
	best := within
	if c := e.base.Snap(p, within); len(c) > 0 {
		line, along, best, ok = int(c[0].Segment), c[0].Along, c[0].Distance, true
	}
	for i := range e.drawn {
		if a, d := distanceTo(e.drawn[i].Line, p); d < best || d == best && !ok {
			line, along, best, ok = len(e.base.Segments)+i, a, d, true
		}
	}
	return line, along, ok
}

// nodeOn gives the junction at a place of a line: one that is near, or a new
// one that cuts the line.
func (e *editor) nodeOn(line int, along, near float64, newNode func(orb.Point) NodeID) NodeID {
	l := e.line(line)
	first, last := e.ends(line)
	total := lineLength(l)
	if along <= near && along <= total/2 {
		return first
	}
	if total-along <= near {
		return last
	}
	for _, j := range e.cuts[line] {
		if math.Abs(j.along-along) <= near {
			return j.node
		}
	}
	n := newNode(gridPoint(PointAlong(l, along)))
	e.cuts[line] = append(e.cuts[line], joint{along, n})
	return n
}

// crossing is where a drawn line crosses another.
type crossing struct {
	along float64 // on the drawn line
	other int
	at    float64 // on the other line
}

// crossings gives where a line crosses others, in its own order. Motorways are
// passed over or under.
func (e *editor) crossings(l orb.LineString) []crossing {
	var out []crossing
	prior := 0.0
	for i := 0; i+1 < len(l); i++ {
		a, b := l[i], l[i+1]
		length := geo.Distance(a, b)
		lo, hi := box(a, b)
		x := e.base.snapper()
		for s := range x.grid.search(lo, hi) {
			if t, ok := meet(a, b, s.a, s.b); ok && e.base.Segments[s.segment].Class != Motorway {
				at := x.prior[s.segment][s.at] + geo.Distance(s.a, between(a, b, t))
				out = append(out, crossing{prior + t*length, int(s.segment), at})
			}
		}
		for k := range e.drawn {
			o := e.drawn[k].Line
			before := 0.0
			for j := 0; j+1 < len(o); j++ {
				if t, ok := meet(a, b, o[j], o[j+1]); ok {
					out = append(out, crossing{prior + t*length, len(e.base.Segments) + k, before + geo.Distance(o[j], between(a, b, t))})
				}
				before += geo.Distance(o[j], o[j+1])
			}
		}
		prior += length
	}
	slices.SortFunc(out, func(a, b crossing) int {
		return cmp.Or(cmp.Compare(a.along, b.along), cmp.Compare(a.other, b.other), cmp.Compare(a.at, b.at))
	})
	return slices.Compact(out)
}

// cleanLine checks what somebody drew and puts it on the map's grid.
func cleanLine(l orb.LineString) (orb.LineString, error) {
	if !onEarth(l) {
		return nil, fmt.Errorf("its line has points that are not degrees")
	}
	if len(l) > drawnDots {
		return nil, fmt.Errorf("its line has %d points, more than %d", len(l), drawnDots)
	}
	var out orb.LineString
	for _, p := range l {
		if p = gridPoint(p); len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	if d := lineLength(out); len(out) < 2 || d < drawnMin || d > drawnMax {
		return nil, fmt.Errorf("its line is %.0f m long; it must have two points and %d m to %d km", d, drawnMin, drawnMax/1000)
	}
	return out, nil
}

func gridPoint(p orb.Point) orb.Point {
	return orb.Point{fromGrid(toGrid(p[0])), fromGrid(toGrid(p[1]))}
}

// drawnID makes the negative number of a drawn street (serial 0) or of one of
// its junctions, the same every time and exact in JSON.
func drawnID(correction string, serial int) int64 {
	h := fnv.New64a()
	h.Write([]byte(correction + "/" + strconv.Itoa(serial)))
	return -int64(h.Sum64()&(1<<52-1)) - 1
}
