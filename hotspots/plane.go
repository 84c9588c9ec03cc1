package hotspots

import (
	"math"

	"github.com/paulmach/orb"
	h3 "github.com/uber/h3-go/v4"
)

// plane finds the cell of a point by arithmetic. H3 projects each face of an
// icosahedron from the middle of the Earth onto a plane and lays its hexagons out
// there; seen in another such plane, that about the middle of a grid, places on
// the lattice are a ratio of linear functions, found from the cells' centres. It
// serves grids on one face, as nearly all are.
type plane struct {
	lon      float64 // of the middle, in radians
	sin, cos float64 // of its latitude
	scale    float64
	i, j, w  [3]float64 // numerators of the lattice's axes and their denominator, by (east, north, 1)
}

const (
	// planeOff: the centres of cells must be found this near to their places on
	// the lattice, in steps.
	planeOff = 1e-7
	// planeEdge: a point this near to the edge of a cell, in steps, is left to H3.
	planeEdge = 1e-5
	// planeFaces: cells so many resolutions coarser, and those around them, tell
	// which faces a grid lies on.
	planeFaces = 4
	// planeLeast is the least number of cells.
	planeLeast = 32
	// planeCentres is about how many centres the functions are found from.
	planeCentres = 1000
)

// newPlane gives nil where points are to be left to H3. i and j are the cells'
// places on the lattice.
func newPlane(cells []Cell, centres []orb.Point, i, j []int) *plane {
	if len(cells) < planeLeast || !onOneFace(cells) {
		return nil
	}
	var bound orb.Bound
	for n, c := range centres {
		if n == 0 {
			bound = c.Bound()
		}
		bound = bound.Extend(c)
	}
	middle := bound.Center()
	p := &plane{lon: radians(middle[0]), scale: 1}
	p.sin, p.cos = math.Sincos(radians(middle[1]))
	far := 0.0
	for _, c := range centres {
		x, y, ok := p.project(c)
		if !ok {
			return nil
		}
		far = max(far, math.Abs(x), math.Abs(y))
	}
	p.scale = 1 / far
	every := max(1, len(cells)/planeCentres)
	for range 3 { // each round fits what the last one left
		if !p.improve(centres, i, j, every) {
			return nil
		}
	}
	for n, c := range centres {
		u, v, ok := p.at(c)
		if !ok || math.Abs(u-float64(i[n])) > planeOff || math.Abs(v-float64(j[n])) > planeOff {
			return nil
		}
	}
	return p
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// onOneFace tells whether the cells and what is around them lie on one face.
func onOneFace(cells []Cell) bool {
	seen := map[Cell]bool{}
	face := -1
	for _, c := range cells {
		res := c.Res() - planeFaces
		if res < 0 {
			return false
		}
		parent, err := c.Parent(res)
		if err != nil {
			return false
		}
		if seen[parent] {
			continue
		}
		seen[parent] = true
		around, err := parent.Disk(1)
		if err != nil {
			return false
		}
		for _, a := range around {
			faces, err := h3.Cell(a).IcosahedronFaces()
			if err != nil || len(faces) != 1 || face >= 0 && faces[0] != face {
				return false
			}
			face = faces[0]
		}
	}
	return true
}

// project gives a point in the plane that touches the Earth at the middle; false:
// it lies on the other half of the Earth.
func (p *plane) project(at orb.Point) (east, north float64, ok bool) {
	sinLat, cosLat := math.Sincos(radians(at[1]))
	sinLon, cosLon := math.Sincos(radians(at[0]) - p.lon)
	up := p.sin*sinLat + p.cos*cosLat*cosLon
	if up <= 0.1 {
		return 0, 0, false
	}
	f := p.scale / up
	return f * cosLat * sinLon, f * (p.cos*sinLat - p.sin*cosLat*cosLon), true
}

// at gives a point's place on the lattice, between the cells' whole numbers;
// false: it is far away.
func (p *plane) at(point orb.Point) (i, j float64, ok bool) {
	x, y, ok := p.project(point)
	if !ok {
		return 0, 0, false
	}
	w := p.w[0]*x + p.w[1]*y + p.w[2]
	if w <= 0.1 {
		return 0, 0, false
	}
	return (p.i[0]*x + p.i[1]*y + p.i[2]) / w, (p.j[0]*x + p.j[1]*y + p.j[2]) / w, true
}

// improve adds to the functions what makes them fit better, by least squares: the
// place u of a point is to be num(x, y)/den(x, y), so num − u·den is to be nothing.
func (p *plane) improve(centres []orb.Point, i, j []int, every int) bool {
	if p.w == [3]float64{} {
		p.w[2] = 1
	}
	a := make([][]float64, 8)
	for r := range a {
		a[r] = make([]float64, 9)
	}
	var row [9]float64
	add := func() {
		for r := range 8 {
			for c := range 9 {
				a[r][c] += row[r] * row[c]
			}
		}
	}
	for n := 0; n < len(centres); n += every {
		x, y, _ := p.project(centres[n])
		u, v := float64(i[n]), float64(j[n])
		w := p.w[0]*x + p.w[1]*y + p.w[2]
		row = [9]float64{x, y, 1, 0, 0, 0, -u * x, -u * y, u*w - (p.i[0]*x + p.i[1]*y + p.i[2])}
		add()
		row = [9]float64{0, 0, 0, x, y, 1, -v * x, -v * y, v*w - (p.j[0]*x + p.j[1]*y + p.j[2])}
		add()
	}
	d, ok := solved(a)
	for k := range 3 {
		p.i[k] += d[k]
		p.j[k] += d[3+k]
	}
	p.w[0] += d[6]
	p.w[1] += d[7]
	return ok
}

// solved gives the solution of n linear equations, each with its right side at its
// end, by elimination with the largest pivot; false: there is none.
func solved(a [][]float64) ([]float64, bool) {
	n := len(a)
	x := make([]float64, n)
	for c := range n {
		best := c
		for r := c; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		a[c], a[best] = a[best], a[c]
		if !(math.Abs(a[c][c]) > 0) {
			return x, false
		}
		for r := c + 1; r < n; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k <= n; k++ {
				a[r][k] -= f * a[c][k]
			}
		}
	}
	for r := n - 1; r >= 0; r-- {
		x[r] = a[r][n]
		for c := r + 1; c < n; c++ {
			x[r] -= a[r][c] * x[c]
		}
		x[r] /= a[r][r]
	}
	return x, true
}

// cell gives the whole numbers of the cell that holds a point; sure: it is clear
// of that cell's edges. A point that is far away has none.
func (p *plane) cell(point orb.Point) (i, j int, near, sure bool) {
	u, v, ok := p.at(point)
	if !ok {
		return 0, 0, false, true
	}
	// With the axes 120° apart, a + b + c = 0 for a = i, b = j−i, c = −j; rounding
	// each and mending the one that is furthest off keeps that so.
	a, b, c := math.Round(u), math.Round(v-u), math.Round(-v)
	da, db, dc := u-a, v-u-b, -v-c
	switch s := a + b + c; {
	case s == 0:
	case math.Abs(da) >= math.Abs(db) && math.Abs(da) >= math.Abs(dc):
		a, da = a-s, da+s
	case math.Abs(db) >= math.Abs(dc):
		db += s
	default:
		c, dc = c-s, dc+s
	}
	if max(math.Abs(da-db), math.Abs(db-dc), math.Abs(dc-da)) > 1-2*planeEdge {
		return 0, 0, true, false
	}
	return int(a), int(-c), true, true
}
