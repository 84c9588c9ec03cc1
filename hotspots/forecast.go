package hotspots

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// ErrTarget says that a forecast was asked for no time at all.
var ErrTarget = errors.New("unusable forecast window")

// How the forecast is made; docs/benchmarks.md has what it reaches on public data.
const (
	// fewIncidents: under so many the mixture's weights would be noise, and a
	// plain kernel density takes over.
	fewIncidents = 200
	// fewKernel is the sigma of that density in metres.
	fewKernel = 600
	// uniformFloor is the least share of the forecast that is spread evenly.
	uniformFloor = 0.005
	// fitDays is how much of the latest history the weights are fitted on; at
	// most half of it, so that there is something to foretell them with.
	fitDays = 365
	// volumeHalfLife, in days, of the number of events to expect.
	volumeHalfLife = 60
	// volumePrior: the rate of weekends and of weekdays is pulled towards that
	// of all days as if by so many slots.
	volumePrior = 10
	// volumeDays: a history shorter than this is taken to be this long, since
	// a rate cannot be told from it.
	volumeDays = 28
)

// Target is the window that is forecast, such as a shift.
type Target struct {
	Start, End time.Time
	Loc        *time.Location
	// PatrolWeight is the weight of incidents that a patrol discovered: 0, the
	// default, keeps patrols from confirming themselves; 1 counts them in full.
	PatrolWeight float64
}

// Surface is a forecast: how many incidents to expect in each cell.
type Surface struct {
	Grid     *Grid
	Target   Target
	Model    string    // "mix_shift", "kde" (few incidents) or "uniform" (none)
	Sample   int       // incidents that the forecast rests on
	Total    float64   // expected incidents in the whole district
	Expected []float64 // by cell; adds up to Total
	Share    []float64 // by cell; adds up to 1
	Count90  []int     // incidents of any origin in the 90 days before
	Count365 []int     // and in the 365 days before

	mix  *mixture // what Share was made with; nil: uniform
	slot int      // of the target
}

// Ranked is a cell by its place in the forecast.
type Ranked struct {
	Rank     int // 1 = the most expected
	Index    int // position in the grid
	Cell     Cell
	Expected float64
	Share    float64
	Count90  int
	Count365 int
}

// event is an incident placed on the grid and in the slots.
type event struct {
	slot, cell int
	weight     float64
}

// Forecast says how many incidents to expect in each cell of the grid in the
// target's window, from those that happened before it and were known by then.
// Incidents outside the district do not count; those at its border count for
// the nearest cell. Their order does not matter.
func Forecast(g *Grid, incidents []Incident, target Target) (*Surface, error) {
	if target.Loc == nil {
		target.Loc = time.UTC
	}
	if !target.End.After(target.Start) {
		return nil, fmt.Errorf("%w: it ends at %s, not after its start at %s", ErrTarget,
			target.End.Format(time.RFC3339), target.Start.Format(time.RFC3339))
	}
	slots := newSlotting(target.Start, target.End, target.Loc)
	s := &Surface{Grid: g, Target: target, Count90: make([]int, g.Len()), Count365: make([]int, g.Len())}
	events := s.place(incidents, slots)
	slot := slots.at(target.Start)
	s.slot = slot
	switch {
	case s.Sample == 0:
		s.Model, s.Share = "uniform", uniform(g.Len())
	case s.Sample < fewIncidents:
		s.Model, s.mix = "kde", fewDensity(g, slots, events)
	default:
		s.Model, s.mix = "mix_shift", fitMixture(g, slots, events)
	}
	if s.mix != nil {
		s.Share = s.mix.density(slot)
	}
	s.Total = volume(slots, events, slot) * windowPart(slots, target)
	s.Expected = make([]float64, g.Len())
	for i, v := range s.Share {
		s.Expected[i] = v * s.Total
	}
	return s, nil
}

// earlier gives the earlier of two instants, of which the first may be zero.
func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

// place puts the incidents that may be used on the grid, in time order, and
// counts those of the last 90 and 365 days. One that happened some time between
// two moments is parted over the slots between them (Ratcliffe's aoristic
// analysis).
func (s *Surface) place(incidents []Incident, slots slotting) []event {
	var out []event
	start := s.Target.Start
	for _, in := range incidents {
		if !in.At.Before(start) || in.Known.After(start) {
			continue
		}
		cell, ok := s.Grid.Nearest(in.Point)
		if !ok {
			continue
		}
		if age := start.Sub(in.At); age <= 365*24*time.Hour {
			s.Count365[cell]++
			if age <= 90*24*time.Hour {
				s.Count90[cell]++
			}
		}
		w := 1.0
		if in.Origin == OriginPatrol {
			w = s.Target.PatrolWeight
		}
		if w > 0 {
			s.Sample++
			slots.over(in.At, earlier(in.Until, start), func(slot int, part float64) {
				out = append(out, event{slot, cell, w * part})
			})
		}
	}
	slices.SortStableFunc(out, func(a, b event) int { return a.slot - b.slot })
	return out
}

func uniform(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1 / float64(n)
	}
	return out
}

// fewDensity is a wide kernel density of all events, pulled towards uniform
// the more the fewer they are.
func fewDensity(g *Grid, slots slotting, events []event) *mixture {
	m := newMixture(g, slots, []memory{{everyEvent, math.Inf(1)}}, []float64{fewKernel})
	for _, e := range events {
		m.bank.add(e.slot, e.cell, e.weight)
	}
	u := 10 / (10 + float64(len(events)))
	m.weights = []float64{1 - u, u}
	return m
}

// fitMixture walks through the events once: each of the fit period is first
// foretold and then learnt.
func fitMixture(g *Grid, slots slotting, events []event) *mixture {
	m := newMixture(g, slots, mixtureMemories(), mixtureSigmas)
	first, last := events[0].slot, events[len(events)-1].slot
	from := max(last-fitDays*slots.perDay(), (first+last)/2)
	m.learn(events, from)
	m.floor(uniformFloor)
	return m
}

// learn adds the events, in time order, and fits the weights on those from
// slot from on. Events of one slot are foretold without each other.
func (m *mixture) learn(events []event, from int) {
	var p [][]float64
	var weights, spare []float64
	for i := 0; i < len(events); {
		j := i
		for j < len(events) && events[j].slot == events[i].slot {
			j++
		}
		if events[i].slot >= from && i > 0 {
			for _, e := range events[i:j] {
				p, weights = append(p, m.foretold(e.slot, e.cell, &spare)), append(weights, e.weight)
			}
		}
		for _, e := range events[i:j] {
			m.bank.add(e.slot, e.cell, e.weight)
		}
		i = j
	}
	m.fitWeights(p, weights)
}

// volume gives the number of events to expect in a whole slot: the recent rate
// of slots of its name, and of weekends or weekdays as far as they differ. The
// rate is counted up to the last event, since what comes after may simply not
// have been registered yet.
func volume(slots slotting, events []event, slot int) float64 {
	if len(events) == 0 {
		return 0
	}
	type rate struct{ events, slots float64 }
	var all, same rate
	last := events[len(events)-1].slot
	first := min(events[0].slot, last-volumeDays*slots.perDay())
	decay := func(s int) float64 { return math.Exp2(-float64(last-s) / float64(slots.perDay()) / volumeHalfLife) }
	weekend := slots.weekend(slot)
	for s := max(first, last-20*volumeHalfLife*slots.perDay()); s <= last; s++ {
		if slots.kind(s) == slots.kind(slot) {
			all.slots += decay(s)
			if slots.weekend(s) == weekend {
				same.slots += decay(s)
			}
		}
	}
	for _, e := range events {
		if slots.kind(e.slot) == slots.kind(slot) {
			all.events += decay(e.slot) * e.weight
			if slots.weekend(e.slot) == weekend {
				same.events += decay(e.slot) * e.weight
			}
		}
	}
	mean := all.events / all.slots
	return (same.events + volumePrior*mean) / (same.slots + volumePrior)
}

// windowPart is how much of its slot the target's window is: 1 unless the
// window is longer than slots are.
func windowPart(slots slotting, t Target) float64 {
	if slots.perDay() > 1 {
		return 1
	}
	return t.End.Sub(t.Start).Hours() / 24
}

// Ranked gives the n cells with the most expected incidents, in order; equal
// ones in the grid's order. n < 0 gives all.
func (s *Surface) Ranked(n int) []Ranked {
	order := make([]int, len(s.Expected))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case s.Share[a] > s.Share[b]:
			return -1
		case s.Share[a] < s.Share[b]:
			return 1
		}
		return 0
	})
	if n < 0 || n > len(order) {
		n = len(order)
	}
	out := make([]Ranked, n)
	for r, i := range order[:n] {
		out[r] = Ranked{r + 1, i, s.Grid.Cell(i), s.Expected[i], s.Share[i], s.Count90[i], s.Count365[i]}
	}
	return out
}
