package main

import (
	"context"
	"fmt"
	"sync"
)

// feed keeps what comes in one after the other (lines, events) so that a test
// can wait for something in it, without asking again and again. It is safe for
// concurrent use.
type feed[T any] struct {
	mu   sync.Mutex
	all  []T
	over bool
	more chan struct{} // closed when there is something new
}

func newFeed[T any]() *feed[T] { return &feed[T]{more: make(chan struct{})} }

func (f *feed[T]) add(v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, v)
	close(f.more)
	f.more = make(chan struct{})
}

// end says that nothing more will come.
func (f *feed[T]) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.over {
		f.over = true
		close(f.more)
	}
}

// seen gives all that has come so far.
func (f *feed[T]) seen() []T {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]T(nil), f.all...)
}

// find waits for the first entry at or after a position that ok accepts, and
// gives it with the position after it.
func (f *feed[T]) find(ctx context.Context, from int, ok func(T) bool) (T, int, error) {
	for {
		f.mu.Lock()
		all, over, more := f.all, f.over, f.more
		f.mu.Unlock()
		for ; from < len(all); from++ {
			if ok(all[from]) {
				return all[from], from + 1, nil
			}
		}
		var none T
		if over {
			return none, from, fmt.Errorf("it ended after %d entries", len(all))
		}
		select {
		case <-more:
		case <-ctx.Done():
			return none, from, fmt.Errorf("%w after %d entries", ctx.Err(), len(all))
		}
	}
}
