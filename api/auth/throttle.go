package auth

import (
	"context"
	"fmt"
	"time"
)

// Throttled is ErrThrottled with the time to wait.
type Throttled struct{ RetryAfter time.Duration }

func (t *Throttled) Error() string   { return fmt.Sprintf("%v; wait %v", ErrThrottled, t.RetryAfter) }
func (t *Throttled) Is(e error) bool { return e == ErrThrottled }

// Throttle: failures of one user or address in the window; the first free ones
// cost nothing, each further one doubles the wait.
const (
	window      = 15 * time.Minute
	freeUser    = 5
	freeAddress = 30
	maxWait     = 10 * time.Minute
)

// throttled is what guesses are counted by.
type throttled struct {
	subject string
	free    int // failures that cost nothing
}

// subjectsOf are what a guess at a user's password from an address counts for.
// Every guess takes the turn of its user before that of its address, so that no
// two wait for each other.
func subjectsOf(username, remote string) []throttled {
	return []throttled{{"user:" + username, freeUser}, {"addr:" + remote, freeAddress}}
}

// mayGuess waits for the turns of the subjects and holds them against the
// throttle; done gives the turns back. Errors: ErrThrottled.
func (s *Service) mayGuess(ctx context.Context, subjects []throttled, now time.Time) (done func(), err error) {
	var held []func()
	done = func() {
		for i := len(held) - 1; i >= 0; i-- {
			held[i]()
		}
	}
	for _, t := range subjects {
		back, err := s.turns.take(ctx, t.subject)
		if err != nil {
			done()
			return nil, err
		}
		held = append(held, back)
		n, last, err := s.cfg.Store.LoginFailures(ctx, t.subject, now.Add(-window))
		if err == nil {
			if wait := last.Add(waitAfter(n, t.free)).Sub(now); wait > 0 {
				err = &Throttled{wait}
			}
		}
		if err != nil {
			done()
			return nil, err
		}
	}
	return done, nil
}

// failed counts a wrong guess.
func (s *Service) failed(ctx context.Context, subjects []throttled, now time.Time) error {
	for _, t := range subjects {
		if err := s.cfg.Store.LoginFailed(ctx, t.subject, now); err != nil {
			return err
		}
	}
	return nil
}

// waitAfter is how long to wait after the n-th failure.
func waitAfter(n, free int) time.Duration {
	if n < free {
		return 0
	}
	return min(time.Second<<min(n-free, 12), maxWait)
}
