package coverage

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A set of parts is what a bitmap of thousandths says, in whatever order they
// are added.
func TestSpansAgainstBitmap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "parts")
		var parts []Span
		var bits [1000]bool
		for range n {
			a, b := rapid.IntRange(0, 1000).Draw(t, "from"), rapid.IntRange(0, 1000).Draw(t, "to")
			parts = append(parts, Span{float64(a) / 1000, float64(b) / 1000})
			for k := a; k < b; k++ {
				bits[k] = true
			}
		}
		var s Spans
		for _, p := range parts {
			s = s.add(p)
		}
		want := 0
		for _, b := range bits {
			if b {
				want++
			}
		}
		if math.Abs(s.Length()-float64(want)/1000) > 1e-9 {
			t.Fatalf("length %v of %v, want %v thousandths", s.Length(), s, want)
		}
		for i, p := range s {
			if p.To <= p.From || i > 0 && p.From <= s[i-1].To {
				t.Fatalf("%v is not ascending and apart", s)
			}
		}
		var again Spans
		for _, i := range rapid.Permutation(indices(n)).Draw(t, "order") {
			again = again.add(parts[i])
		}
		if len(again) != len(s) {
			t.Fatalf("in another order %v, not %v", again, s)
		}
		for i := range s {
			if s[i] != again[i] {
				t.Fatalf("in another order %v, not %v", again, s)
			}
		}
	})
}

func indices(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestSpansIgnoreNothing(t *testing.T) {
	if s := (Spans)(nil).add(Span{0.5, 0.5}).add(Span{0.7, 0.2}).add(Span{math.NaN(), 1}); len(s) != 0 {
		t.Errorf("parts without length give %v", s)
	}
}
