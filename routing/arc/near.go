package arc

import "slices"

// mostNear is how many neighbours of a task are kept at most.
const mostNear = 256

// nearest gives for each task the others, nearest first: by the least distance
// over both orders and all ways, then by the mean one, so that of two streets at
// one junction the one whose far end is nearer comes first.
func nearest(m *model) [][]int32 {
	if m.d.sparse != nil {
		return m.d.sparse.nearest(m)
	}
	n := len(m.ends)
	keep := min(mostNear, n-1)
	out := make([][]int32, n)
	type far struct {
		key  int64
		task int32
	}
	all := make([]far, 0, n)
	for i := range n {
		all = all[:0]
		for j := range n {
			if i != j {
				all = append(all, far{m.apart(int32(i), int32(j)), int32(j)})
			}
		}
		slices.SortFunc(all, func(a, b far) int {
			if a.key != b.key {
				if a.key < b.key {
					return -1
				}
				return 1
			}
			return int(a.task - b.task)
		})
		out[i] = make([]int32, keep)
		for k := range keep {
			out[i][k] = all[k].task
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
