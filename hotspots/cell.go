package hotspots

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	h3 "github.com/uber/h3-go/v4"
)

// Errors of the package; wrap them with the place and the remedy.
var (
	ErrPoint      = errors.New("not a place on Earth")
	ErrCell       = errors.New("not an H3 cell")
	ErrResolution = errors.New("not an H3 resolution")
	ErrBoundary   = errors.New("unusable boundary")
)

// CheckPoint tells whether p is a longitude and latitude in degrees. H3 itself
// takes a latitude of 512 without complaint.
func CheckPoint(p orb.Point) error {
	if !(math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90) { // also catches NaN
		return fmt.Errorf("%w: longitude %v, latitude %v: want degrees within ±180 and ±90", ErrPoint, p[0], p[1])
	}
	return nil
}

func checkRes(res int) error {
	if res < 0 || res > h3.MaxResolution {
		return fmt.Errorf("%w: %d: want 0 to %d", ErrResolution, res, h3.MaxResolution)
	}
	return nil
}

// CellOf gives the cell that holds p at an H3 resolution (9 is about a city
// block group of 0.12 km² at Lima, 10 about 0.018 km²).
func CellOf(p orb.Point, res int) (Cell, error) {
	if err := CheckPoint(p); err != nil {
		return 0, err
	}
	if err := checkRes(res); err != nil {
		return 0, err
	}
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p[1], Lng: p[0]}, res)
	if err != nil {
		return 0, fmt.Errorf("cell of %v at resolution %d: %w", p, res, err)
	}
	return Cell(c), nil
}

// String gives the index as H3 writes it: lower-case hexadecimal.
func (c Cell) String() string { return strconv.FormatUint(uint64(c), 16) }

// ParseCell reads an index as String writes it, and accepts valid cells only.
func ParseCell(s string) (Cell, error) {
	v, err := strconv.ParseUint(s, 16, 64)
	if err != nil || !Cell(v).Valid() {
		return 0, fmt.Errorf("%w: %q: want a hexadecimal index such as 8a8e6e2a5b57fff", ErrCell, s)
	}
	return Cell(v), nil
}

// MarshalText writes the index as String does.
func (c Cell) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a valid index.
func (c *Cell) UnmarshalText(b []byte) error {
	v, err := ParseCell(string(b))
	if err == nil {
		*c = v
	}
	return err
}

// Valid tells whether c is an H3 cell index.
func (c Cell) Valid() bool { return h3.Cell(c).IsValid() }

// Res gives the resolution of a valid cell.
func (c Cell) Res() int { return h3.Cell(c).Resolution() }

// Centre gives the centre of the cell.
func (c Cell) Centre() (orb.Point, error) {
	ll, err := h3.CellToLatLng(h3.Cell(c))
	if err != nil {
		return orb.Point{}, fmt.Errorf("%w: %s: %v", ErrCell, c, err)
	}
	return orb.Point{ll.Lng, ll.Lat}, nil
}

// Polygon gives the outline of the cell, closed and counter-clockwise.
func (c Cell) Polygon() (orb.Polygon, error) {
	b, err := h3.CellToBoundary(h3.Cell(c))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v", ErrCell, c, err)
	}
	ring := make(orb.Ring, 0, len(b)+1)
	for _, ll := range b {
		ring = append(ring, orb.Point{ll.Lng, ll.Lat})
	}
	return orb.Polygon{append(ring, ring[0])}, nil
}

// AreaM2 gives the true area of the cell in square metres; cells of one
// resolution differ by up to a half over the world.
func (c Cell) AreaM2() (float64, error) {
	a, err := h3.CellAreaM2(h3.Cell(c))
	if err != nil {
		return 0, fmt.Errorf("%w: %s: %v", ErrCell, c, err)
	}
	return a, nil
}

// Parent gives the coarser cell at resolution res that c descends from. A
// cell's area is only nearly inside that of its parent.
func (c Cell) Parent(res int) (Cell, error) {
	p, err := h3.Cell(c).Parent(res)
	if err != nil {
		return 0, fmt.Errorf("parent of %s at resolution %d: %w", c, res, err)
	}
	return Cell(p), nil
}

// Disk gives every cell within k steps of c, c first, then ring by ring.
func (c Cell) Disk(k int) ([]Cell, error) {
	if k < 0 || k > 100 {
		return nil, fmt.Errorf("disk of %d rings: want 0 to 100", k)
	}
	rings, err := h3.GridDiskDistances(h3.Cell(c), k)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v", ErrCell, c, err)
	}
	var out []Cell
	for _, ring := range rings {
		for _, x := range ring {
			if x != 0 {
				out = append(out, Cell(x))
			}
		}
	}
	return out, nil
}
