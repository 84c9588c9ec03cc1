package hotspots

import "slices"

// Densities gives the models that forecast how many incidents to expect, from
// simple to rich; the others of ModelNames only rank.
func Densities() []string {
	return slices.DeleteFunc(slices.Clone(ModelNames), func(n string) bool { return n == "gistar" || n == "prospective" })
}

// fitOther fits a model of the backtest on the events.
func (f *Fit) fitOther() {
	h := f.history()
	c := newContenders([]string{f.model})[0]
	from, to := f.fitSpan()
	single, decays := c.(*bestDecay)
	if decays {
		for slot := h.events[0].slot; slot < to; slot++ {
			now := h.between(slot, slot+1)
			c.learn(h, slot, now, now, slot >= from)
		}
		c.settle(h)
		half, sigma := decayHalfLives[single.half], decaySigmas[single.sigma]
		f.mix = oneDensity(f.grid, f.slots, f.events, memory{scope: everyEvent, halfLife: half}, sigma, 0.02)
		return
	}
	_, f.density = c.foretell(h, f.slot, f.slot+1)
	f.reason = LongRun
	if f.model == "count90" {
		f.reason = LastWeeks
	}
}

// history gives the fit's events, each known when it happened.
func (f *Fit) history() *history {
	h := &history{grid: f.grid, slots: f.slots, events: f.whole}
	for i, e := range f.whole {
		h.days = append(h.days, f.slots.days(e.slot))
		h.known = append(h.known, e.slot)
		h.registered = append(h.registered, i)
	}
	return h
}
