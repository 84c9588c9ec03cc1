package carp

import (
	"slices"

	"github.com/serenazgo/serenazgo/routing/arc"
)

// Matching is tried at every border of a small network, at about so many one
// behind the other of a larger one, and only while it has few ends. Beyond that
// the odd nodes of the whole are joined, which takes less.
const (
	mostMatched  = 400
	matchedDepth = 20
)

// match gives a bound on driving without serving in a part by what has to be
// joined in it; 0 where that is not tried.
func (b *bounder) match(part []int32, radius int64, depth int, x border) (int64, error) {
	if len(x.odd)+int(min(x.missing, mostMatched)) > mostMatched {
		if depth > 0 {
			return 0, nil
		}
		return b.joined(part, radius, x)
	}
	if depth%(1+len(b.out)/matchedDepth/4) != 0 {
		return 0, nil
	}
	return b.matched(part, radius, x)
}

// contracted numbers the nodes of a part from 1 on, all around it being node 0,
// and gives the links between them. Of a link over the border only what lies
// beyond the radius counts.
func (b *bounder) contracted(part []int32, radius int64) (number map[int32]int32, links []arc.Link) {
	number = make(map[int32]int32, len(part))
	for i, n := range part {
		number[n] = int32(i + 1)
	}
	for _, n := range part {
		for _, i := range b.out[n] {
			l := &b.links[i]
			to, in := number[l.far(n)]
			switch {
			case !in:
				links = append(links, arc.Link{U: number[n], V: 0, Cost: max(0, l.cost-(radius-b.away[l.far(n)]))})
			case n == l.u:
				links = append(links, arc.Link{U: number[n], V: to, Cost: l.cost})
			}
		}
	}
	return number, links
}

// joined gives the cost of joining the odd nodes alone.
func (b *bounder) joined(part []int32, radius int64, x border) (int64, error) {
	number, links := b.contracted(part, radius)
	g, err := arc.NewNetwork(len(part)+1, links)
	if err != nil {
		return 0, err
	}
	var ends []int32
	for _, n := range x.odd {
		ends = append(ends, number[n])
	}
	if len(ends)%2 == 1 {
		ends = append(ends, 0)
	}
	join, err := arc.MinTJoin(g, ends)
	return join.Cost, err
}

// matched gives the cost of matching the odd nodes and the missing drives: two odd
// nodes by the way between them, an odd node and a drive by the way from the
// border, two drives by going in and out.
func (b *bounder) matched(part []int32, radius int64, x border) (int64, error) {
	number, links := b.contracted(part, radius)
	var roads []arc.Road
	enter := int64(arc.Never)
	for _, l := range links {
		roads = append(roads, bothWays(l.U, l.V, l.Cost)...)
		if l.V == 0 {
			enter = min(enter, l.Cost)
		}
	}
	g, err := arc.NewRoads(len(part)+1, roads)
	if err != nil {
		return 0, err
	}
	ends := make([]int32, 0, len(x.odd)+1)
	for _, n := range slices.Sorted(slices.Values(x.odd)) {
		ends = append(ends, number[n])
	}
	odd, n := len(ends), len(ends)+int(x.missing)
	d, err := g.Matrix(append(ends, 0))
	if err != nil {
		return 0, err
	}
	var pairs []arc.Pair
	for i := range n {
		for j := range i {
			cost := 2 * enter
			if j < odd { // i may be a drive
				cost = int64(d.At(int32(min(i, odd)), int32(j)))
			}
			pairs = append(pairs, arc.Pair{U: int32(i), V: int32(j), Cost: cost})
		}
	}
	m, err := arc.PerfectMatching(n, pairs)
	return m.Cost, err
}
