package patrol

import (
	"math"
	"time"
)

// Habit measures how much plans of the same shift on several days resemble each
// other: what somebody learns who watches the patrols.
type Habit struct {
	segments map[string]int
	slots    int
	before   map[[2]int]bool // (segment, half-hour) of the day before
	jaccard  []float64
	arrivals [][]float64 // segment → arrivals by half-hour, over all days
	held     []float64   // segment → half-hours in which it was passed, summed over all days
	covered  []float64   // of each day, the half-hours until the last first visit
}

// HabitFigures are the figures of several days.
type HabitFigures struct {
	Days        int     `json:"days"`
	JaccardMean float64 `json:"jaccard_mean"` // of (street, half-hour) of a day and the next: 0 nothing in common, 1 the same
	JaccardMax  float64 `json:"jaccard_max"`
	EntropyPct  float64 `json:"entropy_pct"` // of the arrival times at a street, of what they would have if all half-hours were alike; mean over streets
	// What both would be if every street were passed as often, at half-hours by
	// chance: no choice among such plans is far below the one or above the other.
	JaccardChance    float64 `json:"jaccard_chance"`
	EntropyChancePct float64 `json:"entropy_chance_pct"`
	// EntropyPhasesPct is the same chance where streets are covered first: as many
	// passes as it has until the mean day's last first visit fall anywhere before
	// it, the others anywhere after it.
	EntropyPhasesPct float64 `json:"entropy_phases_pct"`
}

const habitSlot = 30 * time.Minute

// Add takes the plan of the next day.
func (h *Habit) Add(p Plan, shift Span) {
	if h.segments == nil {
		h.segments, h.slots = map[string]int{}, int(math.Ceil(float64(shift.End.Sub(shift.Start))/float64(habitSlot)))
	}
	now, covered := map[[2]int]bool{}, 0.0
	for _, r := range p.Rounds {
		for _, l := range r.Legs {
			if l.Kind == Service {
				covered = max(covered, float64(l.End.Sub(shift.Start))/float64(habitSlot))
			}
			at := int(l.End.Sub(shift.Start) / habitSlot)
			if l.Kind == Stop || l.Kind == Break || at < 0 || at >= h.slots {
				continue
			}
			k, ok := h.segments[l.Segment]
			if !ok {
				k = len(h.segments)
				h.segments[l.Segment] = k
				h.arrivals, h.held = append(h.arrivals, make([]float64, h.slots)), append(h.held, 0)
			}
			h.arrivals[k][at]++
			if !now[[2]int{k, at}] {
				h.held[k]++
			}
			now[[2]int{k, at}] = true
		}
	}
	if h.before != nil {
		both := 0
		for k := range now {
			if h.before[k] {
				both++
			}
		}
		if all := len(now) + len(h.before) - both; all > 0 {
			h.jaccard = append(h.jaccard, float64(both)/float64(all))
		}
	}
	h.before, h.covered = now, append(h.covered, covered)
}

// coverSlots is in how many of a shift's half-hours streets are covered on the
// mean day.
func (h *Habit) coverSlots() int {
	sum := 0.0
	for _, c := range h.covered {
		sum += c
	}
	return min(h.slots, int(math.Ceil(sum/float64(max(1, len(h.covered))))))
}

// chanceJaccard is the likeness of two days on which every street is passed in
// as many half-hours as it was on the mean, drawn anew each day.
func (h *Habit) chanceJaccard(days int) float64 {
	both, either := 0.0, 0.0
	for _, slots := range h.held {
		p := slots / float64(days) / float64(h.slots)
		both += p * p
		either += 2*p - p*p
	}
	if either == 0 {
		return 0
	}
	return both / either
}

// chanceEntropy is the entropy, in nats, that is expected of n arrivals at
// half-hours drawn evenly: less than that of even shares, since there are few.
func chanceEntropy(n, slots int) float64 { return chancePart(n, slots, n) }

// chancePart is what n arrivals at half-hours drawn evenly are expected to add
// to the entropy of all, of which they are a part.
func chancePart(n, slots, all int) float64 {
	if n < 1 || slots < 1 {
		return 0
	}
	if slots == 1 {
		share := float64(n) / float64(all)
		return -share * math.Log(share)
	}
	p := 1 / float64(slots)
	whole, _ := math.Lgamma(float64(n + 1))
	e := 0.0
	for k := 1; k <= n; k++ {
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(n - k + 1))
		share := float64(k) / float64(all)
		e -= float64(slots) * math.Exp(whole-a-b+float64(k)*math.Log(p)+float64(n-k)*math.Log1p(-p)) * share * math.Log(share)
	}
	return e
}

// Figures gives what was measured so far.
func (h *Habit) Figures(days int) HabitFigures {
	f := HabitFigures{Days: days}
	for _, j := range h.jaccard {
		f.JaccardMean += j / float64(len(h.jaccard))
		f.JaccardMax = max(f.JaccardMax, j)
	}
	sum, chance, phases, streets := 0.0, 0.0, 0.0, 0.0
	cover := h.coverSlots()
	for _, row := range h.arrivals {
		n, early := 0.0, 0.0
		for i, c := range row {
			n += c
			if i < cover {
				early += c
			}
		}
		if n < float64(days) { // a transfer street passed now and then
			continue
		}
		e := 0.0
		for _, c := range row {
			if c > 0 {
				e -= c / n * math.Log(c/n)
			}
		}
		sum += e / math.Log(float64(h.slots))
		chance += chanceEntropy(int(n), h.slots) / math.Log(float64(h.slots))
		phases += (chancePart(int(early), cover, int(n)) + chancePart(int(n-early), h.slots-cover, int(n))) / math.Log(float64(h.slots))
		streets++
	}
	if streets > 0 {
		f.EntropyPct, f.EntropyChancePct = round3(100*sum/streets), round3(100*chance/streets)
		f.EntropyPhasesPct = round3(100 * phases / streets)
	}
	f.JaccardChance = round3(h.chanceJaccard(days))
	f.JaccardMean, f.JaccardMax = round3(f.JaccardMean), round3(f.JaccardMax)
	return f
}
