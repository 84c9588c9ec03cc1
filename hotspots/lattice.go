package hotspots

import (
	"github.com/paulmach/orb"
	h3 "github.com/uber/h3-go/v4"
)

// latticeRings is how far the rings around a cell may reach on a lattice; it
// has an empty margin as wide, so that they never leave it.
const latticeRings = 24

// lattice lays the cells of a grid out on H3's local IJ axes (120° apart), so
// that neighbours are found by arithmetic instead of a call into H3 each. Two
// cells are max(di,dj,0)-min(di,dj,0) steps apart. It is empty where H3 has no
// such axes: around the twelve pentagons, all of them at sea.
type lattice struct {
	at      []int32 // cell by place, -1 where there is none
	place   []int32 // of every cell
	offsets []offset

	width, height int
	i, j          int    // axes' numbers at place 0
	plane         *plane // finds the axes' numbers of points; nil: H3 is to be asked
}

// offset leads from a place to one ring steps away.
type offset struct {
	by   int32
	ring int32
}

func (l *lattice) ok(rings int) bool { return l.at != nil && rings <= latticeRings }

// newLattice gives an empty lattice where H3 cannot lay the cells out.
func newLattice(cells []Cell, centres []orb.Point) lattice {
	origin := h3.Cell(cells[len(cells)/2])
	ij := make([]h3.CoordIJ, len(cells))
	is, js := make([]int, len(cells)), make([]int, len(cells))
	lo, hi := h3.CoordIJ{I: 1 << 30, J: 1 << 30}, h3.CoordIJ{I: -1 << 30, J: -1 << 30}
	for n, c := range cells {
		p, err := h3.CellToLocalIJ(origin, h3.Cell(c))
		if err != nil {
			return lattice{}
		}
		ij[n], is[n], js[n] = p, p.I, p.J
		lo.I, lo.J = min(lo.I, p.I), min(lo.J, p.J)
		hi.I, hi.J = max(hi.I, p.I), max(hi.J, p.J)
	}
	width, height := hi.J-lo.J+1+2*latticeRings, hi.I-lo.I+1+2*latticeRings
	if width*height > 8*maxCells {
		return lattice{}
	}
	l := lattice{at: make([]int32, width*height), place: make([]int32, len(cells)),
		width: width, height: height, i: lo.I - latticeRings, j: lo.J - latticeRings, plane: newPlane(cells, centres, is, js)}
	for i := range l.at {
		l.at[i] = -1
	}
	for n, p := range ij {
		k := (p.I-lo.I+latticeRings)*width + p.J - lo.J + latticeRings
		if l.at[k] >= 0 { // folded over a pentagon
			return lattice{}
		}
		l.at[k], l.place[n] = int32(n), int32(k)
	}
	for ring := 0; ring <= latticeRings; ring++ {
		for di := -ring; di <= ring; di++ {
			for dj := -ring; dj <= ring; dj++ {
				if max(di, dj, 0)-min(di, dj, 0) == ring {
					l.offsets = append(l.offsets, offset{int32(di*width + dj), int32(ring)})
				}
			}
		}
	}
	return l
}

// upTo gives the offsets of the rings 0..k, ring by ring: 1+3k(k+1) of them.
func (l *lattice) upTo(k int) []offset { return l.offsets[:1+3*k*(k+1)] }

func (l *lattice) disk(i, k int, yield func(j, ring int)) {
	at := l.place[i]
	for _, o := range l.upTo(k) {
		if j := l.at[at+o.by]; j >= 0 {
			yield(int(j), int(o.ring))
		}
	}
}

// spread adds up, at every cell, what the cells around have, each by the
// weight of its ring.
func (l *lattice) spread(x, weight []float64) []float64 {
	offs := l.upTo(len(weight) - 1)
	sum := make([]float64, len(l.at))
	for i, v := range x {
		if v == 0 {
			continue
		}
		at := l.place[i]
		for _, o := range offs {
			sum[at+o.by] += v * weight[o.ring]
		}
	}
	out := make([]float64, len(x))
	for i, at := range l.place {
		out[i] = sum[at]
	}
	return out
}

// cellAt gives the cell that holds a point, −1 if none does; sure: no need to ask
// H3.
func (l *lattice) cellAt(p orb.Point) (cell int, sure bool) {
	if l.plane == nil {
		return -1, false
	}
	i, j, near, sure := l.plane.cell(p)
	i, j = i-l.i, j-l.j
	if !near || !sure || i < 0 || j < 0 || i >= l.height || j >= l.width {
		return -1, sure
	}
	return int(l.at[i*l.width+j]), true
}
