package rounds

import (
	"math"
	"sort"

	"github.com/serenazgo/serenazgo/routing"
)

// loop is a short closed walk; the loops of a class are its passages, each
// once.
type loop struct {
	arcs   []routing.Arc
	wanted int // how many passages visit a belonging segment
	visits []routing.SegmentID
	part   bool    // it visits Problem.Part
	length float64 // metres
	worth  float64 // value of the visits
	x, y   float64 // middle, in metres around the map's first junction
}

// looper takes closed walks out of balanced passages.
type looper struct {
	g      *routing.Graph
	copies []copyOf
	used   []bool
	at     [][]int32 // copies around a node
	dist   []float64
	from   []int32 // copy by which a node was reached
	stamp  []int32
	round  int32
	heap   routing.Queue[float64, routing.NodeID]
}

// loopLimits are the lengths, in metres, up to which loops are taken in turn:
// short ones first, so that loops are blocks rather than grand tours.
var loopLimits = [...]float64{250, 400, 600, 900, 1500, 3000, math.Inf(1)}

// loops splits balanced passages into closed walks as short as they come.
// Passages bound to a direction go first, while the others still balance them;
// what is left can be driven either way round.
func loops(g *routing.Graph, copies []copyOf) (out [][]int32) {
	l := &looper{g: g, copies: copies, used: make([]bool, len(copies)), at: make([][]int32, len(g.Nodes)),
		dist: make([]float64, len(g.Nodes)), from: make([]int32, len(g.Nodes)), stamp: make([]int32, len(g.Nodes))}
	var bound, free []int32
	for i, c := range copies {
		u, v := g.Tail(c.arc), g.Head(c.arc)
		l.at[u] = append(l.at[u], int32(i))
		if u != v {
			l.at[v] = append(l.at[v], int32(i))
		}
		if c.free {
			free = append(free, int32(i))
		} else {
			bound = append(bound, int32(i))
		}
	}
	for _, part := range [...]struct {
		ids      []int32
		directed bool
	}{{bound, true}, {free, false}} {
		// A repeat of a street next to the street itself would make a loop of
		// a U-turn at both ends: start from streets visited once.
		sort.SliceStable(part.ids, func(a, b int) bool { return copies[part.ids[a]].wanted && !copies[part.ids[b]].wanted })
		for _, limit := range loopLimits {
			for _, i := range part.ids {
				if !l.used[i] {
					if c := l.shortest(i, part.directed, limit); c != nil {
						out = append(out, c)
					}
				}
			}
		}
	}
	return out
}

// shortest takes the shortest closed walk through a copy, if it is within the
// limit. The ids come in driving order; an undirected walk turns its copies.
func (l *looper) shortest(start int32, directed bool, limit float64) []int32 {
	a := l.copies[start].arc
	goal, from := l.g.Tail(a), l.g.Head(a)
	length := l.g.Segment(a).Length
	l.round++
	l.heap = l.heap[:0]
	l.dist[from], l.from[from], l.stamp[from] = length, start, l.round
	l.heap.Push(length, from)
	for len(l.heap) > 0 {
		it := l.heap.Pop()
		if it.Key > l.dist[it.Value] {
			continue
		}
		if it.Value == goal {
			break
		}
		for _, i := range l.at[it.Value] {
			if l.used[i] || i == start {
				continue
			}
			b := l.copies[i].arc
			if l.g.Tail(b) != it.Value {
				if directed {
					continue
				}
				b = b.Opposite()
			}
			seg := l.g.Segment(b)
			d := it.Key + seg.Length
			if b.Segment() == a.Segment() {
				d += 200 // there and back is no block
			}
			if to := l.g.Head(b); d <= limit && (l.stamp[to] != l.round || d < l.dist[to]) {
				l.dist[to], l.from[to], l.stamp[to] = d, i, l.round
				l.heap.Push(d, to)
			}
		}
	}
	if l.stamp[goal] != l.round || (goal == from && length > limit) {
		return nil
	}
	var ids []int32
	for n := goal; ; {
		i := l.from[n]
		l.used[i] = true
		ids = append(ids, i)
		if l.g.Head(l.copies[i].arc) != n {
			l.copies[i].arc = l.copies[i].arc.Opposite()
		}
		n = l.g.Tail(l.copies[i].arc)
		if i == start {
			break
		}
	}
	for i, j := 0, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
	return ids
}
