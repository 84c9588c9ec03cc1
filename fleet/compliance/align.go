package compliance

import "time"

// align pairs legs with drives of one street, both in the order of time, so that
// as many as possible are paired and of those pairings the sum of delays, early
// or late, is least. It gives for each leg the index of its drive, or -1.
func align(legs, drives []time.Time) []int {
	n, m := len(legs), len(drives)
	type best struct {
		pairs int
		off   time.Duration
	}
	better := func(a, b best) bool { return a.pairs > b.pairs || a.pairs == b.pairs && a.off < b.off }
	// of[i][j] is the best for the legs from i on and the drives from j on.
	of := make([][]best, n+1)
	for i := range of {
		of[i] = make([]best, m+1)
	}
	pair := func(i, j int) best {
		next := of[i+1][j+1]
		return best{next.pairs + 1, next.off + drives[j].Sub(legs[i]).Abs()}
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			b := pair(i, j)
			for _, o := range []best{of[i+1][j], of[i][j+1]} {
				if better(o, b) {
					b = o
				}
			}
			of[i][j] = b
		}
	}
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	for i, j := 0, 0; i < n && j < m; {
		switch of[i][j] {
		case pair(i, j):
			out[i] = j
			i++
			j++
		case of[i+1][j]:
			i++
		default:
			j++
		}
	}
	return out
}
