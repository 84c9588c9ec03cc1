package match

import "slices"

// unlikely links are left out of posteriors.
const unlikely = 1e-4

// pair is a link of two steps and how likely it is that the unit took it.
type pair struct {
	link *link
	p    float64
}

// posteriors gives, for each part driven between steps k and k+1, the
// probability that the unit drove it. A fix beside a junction belongs to
// several streets at once, so the same stretch may be driven in the transition
// before or after in other readings of the track: the expected number of times
// it is driven in the three transitions, at most 1, is the probability. It is
// good until the next call.
func (m *Matcher) posteriors(k int, parts []part) []float64 {
	out := slices.Grow(m.chances[:0], len(parts))[:len(parts)]
	m.chances = out
	clear(out)
	for t := max(0, k-1); t <= k+1 && t+1 < len(m.steps); t++ {
		m.occupy(t, parts, out)
	}
	for i := range out {
		out[i] = min(1, out[i])
	}
	return out
}

// occupy adds what the transition from step t expects of the parts.
func (m *Matcher) occupy(t int, parts []part, out []float64) {
	a, b := m.steps[t], m.steps[t+1]
	for _, q := range m.pairs(t) {
		r := m.routeOf(a, b, q.link)
		m.scratch = m.parts(m.scratch[:0], &a.states[q.link.from], &b.states[q.link.to], &r)
		for _, s := range m.scratch {
			for x, own := range parts {
				if s.arc == own.arc {
					if common := min(s.to, own.to) - max(s.from, own.from); common > 0 {
						out[x] += q.p * common / (own.to - own.from)
					}
				}
			}
		}
	}
}

// pairs gives the links from step t that are not unlikely, after lookBack.
func (m *Matcher) pairs(t int) []pair {
	if len(m.likely[t]) > 0 {
		return m.likely[t]
	}
	a, b, beta := m.steps[t], m.steps[t+1], m.betas[t+1]
	out := m.likely[t]
	sum := 0.0
	for i := range b.links {
		l := &b.links[i]
		if p := a.alpha[l.from] * l.t * b.states[l.to].e * beta[l.to]; p > 0 {
			out = append(out, pair{l, p})
			sum += p
		}
	}
	kept := out[:0]
	for _, q := range out {
		if q.p /= sum; q.p >= unlikely {
			kept = append(kept, q)
		}
	}
	m.likely[t] = kept
	return kept
}
