package arc

import (
	"math"
	"slices"
)

// labels answer the distance between any two nodes of a large network without
// the memory of a matrix: each node knows its distance to some hubs, so chosen
// that on a cheapest way between any two nodes lies a hub both know (pruned
// landmark labelling, Akiba, Iwata & Yoshida 2013). Answers are exact.
type labels struct {
	out, in labelSet // distances to hubs, and from hubs
}

// labelSet holds the hubs of each node by rank, ascending.
type labelSet struct {
	start []int32
	hub   []int32
	dist  []int32
}

// at gives the distance from a to b.
func (l *labels) at(a, b int32) int32 {
	i, iEnd := l.out.start[a], l.out.start[a+1]
	j, jEnd := l.in.start[b], l.in.start[b+1]
	best := int32(Never)
	for i < iEnd && j < jEnd {
		switch h, k := l.out.hub[i], l.in.hub[j]; {
		case h == k:
			best = min(best, l.out.dist[i]+l.in.dist[j])
			i++
			j++
		case h < k:
			i++
		default:
			j++
		}
	}
	return best
}

// newLabels makes the labels of a network.
func newLabels(g *Roads) *labels {
	turned := g.turned()
	same := slices.EqualFunc(undirected(g), undirected(turned), func(a, b Road) bool { return a == b })
	b := &labelling{out: make([][]hubDist, g.Nodes), row: make([]int32, g.Nodes)}
	b.in = b.out
	if !same {
		b.in = make([][]hubDist, g.Nodes)
	}
	for i := range b.row {
		b.row[i] = Never
	}
	forth, back := NewTrip(g), NewTrip(turned)
	for rank, hub := range hubOrder(g) {
		b.spread(forth, int32(rank), hub, b.out, b.in)
		if !same {
			b.spread(back, int32(rank), hub, b.in, b.out)
		}
	}
	l := &labels{out: packed(b.out)}
	l.in = l.out
	if !same {
		l.in = packed(b.in)
	}
	return l
}

func undirected(g *Roads) []Road {
	all := slices.Clone(g.roads)
	slices.SortFunc(all, func(a, b Road) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		if a.To != b.To {
			return int(a.To - b.To)
		}
		return int(a.Cost - b.Cost)
	})
	return all
}

type hubDist struct{ hub, dist int32 }

type labelling struct {
	out, in [][]hubDist
	row     []int32 // by rank, distances of the hub being spread to earlier hubs
}

// spread writes a hub into the labels of all nodes that no earlier hub answers
// for: own are the labels of the hub's side, far those that are written.
func (b *labelling) spread(t *Trip, rank, hub int32, own, far [][]hubDist) {
	known := own[hub]
	for _, h := range known {
		b.row[h.hub] = h.dist
	}
	t.prune(hub, func(n int32, d int64) bool {
		for _, h := range far[n] {
			if x := b.row[h.hub]; int64(x)+int64(h.dist) <= d {
				return false
			}
		}
		far[n] = append(far[n], hubDist{rank, int32(d)})
		return true
	})
	for _, h := range known {
		b.row[h.hub] = Never
	}
}

// prune is Run that does not go on from nodes where visit says no.
func (t *Trip) prune(src int32, visit func(n int32, cost int64) bool) {
	for _, n := range t.seen {
		t.dist[n] = Never
	}
	t.seen, t.heap = append(t.seen[:0], src), t.heap[:0]
	t.dist[src] = 0
	t.heap.Push(0, src)
	for len(t.heap) > 0 {
		it := t.heap.Pop()
		if it.Key > t.dist[it.Value] || !visit(it.Value, it.Key) {
			continue
		}
		for _, r := range t.g.From(it.Value) {
			d := it.Key + int64(r.Cost)
			if d >= t.dist[r.To] {
				continue
			}
			if t.dist[r.To] == Never {
				t.seen = append(t.seen, r.To)
			}
			t.dist[r.To] = d
			t.heap.Push(d, r.To)
		}
	}
}

// samples is from how many nodes hubOrder looks at the network.
const samples = 48

// hubOrder puts the nodes first through which most cheapest ways from a sample
// of nodes lead.
func hubOrder(g *Roads) []int32 {
	score := make([]float64, g.Nodes)
	below := make([]float64, g.Nodes)
	t := NewTrip(g)
	var order []int32
	for s := range min(samples, g.Nodes) {
		src := int32(s * g.Nodes / min(samples, g.Nodes))
		order = order[:0]
		t.Run(src, func(n int32, _ int64) bool {
			order = append(order, n)
			below[n] = 1
			return true
		})
		for i := len(order) - 1; i >= 0; i-- {
			n := order[i]
			if by := t.by[n]; by != none {
				below[by] += below[n]
			}
			score[n] += math.Sqrt(below[n])
		}
	}
	all := make([]int32, g.Nodes)
	for i := range all {
		all[i] = int32(i)
	}
	slices.SortStableFunc(all, func(a, b int32) int {
		switch {
		case score[a] > score[b]:
			return -1
		case score[a] < score[b]:
			return 1
		}
		return 0
	})
	return all
}

func packed(of [][]hubDist) labelSet {
	s := labelSet{start: make([]int32, len(of)+1)}
	for i, l := range of {
		for _, h := range l {
			s.hub, s.dist = append(s.hub, h.hub), append(s.dist, h.dist)
		}
		s.start[i+1] = int32(len(s.hub))
	}
	return s
}
