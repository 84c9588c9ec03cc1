package match

import (
	"math"
	"slices"
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
		posterior: m.placeProbability(len(m.steps)-1, m.betas[len(m.steps)-1]),
	}
	m.bridge.state.of = nil
	m.free = append(m.free, m.steps...)
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
	m.path = slices.Grow(m.path[:0], last+1)[:last+1]
	path := m.path
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

// lookBack finds the backward probabilities of the steps from first on, and
// forgets what posteriors were found with others.
func (m *Matcher) lookBack(first int) {
	n := len(m.steps)
	m.betas = slices.Grow(m.betas[:0], n)[:n]
	m.likely = slices.Grow(m.likely[:0], n)[:n]
	for k := n - 1; k >= first; k-- {
		m.likely[k] = m.likely[k][:0]
		s := m.steps[k]
		beta := slices.Grow(m.betas[k][:0], len(s.states))[:len(s.states)]
		m.betas[k] = beta
		if k == n-1 {
			for i := range beta {
				beta[i] = 1
			}
			continue
		}
		clear(beta)
		b := m.steps[k+1]
		for i := range b.links {
			l := &b.links[i]
			beta[l.from] += l.t * b.states[l.to].e * m.betas[k+1][l.to]
		}
		sum := 0.0
		for _, p := range beta {
			sum += p
		}
		if sum > 0 {
			for i := range beta {
				beta[i] /= sum
			}
		}
	}
}

// forget drops decided steps that no posterior needs any more: one transition
// before the last decided step is kept.
func (m *Matcher) forget() {
	drop := min(len(m.chosen)-2, m.emitted-1)
	if drop <= 0 {
		return
	}
	m.free = append(m.free, m.steps[:drop]...)
	m.steps = append(m.steps[:0], m.steps[drop:]...)
	m.chosen = append(m.chosen[:0], m.chosen[drop:]...)
	m.emitted -= drop
}
