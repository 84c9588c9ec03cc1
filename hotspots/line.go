package hotspots

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
	h3 "github.com/uber/h3-go/v4"
)

// CellsOnLine gives every cell that a line touches at a resolution, in
// ascending order of the index. Sides are straight in longitude and latitude.
func CellsOnLine(line orb.LineString, res int) ([]Cell, error) {
	if err := checkRes(res); err != nil {
		return nil, err
	}
	edge, err := h3.HexagonEdgeLengthAvgM(res)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrResolution, err)
	}
	touched := map[Cell]bool{} // false: looked at, not touched by this side
	for i, p := range line {
		c, err := CellOf(p, res)
		if err != nil {
			return nil, fmt.Errorf("position %d of the line: %w", i+1, err)
		}
		touched[c] = true
		if i == 0 || p == line[i-1] {
			continue
		}
		if err := cellsOnSide(line[i-1], p, res, edge/2, touched); err != nil {
			return nil, err
		}
	}
	var out []Cell
	for c, ok := range touched {
		if ok {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out, nil
}

// cellsOnSide samples the side a–b more finely than any cell is wide and then
// tests the neighbours of the cells met, which a corner may have been cut off.
func cellsOnSide(a, b orb.Point, res int, step float64, touched map[Cell]bool) error {
	n := int(math.Ceil(geo.Distance(a, b)/step)) + 1
	if n > 1_000_000 {
		return fmt.Errorf("%w: a side from %v to %v is too long for resolution %d", ErrPoint, a, b, res)
	}
	var met []Cell
	for k := 0; k <= n; k++ {
		f := float64(k) / float64(n)
		c, err := CellOf(orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}, res)
		if err != nil {
			return err
		}
		touched[c] = true
		if len(met) == 0 || met[len(met)-1] != c {
			met = append(met, c)
		}
	}
	looked := map[Cell]bool{}
	for _, c := range met {
		near, err := c.Disk(1)
		if err != nil {
			return err
		}
		for _, x := range near {
			if touched[x] || looked[x] {
				continue
			}
			looked[x] = true
			poly, err := x.Polygon()
			if err != nil {
				return err
			}
			if sideMeetsRing(a, b, poly[0]) {
				touched[x] = true
			}
		}
	}
	return nil
}

// sideMeetsRing tells whether the side crosses the ring's outline.
func sideMeetsRing(a, b orb.Point, ring orb.Ring) bool {
	for i := 1; i < len(ring); i++ {
		c, d := ring[i-1], ring[i]
		if turn(a, b, c)*turn(a, b, d) < 0 && turn(c, d, a)*turn(c, d, b) < 0 {
			return true
		}
	}
	return planar.RingContains(ring, a)
}

// turn is positive where c lies to the left of a→b.
func turn(a, b, c orb.Point) float64 {
	return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0])
}
