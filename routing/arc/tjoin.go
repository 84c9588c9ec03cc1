package arc

import (
	"errors"
	"fmt"
	"slices"
)

// candidates is how many nearest terminals each terminal may first be paired
// with; pricing adds what is missing.
const candidates = 10

// TJoin is a least-cost set of links that has odd degree exactly at the
// terminals: what must be repeated so that a closed walk can use every link.
type TJoin struct {
	Links  []int32 // ids, each once, ascending
	Cost   int64
	Rounds int // of pricing until the dual solution held for all pairs
}

// MinTJoin finds a minimum T-join for the terminals. The result is exact: the
// dual solution of the matching is checked against every pair of terminals.
func MinTJoin(g *Network, terminals []int32) (TJoin, error) {
	t := &tjoin{g: g, index: make([]int32, g.Nodes), reach: newReach(g), known: map[[2]int32]bool{}}
	for i := range t.index {
		t.index[i] = none
	}
	for _, n := range terminals {
		if n < 0 || int(n) >= g.Nodes || t.index[n] != none {
			return TJoin{}, fmt.Errorf("terminal %d is no junction of the network, or named twice", n)
		}
		t.index[n] = int32(len(t.terminals))
		t.terminals = append(t.terminals, n)
	}
	if err := t.parity(); err != nil {
		return TJoin{}, err
	}
	return t.solve()
}

type tjoin struct {
	g         *Network
	terminals []int32
	index     []int32 // node → terminal number
	reach     *reach
	pairs     []Pair
	known     map[[2]int32]bool
}

// parity refuses parts of the network with an odd number of terminals.
func (t *tjoin) parity() error {
	seen := make([]bool, t.g.Nodes)
	var stack []int32
	for _, n := range t.terminals {
		if seen[n] {
			continue
		}
		count := 0
		seen[n] = true
		stack = append(stack[:0], n)
		for len(stack) > 0 {
			v := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if t.index[v] != none {
				count++
			}
			for _, l := range t.g.around(v) {
				if w := t.g.far(l, v); !seen[w] {
					seen[w] = true
					stack = append(stack, w)
				}
			}
		}
		if count%2 != 0 {
			return fmt.Errorf("%w: %d around junction %d", ErrOdd, count, n)
		}
	}
	return nil
}

func (t *tjoin) solve() (TJoin, error) {
	var out TJoin
	if len(t.terminals) == 0 {
		return out, nil
	}
	k := candidates
	t.nearest(k)
	for {
		out.Rounds++
		m, err := PerfectMatching(len(t.terminals), t.pairs)
		if errors.Is(err, ErrNoMatching) && k < len(t.terminals) {
			k *= 3
			t.nearest(k)
			continue
		}
		if err != nil {
			return TJoin{}, err
		}
		if t.price(m) == 0 {
			return t.expand(m, out), nil
		}
	}
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

// nearest makes candidate pairs of each terminal and its k nearest.
func (t *tjoin) nearest(k int) {
	for i, n := range t.terminals {
		found := 0
		t.reach.run(n, func(v int32, d int64) bool {
			if j := t.index[v]; j != none && int(j) != i {
				t.add(int32(i), j, d)
				found++
			}
			return found < k
		})
	}
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
