package routing_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/serenazgo/serenazgo/routing"
	"pgregory.net/rapid"
)

// Whatever is pushed and popped in between, a queue gives the least entry of
// those it holds.
func TestQueueGivesTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q routing.Queue[int, int]
		var held []routing.Queued[int, int]
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			if len(held) == 0 || rapid.IntRange(0, 2).Draw(t, "push") > 0 {
				e := routing.Queued[int, int]{Key: rapid.IntRange(0, 9).Draw(t, "key"), Value: rapid.IntRange(0, 9).Draw(t, "value")}
				q.Push(e.Key, e.Value)
				held = append(held, e)
				continue
			}
			slices.SortFunc(held, func(a, b routing.Queued[int, int]) int {
				return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Value, b.Value))
			})
			if got := q.Pop(); got != held[0] {
				t.Fatalf("popped %v, want %v", got, held[0])
			}
			held = held[1:]
		}
		if len(q) != len(held) {
			t.Fatalf("%d entries left, want %d", len(q), len(held))
		}
	})
}
