package hotspots

// mixContender is the mixture that forecasts are made with, fitted on the fit
// period alone.
type mixContender struct {
	m      *mixture
	past   [][]float64 // densities with which each event of the fit period was foretold
	counts []float64   // and how much it counts
	spare  []float64
	recent
}

// recent counts the events of each class of slot, to weigh the slots of a
// longer horizon.
type recent struct{ events, slots map[[2]int]float64 }

func (*mixContender) knowsShifts() {}

func (c *mixContender) learn(h *history, slot int, now, known []event, fitting bool) {
	if c.m == nil {
		c.m = newMixture(h.grid, h.slots, mixtureMemories(), mixtureSigmas)
		c.recent = recent{map[[2]int]float64{}, map[[2]int]float64{}}
	}
	if fitting && slot > h.events[0].slot {
		for _, e := range now {
			c.past, c.counts = append(c.past, c.m.foretold(e.slot, e.cell, &c.spare)), append(c.counts, e.weight)
		}
	}
	c.recent.slots[h.slots.class(slot)]++
	for _, e := range known {
		c.recent.events[h.slots.class(e.slot)] += e.weight
		c.m.bank.add(e.slot, e.cell, e.weight)
	}
}

func (c *mixContender) settle(*history) {
	c.m.fitWeights(c.past, c.counts)
	c.m.floor(uniformFloor)
	c.past, c.counts = nil, nil
}

// foretell gives the density of a slot, or over several the mean of theirs,
// weighted by how many events slots of their class have had.
func (c *mixContender) foretell(h *history, a, b int) (rank, density []float64) {
	if b == a+1 {
		d := c.m.density(a)
		return d, d
	}
	out := make([]float64, h.grid.Len())
	for _, class := range h.slots.classes(a, b) {
		k := h.slots.class(class.first)
		weight := float64(class.slots) * (c.recent.events[k] + 1) / (c.recent.slots[k] + 1)
		for i, v := range c.m.density(class.first) {
			out[i] += weight * v
		}
	}
	out = normalised(out, 0)
	return out, out
}
