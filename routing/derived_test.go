package routing_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/serenazgo/serenazgo/routing/routingtest"
)

func TestDerivedIsMadeOnce(t *testing.T) {
	type mine struct{ n int }
	g := routingtest.Draw("a---b").Graph
	var made atomic.Int32
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if got := g.Derived(mine{1}, func() any { return made.Add(1) }); got != int32(1) {
				t.Errorf("got %v, want what was made first", got)
			}
		})
	}
	wait.Wait()
	if got := g.Derived(mine{2}, func() any { return made.Add(1) }); got != int32(2) {
		t.Errorf("another key gave %v", got)
	}
	if err := g.Build(); err != nil {
		t.Fatal(err)
	}
	if got := g.Derived(mine{1}, func() any { return made.Add(1) }); got != int32(3) {
		t.Errorf("a graph built anew gave %v of the old one", got)
	}
}
