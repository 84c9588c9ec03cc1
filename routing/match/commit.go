package match

import (
	"math"
	"time"
)

// longRun is the number of steps from which on several are decided at a time:
// each time costs a look back from the newest step.
const longRun = 64

// settle decides every step that is Lag older than now, and gives out the
// transitions whose neighbours are decided or known.
func (m *Matcher) settle(now time.Time) {
	n := 0
	for n < len(m.steps)-1 && now.Sub(m.steps[n+1].since) >= m.cfg.Lag {
		n++
	}
	if n > 0 && n >= len(m.chosen) && (len(m.steps) < longRun || 4*(n-len(m.chosen)) >= len(m.steps)) {
		m.decide(n + 1)
		m.give(n)
		m.forget()
	}
}

// finish decides and gives out the whole run, and remembers its end.
func (m *Matcher) finish() {
	if len(m.steps) == 0 {
		return
	}
	m.decide(len(m.steps))
	m.give(len(m.steps) - 1)
	m.stand(len(m.steps) - 1)
	end := m.steps[len(m.steps)-1]
	m.bridge = &anchor{
		state: end.states[m.chosen[len(m.chosen)-1]], pos: m.cursor.pos, fix: end.fix, until: end.until, speed: end.speed, strayed: m.strayed > 1,
		posterior: m.placeProbability(len(m.steps)-1, m.backward(len(m.steps)-1)),
	}
	m.steps = m.steps[:0]
}

// decide fixes the states of the first count steps, by the best path to the
// newest step, and drops what contradicts them.
func (m *Matcher) decide(count int) {
	if count <= len(m.chosen) {
		return
	}
	first := len(m.chosen)
	last := len(m.steps) - 1
	at := argmax(m.steps[last].score)
	path := make([]int, last+1)
	for k := last; ; k-- {
		path[k] = at
		if k == first {
			break
		}
		at = int(m.steps[k].back[at])
	}
	m.chosen = append(m.chosen, path[first:count]...)
	keep := m.steps[count-1]
	for i := range keep.score {
		if i != path[count-1] {
			keep.score[i] = math.Inf(-1)
		}
	}
	for k := count; k <= last; k++ {
		s := m.steps[k]
		for j, i := range s.back {
			if i < 0 || math.IsInf(m.steps[k-1].score[i], -1) {
				s.score[j] = math.Inf(-1)
			}
		}
	}
}

func argmax(v []float64) int {
	best := 0
	for i := range v {
		if v[i] > v[best] {
			best = i
		}
	}
	return best
}

// backward gives the backward probabilities of step k, scaled.
func (m *Matcher) backward(k int) []float64 {
	beta := ones(len(m.steps[len(m.steps)-1].states))
	for i := len(m.steps) - 1; i > k; i-- {
		beta = m.backwardStep(i, beta)
	}
	return beta
}

// backwardStep goes from step i, with its backward probabilities, to i-1.
func (m *Matcher) backwardStep(i int, beta []float64) []float64 {
	b := m.steps[i]
	n := len(b.states)
	out := make([]float64, len(m.steps[i-1].states))
	sum := 0.0
	for a := range out {
		for j := range b.states {
			out[a] += b.routes[a*n+j].t * b.states[j].e * beta[j]
		}
		sum += out[a]
	}
	if sum > 0 {
		for a := range out {
			out[a] /= sum
		}
	}
	return out
}

func ones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1
	}
	return out
}

// forget drops decided steps that no posterior needs any more: one transition
// before the last decided step is kept.
func (m *Matcher) forget() {
	drop := min(len(m.chosen)-2, m.emitted-1)
	if drop <= 0 {
		return
	}
	m.steps = append(m.steps[:0], m.steps[drop:]...)
	m.chosen = append(m.chosen[:0], m.chosen[drop:]...)
	m.emitted -= drop
}
