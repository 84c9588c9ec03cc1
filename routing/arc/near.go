package arc

import (
	"cmp"
	"slices"
)

// mostNear is how many neighbours of a task are kept at most.
const (
	mostNear       = 256
	mostNearSparse = 128 // where distances are not a matrix
)

// near is a neighbour and how far it is.
type near struct {
	key  int64
	task int32
}

func (a near) compare(b near) int {
	return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.task, b.task))
}

// nearest gives for each task the others, nearest first: by the least distance
// over both orders and all ways, then by the mean one, so that of two streets at
// one junction the one whose far end is nearer comes first.
func nearest(m *model) [][]int32 {
	if m.d.sparse != nil {
		return m.d.sparse.nearest(m)
	}
	n := len(m.ends)
	out := make([][]int32, n)
	all := make([]near, 0, n)
	for i := range n {
		all = all[:0]
		for j := range n {
			if i != j {
				all = append(all, near{m.apart(int32(i), int32(j)), int32(j)})
			}
		}
		slices.SortFunc(all, near.compare)
		for _, f := range all[:min(mostNear, n-1)] {
			out[i] = append(out[i], f.task)
		}
	}
	return out
}

// apart is how far two tasks are from each other, for sorting only.
func (m *model) apart(i, j int32) int64 {
	a, b := &m.ends[i], &m.ends[j]
	least, sum := int64(Never), int64(0)
	for v := range 2 {
		for w := range 2 {
			x := int64(min(m.d.At(a.to[v], b.from[w]), m.d.At(b.to[w], a.from[v])))
			least = min(least, x)
			sum += x
		}
	}
	return 16*least + sum
}
