package hotspots

// mixContender is the mixture that forecasts are made with, fitted on the fit
// period alone.
type mixContender struct {
	typed    bool          // with densities of each common type
	tilted   bool          // by its context
	types    int           // that have densities of their own
	from, to int           // slots of the fit period
	plain    *mixContender // the same without them; nil: it does not take part
	twin     bool          // there are no such types: plain foretells for both
	last     foretold
	m        *mixture
	early    []event     // what was known before the fit period, which tells the common types
	past     [][]float64 // densities with which each event of the fit period was foretold
	counts   []float64   // and how much it counts
	spare    []float64
	recent
}

// foretold is what was foretold last, for the slots from a up to b.
type foretold struct {
	a, b    int
	density []float64
}

// recent counts the events of each class of slot, to weigh the slots of a
// longer horizon.
type recent struct{ events, slots map[[2]int]float64 }

func (*mixContender) knowsShifts() {}

func (c *mixContender) learn(h *history, slot int, now, known []event, fitting bool) {
	if c.recent.slots == nil {
		c.recent = recent{map[[2]int]float64{}, map[[2]int]float64{}}
	}
	if c.m == nil && !c.twin && (fitting || !c.typed) {
		c.begin(h)
	}
	if c.twin {
		return
	}
	if fitting {
		if c.to == 0 {
			c.from = slot
		}
		c.to = slot + 1
	}
	if fitting && slot > h.events[0].slot {
		for _, e := range now {
			c.past, c.counts = append(c.past, c.m.foretold(e.slot, e.cell, &c.spare)), append(c.counts, e.weight)
		}
	}
	c.recent.slots[h.slots.class(slot)]++
	for _, e := range known {
		c.recent.events[h.slots.class(e.slot)] += e.weight
		if c.m == nil {
			c.early = append(c.early, e)
			continue
		}
		c.m.bank.add(e)
	}
}

// begin makes the mixture of what is known.
func (c *mixContender) begin(h *history) {
	memories := mixtureMemories()
	if c.typed {
		types := commonLabels(c.early)
		c.types = len(types)
		if c.twin = len(types) == 0 && c.plain != nil && !c.tilted; c.twin {
			return
		}
		memories = typedMemories(types)
	}
	c.m = newMixture(h.grid, h.slots, memories, mixtureSigmas)
	for _, e := range c.early {
		c.m.bank.add(e)
	}
	c.early = nil
}

func (c *mixContender) settle(h *history) {
	if c.twin {
		return
	}
	if c.tilted && c.plain != nil && c.types == 0 && !enoughForTilt(c.counts) {
		c.m, c.past, c.counts, c.twin = nil, nil, nil, true
		return
	}
	c.m.fitWeights(c.past, c.counts)
	c.m.floor(uniformFloor)
	if c.tilted && enoughForTilt(c.counts) {
		c.m.fitTilt(h.knownBy(c.to), c.from, c.to)
	}
	c.past, c.counts = nil, nil
}

// foretell gives the density of a slot, or over several the mean of theirs,
// weighted by how many events slots of their class have had.
func (c *mixContender) foretell(h *history, a, b int) (rank, density []float64) {
	if c.twin {
		return c.plain.foretell(h, a, b)
	}
	if c.last.density == nil || c.last.a != a || c.last.b != b {
		c.last = foretold{a, b, c.ahead(h, a, b)}
	}
	return c.last.density, c.last.density
}

// ahead gives the density of the slots from a up to b.
func (c *mixContender) ahead(h *history, a, b int) []float64 {
	if b == a+1 {
		return c.m.density(a)
	}
	out := make([]float64, h.grid.Len())
	for _, class := range h.slots.classes(a, b) {
		k := h.slots.class(class.first)
		weight := float64(class.slots) * (c.recent.events[k] + 1) / (c.recent.slots[k] + 1)
		for i, v := range c.m.density(class.first) {
			out[i] += weight * v
		}
	}
	return normalised(out, 0)
}
