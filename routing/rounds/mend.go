package rounds

import (
	"math"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	mendMoves   = 40000
	mendShare   = 0.22 // of the time given, at most
	priceLink   = 1.0  // a second on the way between pieces
	priceOdd    = 0.004
	detourShare = 1.3 // streets are longer than the straight line
)

// mender moves loops between units until each unit's loops hang together with
// its base, or nearly, and work is even.
type mender struct {
	d     *dealt
	next  [][]int32 // loops that share a junction
	nodes [][]routing.NodeID
	has   [][]int32 // unit → loops, in no order
	place []int32   // loop → index in has
	work  []float64 // unit → seconds
	goal  []float64
	link  []float64 // unit → seconds of links
	seen  []int32
	round int32
	queue []int32
}

// mend improves the deal.
func (d *dealt) mend() {
	s := d.s
	m := &mender{d: d, next: make([][]int32, len(s.loops)), nodes: make([][]routing.NodeID, len(s.loops)),
		has: make([][]int32, len(s.p.Units)), place: make([]int32, len(s.loops)), work: make([]float64, len(s.p.Units)),
		goal: make([]float64, len(s.p.Units)), link: make([]float64, len(s.p.Units)), seen: make([]int32, len(s.loops))}
	m.neighbours()
	total, speed := 0.0, 0.0
	for i, u := range d.owner {
		if u >= 0 {
			m.put(int32(i), u)
		}
	}
	for u := range m.work {
		total += m.work[u] * s.p.Units[u].Speed
		speed += s.p.Units[u].Speed
	}
	cost := 0.0
	for u := range m.goal {
		m.goal[u] = total / speed
		m.link[u] = m.links(u)
		cost += m.price(u)
	}
	begun := s.elapsed()
	for k := range mendMoves {
		if k%64 == 0 && s.elapsed() > begun+mendShare {
			break
		}
		heat := 60 * math.Pow(0.01, max(float64(k)/float64(mendMoves), (s.elapsed()-begun)/mendShare))
		i := int32(s.rng.IntN(len(s.loops)))
		from := d.owner[i]
		if from < 0 || len(m.next[i]) == 0 {
			continue
		}
		to := d.owner[m.next[i][s.rng.IntN(len(m.next[i]))]]
		if k%32 == 0 { // somebody who has nothing near, or nothing at all
			to = s.rng.IntN(len(s.p.Units))
		}
		if to < 0 || to == from || !s.mayTake(to, int(i)) {
			continue
		}
		before := m.price(from) + m.price(to)
		linkFrom, linkTo := m.link[from], m.link[to]
		m.take(i)
		m.put(i, to)
		m.link[from], m.link[to] = m.links(from), m.links(to)
		delta := m.price(from) + m.price(to) - before
		if delta > 0 && s.rng.Float64() >= math.Exp(-delta/heat) {
			m.take(i)
			m.put(i, from)
			m.link[from], m.link[to] = linkFrom, linkTo
		}
	}
}

// neighbours finds which loops share junctions.
func (m *mender) neighbours() {
	s := m.d.s
	mark := make([]int32, len(s.loops))
	for i := range s.loops {
		for _, a := range s.loops[i].arcs {
			n := s.p.Graph.Tail(a)
			m.nodes[i] = append(m.nodes[i], n)
			for _, j := range m.d.at[n] {
				if int(j) != i && mark[j] != int32(i+1) {
					mark[j] = int32(i + 1)
					m.next[i] = append(m.next[i], j)
				}
			}
		}
	}
}

func (m *mender) put(i int32, u int) {
	m.d.owner[i] = u
	m.place[i] = int32(len(m.has[u]))
	m.has[u] = append(m.has[u], i)
	m.work[u] += m.d.s.loops[i].length / m.d.s.p.Units[u].Speed
}

func (m *mender) take(i int32) {
	u := m.d.owner[i]
	l := m.has[u]
	k, last := m.place[i], l[len(l)-1]
	l[k] = last
	m.place[last] = k
	m.has[u] = l[:len(l)-1]
	m.work[u] -= m.d.s.loops[i].length / m.d.s.p.Units[u].Speed
	m.d.owner[i] = -1
}

func (m *mender) price(u int) float64 {
	off := m.work[u] + m.link[u] - m.goal[u]
	return priceLink*m.link[u] + priceOdd*off*off
}

// links estimates the seconds that a unit drives to join its pieces: each
// piece to the nearest of the larger ones, or to the base.
func (m *mender) links(u int) float64 {
	s := m.d.s
	if len(m.has[u]) == 0 {
		return 0
	}
	base := s.p.Units[u].Base
	m.round++
	metres := 0.0
	var main []routing.NodeID // of the piece that has the base, or the first
	var pieces [][]routing.NodeID
	for _, i := range m.has[u] {
		if m.seen[i] == m.round {
			continue
		}
		var nodes []routing.NodeID
		atBase := false
		m.queue = append(m.queue[:0], i)
		m.seen[i] = m.round
		for len(m.queue) > 0 {
			j := m.queue[len(m.queue)-1]
			m.queue = m.queue[:len(m.queue)-1]
			for _, n := range m.nodes[j] {
				atBase = atBase || n == base
			}
			nodes = append(nodes, m.nodes[j]...)
			for _, k := range m.next[j] {
				if m.seen[k] != m.round && m.d.owner[k] == u {
					m.seen[k] = m.round
					m.queue = append(m.queue, k)
				}
			}
		}
		if atBase {
			main = nodes
		} else {
			pieces = append(pieces, nodes)
		}
	}
	// The largest piece goes to the base, the others to the largest.
	if len(main) == 0 {
		big := 0
		for k := range pieces {
			if len(pieces[k]) > len(pieces[big]) {
				big = k
			}
		}
		metres += s.apart([]routing.NodeID{base}, pieces[big])
		main = pieces[big]
		pieces[big] = nil
	}
	for _, p := range pieces {
		if p != nil {
			metres += s.apart(p, main)
		}
	}
	return 2 * detourShare * metres / s.p.Units[u].Speed
}

// apart is the straight distance between two sets of junctions.
func (s *solver) apart(a, b []routing.NodeID) float64 {
	best := math.Inf(1)
	step := 1 + len(b)/300
	for _, n := range a {
		x, y := s.xy[n][0], s.xy[n][1]
		for k := 0; k < len(b); k += step {
			dx, dy := s.xy[b[k]][0]-x, s.xy[b[k]][1]-y
			best = min(best, dx*dx+dy*dy)
		}
	}
	return math.Sqrt(best)
}
