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
	fields   [][]float64
	scratch  []float64
	base     [][]float64
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
	for range n {
		t.fields = append(t.fields, make([]float64, g.Len()))
	}
	t.scratch = make([]float64, g.Len())
	return t
}

// see fills the fields with the features of every cell for a slot; density is the
// mixture's.
func (t *tilt) see(b *bank, slot int, density []float64) {
	always := b.row(t.always, slot)
	total := b.total[always]
	for k, s := range t.smooth {
		s.spread(b.rows[always], s.area, t.base[k])
	}
	for i, f := range t.features {
		r, s := b.row(f.memory, slot), t.smooth[f.scale]
		now := 1 / b.amplitude(f.memory, slot)
		s.spread(b.rows[r], s.area*now, t.scratch)
		usual := 0.0
		if total > 0 {
			usual = b.total[r] * now / total
		}
		field, base := t.fields[i], t.base[f.scale]
		for c, v := range t.scratch {
			field[c] = math.Log((v + tiltShrink) / (usual*base[c] + tiltShrink))
		}
	}
	n := float64(len(density))
	own := t.fields[len(t.features):]
	for c, v := range density {
		q := math.Log(v * n)
		own[0][c], own[1][c] = q, q*q
		alone, near, far := 0.0, 0.0, 0.0
		if total > 0 {
			alone = b.rows[always][c] * n / total
			near = t.base[0][c] / t.smooth[0].area * n / total
			far = t.base[2][c] / t.smooth[2].area * n / total
		}
		own[2][c] = math.Log((alone + tiltLeast) / (near + tiltLeast))
		own[3][c] = math.Log(far + tiltLeast)
	}
}

// apply tilts a mixture's density for a slot.
func (t *tilt) apply(b *bank, slot int, density []float64) {
	t.see(b, slot, density)
	sum := 0.0
	for c := range density {
		x := 0.0
		for i, f := range t.fields {
			x += t.weight[i] * (f[c] - t.mean[i])
		}
		density[c] *= math.Exp(min(tiltMost, max(-tiltMost, x)))
		sum += density[c]
	}
	for c := range density {
		density[c] /= sum
	}
}
