package rounds

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

const (
	longLoop   = 700.0 // metres from which a loop is worth splitting
	splitGain  = 0.97  // the squares of the lengths must fall at least to this
	splitTries = 200   // partners looked at for one loop
)

// splitter shortens long loops: where one shares two junctions with another,
// the four ways between them make two loops again, joined the other way.
type splitter struct {
	g      *routing.Graph
	copies []copyOf
	loops  [][]int32
	length []float64
	at     [][]int32 // node → loops that come by
}

// split gives loops of the same passages of which few are long.
func split(g *routing.Graph, copies []copyOf, loops [][]int32) [][]int32 {
	s := &splitter{g: g, copies: copies, loops: loops, length: make([]float64, len(loops)), at: make([][]int32, len(g.Nodes))}
	for i := range loops {
		s.enter(int32(i))
	}
	var queue []int32
	for i := range loops {
		queue = append(queue, int32(i))
	}
	for steps := 0; len(queue) > 0 && steps < 40*len(loops); steps++ {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if s.length[i] < longLoop {
			continue
		}
		if j, ok := s.halve(i); ok {
			queue = append(queue, i, j)
		} else if j, ok := s.improve(i); ok {
			queue = append(queue, i, j)
		}
	}
	return s.loops
}

// enter lists a loop at its junctions.
func (s *splitter) enter(i int32) {
	s.length[i] = 0
	for _, c := range s.loops[i] {
		a := s.copies[c].arc
		n := s.g.Tail(a)
		s.at[n] = append(s.at[n], i)
		s.length[i] += s.g.Segment(a).Length
	}
}

func (s *splitter) leave(i int32) {
	for _, c := range s.loops[i] {
		n := s.g.Tail(s.copies[c].arc)
		if k := slices.Index(s.at[n], i); k >= 0 {
			s.at[n] = slices.Delete(s.at[n], k, k+1)
		}
	}
}

// halve splits a loop that comes by a junction twice there.
func (s *splitter) halve(i int32) (other int32, ok bool) {
	l := s.loops[i]
	first := map[routing.NodeID]int{}
	for q, c := range l {
		n := s.g.Tail(s.copies[c].arc)
		p, twice := first[n]
		if !twice {
			first[n] = q
			continue
		}
		a, b := slices.Clone(l[p:q]), append(slices.Clone(l[q:]), l[:p]...)
		s.leave(i)
		s.loops[i] = a
		s.loops = append(s.loops, b)
		s.length = append(s.length, 0)
		s.enter(i)
		s.enter(int32(len(s.loops) - 1))
		return int32(len(s.loops) - 1), true
	}
	return 0, false
}

// improve splits loop i with the partner that makes both shortest.
func (s *splitter) improve(i int32) (partner int32, ok bool) {
	meet := map[int32][]int{} // partner → positions in loop i
	var order []int32
	for k, c := range s.loops[i] {
		for _, j := range s.at[s.g.Tail(s.copies[c].arc)] {
			if j != i {
				if _, seen := meet[j]; !seen {
					order = append(order, j)
				}
				if p := meet[j]; len(p) == 0 || p[len(p)-1] != k {
					meet[j] = append(p, k)
				}
			}
		}
	}
	var bestA, bestB []int32
	best := splitGain * 1e300
	partner = -1
	tries := 0
	for _, j := range order {
		if len(meet[j]) < 2 {
			continue
		}
		if tries++; tries > splitTries {
			break
		}
		before := s.length[i]*s.length[i] + s.length[j]*s.length[j]
		for x, p := range meet[j] {
			for _, q := range meet[j][x+1:] {
				a, b, after, ok := s.rejoin(i, j, p, q)
				if ok && after < splitGain*before && after-before < best {
					best, bestA, bestB, partner = after-before, a, b, j
				}
			}
		}
	}
	if partner < 0 {
		return 0, false
	}
	s.leave(i)
	s.leave(partner)
	s.loops[i], s.loops[partner] = bestA, bestB
	for _, l := range [...][]int32{bestA, bestB} {
		s.chain(l)
	}
	s.enter(i)
	s.enter(partner)
	return partner, true
}

// rejoin gives the two loops that the ways of loops i and j between two
// junctions make when they change partners, and the sum of the squares of
// their lengths. The junctions are those at positions p < q of loop i.
func (s *splitter) rejoin(i, j int32, p, q int) (a, b []int32, squares float64, ok bool) {
	li, lj := s.loops[i], s.loops[j]
	u, v := s.g.Tail(s.copies[li[p]].arc), s.g.Tail(s.copies[li[q]].arc)
	pu, pv := -1, -1
	for k, c := range lj {
		switch s.g.Tail(s.copies[c].arc) {
		case u:
			pu = k
		case v:
			pv = k
		}
	}
	if u == v || pu < 0 || pv < 0 {
		return nil, nil, 0, false
	}
	uv1, vu1 := li[p:q], append(slices.Clone(li[q:]), li[:p]...)
	uv2, vu2 := around(lj, pu, pv), around(lj, pv, pu)
	one, two := append(slices.Clone(uv1), vu2...), append(slices.Clone(uv2), vu1...)
	best := s.squares(one, two)
	a, b = one, two
	if s.allFree(lj) { // the partner may be driven the other way round
		if three, four := append(slices.Clone(uv1), reversedIDs(uv2)...), append(reversedIDs(vu2), vu1...); s.squares(three, four) < best {
			a, b, best = three, four, s.squares(three, four)
		}
	}
	return a, b, best, true
}

// around is the part of a closed list from position p to position q.
func around(l []int32, p, q int) []int32 {
	if p < q {
		return slices.Clone(l[p:q])
	}
	return append(slices.Clone(l[p:]), l[:q]...)
}

func reversedIDs(l []int32) []int32 {
	r := slices.Clone(l)
	slices.Reverse(r)
	return r
}

func (s *splitter) allFree(l []int32) bool {
	for _, c := range l {
		if !s.copies[c].free {
			return false
		}
	}
	return true
}

func (s *splitter) squares(ls ...[]int32) float64 {
	sum := 0.0
	for _, l := range ls {
		m := 0.0
		for _, c := range l {
			m += s.g.Segment(s.copies[c].arc).Length
		}
		sum += m * m
	}
	return sum
}

// chain turns free copies so that the list is a walk: each begins where the
// one before ends.
func (s *splitter) chain(l []int32) {
	if len(l) < 2 {
		return
	}
	// The first bound copy tells the direction; without one, the first copy
	// whose ends tell.
	for flip := range 2 {
		c := &s.copies[l[0]]
		if flip == 1 {
			if !c.free {
				return
			}
			c.arc = c.arc.Opposite()
		}
		if s.follow(l) {
			return
		}
	}
}

// follow turns the copies after the first; false if they make no closed walk.
func (s *splitter) follow(l []int32) bool {
	start, n := s.g.Tail(s.copies[l[0]].arc), s.g.Head(s.copies[l[0]].arc)
	for _, i := range l[1:] {
		c := &s.copies[i]
		if s.g.Tail(c.arc) != n {
			if !c.free || s.g.Head(c.arc) != n {
				return false
			}
			c.arc = c.arc.Opposite()
		}
		n = s.g.Head(c.arc)
	}
	return n == start
}
