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
	a, b   []float64
	sums   []float64
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
	w, h := s.size()
	s.a, s.b, s.sums = make([]float64, w*h), make([]float64, w*h), make([]float64, max(w, h)+1)
	return s
}

// size gives the sides of the rectangle that holds the cells.
func (s *smoother) size() (w, h int) {
	return s.l.width - 2*latticeRings, s.l.height - 2*latticeRings
}

// spread puts the smoothed values, times f, into out.
func (s *smoother) spread(x []float64, f float64, out []float64) {
	w, h := s.size()
	clear(s.a)
	for c, at := range s.l.place {
		s.a[s.inner(at)] = x[c]
	}
	for row := range h {
		s.line(row*w, 1, w)
	}
	s.a, s.b = s.b, s.a
	for col := range w {
		s.line(col, w, h)
	}
	s.a, s.b = s.b, s.a
	for col := range w {
		s.line(col, w+1, min(w-col, h))
	}
	for row := 1; row < h; row++ {
		s.line(row*w, w+1, min(h-row, w))
	}
	side := float64(2*s.radius + 1)
	f /= side * side * side
	for c, at := range s.l.place {
		out[c] = f * s.b[s.inner(at)]
	}
}

func (s *smoother) inner(at int32) int {
	w, _ := s.size()
	return (int(at)/s.l.width-latticeRings)*w + int(at)%s.l.width - latticeRings
}

// line sums up what lies within the radius along a line of n places, from a to b.
func (s *smoother) line(first, stride, n int) {
	sums := s.sums[:n+1]
	for i := range n {
		sums[i+1] = sums[i] + s.a[first+i*stride]
	}
	for i := range n {
		s.b[first+i*stride] = sums[min(n, i+s.radius+1)] - sums[max(0, i-s.radius)]
	}
}
