package sim

import (
	"context"
	"sort"
	"time"
)

// Publish sends a payload of a device; at is the simulated time. It may block:
// the fleet then falls behind and loses nothing.
type Publish func(ctx context.Context, device string, payload []byte, at time.Time) error

// Run sends the messages as the clock reaches them, in order, until the last
// is sent, the context ends or publish fails. Messages from before the clock's
// start are left out: the units are found under way.
func (f *Fleet) Run(ctx context.Context, clock Clock, publish Publish) error {
	first := sort.Search(len(f.messages), func(i int) bool { return !f.messages[i].At.Before(clock.Start) })
	timer := time.NewTimer(0)
	defer timer.Stop()
	for _, m := range f.messages[first:] {
		if wait := time.Until(clock.Real(m.At)); wait > 0 {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-timer.C:
			}
		} else if err := ctx.Err(); err != nil {
			return err
		}
		if err := publish(ctx, m.Device, m.Payload, m.At); err != nil {
			return err
		}
	}
	return nil
}
