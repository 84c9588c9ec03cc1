package auth

import (
	"context"
	"sync"
	"time"
)

// maxWaiting is how many logins of one user or address may wait for the one
// that is being checked.
const maxWaiting = 16

// turns lets the logins of one subject through one at a time: guesses that
// arrive together must see each other's failures.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn
}

type turn struct {
	free  chan struct{} // holds one token while nobody has the turn
	users int           // that have it or wait for it
}

// take waits for the turn of a subject; call done afterwards. ErrThrottled: too
// many wait already.
func (t *turns) take(ctx context.Context, subject string) (done func(), err error) {
	t.mu.Lock()
	if t.held == nil {
		t.held = map[string]*turn{}
	}
	h := t.held[subject]
	if h == nil {
		h = &turn{free: make(chan struct{}, 1)}
		h.free <- struct{}{}
		t.held[subject] = h
	}
	if h.users > maxWaiting {
		t.mu.Unlock()
		return nil, &Throttled{time.Second}
	}
	h.users++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if h.users--; h.users == 0 {
			delete(t.held, subject)
		}
	}
	select {
	case <-h.free:
		return func() { h.free <- struct{}{}; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
