package mqtt

import (
	"context"
	"sync"
	"time"
)

// deadlines give contexts that end when the patience for a message does. Those
// of one second share theirs, which ends with the patience of the last.
type deadlines struct {
	ctx  context.Context
	long time.Duration

	mu     sync.Mutex
	begun  time.Time
	shared context.Context
	cancel context.CancelFunc
}

// begin gives that of a message which begins now.
func (p *deadlines) begin(now time.Time) context.Context {
	slack := min(p.long/4, time.Second)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shared == nil || now.Sub(p.begun) >= slack {
		// The one before ends by itself; nobody may be cut short in it.
		p.begun = now
		p.shared, p.cancel = context.WithDeadline(p.ctx, now.Add(p.long+slack))
	}
	return p.shared
}
