package hotspots

import "math"

// kernel spreads what happened in a cell over its surroundings by a Gaussian
// over grid rings, sigma metres wide and cut off at three sigma. Each cell's
// share is scaled so that all of it stays inside the grid (edge correction):
// spreading conserves the total.
type kernel struct {
	grid   *Grid
	rings  int
	weight []float64 // by ring
	inv    []float64 // 1 / sum of the weights around each cell
}

func newKernel(g *Grid, sigma float64) *kernel {
	if sigma <= 0 {
		return &kernel{grid: g, weight: []float64{1}}
	}
	k := &kernel{grid: g, rings: max(1, int(math.Ceil(3*sigma/g.Spacing())))}
	for r := 0; r <= k.rings; r++ {
		d := float64(r) * g.Spacing() / sigma
		k.weight = append(k.weight, math.Exp(-d*d/2))
	}
	k.inv = make([]float64, g.Len())
	for i := range k.inv {
		sum := 0.0
		g.Disk(i, k.rings, func(_, ring int) { sum += k.weight[ring] })
		k.inv[i] = 1 / sum
	}
	return k
}

// from gives the weight with which cell j, ring steps away, counts in a cell.
func (k *kernel) from(j, ring int) float64 {
	if k.rings == 0 {
		return 1
	}
	return k.weight[ring] * k.inv[j]
}

// around calls yield for every cell that cell i spreads to, with its share; the
// shares add up to 1.
func (k *kernel) around(i int, yield func(j int, share float64)) {
	if k.rings == 0 {
		yield(i, 1)
		return
	}
	k.grid.Disk(i, k.rings, func(j, ring int) { yield(j, k.weight[ring]*k.inv[i]) })
}

// spread gives x smoothed over the whole grid.
func (k *kernel) spread(x []float64) []float64 {
	out := make([]float64, len(x))
	if k.rings == 0 {
		copy(out, x)
		return out
	}
	for i, v := range x {
		out[i] = v * k.inv[i]
	}
	if l := &k.grid.lattice; l.ok(k.rings) {
		return l.spread(out, k.weight)
	}
	sum := make([]float64, len(x))
	for i, v := range out {
		if v != 0 {
			k.grid.Disk(i, k.rings, func(j, ring int) { sum[j] += v * k.weight[ring] })
		}
	}
	return sum
}
