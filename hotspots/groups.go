package hotspots

import (
	"math"
	"slices"
)

// How the groups of the catalogue are forecast beside all incidents together.
const (
	// groupAlone: a group of so many incidents is believed as much by its own
	// densities as by that of all incidents, before it has shown which is right.
	groupAlone = 200
	// groupPrior is how many incidents that belief counts as.
	groupPrior = 50
	// harmHalfLife, in days, of how grave the incidents of a group are.
	harmHalfLife = 365
)

// groupFit is the forecast of one group: its own densities and that of all
// incidents, their weights pulled towards those of all the more the fewer its
// incidents are.
type groupFit struct {
	name   string
	mix    *mixture // of its own incidents; nil: all incidents' density alone
	pooled float64  // weight of that of all incidents
	events []event
}

// add learns one more incident if it is of the group.
func (g *groupFit) add(e event) {
	if catalogue[e.kind].Group != g.name {
		return
	}
	g.events = append(g.events, e)
	if g.mix != nil {
		g.mix.bank.add(e)
	}
}

// fitGroups fits each group. Those whose places must not be
// told have no density of their own, so that a weight cannot point to them.
func (f *Fit) fitGroups() {
	if f.groups != nil {
		return
	}
	f.groups = []groupFit{}
	from, to := 0, 0
	if f.learnt != nil {
		from, to = f.fitSpan()
	}
	for _, name := range Groups() {
		g := groupFit{name: name, pooled: 1}
		var all []float64 // how all incidents foretold those of the group
		n := 0
		for i, e := range f.events {
			mine := catalogue[e.kind].Group == name
			if e.slot >= from && e.slot < to && f.events[0].slot < e.slot {
				if mine {
					all = append(all, f.learnt[n])
				}
				n++
			}
			if mine {
				g.events = append(g.events, f.events[i])
			}
		}
		if f.learnt != nil && !slices.Contains(sensitiveGroups, name) {
			g.fit(f, all, from, to)
		}
		f.groups = append(f.groups, g)
	}
}

// fit finds the group's weights, by what happened before the window's day; all is
// how the density of all incidents foretold those of its incidents that the
// weights are fitted on.
func (g *groupFit) fit(f *Fit, all []float64, from, to int) {
	n := 0.0
	for _, e := range g.events {
		if e.slot < f.cut {
			n += e.weight
		}
	}
	if n == 0 {
		return
	}
	g.mix = &mixture{bank: newBank(f.grid.Len(), f.slots, f.mix.bank.memories), kernels: f.mix.kernels}
	own := n / (n + groupAlone)
	prior := make([]float64, len(f.mix.weights)+1)
	w := make([]float64, len(prior))
	for i, v := range f.mix.weights {
		w[i] = own * v
		prior[i] = groupPrior * w[i]
	}
	last := len(w) - 1
	w[last] = 1 - own
	prior[last] = groupPrior * w[last]
	g.mix.weights = make([]float64, last)
	var rows [][]float64
	var counts []float64
	p := make([]float64, last)
	next := 0
	g.mix.walk(g.events, func(_ int, e event) {
		if e.slot >= from && e.slot < to && f.events[0].slot < e.slot {
			g.mix.densitiesAt(e.slot, e.cell, p)
			rows, counts = append(rows, append(slices.Clone(p), all[next])), append(counts, e.weight)
			next++
		}
	})
	likeliestWeights(w, rows, counts, prior)
	g.pooled = w[last]
	for i := range g.mix.weights {
		g.mix.weights[i] = w[i] / (1 - g.pooled)
	}
}

// GroupSurface is the forecast of the incidents of one group of the catalogue.
type GroupSurface struct {
	Name     string
	Sample   float64   // incidents that it rests on
	Total    float64   // expected in the district
	Pooled   float64   // share that rests on where all incidents happen
	Harm     float64   // mean weight of its incidents
	Expected []float64 // by cell
}

// HarmSurface is the harm to expect in each cell: the incidents to expect of
// each group, each by the group's mean weight.
type HarmSurface struct {
	Groups   []GroupSurface // that have incidents, in the order of the catalogue
	Total    float64
	Expected []float64 // by cell; adds up to Total
}

// Harm weighs the forecast by a table of weights.
func (s *Surface) Harm(table HarmTable) *HarmSurface {
	f := s.fit
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fitGroups()
	part := windowPart(f.slots, f.target)
	out := &HarmSurface{Expected: make([]float64, f.grid.Len())}
	for i := range f.groups {
		g := &f.groups[i]
		if len(g.events) == 0 {
			continue
		}
		v := GroupSurface{Name: g.name, Pooled: g.pooled, Harm: f.meanHarm(g.events, table), Total: f.volume(g.events, f.slot) * part, Expected: make([]float64, f.grid.Len())}
		for _, e := range g.events {
			v.Sample += e.weight
		}
		var own []float64
		if g.mix != nil {
			own = g.mix.density(f.slot)
		}
		for c, all := range s.Share {
			share := g.pooled * all
			if own != nil {
				share += (1 - g.pooled) * own[c]
			}
			v.Expected[c] = v.Total * share
			out.Expected[c] += v.Harm * v.Expected[c]
		}
		out.Total += v.Harm * v.Total
		out.Groups = append(out.Groups, v)
	}
	return out
}

// meanHarm gives the mean weight of events, the latest counting most.
func (f *Fit) meanHarm(events []event, table HarmTable) float64 {
	sum, n := 0.0, 0.0
	now := f.slots.days(f.slot)
	for _, e := range events {
		w := e.weight * math.Exp2((f.slots.days(e.slot)-now)/harmHalfLife)
		sum, n = sum+w*table.Of(catalogue[e.kind]), n+w
	}
	if n == 0 {
		return 0
	}
	return sum / n
}
