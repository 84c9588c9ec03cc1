package fleet

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// What a track carries on from fix to fix is what its trail gives when all of it
// is looked at.
func TestTrackCarriesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tr track
		limit := rapid.IntRange(1, 9).Draw(t, "limit")
		b := Bands{5 * kmh, 30 * kmh}
		gap := 20 * time.Second
		s := 0
		for range rapid.IntRange(1, 60).Draw(t, "fixes") {
			for range rapid.IntRange(1, 3).Draw(t, "together") {
				s += rapid.SampledFrom([]int{0, 1, 1, 1, 5, 30, -1, -7}).Draw(t, "step")
				f := sec(s, rapid.SampledFrom([]float64{0, 4.5, 20, 20, 27, 50}).Draw(t, "speed"))
				if rapid.IntRange(0, 5).Draw(t, "no speed") == 0 {
					f.Speed = math.NaN()
				}
				f.Seq = rapid.SampledFrom([]int64{1, 2, int64(s), echoMin + 1, echoMin + 2, echoMin + int64(s)}).Draw(t, "seq")
				f.Point = rapid.SampledFrom([]orb.Point{{-79, -8.1}, {-79, -8.1}, {-79.0001, -8.1}, {-60, 3}}).Draw(t, "point")
				f.Accuracy = rapid.SampledFrom([]float64{math.NaN(), 5}).Draw(t, "accuracy")
				f.Flags = rapid.SampledFrom([]FixFlag{0, 0, 0, 0, FlagAccuracy, FlagInvalid}).Draw(t, "flags")
				f.Received = f.Time.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 0, 40, -100}).Draw(t, "delay")) * time.Second)
				tr.add(f, limit, b)
			}
			tr.judge()
			if rapid.IntRange(0, 3).Draw(t, "other gap") == 0 {
				gap = time.Duration(rapid.SampledFrom([]int{3, 20}).Draw(t, "gap")) * time.Second
			}
			if len(tr.trail) == 0 {
				continue
			}
			whole := tr
			whole.trail = slices.Clone(tr.trail)
			whole.anew()
			whole.judge()
			if d := diffFixes(whole.trail, tr.trail); d != "" {
				t.Fatal(d)
			}
			want, _ := whole.newest()
			if got, _ := tr.newest(); diffFixes(want, got) != "" {
				t.Fatalf("at %+v, want %+v", got, want)
			}
			if got, want := tr.onlineSince(gap), whole.onlineSince(gap); !got.Equal(want) {
				t.Fatalf("heard since %s, want %s", got, want)
			}
			now, since := tr.motion(b)
			if m, at := whole.motion(b); m != now || !at.Equal(since) {
				t.Fatalf("%s since %s, want %s since %s", now, since, m, at)
			}
			// By hand: all motions, then from the newest back.
			motions := []Motion{b.of(tr.speed(0))}
			for i := 1; i < len(tr.trail); i++ {
				motions = append(motions, b.next(motions[i-1], tr.speed(i)))
			}
			from := len(tr.trail) - 1
			for from > 0 && motions[from-1] == motions[len(motions)-1] {
				from--
			}
			if now != motions[len(motions)-1] {
				t.Fatalf("moves %q, want %q", now, motions[len(motions)-1])
			}
			if got := tr.moving(b); got != from {
				t.Fatalf("moves so from %d, want %d", got, from)
			}
			from = len(tr.trail) - 1
			for from > 0 && countsAt(tr.trail[from]).Sub(countsAt(tr.trail[from-1])) <= gap {
				from--
			}
			if got := tr.heardFrom(gap); got != from {
				t.Fatalf("heard from %d, want %d", got, from)
			}
		}
	})
}
