package main

import (
	"context"
	"sync"
)

// rereading has districts read anew by the live part, one after the other and
// beside everything else: late in a shift that takes seconds, which whoever
// saved a unit must not wait for. A district that changes again while it waits
// is read once.
type rereading struct {
	mu   sync.Mutex
	due  []string
	wake chan struct{}
}

func newRereading() *rereading { return &rereading{wake: make(chan struct{}, 1)} }

// want marks a district as changed.
func (r *rereading) want(ubigeo string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, u := range r.due {
		if u == ubigeo {
			return
		}
	}
	r.due = append(r.due, ubigeo)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// next takes the district that waits longest.
func (r *rereading) next() (ubigeo string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.due) == 0 {
		return "", false
	}
	ubigeo, r.due = r.due[0], r.due[1:]
	return ubigeo, true
}

// rereadChanged reads what is marked until ctx is done.
func (a *App) rereadChanged(ctx context.Context) error {
	for {
		for {
			ubigeo, ok := a.rereads.next()
			if !ok {
				break
			}
			if err := a.watch.Reload(ctx, ubigeo); err != nil && ctx.Err() == nil {
				a.log.Error("read the district anew", "ubigeo", ubigeo, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-a.rereads.wake:
		}
	}
}
