package match

import "math"

const (
	// skipped is how likely it is that a fix says nothing, in nats: receivers
	// that send stored places late, and reflections between houses, make such.
	skipped = -12
	// skips is how many fixes in a row may be left out.
	skips = 2
)

// sticksOut tells whether the newest step lies off the way to the next one from the
// step before it.
func (m *Matcher) sticksOut(next *step) bool {
	n := len(m.steps)
	if n < 2 {
		return false
	}
	newest := m.steps[n-1]
	return newest.came+next.came >= distance(m.steps[n-2].fix.Point, next.fix.Point)+m.cfg.UTurn
}

// doubt gives the newest step the readings that its fix is wrong: the unit is
// still where a state of the step before says. What is then more likely is
// decided with the fixes to come. A step at which the unit stood, or that is
// decided or doubted already, is left as it is; doubt then gives false.
func (m *Matcher) doubt() bool {
	n := len(m.steps)
	if n < 2 || len(m.chosen) >= n || m.emitted > n-2 {
		return false
	}
	a, b := m.steps[n-2], m.steps[n-1]
	if b.until.After(b.since) || b.states[len(b.states)-1].of != nil {
		return false
	}
	was := len(b.states)
	for i := range a.states {
		st := a.states[i]
		if st.out >= skips || math.IsInf(a.score[i], -1) {
			continue
		}
		st.logE, st.e, st.of, st.out = skipped, math.Exp(skipped), a.at(&a.states[i]), st.out+1
		b.states = append(b.states, st)
		b.score = append(b.score, a.score[i]+skipped)
		b.back = append(b.back, int32(i))
		b.links = append(b.links, link{from: uint16(i), to: uint16(len(b.states) - 1), kind: still, t: 1})
		b.alpha = append(b.alpha, a.alpha[i]*st.e/b.sum)
	}
	if len(b.states) == was {
		return false
	}
	sum := 0.0
	for _, p := range b.alpha {
		sum += p
	}
	for j := range b.alpha {
		b.alpha[j] /= sum
	}
	b.sum *= sum
	return true
}
