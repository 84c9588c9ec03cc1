package hotspots

import (
	"errors"
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
	// Known is the moment whose knowledge the forecast rests on; zero: Start. A
	// window that has begun may be forecast with what has happened in it so far.
	Known time.Time
	// Model is one of ModelNames that gives a density; "": mix_shift, or a plain
	// kernel density where incidents are few.
	Model string
	// PatrolWeight is the weight of incidents that a patrol discovered: 0, the
	// default, keeps patrols from confirming themselves; 1 counts them in full.
	PatrolWeight float64
}

// Surface is a forecast: how many incidents to expect in each cell.
type Surface struct {
	Grid     *Grid
	Target   Target
	Model    string    // of ModelNames, or "uniform" (no incidents)
	Sample   int       // incidents that the forecast rests on
	Total    float64   // expected incidents in the whole district
	Expected []float64 // by cell; adds up to Total
	Share    []float64 // by cell; adds up to 1
	Count90  []int     // incidents of any origin in the 90 days before
	Count365 []int     // and in the 365 days before

	fit *Fit
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
	kind       int // position in the catalogue
	label      int // of its type, told apart as the source does; 0: none of its own
}

// Forecast says how many incidents to expect in each cell of the grid in the
// target's window, from those that happened before it and were known by then.
// Incidents outside the district do not count; those at its border count for
// the nearest cell. Their order does not matter.
func Forecast(g *Grid, incidents []Incident, target Target) (*Surface, error) {
	f, err := NewFit(g, incidents, target)
	if err != nil {
		return nil, err
	}
	return f.Surface(), nil
}

// earlier gives the earlier of two instants, of which the first may be zero.
func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}

func uniform(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1 / float64(n)
	}
	return out
}

// learn adds the events, in time order, and fits the weights on those of the
// slots from one up to another. Events of one slot are foretold without each
// other. It answers the weights' own foretelling of each event of these slots.
func (m *mixture) learn(events []event, from, to int) []float64 {
	var p [][]float64
	var weights, spare []float64
	m.walk(events, func(i int, e event) {
		if e.slot >= from && e.slot < to && i > 0 {
			p, weights = append(p, m.foretold(e.slot, e.cell, &spare)), append(weights, e.weight)
		}
	})
	m.fitWeights(p, weights)
	out := make([]float64, len(p))
	for i, row := range p {
		for k, v := range row {
			out[i] += m.weights[k] * v
		}
	}
	return out
}

// walk adds the events, in time order; each is shown with the position of the
// first of its slot before any of that slot is added.
func (m *mixture) walk(events []event, before func(first int, e event)) {
	for i := 0; i < len(events); {
		j := i
		for j < len(events) && events[j].slot == events[i].slot {
			before(i, events[j])
			j++
		}
		for _, e := range events[i:j] {
			m.bank.add(e)
		}
		i = j
	}
}

// volume gives the number of events to expect in a whole slot: the recent rate
// of slots of its name, and of weekends or weekdays as far as they differ. The
// rate is counted up to the last event, since what comes after may simply not
// have been registered yet.
func volume(slots slotting, events []event, slot int) float64 {
	if len(events) == 0 {
		return 0
	}
	return volumeIn(slots, events, slot, volumeSpan(slots, events))
}

// volumeSpan gives the first and the last slot that a rate is counted over.
func volumeSpan(slots slotting, events []event) [2]int {
	last := events[len(events)-1].slot
	return [2]int{min(events[0].slot, last-volumeDays*slots.perDay()), last}
}

// volumeIn is the volume by the events of a span of slots; that of two lists of
// events together is the sum of theirs.
func volumeIn(slots slotting, events []event, slot int, span [2]int) float64 {
	type rate struct{ events, slots float64 }
	var all, same rate
	first, last := span[0], span[1]
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
		if slots.kind(e.slot) == slots.kind(slot) && e.slot <= last {
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

// Few tells whether the forecast rests on too few incidents to tell models, or
// most cells, from each other.
func (s *Surface) Few() bool { return s.Sample < fewIncidents }

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
