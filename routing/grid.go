package routing

import (
	"math"

	"github.com/paulmach/orb"
)

// sideGrid finds the sides of streets near a place: squares of degrees, each with
// the sides whose boxes touch it. Squares are a couple of hundred feet wide in a
// town, and wider where streets are so sparse or so long that there would be more
// squares than a few for each side. It does not change once it is made.
type sideGrid struct {
	origin [2]float64
	scale  [2]float64 // squares per degree
	n      [2]int     // squares east and north
	starts []int32    // by square: of its sides; one more at the end
	sides  []side
}

// side is one straight piece of a segment.
type side struct {
	a, b    orb.Point
	segment SegmentID
	at      int32 // of a among the segment's vertices
}

const (
	// squareMetres is how wide a square is at least.
	squareMetres = 60
	// squaresPerSide bounds the squares, and the entries in them, by the sides.
	squaresPerSide = 8
)

// newSideGrid indexes sides.
func newSideGrid(all []side) sideGrid {
	if len(all) == 0 {
		return sideGrid{}
	}
	lo, hi := box(all[0].a, all[0].b)
	for i := range all {
		l, h := box(all[i].a, all[i].b)
		for d := range lo {
			lo[d], hi[d] = min(lo[d], l[d]), max(hi[d], h[d])
		}
	}
	mx, my := metresPerDegree((lo[1] + hi[1]) / 2)
	most := squaresPerSide * (len(all) + 128)
	for width := float64(squareMetres); ; width *= 1.5 {
		g := sideGrid{origin: lo, scale: [2]float64{mx / width, my / width}}
		wide, high := math.Floor((hi[0]-lo[0])*g.scale[0])+1, math.Floor((hi[1]-lo[1])*g.scale[1])+1
		if wide*high > float64(most) {
			continue
		}
		g.n = [2]int{int(wide), int(high)}
		if g.count(all) <= most {
			g.fill(all)
			return g
		}
	}
}

// count gives how many entries the squares hold together.
func (g *sideGrid) count(all []side) int {
	n := 0
	for i := range all {
		from, to := g.squares(box(all[i].a, all[i].b))
		n += (to[0] - from[0] + 1) * (to[1] - from[1] + 1)
	}
	return n
}

// fill puts the sides into their squares.
func (g *sideGrid) fill(all []side) {
	g.starts = make([]int32, g.n[0]*g.n[1]+1)
	for i := range all {
		g.each(box(all[i].a, all[i].b))(func(square int) bool {
			g.starts[square+1]++
			return true
		})
	}
	for i := 1; i < len(g.starts); i++ {
		g.starts[i] += g.starts[i-1]
	}
	g.sides = make([]side, g.starts[len(g.starts)-1])
	next := append([]int32(nil), g.starts...)
	for i := range all {
		g.each(box(all[i].a, all[i].b))(func(square int) bool {
			g.sides[next[square]] = all[i]
			next[square]++
			return true
		})
	}
}

// squares gives the first and the last square of a box, east and north, within
// the grid.
func (g *sideGrid) squares(lo, hi [2]float64) (from, to [2]int) {
	for d := range from {
		from[d], to[d] = g.square(lo[d], d), g.square(hi[d], d)
	}
	return from, to
}

// square gives the square of a coordinate, the first or last if it lies outside.
func (g *sideGrid) square(degrees float64, d int) int {
	at := (degrees - g.origin[d]) * g.scale[d]
	switch {
	case !(at > 0): // NaN too
		return 0
	case at >= float64(g.n[d]):
		return g.n[d] - 1
	}
	return int(at)
}

// each gives the squares of a box.
func (g *sideGrid) each(lo, hi [2]float64) func(yield func(square int) bool) {
	return func(yield func(int) bool) {
		from, to := g.squares(lo, hi)
		for y := from[1]; y <= to[1]; y++ {
			for x := from[0]; x <= to[0]; x++ {
				if !yield(y*g.n[0] + x) {
					return
				}
			}
		}
	}
}

// search gives the sides whose boxes touch a box; one that lies in several squares
// may come several times.
func (g *sideGrid) search(lo, hi [2]float64) func(yield func(s *side) bool) {
	return func(yield func(*side) bool) {
		if len(g.sides) == 0 {
			return
		}
		from, to := g.squares(lo, hi)
		for y := from[1]; y <= to[1]; y++ {
			row := g.sides[g.starts[y*g.n[0]+from[0]]:g.starts[y*g.n[0]+to[0]+1]]
			for i := range row {
				s := &row[i]
				if max(s.a[0], s.b[0]) < lo[0] || min(s.a[0], s.b[0]) > hi[0] || max(s.a[1], s.b[1]) < lo[1] || min(s.a[1], s.b[1]) > hi[1] {
					continue
				}
				if !yield(s) {
					return
				}
			}
		}
	}
}
