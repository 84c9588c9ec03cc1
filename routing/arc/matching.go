package arc

import (
	"fmt"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

const none int32 = -1

// Labels of a top-level blossom in the alternating tree.
const (
	free  uint8 = iota // not in the tree
	outer              // even distance from the root (S)
	inner              // odd distance (T)
)

// end is an edge seen from one of its ends: from is the far vertex, to the
// near one.
type end struct{ from, to int32 }

var noEnd = end{none, none}

// matcher is the state of one run. Vertices are 0..n-1, blossoms n..; a vertex
// is a trivial blossom. Duals are doubled (dual[v] = 2·y(v)) so that they stay
// whole: slack = 2·cost − dual[u] − dual[v] is even between two outer vertices
// of one tree.
type matcher struct {
	n     int
	pairs []Pair
	start []int32 // CSR of incident pairs
	inc   []int32

	dual []int64 // per vertex: 2·y; per blossom: z ≥ 0
	mate []int32 // matched vertex, or none
	top  []int32 // top-level blossom of a vertex

	parent   []int32   // of a blossom, or none
	base     []int32   // base vertex of a blossom
	children [][]int32 // in cyclic order, the base's child first
	links    [][]end   // links[i] joins children[i] (from) and children[i+1] (to)
	unused   []int32

	label []uint8
	via   []end // how the blossom got its label

	tree   []int32 // vertices that got a label in this search
	inTree []bool
	queue  []int32                     // outer vertices whose pairs are to be looked at
	delta  int64                       // by how much the duals of the tree have changed
	since  []int64                     // delta at which a dual was last written
	events routing.Queue[int64, int32] // by delta: a pair, or -1 - an inner blossom
	leafs  []int32
	passed []int32 // blossom → walk that came by
	walk   int32
}

// Matching is a minimum-cost perfect matching with the proof of its optimality.
type Matching struct {
	Mate []int32
	Cost int64
	m    *matcher

	stuck []int32
}

// Stuck gives the vertices among which, for want of pairs, one could not be
// matched; none after success. Extend goes on from there.
func (r Matching) Stuck() []int32 { return r.stuck }

// PerfectMatching finds a perfect matching of n vertices of least cost among
// the given pairs.
func PerfectMatching(n int, pairs []Pair) (Matching, error) {
	if n%2 != 0 {
		return Matching{}, fmt.Errorf("%w: %d vertices", ErrNoMatching, n)
	}
	m := newMatcher(n, pairs)
	m.jumpStart()
	return m.complete()
}

// complete matches what is exposed.
func (m *matcher) complete() (Matching, error) {
	for v := int32(0); v < int32(m.n); v++ {
		if m.mate[v] == none && !m.search(v) {
			return Matching{m: m, stuck: slices.Clone(m.tree)}, fmt.Errorf("%w: vertex %d is left over", ErrNoMatching, v)
		}
	}
	r := Matching{Mate: m.mate, m: m}
	least := make([]int64, m.n)
	for i := range least {
		least[i] = math.MaxInt64
	}
	for _, p := range m.pairs {
		if m.mate[p.U] == p.V {
			v := min(p.U, p.V)
			least[v] = min(least[v], p.Cost)
		}
	}
	for v, w := range m.mate {
		if int32(v) < w {
			r.Cost += least[v]
		}
	}
	return r, nil
}

// Extend gives the least matching when more pairs may be used, from where this
// one stands; this one must not be used any more.
func (r Matching) Extend(more []Pair) (Matching, error) {
	m := r.m
	m.pairs = append(m.pairs, more...)
	m.index()
	for _, p := range more {
		if r.Slack(p.U, p.V, p.Cost) < 0 {
			m.open(p.U)
			if s := r.Slack(p.U, p.V, p.Cost); s < 0 {
				m.part(p.U)
				m.dual[p.U] += s
			}
		}
	}
	return m.complete()
}

// open dissolves the blossoms around a vertex. What their duals were worth is
// taken off their vertices, so that no pair's slack falls; the pair at the base
// of each is no longer tight.
func (m *matcher) open(v int32) {
	for b := m.top[v]; b >= int32(m.n); b = m.top[v] {
		m.part(m.base[b])
		for _, u := range m.leaves(b) {
			m.dual[u] -= m.dual[b]
		}
		m.dual[b] = 0
		m.dissolve(b)
	}
}

// part exposes a vertex and its mate.
func (m *matcher) part(v int32) {
	if w := m.mate[v]; w != none {
		m.mate[v], m.mate[w] = none, none
	}
}

// Slack is twice the reduced cost of a pair of the given cost under the
// final duals. Optimality on a larger set of pairs holds if none is negative.
func (r Matching) Slack(u, v int32, cost int64) int64 {
	m := r.m
	s := 2*cost - m.dual[u] - m.dual[v]
	if s >= 0 || m.top[u] != m.top[v] || m.top[u] < int32(m.n) {
		return s
	}
	in := make(map[int32]bool)
	for b := m.parent[u]; b != none; b = m.parent[b] {
		in[b] = true
	}
	for b := m.parent[v]; b != none; b = m.parent[b] {
		if in[b] {
			s += 2 * m.dual[b]
		}
	}
	return s
}

// Dual gives twice the potential of a vertex.
func (r Matching) Dual(v int32) int64 { return r.m.dual[v] }

func newMatcher(n int, pairs []Pair) *matcher {
	size := 2 * n
	m := &matcher{
		n: n, pairs: pairs,
		dual: make([]int64, size), mate: make([]int32, n), top: make([]int32, n),
		parent: make([]int32, size), base: make([]int32, size),
		children: make([][]int32, size), links: make([][]end, size),
		label: make([]uint8, size), via: make([]end, size), inTree: make([]bool, n),
		since: make([]int64, size), passed: make([]int32, size),
	}
	m.index()
	for b := 0; b < size; b++ {
		m.parent[b], m.via[b] = none, noEnd
		if b < n {
			m.mate[b], m.top[b], m.base[b] = none, int32(b), int32(b)
		} else {
			m.base[b] = none
			m.unused = append(m.unused, int32(n+size-1-b))
		}
	}
	return m
}

// index lists the pairs at each vertex.
func (m *matcher) index() {
	m.start, m.inc = make([]int32, m.n+1), make([]int32, 2*len(m.pairs))
	for _, p := range m.pairs {
		m.start[p.U+1]++
		m.start[p.V+1]++
	}
	for i := range m.n {
		m.start[i+1] += m.start[i]
	}
	next := append([]int32(nil), m.start[:m.n]...)
	for i, p := range m.pairs {
		m.inc[next[p.U]] = int32(i)
		next[p.U]++
		m.inc[next[p.V]] = int32(i)
		next[p.V]++
	}
}

func (m *matcher) other(e, v int32) int32 {
	p := m.pairs[e]
	if p.U == v {
		return p.V
	}
	return p.U
}

func (m *matcher) slack(e int32) int64 {
	p := m.pairs[e]
	return 2*p.Cost - m.y(p.U) - m.y(p.V)
}

// jumpStart makes feasible duals and pairs what it can along tight edges.
func (m *matcher) jumpStart() {
	for v := int32(0); v < int32(m.n); v++ {
		first := true
		for _, e := range m.inc[m.start[v]:m.start[v+1]] {
			if c := m.pairs[e].Cost; first || c < m.dual[v] {
				m.dual[v], first = c, false
			}
		}
	}
	for v := int32(0); v < int32(m.n); v++ {
		if m.mate[v] != none {
			continue
		}
		least, at := int64(-1), none
		for _, e := range m.inc[m.start[v]:m.start[v+1]] {
			w := m.other(e, v)
			if w == v {
				continue
			}
			s := m.slack(e)
			if least < 0 || s < least || (s == least && m.mate[w] == none) {
				least, at = s, w
			}
		}
		if at == none {
			continue
		}
		m.dual[v] += least
		if m.mate[at] == none {
			m.mate[v], m.mate[at] = at, v
		}
	}
}

// leaves gives the vertices of a blossom in a slice that is good until the
// next call.
func (m *matcher) leaves(b int32) []int32 {
	m.leafs = m.leafs[:0]
	m.gather(b)
	return m.leafs
}

func (m *matcher) gather(b int32) {
	if b < int32(m.n) {
		m.leafs = append(m.leafs, b)
		return
	}
	for _, c := range m.children[b] {
		m.gather(c)
	}
}
