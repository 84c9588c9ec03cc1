package hotspots

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	h3 "github.com/uber/h3-go/v4"
)

// maxCells bounds the cells of a grid, so that a country at a fine resolution
// fails with a message and not by running out of memory.
const maxCells = 4_000_000

// Grid is the partition of a district into H3 cells of one resolution: those
// whose centre lies inside the boundary. Cells are known by their position
// 0..Len()-1, in ascending order of the index, so the same boundary always
// gives the same order. A Grid does not change and is safe for concurrent use.
type Grid struct {
	res      int
	boundary orb.MultiPolygon
	cells    []Cell
	index    map[Cell]int32
	centres  []orb.Point
	areas    []float64
	spacing  float64
	lattice  lattice
}

// NewGrid makes the grid of a boundary: several polygons count as their union,
// and their holes are left out.
func NewGrid(boundary orb.MultiPolygon, res int) (*Grid, error) {
	if err := checkRes(res); err != nil {
		return nil, err
	}
	if err := checkBoundary(boundary, res); err != nil {
		return nil, err
	}
	g := &Grid{res: res, boundary: boundary}
	for i, poly := range boundary {
		cs, err := h3.PolygonToCells(geoPolygon(poly), res)
		if err != nil {
			return nil, fmt.Errorf("%w: polygon %d at resolution %d: %v", ErrBoundary, i+1, res, err)
		}
		for _, c := range cs {
			g.cells = append(g.cells, Cell(c))
		}
	}
	slices.Sort(g.cells)
	g.cells = slices.Clip(slices.Compact(g.cells))
	if len(g.cells) == 0 {
		return nil, fmt.Errorf("%w: it holds the centre of no cell at resolution %d: use a finer resolution", ErrBoundary, res)
	}
	g.index = make(map[Cell]int32, len(g.cells))
	g.centres = make([]orb.Point, len(g.cells))
	g.areas = make([]float64, len(g.cells))
	total := 0.0
	for i, c := range g.cells {
		g.index[c] = int32(i)
		var err error
		if g.centres[i], err = c.Centre(); err != nil {
			return nil, err
		}
		if g.areas[i], err = c.AreaM2(); err != nil {
			return nil, err
		}
		total += g.areas[i]
	}
	g.spacing = math.Sqrt(2 / math.Sqrt(3) * total / float64(len(g.cells)))
	g.lattice = newLattice(g.cells, g.centres)
	return g, nil
}

func checkBoundary(boundary orb.MultiPolygon, res int) error {
	if len(boundary) == 0 {
		return fmt.Errorf("%w: it has no polygon", ErrBoundary)
	}
	each, err := h3.HexagonAreaAvgM2(res)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrResolution, err)
	}
	cells := 0.0
	for i, poly := range boundary {
		if len(poly) == 0 {
			return fmt.Errorf("%w: polygon %d is empty", ErrBoundary, i+1)
		}
		for j, ring := range poly {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return fmt.Errorf("%w: ring %d of polygon %d is not closed by four or more positions", ErrBoundary, j+1, i+1)
			}
			for _, p := range ring {
				if err := CheckPoint(p); err != nil {
					return fmt.Errorf("%w: ring %d of polygon %d: %w", ErrBoundary, j+1, i+1, err)
				}
			}
		}
		b := poly.Bound()
		if b.Max[0]-b.Min[0] > 180 {
			return fmt.Errorf("%w: polygon %d spans more than 180° of longitude", ErrBoundary, i+1)
		}
		cells += geo.Area(b) / each
	}
	if cells > maxCells {
		return fmt.Errorf("%w: about %.0f cells at resolution %d, more than %d: use a coarser resolution or a smaller boundary", ErrBoundary, cells, res, maxCells)
	}
	return nil
}

// geoPolygon is poly as H3 wants it: rings without their closing position.
func geoPolygon(poly orb.Polygon) h3.GeoPolygon {
	loop := func(r orb.Ring) h3.GeoLoop {
		l := make(h3.GeoLoop, len(r)-1)
		for i := range l {
			l[i] = h3.LatLng{Lat: r[i][1], Lng: r[i][0]}
		}
		return l
	}
	g := h3.GeoPolygon{GeoLoop: loop(poly[0])}
	for _, hole := range poly[1:] {
		g.Holes = append(g.Holes, loop(hole))
	}
	return g
}

// Res gives the H3 resolution of the cells.
func (g *Grid) Res() int { return g.res }

// Len gives the number of cells.
func (g *Grid) Len() int { return len(g.cells) }

// Cells gives every cell in the grid's order. The slice is shared: do not
// change it.
func (g *Grid) Cells() []Cell { return g.cells }

// Cell gives the cell at position i.
func (g *Grid) Cell(i int) Cell { return g.cells[i] }

// Index gives the position of a cell.
func (g *Grid) Index(c Cell) (int, bool) {
	i, ok := g.index[c]
	return int(i), ok
}

// CellAt gives the position of the cell that holds p; false if p is in none.
func (g *Grid) CellAt(p orb.Point) (int, bool) {
	if CheckPoint(p) != nil {
		return 0, false
	}
	if i, sure := g.lattice.cellAt(p); sure {
		return max(i, 0), i >= 0
	}
	c, err := CellOf(p, g.res)
	if err != nil {
		return 0, false
	}
	return g.Index(c)
}

// CellsAt gives, for each of n points, what CellAt gives, −1 for one in none. It
// works on all processors.
func (g *Grid) CellsAt(n int, point func(i int) orb.Point) []int32 {
	return inParts(n, func(i int) (int, bool) { return g.CellAt(point(i)) })
}

// NearestTo gives, for each of n points, what Nearest gives, −1 for one outside.
// It works on all processors.
func (g *Grid) NearestTo(n int, point func(i int) orb.Point) []int32 {
	return inParts(n, func(i int) (int, bool) { return g.Nearest(point(i)) })
}

// inParts asks for the cell of each of n points, a part of them on each processor.
func inParts(n int, cell func(i int) (int, bool)) []int32 {
	out := make([]int32, n)
	hands := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for h := range hands {
		wg.Go(func() {
			for i := h * n / hands; i < (h+1)*n/hands; i++ {
				out[i] = -1
				if c, ok := cell(i); ok {
					out[i] = int32(c)
				}
			}
		})
	}
	wg.Wait()
	return out
}

// Nearest gives the cell that p counts for: the one that holds it, or, for a
// point inside the boundary whose cell has its centre outside, the cell with
// the nearest centre. False for every point outside both.
func (g *Grid) Nearest(p orb.Point) (int, bool) {
	if i, ok := g.CellAt(p); ok {
		return i, true
	}
	c, err := CellOf(p, g.res)
	if err != nil || !planar.MultiPolygonContains(g.boundary, p) {
		return 0, false
	}
	disk, err := c.Disk(2)
	if err != nil {
		return 0, false
	}
	best, dist := -1, math.Inf(1)
	for _, x := range disk {
		if i, ok := g.Index(x); ok {
			if d := geo.Distance(p, g.centres[i]); d < dist {
				best, dist = i, d
			}
		}
	}
	return best, best >= 0
}

// Centre gives the centre of cell i.
func (g *Grid) Centre(i int) orb.Point { return g.centres[i] }

// AreaM2 gives the true area of cell i in square metres.
func (g *Grid) AreaM2(i int) float64 { return g.areas[i] }

// Spacing gives the mean distance in metres between the centres of
// neighbouring cells.
func (g *Grid) Spacing() float64 { return g.spacing }

// Boundary gives the boundary that the grid was made from.
func (g *Grid) Boundary() orb.MultiPolygon { return g.boundary }

// Polygon gives the outline of cell i.
func (g *Grid) Polygon(i int) orb.Polygon {
	p, err := g.cells[i].Polygon()
	if err != nil {
		panic(err) // the cells of a grid are valid
	}
	return p
}

// Parent gives the coarser cell that cell i descends from; res must not be
// finer than the grid's.
func (g *Grid) Parent(i, res int) (Cell, error) { return g.cells[i].Parent(res) }

// Disk calls yield for every cell of the grid within k steps of cell i, with
// its distance in steps, i itself first and then ring by ring.
func (g *Grid) Disk(i, k int, yield func(j, ring int)) {
	if g.lattice.ok(k) {
		g.lattice.disk(i, k, yield)
		return
	}
	rings, err := h3.GridDiskDistances(h3.Cell(g.cells[i]), k)
	if err != nil {
		panic(err) // valid cell, k ≥ 0
	}
	for ring, cs := range rings {
		for _, c := range cs {
			if j, ok := g.index[Cell(c)]; ok {
				yield(int(j), ring)
			}
		}
	}
}
