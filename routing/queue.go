package routing

import "cmp"

// Queue is a priority queue for searches: the least key comes out first, equal
// keys by value, so that every run takes the same way. The zero Queue is empty;
// q[:0] empties it and keeps its memory. It is a heap of four children a node,
// which touches less memory than two where most entries are pushed and never
// popped.
type Queue[K, V cmp.Ordered] []Queued[K, V]

// Queued is an entry of a Queue.
type Queued[K, V cmp.Ordered] struct {
	Key   K
	Value V
}

func (a Queued[K, V]) before(b Queued[K, V]) bool {
	return a.Key < b.Key || a.Key == b.Key && a.Value < b.Value
}

// Push adds an entry.
func (q *Queue[K, V]) Push(key K, value V) {
	it := Queued[K, V]{key, value}
	h := append(*q, it)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !it.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = it
	*q = h
}

// Pop takes the first entry out. The queue must not be empty.
func (q *Queue[K, V]) Pop() Queued[K, V] {
	h := *q
	top, it := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		least := first
		for k := first + 1; k < min(first+4, len(h)); k++ {
			if h[k].before(h[least]) {
				least = k
			}
		}
		if !h[least].before(it) {
			break
		}
		h[i] = h[least]
		i = least
	}
	h[i] = it
	return top
}
