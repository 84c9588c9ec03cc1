package carp

import (
	"fmt"
	"math"

	"github.com/serenazgo/serenazgo/routing/arc"
)

// Bound gives a cost that no solution is below: of all routes, or for MinMax of
// the longest of so many. One-ways count as open both ways and a direction that
// costs more as the other one, which only lowers it.
//
// Beside serving every edge once, every part of the network beyond some distance
// from the depot needs drives in and out for its loads, and every junction an even
// number of streets. The least that costs is a matching of the odd junctions and
// of the drives that are missing at the border (Golden & Wong 1981); or for each
// missing drive the distance to where the part ends or falls apart, and the same
// for what is beyond (after Benavent, Campos, Corberán & Mota 1992, with borders
// by distance instead of by number of streets); whichever is more.
func Bound(in *Instance, vehicles int) (int64, error) {
	if in.Kind == MinMax && vehicles < 1 {
		return 0, fmt.Errorf("%d vehicles; the longest of them needs at least one", vehicles)
	}
	b, err := newBounder(in)
	if err != nil {
		return 0, err
	}
	total := in.Dump * b.drives(b.demand)
	for _, l := range b.links {
		if l.required {
			total += l.serve
		}
	}
	var all []int32
	for n := range b.out {
		if int32(n) != b.depot {
			all = append(all, int32(n))
		}
	}
	for _, part := range b.parts(all) {
		least, err := b.least(part, 0, 0)
		if err != nil {
			return 0, err
		}
		total += least
	}
	if in.Kind == MinMax {
		k := int64(vehicles)
		return (total + k - 1) / k, nil
	}
	return total, nil
}

// stretch is an edge that may be driven, at the cost of its cheaper direction.
type stretch struct {
	u, v        int32
	cost, serve int64
	demand      int64
	required    bool
}

func (l *stretch) far(n int32) int32 { return l.u + l.v - n }

// bounder is an instance with nodes numbered from 0.
type bounder struct {
	links    []stretch
	out      [][]int32 // links at each node; a loop is at none
	away     []int64   // of each node from the depot; Never or more: no way
	depot    int32
	demand   int64
	capacity int64
	inside   []int32 // the part a node is in at present
	round    int32
}

func newBounder(in *Instance) (*bounder, error) {
	b := &bounder{capacity: in.Capacity}
	index := map[int]int32{}
	at := func(n int) int32 {
		i, ok := index[n]
		if !ok {
			i = int32(len(b.out))
			index[n], b.out = i, append(b.out, nil)
		}
		return i
	}
	b.depot = at(in.Depot)
	var roads []arc.Road
	for _, e := range in.Edges {
		l := stretch{u: at(e.U), v: at(e.V), cost: min(e.Cost[0], e.Cost[1]), serve: min(e.Serve[0], e.Serve[1]), required: e.Required}
		if l.cost >= Forbidden {
			continue
		}
		if e.Required {
			l.demand = e.Demand
			b.demand += e.Demand
		}
		i := int32(len(b.links))
		b.links = append(b.links, l)
		if l.u != l.v {
			b.out[l.u], b.out[l.v] = append(b.out[l.u], i), append(b.out[l.v], i)
			roads = append(roads, bothWays(l.u, l.v, l.cost)...)
		}
	}
	b.inside, b.away = make([]int32, len(b.out)), make([]int64, len(b.out))
	for n := range b.away {
		b.away[n] = arc.Never
	}
	g, err := arc.NewRoads(len(b.out), roads)
	if err != nil {
		return nil, err
	}
	arc.NewTrip(g).Run(b.depot, func(n int32, cost int64) bool {
		b.away[n] = cost
		return true
	})
	return b, nil
}

func bothWays(u, v int32, cost int64) []arc.Road {
	return []arc.Road{{From: u, To: v, Cost: int32(cost)}, {From: v, To: u, Cost: int32(cost)}}
}

// drives gives how many vehicles carry a demand, at least one.
func (b *bounder) drives(demand int64) int64 {
	return max(1, demand/b.capacity+min(1, demand%b.capacity))
}

// parts gives the nodes in groups that hang together.
func (b *bounder) parts(nodes []int32) (out [][]int32) {
	b.round++
	left := b.round
	for _, n := range nodes {
		b.inside[n] = left
	}
	b.round++
	for _, n := range nodes {
		if b.inside[n] != left {
			continue
		}
		b.inside[n] = b.round
		part := []int32{n}
		for i := 0; i < len(part); i++ {
			for _, l := range b.out[part[i]] {
				if to := b.links[l].far(part[i]); b.inside[to] == left {
					b.inside[to] = b.round
					part = append(part, to)
				}
			}
		}
		out = append(out, part)
	}
	return out
}

// border is what is known about a part and the links into it.
type border struct {
	needed  bool    // something is to serve in it or at its border
	missing int64   // drives over the border that serve nothing, at least
	nearest int64   // distance of its nearest node from the depot
	behind  []int32 // the nodes farther away
	odd     []int32 // nodes with an odd number of required links
}

func (b *bounder) border(part []int32) border {
	b.round++
	for _, n := range part {
		b.inside[n] = b.round
	}
	x := border{nearest: math.MaxInt64}
	demand, crossing := int64(0), int64(0)
	for _, n := range part {
		x.nearest = min(x.nearest, b.away[n])
		degree := 0
		for _, i := range b.out[n] {
			l := &b.links[i]
			if !l.required {
				continue
			}
			degree++
			x.needed = true
			switch {
			case b.inside[l.far(n)] != b.round:
				crossing++
				demand += l.demand
			case n == l.u:
				demand += l.demand
			}
		}
		if degree%2 == 1 {
			x.odd = append(x.odd, n)
		}
	}
	for _, n := range part {
		if b.away[n] > x.nearest {
			x.behind = append(x.behind, n)
		}
	}
	if x.missing = 2*b.drives(demand) - crossing; x.missing < 0 {
		x.missing = crossing % 2
	}
	return x
}

// least gives what driving without serving costs in a part: the nodes, hanging
// together, that are farther from the depot than radius. What is driven nearer
// does not count; depth says how many borders lie before it.
func (b *bounder) least(part []int32, radius int64, depth int) (int64, error) {
	x := b.border(part)
	if !x.needed || x.nearest >= arc.Never {
		return 0, nil
	}
	matched, err := b.match(part, radius, depth, x)
	levels := x.missing * (x.nearest - radius)
	for _, p := range b.parts(x.behind) {
		if err != nil {
			break
		}
		var beyond int64
		beyond, err = b.least(p, x.nearest, depth+1)
		levels += beyond
	}
	return max(matched, levels), err
}
