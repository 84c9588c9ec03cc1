package hotspots

import (
	"fmt"
	"math"
	"slices"
)

// etas is the self-exciting model of Mohler et al. (2015), "Randomized
// controlled field trials of predictive policing": in each cell a steady rate,
// and after every event a further rate theta·omega·exp(−omega·t). One theta and
// omega for all cells, fitted by expectation–maximisation on the last days and
// anew every four weeks.
type etas struct {
	windowed
	days         int
	fitted       int // slot of the last fit
	steady       []float64
	theta, omega float64
}

const (
	etasSteps = 40
	etasRefit = periodDays
)

func (m *etas) foretell(h *history, a, _ int) (rank, density []float64) {
	per := h.slots.perDay()
	if m.steady == nil || a >= m.fitted+etasRefit*per {
		m.fit(h, a)
	}
	rank = slices.Clone(m.steady)
	now := h.slots.days(a)
	h.past(a-m.days*per, a, a, func(e event, day float64) {
		rank[e.cell] += m.theta * m.omega * math.Exp(-m.omega*(now-day))
	})
	return rank, normalised(rank, 0.02)
}

// fit runs the expectation–maximisation over the days before slot a. The sums
// over pairs of events of a cell go by recursion: with S = Σ exp(−omega·d) and
// D = Σ d·exp(−omega·d) over earlier events at distances d, a step by t makes
// them exp(−omega·t)·S and exp(−omega·t)·(D + t·S).
func (m *etas) fit(h *history, a int) {
	from := a - m.days*h.slots.perDay()
	start := h.slots.days(from)
	span := h.slots.days(a) - start
	times := make([][]float64, h.grid.Len())
	h.past(from, a, a, func(e event, day float64) { times[e.cell] = append(times[e.cell], day-start) })
	m.fitted, m.theta, m.omega = a, 0.3, 0.1
	m.steady = make([]float64, len(times))
	for c, ts := range times {
		m.steady[c] = 0.5*float64(len(ts))/span + 1e-9
	}
	for range etasSteps {
		var caused, delay, edge float64
		next := make([]float64, len(times))
		for c, ts := range times {
			var s, d float64 // over events before the last moment
			waiting := 0.0   // events at the last moment itself
			for j, t := range ts {
				if j > 0 && t > ts[j-1] {
					step := t - ts[j-1]
					decay := math.Exp(-m.omega * step)
					s += waiting // those of the last moment are now earlier
					s, d, waiting = decay*s, decay*(d+step*s), 0
				}
				waiting++
				rate := m.steady[c] + m.theta*m.omega*s
				next[c] += m.steady[c] / rate
				caused += m.theta * m.omega * s / rate
				delay += m.theta * m.omega * d / rate
				edge += 1 - math.Exp(-m.omega*(span-t))
			}
		}
		if caused <= 0 || delay <= 0 { // no cell has two events: nothing excites
			m.theta = 0
			break
		}
		m.omega, m.theta = caused/delay, caused/edge
		for c := range next {
			m.steady[c] = next[c] / span
		}
	}
}

// String says what was fitted last.
func (m *etas) String() string {
	return fmt.Sprintf("theta %.3f, 1/omega %.1f days", m.theta, 1/m.omega)
}
