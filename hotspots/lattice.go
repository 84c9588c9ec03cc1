package hotspots

import (
	"sync"

	h3 "github.com/uber/h3-go/v4"
)

// lattice lays the cells of a grid out on H3's local IJ axes (120° apart), so
// that neighbours are found by arithmetic instead of a call into H3 each. Two
// cells are max(di,dj,0)-min(di,dj,0) steps apart. It is empty where H3 has no
// such axes: around the twelve pentagons, all of them at sea.
type lattice struct {
	at   []int32 // position by row*width+column, -1 where there is no cell
	w, h int
	pos  []int32 // row*width+column of every cell

	rings *ringTable
}

func (l *lattice) ok() bool { return l.at != nil }

// newLattice gives an empty lattice where H3 cannot lay the cells out.
func newLattice(cells []Cell) lattice {
	origin := h3.Cell(cells[len(cells)/2])
	ij := make([]h3.CoordIJ, len(cells))
	lo, hi := h3.CoordIJ{I: 1 << 30, J: 1 << 30}, h3.CoordIJ{I: -1 << 30, J: -1 << 30}
	for n, c := range cells {
		p, err := h3.CellToLocalIJ(origin, h3.Cell(c))
		if err != nil {
			return lattice{}
		}
		ij[n] = p
		lo.I, lo.J = min(lo.I, p.I), min(lo.J, p.J)
		hi.I, hi.J = max(hi.I, p.I), max(hi.J, p.J)
	}
	w, h := hi.J-lo.J+1, hi.I-lo.I+1
	if w*h > 8*maxCells {
		return lattice{}
	}
	l := lattice{at: make([]int32, w*h), w: w, h: h, pos: make([]int32, len(cells)), rings: &ringTable{}}
	for i := range l.at {
		l.at[i] = -1
	}
	for n, p := range ij {
		k := (p.I-lo.I)*w + p.J - lo.J
		if l.at[k] >= 0 { // folded over a pentagon
			return lattice{}
		}
		l.at[k], l.pos[n] = int32(n), int32(k)
	}
	return l
}

func (l *lattice) disk(i, k int, yield func(j, ring int)) {
	r, c := int(l.pos[i])/l.w, int(l.pos[i])%l.w
	for _, o := range l.rings.upTo(k) {
		rr, cc := r+int(o.di), c+int(o.dj)
		if rr < 0 || rr >= l.h || cc < 0 || cc >= l.w {
			continue
		}
		if j := l.at[rr*l.w+cc]; j >= 0 {
			yield(int(j), int(o.ring))
		}
	}
}

type offset struct{ di, dj, ring int16 }

// ringTable holds the offsets of the rings 0..k in order, made on demand.
type ringTable struct {
	mu   sync.Mutex
	k    int
	offs []offset
}

// upTo gives the offsets of the rings 0..k: 1+3k(k+1) of them.
func (t *ringTable) upTo(k int) []offset {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ; t.k <= k; t.k++ {
		for di := -t.k; di <= t.k; di++ {
			for dj := -t.k; dj <= t.k; dj++ {
				if max(di, dj, 0)-min(di, dj, 0) == t.k {
					t.offs = append(t.offs, offset{int16(di), int16(dj), int16(t.k)})
				}
			}
		}
	}
	return t.offs[:1+3*k*(k+1)]
}
