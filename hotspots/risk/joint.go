package risk

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	"github.com/paulmach/orb/project"

	"github.com/serenazgo/serenazgo/hotspots"
)

// Res is the H3 resolution of the joint map: cells of about 0.12 km² at Lima,
// the size of the areas that police and municipality agree on.
const Res = 9

// Cell is a cell of the joint map.
type Cell struct {
	Cell      hotspots.Cell
	Index     int     // position in the grid
	Crime     float64 // share of the district
	Municipal float64
	Joint     float64
	Expected  float64 // recorded incidents in the shift
	Exposure  map[Kind]float64
}

// Map is the joint map of a district and a shift.
type Map struct {
	Grid     *hotspots.Grid
	Settings Settings
	Share    float64 // of the municipal map that was used: 0 without factors, 1 without incidents
	Cells    []Cell  // by the grid's order
	Inside   int     // factors that reach a cell
}

// Joint makes the joint map. The surface may be of a finer grid; nil: no
// incidents are known.
func Joint(grid *hotspots.Grid, surface *hotspots.Surface, factors []Factor, s Settings) Map {
	m := Map{Grid: grid, Settings: s, Share: s.Share, Cells: make([]Cell, grid.Len())}
	for i := range m.Cells {
		m.Cells[i] = Cell{Cell: grid.Cell(i), Index: i}
	}
	m.expose(factors)
	risk := 0.0
	for i := range m.Cells {
		c := &m.Cells[i]
		for _, k := range Kinds() { // in one order, so that sums do not differ by rounding
			c.Municipal += s.Term(k).Weight * c.Exposure[k]
		}
		c.Municipal = max(0, c.Municipal)
		risk += c.Municipal
	}
	crime := 0.0
	if surface != nil && surface.Sample > 0 {
		for j, e := range surface.Expected {
			if i, ok := grid.Nearest(surface.Grid.Centre(j)); ok {
				m.Cells[i].Expected += e
				crime += e
			}
		}
	}
	switch {
	case risk == 0:
		m.Share = 0
	case crime == 0:
		m.Share = 1
	}
	for i := range m.Cells {
		c := &m.Cells[i]
		if risk > 0 {
			c.Municipal /= risk
		}
		if crime > 0 {
			c.Crime = c.Expected / crime
		}
		c.Joint = (1-m.Share)*c.Crime + m.Share*c.Municipal
	}
	return m
}

// expose adds what each factor makes of the cells it reaches.
func (m *Map) expose(factors []Factor) {
	for _, f := range factors {
		reach := m.Settings.Term(f.Kind).Reach
		bound := geo.BoundPad(f.Geometry.Bound(), reach)
		reached := false
		for i := range m.Cells {
			p := m.Grid.Centre(i)
			if !bound.Contains(p) {
				continue
			}
			e := 1 - distance(p, f.Geometry)/reach
			if e <= 0 {
				continue
			}
			c := &m.Cells[i]
			if c.Exposure == nil {
				c.Exposure = map[Kind]float64{}
			}
			c.Exposure[f.Kind] = min(1, c.Exposure[f.Kind]+e)
			reached = true
		}
		if reached {
			m.Inside++
		}
	}
}

// distance is how far a geometry is from p in metres, 0 inside a polygon.
func distance(p orb.Point, g orb.Geometry) float64 {
	if poly, ok := g.(orb.Polygon); ok && planar.PolygonContains(poly, p) {
		return 0
	}
	// A plane that touches the Earth at p: exact enough over a few hundred metres.
	lon := geo.Distance(p, orb.Point{p[0] + 0.001, p[1]}) * 1000
	lat := geo.Distance(p, orb.Point{p[0], p[1] + 0.001}) * 1000
	flat := project.Geometry(orb.Clone(g), func(q orb.Point) orb.Point { return orb.Point{(q[0] - p[0]) * lon, (q[1] - p[1]) * lat} })
	return math.Abs(planar.DistanceFrom(flat, orb.Point{}))
}

// Ranked gives the n cells with the largest joint share; n < 0 gives all.
func (m Map) Ranked(n int) []Cell {
	out := slices.Clone(m.Cells)
	slices.SortStableFunc(out, func(a, b Cell) int { return cmp.Compare(b.Joint, a.Joint) })
	if n >= 0 && n < len(out) {
		out = out[:n]
	}
	return out
}

// Times gives how many times the mean of the district a cell's joint share is.
func (m Map) Times(c Cell) float64 { return c.Joint * float64(len(m.Cells)) }
