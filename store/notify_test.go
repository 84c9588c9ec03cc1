package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// Processes of one installation hear each other, and nobody else's; one that
// was cut off listens again and is told that it may have missed something.
func TestProcessesTalk(t *testing.T) {
	a := storetest.New(t)
	b := storetest.Open(t, store.Config{Schema: a.Schema()})
	other := storetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	said, deaf := make(chan string, 100), make(chan bool, 10)
	var done sync.WaitGroup
	defer done.Wait()
	defer cancel()
	done.Go(func() { b.Listen(ctx, func() { deaf <- true }, func(s string) { said <- s }) })
	wait := func(want string) {
		t.Helper()
		select {
		case got := <-said:
			if got != want {
				t.Errorf("heard %.40q, want %.40q", got, want)
			}
		case <-time.After(30 * time.Second):
			t.Fatalf("%.40q is not heard", want)
		}
	}
	<-deaf
	check(t, other.Tell(ctx, "somebody else's"))
	long := strings.Repeat("ñ", store.MaxTold/2)
	for _, text := range []string{"one", `{"quote": "'; --"}`, long} {
		check(t, a.Tell(ctx, text))
		wait(text)
	}
	if err := a.Tell(ctx, strings.Repeat("x", store.MaxTold+1)); err == nil {
		t.Error("too much is told")
	}
	check(t, b.BreakListeners(ctx))
	<-deaf
	check(t, a.Tell(ctx, "again"))
	wait("again")
}
