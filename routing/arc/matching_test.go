package arc

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// bruteMatching is the least cost over all perfect matchings, by dynamic
// programming over vertex sets; ok is false if there is none.
func bruteMatching(n int, pairs []Pair) (best int64, ok bool) {
	const inf = int64(1) << 60
	cost := make([]int64, 1<<n)
	for s := 1; s < 1<<n; s++ {
		cost[s] = inf
		v := bits.TrailingZeros(uint(s))
		for _, p := range pairs {
			if p.U == p.V || (int(p.U) != v && int(p.V) != v) || s>>p.U&1 == 0 || s>>p.V&1 == 0 {
				continue
			}
			if c := cost[s&^(1<<p.U)&^(1<<p.V)]; c < inf {
				cost[s] = min(cost[s], c+p.Cost)
			}
		}
	}
	return cost[1<<n-1], cost[1<<n-1] < inf
}

func TestPerfectMatchingAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 2 * rapid.IntRange(1, 6).Draw(t, "half")
		var pairs []Pair
		top := rapid.SampledFrom([]int{1, 3, 20, 1000}).Draw(t, "top")
		count := rapid.IntRange(0, n*(n-1)/2+3).Draw(t, "pairs")
		for i := 0; i < count; i++ {
			u := rapid.IntRange(0, n-1).Draw(t, "u")
			v := rapid.IntRange(0, n-1).Draw(t, "v")
			if u != v {
				pairs = append(pairs, Pair{int32(u), int32(v), int64(rapid.IntRange(0, top).Draw(t, "cost"))})
			}
		}
		want, ok := bruteMatching(n, pairs)
		got, err := PerfectMatching(n, pairs)
		if ok != (err == nil) {
			t.Fatalf("matching exists: %v, got error %v", ok, err)
		}
		if !ok {
			return
		}
		if got.Cost != want {
			t.Fatalf("cost %d, want %d", got.Cost, want)
		}
		for v, w := range got.Mate {
			if got.Mate[w] != int32(v) {
				t.Fatalf("mate of %d is %d, whose mate is %d", v, w, got.Mate[w])
			}
		}
		for _, p := range pairs {
			if s := got.Slack(p.U, p.V, p.Cost); s < 0 {
				t.Fatalf("pair %v has negative reduced cost %d", p, s)
			}
		}
	})
}

// TestExtendedMatchingAgainstBruteForce gives the pairs in two parts.
func TestExtendedMatchingAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 2 * rapid.IntRange(1, 6).Draw(t, "half")
		var pairs, later []Pair
		top := rapid.SampledFrom([]int{1, 3, 20, 1000}).Draw(t, "top")
		for u := range n {
			for v := range u {
				p := Pair{int32(u), int32(v), int64(rapid.IntRange(0, top).Draw(t, "cost"))}
				switch rapid.IntRange(0, 2).Draw(t, "part") {
				case 0:
					pairs = append(pairs, p)
				case 1:
					later = append(later, p)
				}
			}
		}
		got, err := PerfectMatching(n, pairs)
		if _, ok := bruteMatching(n, pairs); ok != (err == nil) {
			t.Fatalf("matching of the first part exists: %v, got error %v", ok, err)
		}
		if err != nil {
			return // nothing to extend
		}
		if got, err = got.Extend(later); err != nil {
			t.Fatal(err)
		}
		all := append(slices.Clone(pairs), later...)
		if want, _ := bruteMatching(n, all); got.Cost != want {
			t.Fatalf("cost %d, want %d", got.Cost, want)
		}
		for _, p := range all {
			if s := got.Slack(p.U, p.V, p.Cost); s < 0 {
				t.Fatalf("pair %v has negative reduced cost %d", p, s)
			}
		}
	})
}
