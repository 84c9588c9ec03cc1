package hotspots

import "math"

// tilt multiplies a mixture by what a sum of densities cannot say: that a part of
// the district has of late, or in this shift, more than it always had, whatever
// the cell. It is an exponential of features of the cell and the slot, fitted by
// penalised likelihood on the fit period; the penalty makes it vanish where
// incidents are few.
type tilt struct {
	smooth   []*smoother
	features []tiltFeature
	always   int // memory of all events that never forgets
	mean     []float64
	weight   []float64 // of each feature less its mean

	// As last seen:
	fields  [][]float64 // what each feature's memory has around the cells
	usual   []float64   // of what there always was, how much that would be
	base    [][]float64 // what there always was around them, by scale
	density []float64
	alone   []float64 // in the cells themselves
	total   float64   // in all
}

// tiltFeature is the logarithm of what a memory has around a cell over what it
// would have there if only the district's total had changed.
type tiltFeature struct{ memory, scale int }

const (
	// tiltPrior: a feature of usual size is believed to weigh 0 as if by so many
	// incidents.
	tiltPrior = 3000
	// tiltShrink: so many incidents about a cell as always are put to both sides of
	// a ratio, so that few do not make it great.
	tiltShrink = 30
	// tiltDraws is how many cells of each slot stand for all where weights are
	// fitted.
	tiltDraws = 64
	// tiltMost bounds the logarithm of the factor.
	tiltMost = 1.5
	// tiltLeast is the least density, against an even one, that is told apart.
	tiltLeast = 0.05
	// tiltOwn is how many features there are beside the ratios: the density and its
	// square, the cell against its surroundings, and these.
	tiltOwn = 4
)

// tiltScales are the sizes of the surroundings, in metres.
var tiltScales = []float64{300, 600, 1200}

// newTilt gives nil where the grid has no lattice.
func newTilt(g *Grid, memories []memory) *tilt {
	t := &tilt{}
	for _, sigma := range tiltScales {
		s := newSmoother(g, sigma)
		if s == nil {
			return nil
		}
		t.smooth = append(t.smooth, s)
		t.base = append(t.base, make([]float64, g.Len()))
	}
	for m, mem := range memories {
		never := math.IsInf(mem.halfLife, 1)
		switch {
		case mem.scope == everyEvent && never:
			t.always = m
		case mem.scope == everyEvent && mem.halfLife >= 30, mem.scope == sameSlot && never:
			t.features = append(t.features, tiltFeature{m, 0}, tiltFeature{m, 1}, tiltFeature{m, 2})
		case mem.scope == sameSlotAndWeekend && never:
			t.features = append(t.features, tiltFeature{m, 1}, tiltFeature{m, 2})
		}
	}
	n := len(t.features) + tiltOwn
	t.mean, t.weight = make([]float64, n), make([]float64, n)
	t.usual = make([]float64, len(t.features))
	for range t.features {
		t.fields = append(t.fields, make([]float64, g.Len()))
	}
	return t
}

// see takes in how the bank stands for a slot; density is the mixture's.
func (t *tilt) see(b *bank, slot int, density []float64) {
	always := b.row(t.always, slot)
	t.density, t.alone, t.total = density, b.rows[always], b.total[always]
	for k, s := range t.smooth {
		s.spread(b.rows[always], s.area, t.base[k])
	}
	for i, f := range t.features {
		r, s := b.row(f.memory, slot), t.smooth[f.scale]
		now := 1 / b.amplitude(f.memory, slot)
		s.spread(b.rows[r], s.area*now, t.fields[i])
		t.usual[i] = 0
		if t.total > 0 {
			t.usual[i] = b.total[r] * now / t.total
		}
	}
}

// at puts the features of a cell, as last seen, into x.
func (t *tilt) at(c int, x []float64) {
	for i, f := range t.features {
		x[i] = math.Log((t.fields[i][c] + tiltShrink) / (t.usual[i]*t.base[f.scale][c] + tiltShrink))
	}
	n := float64(len(t.density))
	own := x[len(t.features):]
	q := math.Log(t.density[c] * n)
	alone, near, far := 0.0, 0.0, 0.0
	if t.total > 0 {
		alone = t.alone[c] * n / t.total
		near = t.base[0][c] / t.smooth[0].area * n / t.total
		far = t.base[2][c] / t.smooth[2].area * n / t.total
	}
	own[0], own[1], own[2], own[3] = q, q*q, math.Log((alone+tiltLeast)/(near+tiltLeast)), math.Log(far+tiltLeast)
}

// apply tilts a mixture's density for a slot.
func (t *tilt) apply(b *bank, slot int, density []float64) {
	t.see(b, slot, density)
	sum := 0.0
	x := make([]float64, len(t.weight))
	for c := range density {
		t.at(c, x)
		dot := 0.0
		for i, v := range x {
			dot += t.weight[i] * (v - t.mean[i])
		}
		density[c] *= math.Exp(min(tiltMost, max(-tiltMost, dot)))
		sum += density[c]
	}
	for c := range density {
		density[c] /= sum
	}
}
