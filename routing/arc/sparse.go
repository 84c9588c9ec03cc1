package arc

import "slices"

// tableNear is for how many places around each one distances are kept at hand;
// tableSize is the size of the hash table that holds them, a power of two.
const (
	tableNear = 160
	tableSize = 256
)

// sparse are distances between more places than a matrix could hold: a small
// table of the nearest ones for each, labels for the rest.
type sparse struct {
	labels *labels
	node   []int32 // of each place
	table  []entry // tableSize entries a place
	near   [][]int32
}

type entry struct{ place, dist int32 }

func slot(b int32) uint32 { return uint32(b) * 2654435769 >> 24 }

func (s *sparse) at(a, b int32) int32 {
	t := s.table[int(a)*tableSize:][:tableSize]
	for i := slot(b); ; i++ {
		e := t[i%tableSize]
		if e.place == b {
			return e.dist
		}
		if e.place == none {
			return s.labels.at(s.node[a], s.node[b])
		}
	}
}

func newSparse(g *Roads, places []int32) *Distances {
	s := &sparse{node: slices.Clone(places), table: make([]entry, len(places)*tableSize), near: make([][]int32, len(places))}
	for i := range s.table {
		s.table[i].place = none
	}
	at := make([][]int32, g.Nodes)
	for i, n := range places {
		at[n] = append(at[n], int32(i))
	}
	t := NewTrip(g)
	for a, n := range places {
		mine := s.table[a*tableSize:][:tableSize]
		near := make([]int32, 0, tableNear)
		t.Run(n, func(v int32, d int64) bool {
			for _, b := range at[v] {
				if len(near) == tableNear {
					break
				}
				near = append(near, b)
				i := slot(b)
				for mine[i%tableSize].place != none {
					i++
				}
				mine[i%tableSize] = entry{b, int32(d)}
			}
			return len(near) < tableNear
		})
		s.near[a] = near
	}
	s.labels = newLabels(g)
	return &Distances{n: len(places), sparse: s}
}

// nearest gives the tasks around each task, as the function of that name does,
// among those that begin or end near its own ends.
func (s *sparse) nearest(m *model) [][]int32 {
	at := make([][]int32, len(s.node)) // tasks that begin or end at a place
	for t, e := range m.ends {
		for _, x := range slices.Compact(slices.Sorted(slices.Values([]int32{e.from[0], e.from[1], e.to[0], e.to[1]}))) {
			at[x] = append(at[x], int32(t))
		}
	}
	out := make([][]int32, len(m.ends))
	seen := make([]int32, len(m.ends))
	for i := range seen {
		seen[i] = none
	}
	var found []near
	for t, e := range m.ends {
		found = found[:0]
		seen[t] = int32(t)
		for rank := 0; rank < tableNear && len(found) < mostNearSparse; rank++ {
			for _, x := range [2]int32{e.to[0], e.to[1]} {
				if rank >= len(s.near[x]) {
					continue
				}
				for _, u := range at[s.near[x][rank]] {
					if seen[u] != int32(t) {
						seen[u] = int32(t)
						found = append(found, near{m.apart(int32(t), u), u})
					}
				}
			}
		}
		slices.SortFunc(found, near.compare)
		for _, f := range found {
			out[t] = append(out[t], f.task)
		}
	}
	return out
}
