package match

// unlikely pairs of states are left out of posteriors.
const unlikely = 1e-4

// posteriors gives, for each part driven between steps k and k+1, the
// probability that the unit drove it. A fix beside a junction belongs to
// several streets at once, so the same stretch may be driven in the transition
// before or after in other readings of the track: the expected number of times
// it is driven in the three transitions, at most 1, is the probability.
func (m *Matcher) posteriors(k int, parts []part, betas [][]float64) []float64 {
	out := make([]float64, len(parts))
	for t := max(0, k-1); t <= k+1 && t+1 < len(m.steps); t++ {
		m.occupy(t, parts, betas[t+1], out)
	}
	for i := range out {
		out[i] = min(1, out[i])
	}
	return out
}

// occupy adds what the transition from step t expects of the parts.
func (m *Matcher) occupy(t int, parts []part, beta []float64, out []float64) {
	a, b := m.steps[t], m.steps[t+1]
	n := len(b.states)
	pair := make([]float64, len(a.states)*n)
	sum := 0.0
	for i := range a.states {
		for j := range b.states {
			r := &b.routes[i*n+j]
			if r.kind == noRoute {
				continue
			}
			p := a.alpha[i] * r.t * b.states[j].e * beta[j]
			pair[i*n+j] = p
			sum += p
		}
	}
	if !(sum > 0) {
		return
	}
	for i := range a.states {
		for j := range b.states {
			p := pair[i*n+j] / sum
			if p < unlikely {
				continue
			}
			m.scratch = m.parts(m.scratch[:0], a.states[i], b.states[j], &b.routes[i*n+j])
			for _, q := range m.scratch {
				for x, own := range parts {
					if q.arc == own.arc {
						if common := min(q.to, own.to) - max(q.from, own.from); common > 0 {
							out[x] += p * common / (own.to - own.from)
						}
					}
				}
			}
		}
	}
}
