package hotspots

import "math"

// smoother spreads values over a grid's lattice quickly, however wide: by running
// means along its three axes, one after another. What it gives has about the
// spread of a Gaussian; what would leave the grid's rectangle is lost, so that
// ratios of two smoothed fields hold up to the border and the fields do not.
type smoother struct {
	l      *lattice
	radius int
	area   float64 // cells under a Gaussian of the same spread, its peak being 1
	w, h   int     // of the rectangle that holds the cells
	inner  []int32
	a, b   []float64
}

// newSmoother gives nil where the grid has no lattice.
func newSmoother(g *Grid, sigma float64) *smoother {
	if g.lattice.at == nil {
		return nil
	}
	// Means over 2r+1 steps along three axes 60° apart have the variance r(r+1)/2
	// in steps, in every direction.
	steps := sigma / g.Spacing()
	s := &smoother{l: &g.lattice, radius: max(1, int(math.Round((math.Sqrt(1+8*steps*steps)-1)/2)))}
	cell := math.Sqrt(3) / 2 * g.Spacing() * g.Spacing()
	s.area = max(1, 2*math.Pi*sigma*sigma/cell)
	s.w, s.h = s.l.width-2*latticeRings, s.l.height-2*latticeRings
	for _, at := range s.l.place {
		i, j := int(at)/s.l.width-latticeRings, int(at)%s.l.width-latticeRings
		s.inner = append(s.inner, int32(i*s.w+j))
	}
	s.a, s.b = make([]float64, s.w*s.h), make([]float64, s.w*s.h)
	return s
}

// spread puts the smoothed values, times f, into out.
func (s *smoother) spread(x []float64, f float64, out []float64) {
	clear(s.a)
	for c, at := range s.inner {
		s.a[at] = x[c]
	}
	s.alongRows()
	s.a, s.b = s.b, s.a
	s.along(0)
	s.a, s.b = s.b, s.a
	s.along(1)
	side := float64(2*s.radius + 1)
	f /= side * side * side
	for c, at := range s.inner {
		out[c] = f * s.b[at]
	}
}

// alongRows sums up, at each place of a, what its row has within the radius, into b.
func (s *smoother) alongRows() {
	r := s.radius
	for row := range s.h {
		a, b := s.a[row*s.w:(row+1)*s.w], s.b[row*s.w:(row+1)*s.w]
		sum := 0.0
		for _, v := range a[:min(r, s.w)] {
			sum += v
		}
		for col := range b {
			if col+r < len(a) {
				sum += a[col+r]
			}
			if col > r {
				sum -= a[col-r-1]
			}
			b[col] = sum
		}
	}
}

// along does so from row to row, each time slant places to the right.
func (s *smoother) along(slant int) {
	r := s.radius
	at := func(row, col int) float64 {
		if row < 0 || row >= s.h || col < 0 || col >= s.w {
			return 0
		}
		return s.a[row*s.w+col]
	}
	whole := func(row, col int) (sum float64) {
		for d := -r; d <= r; d++ {
			sum += at(row+d, col+d*slant)
		}
		return sum
	}
	for col := range s.w {
		s.b[col] = whole(0, col)
	}
	for row := 1; row < s.h; row++ {
		b := s.b[row*s.w : (row+1)*s.w]
		if slant > 0 {
			b[0] = whole(row, 0)
		}
		copy(b[slant:], s.b[(row-1)*s.w:])
		if k := row + r; k < s.h {
			if skip := r * slant; skip < s.w {
				a := s.a[k*s.w+skip : (k+1)*s.w]
				for col := slant; col < len(a); col++ {
					b[col] += a[col]
				}
			}
		}
		if k := row - r - 1; k >= 0 {
			if skip := (r + 1) * slant; skip < s.w {
				a := s.a[k*s.w : (k+1)*s.w-skip]
				for col, v := range a {
					b[col+skip] -= v
				}
			}
		}
	}
}
