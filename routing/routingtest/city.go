package routingtest

import (
	"fmt"
	"math/rand/v2"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/serenazgo/serenazgo/routing"
)

// Plan describes a random city.
type Plan struct {
	Seed       uint64
	Cols, Rows int     // junctions, at least 2 each
	Block      float64 // metres between junctions; 0: 90
	Drop       float64 // share of streets left out, where four meet
	OneWay     float64 // share of avenues (whole rows and columns) that are one-way
	Spurs      float64 // dead ends per junction
	Bans       float64 // forbidden turns per junction
	Named      float64 // share of rows and columns with a name
}

// Usual is a town of about 2·cols·rows streets with the habits of El Porvenir:
// T-junctions, a tenth one-way, half of the streets without a name.
func Usual(seed uint64, cols, rows int) Plan {
	return Plan{Seed: seed, Cols: cols, Rows: rows, Drop: 0.25, OneWay: 0.1, Spurs: 0.05, Bans: 0.01, Named: 0.55}
}

// City builds the graph of a plan: a jittered grid. The same plan gives the
// same graph. The boundary leaves out the outermost streets when the grid has
// at least five rows and columns.
func City(p Plan) *routing.Graph {
	if p.Block == 0 {
		p.Block = 90
	}
	c := &city{Plan: p, r: rand.New(rand.NewPCG(p.Seed, 0x5e7e)), g: &routing.Graph{}, degree: make([]int, p.Cols*p.Rows)}
	for y := range p.Rows {
		for x := range p.Cols {
			c.node(c.place(float64(x)+c.jitter(), float64(y)+c.jitter()))
		}
	}
	for y := range p.Rows {
		c.avenue(y*p.Cols, 1, p.Cols, fmt.Sprintf("Av. %d", y+1))
	}
	for x := range p.Cols {
		c.avenue(x, p.Cols, p.Rows, fmt.Sprintf("Jr. %d", x+1))
	}
	c.spurs()
	if p.Cols >= 5 && p.Rows >= 5 {
		a, b := c.place(0.5, 0.5), c.place(float64(p.Cols)-1.5, float64(p.Rows)-1.5)
		c.g.Boundary = orb.MultiPolygon{{{a, {b[0], a[1]}, b, {a[0], b[1]}, a}}}
	}
	region := routing.NewRegion(c.g.Boundary)
	for i := range c.g.Segments {
		s := &c.g.Segments[i]
		s.Belongs = region.LengthInside(s.Line) >= s.Length/2
	}
	if err := c.g.Build(); err != nil {
		panic("routingtest: " + err.Error())
	}
	c.bans()
	if err := c.g.Build(); err != nil {
		panic("routingtest: " + err.Error())
	}
	c.g.Describe()
	return c.g
}

type city struct {
	Plan
	r      *rand.Rand
	g      *routing.Graph
	degree []int
}

func (c *city) jitter() float64 { return 0.3 * (c.r.Float64() - 0.5) }

func (c *city) place(x, y float64) orb.Point {
	const degree = 1 / 111319.49
	return orb.Point{round7(Origin[0] + x*c.Block*degree/0.99), round7(Origin[1] - y*c.Block*degree)}
}

func (c *city) node(p orb.Point) routing.NodeID {
	c.g.Nodes = append(c.g.Nodes, routing.Node{OSM: int64(1000 + len(c.g.Nodes)), Point: p})
	return routing.NodeID(len(c.g.Nodes) - 1)
}

// avenue joins n junctions in a row, from first in steps.
func (c *city) avenue(first, step, n int, name string) {
	forward, backward := routing.AllModes, routing.AllModes
	const foot routing.ModeSet = 1 << routing.Foot
	if c.r.Float64() < c.OneWay {
		if c.r.IntN(2) == 0 {
			forward = foot
		} else {
			backward = foot
		}
	}
	if c.r.Float64() >= c.Named {
		name = ""
	}
	for i := range n - 1 {
		a, b := first+i*step, first+(i+1)*step
		// A junction keeps three arms at least, so that it stays one.
		inner := i > 0 && i < n-2
		if inner && c.degree[a] >= 2 && c.degree[b] >= 2 && c.r.Float64() < c.Drop {
			continue
		}
		c.degree[a]++
		c.degree[b]++
		c.street(routing.NodeID(a), routing.NodeID(b), name, forward, backward)
	}
}

// street adds a segment, at times with a bend.
func (c *city) street(a, b routing.NodeID, name string, forward, backward routing.ModeSet) {
	p, q := c.g.Nodes[a].Point, c.g.Nodes[b].Point
	line := orb.LineString{p, q}
	if c.r.IntN(4) == 0 {
		mid := orb.Point{round7((p[0]+q[0])/2 + 5e-5*c.jitter()), round7((p[1]+q[1])/2 + 5e-5*c.jitter())}
		line = orb.LineString{p, mid, q}
	}
	way := int64(len(c.g.Segments) + 1)
	class := routing.Residential
	if name != "" && name[0] == 'A' {
		class = routing.Tertiary
	}
	c.g.Segments = append(c.g.Segments, routing.Segment{ID: fmt.Sprintf("%d-%d-%d", c.g.Nodes[a].OSM, c.g.Nodes[b].OSM, way),
		From: a, To: b, Line: line, Length: geo.Length(line), WayIDs: []int64{way}, Name: name, Class: class,
		Forward: forward, Backward: backward, Surface: "asphalt"})
}

func (c *city) spurs() {
	n := len(c.degree)
	for i := range n {
		if c.r.Float64() < c.Spurs {
			p := c.g.Nodes[i].Point
			end := c.node(orb.Point{round7(p[0] + 4e-4*(c.r.Float64()-0.5)), round7(p[1] + 4e-4*(c.r.Float64()-0.5))})
			if c.g.Nodes[end].Point != p {
				c.street(routing.NodeID(i), end, "", routing.AllModes, routing.AllModes)
			}
		}
	}
}

// bans forbids random turns to vehicles, never U-turns.
func (c *city) bans() {
	for i := range c.degree {
		out := c.g.Out(routing.NodeID(i))
		if len(out) < 3 || c.r.Float64() >= c.Bans {
			continue
		}
		k := c.r.IntN(len(out))
		in, to := out[k].Opposite(), out[(k+1)%len(out)]
		c.g.Restrictions = append(c.g.Restrictions, routing.Restriction{From: in, To: to,
			Modes: routing.AllModes &^ routing.SetOf(routing.Foot)})
	}
}
