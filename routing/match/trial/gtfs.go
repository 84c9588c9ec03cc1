package trial

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// greatestShapes bounds the size of shapes.txt, in bytes.
const greatestShapes = 1 << 30

// Shape is the way of a bus line, in driving order.
type Shape struct {
	ID   string
	Line orb.LineString
}

// ReadShapes reads the ways of a public transport feed: shapes.txt of a GTFS
// zip file (General Transit Feed Specification, reference of 2024). Shapes come
// in the order of their ids.
func ReadShapes(r io.ReaderAt, size int64) ([]Shape, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: not a zip file: %v", ErrFile, err)
	}
	for _, f := range z.File {
		if f.Name != "shapes.txt" {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%w: shapes.txt: %v", ErrFile, err)
		}
		defer in.Close()
		return readShapes(io.LimitReader(in, greatestShapes))
	}
	return nil, fmt.Errorf("%w: it has no shapes.txt, so no ways", ErrFile)
}

func readShapes(r io.Reader) ([]Shape, error) {
	type vertex struct {
		sequence int
		point    orb.Point
	}
	at := map[string][]vertex{}
	err := rows(r, []string{"shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"}, func(_ int, v []string) error {
		lat, errLat := coordinate(v[1], 90)
		lon, errLon := coordinate(v[2], 180)
		sequence, errSequence := strconv.Atoi(strings.TrimSpace(v[3]))
		if err := cmp.Or(errLat, errLon, errSequence); err != nil {
			return err
		}
		at[v[0]] = append(at[v[0]], vertex{sequence, orb.Point{lon, lat}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	var out []Shape
	for id, vs := range at {
		slices.SortStableFunc(vs, func(a, b vertex) int { return cmp.Compare(a.sequence, b.sequence) })
		s := Shape{ID: id}
		for _, v := range vs {
			if n := len(s.Line); n == 0 || s.Line[n-1] != v.point {
				s.Line = append(s.Line, v.point)
			}
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: shapes.txt has no ways", ErrFile)
	}
	slices.SortFunc(out, func(a, b Shape) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// coordinate reads degrees, rounded to the seven decimals of a map's vertices.
func coordinate(s string, greatest float64) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(math.Abs(v) <= greatest) {
		return 0, fmt.Errorf("coordinate %q is not a number from %v to %v", s, -greatest, greatest)
	}
	return math.Round(v*1e7) / 1e7, nil
}
