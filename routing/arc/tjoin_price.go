package arc

import (
	"cmp"
	"maps"
	"slices"

	"github.com/serenazgo/serenazgo/routing"
)

// pricing looks for pairs of terminals whose reduced cost is negative under the
// duals of a matching. The moats that the duals draw around blossoms hardly
// overlap in an optimum, and a missing pair shows as two moats that do, at a
// node or on a link. So every pair is checked without looking at each: on the
// outermost level first, then inside each blossom, whose own moat and those
// around it no longer count.
//
// Pairs with nearer terminals are candidates already. So two terminals can be
// missing only if one of their potentials reaches beyond its candidates
// (tjoin.within); levels without such a suspect are left out. Blossoms nest
// hundreds deep, and few levels have one.
type pricing struct {
	t     *tjoin
	m     *matcher
	moats [][]moat // per node
	used  []int32  // nodes with moats
	best  []moat   // of the child being flooded
	stamp []int32
	round int32
	heap  routing.Queue[int64, int32]
	found map[[2]int32]bool
}

// moat tells that a child of the level reaches a node: key is twice the
// distance from the terminal less the terminal's potential.
type moat struct {
	child, terminal int32
	key             int64
}

// price adds the pairs that are missing and tells how many there were.
func (t *tjoin) price(r Matching) int {
	p := &pricing{t: t, m: r.m, moats: make([][]moat, t.g.Nodes), best: make([]moat, t.g.Nodes),
		stamp: make([]int32, t.g.Nodes), found: map[[2]int32]bool{}}
	tops := slices.Clone(r.m.top)
	slices.Sort(tops)
	var suspects []int32
	for v := range r.m.top {
		if p.suspect(int32(v), 0) {
			suspects = append(suspects, int32(v))
		}
	}
	if len(suspects) > 0 {
		p.level(slices.Compact(tops), none, suspects, 0)
	}

	keys := slices.Collect(maps.Keys(p.found))
	slices.SortFunc(keys, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	added := 0
	for _, k := range keys {
		if t.between(k[0], k[1]) {
			added++
		}
	}
	return added
}

// suspect tells whether a terminal reaches beyond its candidates; around is the
// dual of the blossoms that do not count.
func (p *pricing) suspect(v int32, around int64) bool {
	return p.m.dual[v]-around > p.t.within[v]
}

// level checks pairs of different children of a blossom (none: of the top);
// around is the dual of the blossoms that hold them all.
func (p *pricing) level(children []int32, parent int32, suspects []int32, around int64) {
	p.used = p.used[:0]
	for _, c := range children {
		p.flood(c, around)
	}
	for _, n := range p.used {
		for i, a := range p.moats[n] {
			for _, b := range p.moats[n][:i] {
				p.meet(a, b, 0)
			}
			for _, l := range p.t.g.around(n) {
				if to := p.t.g.far(l, n); to > n {
					for _, b := range p.moats[to] {
						p.meet(a, b, p.t.g.Links[l].Cost)
					}
				}
			}
		}
	}
	for _, n := range p.used {
		p.moats[n] = p.moats[n][:0]
	}
	inside := map[int32][]int32{} // child → suspects that stay
	for _, v := range suspects {
		c := v
		for p.m.parent[c] != parent {
			c = p.m.parent[c]
		}
		if c >= int32(p.m.n) && p.suspect(v, around+p.m.dual[c]) {
			inside[c] = append(inside[c], v)
		}
	}
	for _, c := range children {
		if len(inside[c]) > 0 {
			p.level(p.m.children[c], c, inside[c], around+p.m.dual[c])
		}
	}
}

func (p *pricing) meet(a, b moat, length int64) {
	if a.child != b.child && a.key+b.key+2*length < 0 {
		p.found[[2]int32{min(a.terminal, b.terminal), max(a.terminal, b.terminal)}] = true
	}
}

// flood spreads a child's moat over the network.
func (p *pricing) flood(child int32, around int64) {
	p.round++
	p.heap = p.heap[:0]
	for _, v := range p.m.leaves(child) {
		p.reachNode(p.t.terminals[v], moat{child, v, around - p.m.dual[v]})
	}
	for len(p.heap) > 0 {
		it := p.heap.Pop()
		at := p.best[it.Value]
		if it.Key > at.key {
			continue
		}
		if len(p.moats[it.Value]) == 0 {
			p.used = append(p.used, it.Value)
		}
		p.moats[it.Value] = append(p.moats[it.Value], at)
		for _, l := range p.t.g.around(it.Value) {
			if key := it.Key + 2*p.t.g.Links[l].Cost; key <= 0 {
				p.reachNode(p.t.g.far(l, it.Value), moat{child, at.terminal, key})
			}
		}
	}
}

func (p *pricing) reachNode(n int32, m moat) {
	if p.stamp[n] == p.round && p.best[n].key <= m.key {
		return
	}
	p.stamp[n], p.best[n] = p.round, m
	p.heap.Push(m.key, n)
}
