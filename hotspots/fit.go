package hotspots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"
)

// Fit is a forecast that goes on learning. The weights of its densities rest on
// what happened before the operational day of the window, and everything after
// is counted as it comes; so an incident that is added late gives the very
// forecast that it would have given from the beginning. It is safe for
// concurrent use.
type Fit struct {
	grid   *Grid
	target Target
	known  time.Time
	slots  slotting
	slot   int // of the window
	cut    int // first slot that the weights do not know
	model  string
	kinds  kinds
	labels labels

	mu       sync.Mutex
	events   []event // parted over the slots in which they can have happened, in order
	whole    []event // each in the slot of its middle
	sample   int
	count90  []int
	count365 []int
	mix      *mixture  // what Share is made with; nil: density is
	density  []float64 // of a model that is no mixture, or of none
	reason   Because   // why, without a mixture
	learnt   []float64 // how the mixture foretold each event that its weights are fitted on
	groups   []groupFit
	spread   *spreading
}

// NewFit fits the target's model.
func NewFit(g *Grid, incidents []Incident, target Target) (*Fit, error) {
	if target.Loc == nil {
		target.Loc = time.UTC
	}
	if !target.End.After(target.Start) {
		return nil, fmt.Errorf("%w: it ends at %s, not after its start at %s", ErrTarget,
			target.End.Format(time.RFC3339), target.Start.Format(time.RFC3339))
	}
	if target.Model != "" && !slices.Contains(Densities(), target.Model) {
		return nil, fmt.Errorf("%w: no model that forecasts is called %q", ErrTarget, target.Model)
	}
	f := &Fit{grid: g, target: target, known: target.Known, slots: newSlotting(target.Start, target.End, target.Loc), kinds: kinds{}, labels: labels{},
		count90: make([]int, g.Len()), count365: make([]int, g.Len())}
	if f.known.IsZero() {
		f.known = target.Start
	}
	f.slot = f.slots.at(target.Start)
	f.cut = f.slot - f.slots.kind(f.slot)
	cells := g.NearestTo(len(incidents), func(i int) orb.Point { return incidents[i].Point })
	for i, in := range incidents {
		if cells[i] >= 0 {
			f.place(in, int(cells[i]))
		}
	}
	bySlot := func(a, b event) int { return a.slot - b.slot }
	slices.SortStableFunc(f.events, bySlot)
	slices.SortStableFunc(f.whole, bySlot)
	switch {
	case len(f.events) == 0:
		f.model, f.density, f.reason = "uniform", uniform(g.Len()), EveryWhere
	case target.Model == "" && f.sample < fewIncidents:
		f.model, f.mix = "kde", fewDensity(g, f.slots, f.events)
	case target.Model == "" || slices.Contains(mixtures, target.Model):
		f.model = cmp.Or(target.Model, mixShift)
		f.fitMixture()
	default:
		f.model = target.Model
		f.fitOther()
	}
	return f, nil
}

// place puts an incident that may be used into its cell and tells its first slot.
// One that happened some time between two moments is parted over the slots
// between them (Ratcliffe's aoristic analysis).
func (f *Fit) place(in Incident, cell int) (first int, ok bool) {
	if !in.At.Before(f.known) || in.Known.After(f.known) {
		return 0, false
	}
	if age := f.known.Sub(in.At); age <= 365*24*time.Hour {
		f.count365[cell]++
		if age <= 90*24*time.Hour {
			f.count90[cell]++
		}
	}
	w := 1.0
	if in.Origin == OriginPatrol {
		w = f.target.PatrolWeight
	}
	first = f.slots.at(in.At)
	if w <= 0 {
		return first, true
	}
	f.sample++
	kind := f.kinds.of(in.Type)
	label := f.labels.of(in.Type, kind)
	f.slots.over(in.At, earlier(in.Until, f.known), func(slot int, part float64) {
		f.events = append(f.events, event{slot, cell, w * part, kind, label})
	})
	f.whole = append(f.whole, event{f.slots.at(earlier(in.Middle(), f.known)), cell, w, kind, label})
	return first, true
}

// fitMixture walks through the events once: each of the fit period is first
// foretold and then learnt.
func (f *Fit) fitMixture() {
	from, to := f.fitSpan()
	memories := mixtureMemories()
	if f.model != mixShift {
		early, _ := slices.BinarySearchFunc(f.events, from, func(e event, s int) int { return e.slot - s })
		memories = typedMemories(commonLabels(f.events[:early]))
	}
	f.mix = newMixture(f.grid, f.slots, memories, mixtureSigmas)
	f.learnt = f.mix.learn(f.events, from, to)
	f.mix.floor(uniformFloor)
	if f.model == mixContext && len(f.learnt) >= tiltPrior {
		f.mix.fitTilt(f.whole, from, to)
	}
}

// fitSpan gives the slots that weights are fitted on: of the last year of what
// happened before the window's day, at most half of all.
func (f *Fit) fitSpan() (from, to int) {
	first, last := f.events[0].slot, f.events[0].slot
	if n, _ := slices.BinarySearchFunc(f.events, f.cut, func(e event, s int) int { return e.slot - s }); n > 0 {
		last = f.events[n-1].slot
	}
	return max(last-fitDays*f.slots.perDay(), (first+last)/2), last + 1
}

// Add learns one more incident and tells whether it could: one that happened
// before the operational day of the window would change the weights, so that a
// new fit is wanted, as it is for a model that is no mixture of decays.
func (f *Fit) Add(in Incident) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Contains(mixtures, f.model) || f.slots.at(in.At) < f.cut {
		return false
	}
	parts, wholes := len(f.events), len(f.whole)
	cell, ok := f.grid.Nearest(in.Point)
	if ok {
		_, ok = f.place(in, cell)
	}
	if !ok {
		return true // outside the district or the window: it changes nothing
	}
	for _, e := range f.events[parts:] {
		f.mix.bank.add(e)
		for i := range f.groups {
			f.groups[i].add(e)
		}
	}
	sinkLast(f.events, parts)
	sinkLast(f.whole, wholes)
	return true
}

// sinkLast moves the events from position n on to their places in slot order.
func sinkLast(events []event, n int) {
	for ; n < len(events); n++ {
		e := events[n]
		i := n
		for ; i > 0 && events[i-1].slot > e.slot; i-- {
			events[i] = events[i-1]
		}
		events[i] = e
	}
}

// Surface gives the forecast as the fit stands.
func (f *Fit) Surface() *Surface {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &Surface{Grid: f.grid, Target: f.target, Model: f.model, Sample: f.sample, Count90: slices.Clone(f.count90), Count365: slices.Clone(f.count365), fit: f}
	s.Share = f.share(f.slot)
	s.Total = f.volume(f.events, f.slot) * windowPart(f.slots, f.target)
	s.Expected = make([]float64, len(s.Share))
	for i, v := range s.Share {
		s.Expected[i] = v * s.Total
	}
	return s
}

// share gives the density of a slot; it adds up to 1.
func (f *Fit) share(slot int) []float64 {
	if f.mix != nil {
		return f.mix.density(slot)
	}
	return f.density
}

// volume gives the events to expect in a whole slot by some of the fit's events;
// over all of them it is the district's.
func (f *Fit) volume(events []event, slot int) float64 {
	if len(events) == 0 {
		return 0
	}
	span := volumeSpan(f.slots, f.events)
	if span[1] >= f.slot { // a slot that is not over yet says too little
		span[1] = f.slot - 1
		span[0] = min(span[0], span[1]-volumeDays*f.slots.perDay())
	}
	return volumeIn(f.slots, events, slot, span)
}

// fewDensity is a wide kernel density of all events, pulled towards uniform
// the more the fewer they are.
func fewDensity(g *Grid, slots slotting, events []event) *mixture {
	return oneDensity(g, slots, events, memory{scope: everyEvent, halfLife: math.Inf(1)}, fewKernel, 10/(10+float64(len(events))))
}

// oneDensity is a single decayed density with a uniform share.
func oneDensity(g *Grid, slots slotting, events []event, m memory, sigma, even float64) *mixture {
	out := newMixture(g, slots, []memory{m}, []float64{sigma})
	for _, e := range events {
		out.bank.add(e)
	}
	out.weights = []float64{1 - even, even}
	return out
}
