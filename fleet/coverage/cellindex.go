package coverage

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/hotspots"
	"github.com/serenazgo/serenazgo/routing"
)

// cellStep is how finely a street is cut into cells, in metres: a cell of
// resolution 10 is about 130 m wide.
const cellStep = 10

// cellPart is a stretch of a segment inside one cell, in fractions From→To.
type cellPart struct {
	cell     int32 // index into Index.cells
	from, to float64
}

// Index knows which stretch of which segment of a graph lies in which cell. It
// takes a good part of a second to make and never changes, so that all
// coverages of one graph share it.
type Index struct {
	graph *routing.Graph
	res   []int
	cells []hotspots.Cell
	at    map[hotspots.Cell]int32
	level []int8         // cell: which of the resolutions
	parts [][][]cellPart // [resolution][segment], ascending, from 0 to 1
}

// NewIndex walks every segment at every resolution.
func NewIndex(g *routing.Graph, resolutions []int) (*Index, error) {
	x := &Index{graph: g, res: slices.Clone(resolutions), parts: make([][][]cellPart, len(resolutions)), at: map[hotspots.Cell]int32{}}
	for r, res := range resolutions {
		x.parts[r] = make([][]cellPart, len(g.Segments))
		for i := range g.Segments {
			parts, err := x.walk(&g.Segments[i], res, int8(r))
			if err != nil {
				return nil, fmt.Errorf("cells of street segment %s: %w", g.Segments[i].ID, err)
			}
			x.parts[r][i] = parts
		}
	}
	return x, nil
}

// Of tells whether the index is one of the graph at these resolutions.
func (x *Index) Of(g *routing.Graph, resolutions []int) bool {
	return x != nil && x.graph == g && slices.Equal(x.res, resolutions)
}

// touched marks the cells that a marked segment touches.
func (x *Index) touched(segments []bool) []bool {
	out := make([]bool, len(x.cells))
	for _, byRes := range x.parts {
		for s, parts := range byRes {
			if segments[s] {
				for _, p := range parts {
					out[p.cell] = true
				}
			}
		}
	}
	return out
}

func (x *Index) walk(s *routing.Segment, res int, level int8) ([]cellPart, error) {
	var out []cellPart
	total := geo.Length(s.Line)
	step := func(p orb.Point, from, to float64) error {
		c, err := hotspots.CellOf(p, res)
		if err != nil {
			return err
		}
		i, ok := x.at[c]
		if !ok {
			i = int32(len(x.cells))
			x.at[c] = i
			x.cells = append(x.cells, c)
			x.level = append(x.level, level)
		}
		if n := len(out); n > 0 && out[n-1].cell == i {
			out[n-1].to = to
		} else {
			out = append(out, cellPart{i, from, to})
		}
		return nil
	}
	if !(total > 0) {
		return out, step(s.Line[0], 0, 1)
	}
	done := 0.0
	for k := 1; k < len(s.Line); k++ {
		a, b := s.Line[k-1], s.Line[k]
		d := geo.Distance(a, b)
		n := max(1, int(math.Ceil(d/cellStep)))
		for j := range n {
			f, t := float64(j)/float64(n), float64(j+1)/float64(n)
			mid := (f + t) / 2
			p := orb.Point{a[0] + mid*(b[0]-a[0]), a[1] + mid*(b[1]-a[1])}
			if err := step(p, (done+f*d)/total, (done+t*d)/total); err != nil {
				return nil, err
			}
		}
		done += d
	}
	out[0].from, out[len(out)-1].to = 0, 1
	return out, nil
}

// each calls yield with the stretches of a segment's part [from, to], at every
// resolution; a part of no length gets the one stretch that holds it.
func (x *Index) each(s routing.SegmentID, from, to float64, yield func(cell int32, from, to float64)) {
	for _, byRes := range x.parts {
		parts := byRes[s]
		for i, p := range parts {
			if from == to {
				if from < p.to || i == len(parts)-1 {
					yield(p.cell, from, to)
					break
				}
				continue
			}
			if p.from >= to {
				break
			}
			if p.to > from {
				yield(p.cell, max(from, p.from), min(to, p.to))
			}
		}
	}
}
