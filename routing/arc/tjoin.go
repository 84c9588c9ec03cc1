package arc

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// candidates is how many nearest terminals each terminal may first be paired
// with; pricing adds what is missing.
const candidates = 12

// TJoin is a least-cost set of links that has odd degree exactly at the
// terminals: what must be repeated so that a closed walk can use every link.
type TJoin struct {
	Links  []int32 // ids, each once, ascending
	Cost   int64
	Rounds int // of pricing until the dual solution held for all pairs
}

// MinTJoin finds a minimum T-join for the terminals. The result is exact: the
// dual solution of the matching is checked against every pair of terminals.
//
// The network is taken block by block: how many terminals lie beyond a junction
// that cuts it tells whether the repeats on one side meet there.
func MinTJoin(g *Network, terminals []int32) (TJoin, error) {
	odd := make([]bool, g.Nodes)
	for _, n := range terminals {
		if n < 0 || int(n) >= g.Nodes || odd[n] {
			return TJoin{}, fmt.Errorf("terminal %d is no junction of the network, or named twice", n)
		}
		odd[n] = true
	}
	var out TJoin
	local := make([]int32, g.Nodes)
	for _, b := range g.blocks() {
		var inside []int32
		for _, n := range b.nodes {
			if odd[n] {
				inside = append(inside, n)
			}
		}
		if len(inside)%2 == 1 {
			inside = append(inside, b.top)
			odd[b.top] = !odd[b.top]
		}
		for _, n := range b.nodes {
			odd[n] = false
		}
		part, err := g.blockJoin(b, inside, local)
		if err != nil {
			return TJoin{}, err
		}
		out.Links = append(out.Links, part.Links...)
		out.Cost += part.Cost
		out.Rounds = max(out.Rounds, part.Rounds)
	}
	for n, o := range odd {
		if o {
			return TJoin{}, fmt.Errorf("%w: in the one around junction %d", ErrOdd, n)
		}
	}
	slices.Sort(out.Links)
	return out, nil
}

// blockJoin finds the T-join of one block; local is work space.
func (g *Network) blockJoin(b block, terminals, local []int32) (TJoin, error) {
	if len(terminals) == 0 {
		return TJoin{}, nil
	}
	if len(b.links) == 1 {
		return TJoin{Links: b.links, Cost: g.Links[b.links[0]].Cost}, nil
	}
	local[b.top] = 0
	for i, n := range b.nodes {
		local[n] = int32(i + 1)
	}
	links := make([]Link, len(b.links))
	for i, l := range b.links {
		links[i] = Link{local[g.Links[l].U], local[g.Links[l].V], g.Links[l].Cost}
	}
	part, err := NewNetwork(len(b.nodes)+1, links)
	if err != nil {
		return TJoin{}, err
	}
	t := &tjoin{g: part, index: make([]int32, part.Nodes), reach: newReach(part), known: map[[2]int32]bool{}}
	for i := range t.index {
		t.index[i] = none
	}
	for _, n := range terminals {
		t.index[local[n]] = int32(len(t.terminals))
		t.terminals = append(t.terminals, local[n])
	}
	out, err := t.solve()
	for i, l := range out.Links {
		out.Links[i] = b.links[l]
	}
	return out, err
}

type tjoin struct {
	g         *Network
	terminals []int32
	index     []int32 // node → terminal number
	reach     *reach
	pairs     []Pair
	known     map[[2]int32]bool
	within    []int64 // terminal → its pairs with nearer terminals are candidates
}

func (t *tjoin) solve() (TJoin, error) {
	var out TJoin
	t.within = make([]int64, len(t.terminals))
	for i := range t.terminals {
		t.nearest(int32(i), candidates)
	}
	t.borders()
	m, err := PerfectMatching(len(t.terminals), slices.Clone(t.pairs))
	for k := 2 * candidates; errors.Is(err, ErrNoMatching) && k < 2*len(t.terminals); k *= 2 {
		known := len(t.pairs)
		for _, i := range m.Stuck() {
			t.nearest(i, k)
		}
		m, err = m.Extend(t.pairs[known:])
	}
	for err == nil {
		out.Rounds++
		known := len(t.pairs)
		if t.price(m) == 0 {
			return t.expand(m, out), nil
		}
		m, err = m.Extend(t.pairs[known:])
	}
	return TJoin{}, err
}

func (t *tjoin) add(i, j int32, d int64) bool {
	key := [2]int32{min(i, j), max(i, j)}
	if i == j || t.known[key] {
		return false
	}
	t.known[key] = true
	t.pairs = append(t.pairs, Pair{key[0], key[1], d})
	return true
}

// nearest makes candidate pairs of a terminal and its k nearest.
func (t *tjoin) nearest(i int32, k int) {
	found := 0
	t.within[i] = math.MaxInt64
	t.reach.run(t.terminals[i], func(v int32, d int64) bool {
		if j := t.index[v]; j != none && j != i {
			t.add(i, j, d)
			if found++; found == k {
				t.within[i] = d
			}
		}
		return found < k
	})
}

// borders makes candidate pairs of terminals whose neighbourhoods meet: each
// junction belongs to the terminal nearest to it. They join clusters of
// terminals that are all nearest to each other.
func (t *tjoin) borders() {
	dist, owner := make([]int64, t.g.Nodes), make([]int32, t.g.Nodes)
	for i := range dist {
		dist[i], owner[i] = math.MaxInt64, none
	}
	var heap routing.Queue[int64, int32]
	for i, n := range t.terminals {
		dist[n], owner[n] = 0, int32(i)
		heap.Push(0, n)
	}
	for len(heap) > 0 {
		it := heap.Pop()
		if it.Key > dist[it.Value] {
			continue
		}
		for _, l := range t.g.around(it.Value) {
			to := t.g.far(l, it.Value)
			if d := it.Key + t.g.Links[l].Cost; d < dist[to] {
				dist[to], owner[to] = d, owner[it.Value]
				heap.Push(d, to)
			}
		}
	}
	for _, l := range t.g.Links {
		if i, j := owner[l.U], owner[l.V]; i != j && !t.known[[2]int32{min(i, j), max(i, j)}] {
			t.between(i, j)
		}
	}
}

// between makes a candidate pair of two terminals in one part of the network;
// false if it was one.
func (t *tjoin) between(i, j int32) (added bool) {
	goal := t.terminals[j]
	t.reach.run(t.terminals[i], func(v int32, d int64) bool {
		if v == goal {
			added = t.add(i, j, d)
		}
		return v != goal
	})
	return added
}

// expand replaces the pairs by shortest paths; links used twice cancel.
func (t *tjoin) expand(m Matching, out TJoin) TJoin {
	odd := make(map[int32]bool)
	for i, n := range t.terminals {
		j := m.Mate[i]
		if int(j) < i {
			continue
		}
		goal := t.terminals[j]
		t.reach.run(n, func(v int32, _ int64) bool { return v != goal })
		for _, l := range t.reach.path(goal) {
			if odd[l] {
				delete(odd, l)
			} else {
				odd[l] = true
			}
		}
	}
	for l := range odd {
		out.Links = append(out.Links, l)
		out.Cost += t.g.Links[l].Cost
	}
	slices.Sort(out.Links)
	return out
}
