package mqtt

import (
	"context"
	"log/slog"

	"github.com/serenazgo/serenazgo/fleet"
)

// Sink saves what comes in: *fleet.Ingest.
type Sink interface {
	Start(ctx context.Context, fixes []fleet.Fix) (*fleet.Ticket, error)
	DeadLetter(ctx context.Context, d fleet.DeadLetter) error
}

// intake is the core behind both doors: decode, store, tell when it is safe.
type intake struct {
	registry *Registry
	sink     Sink
	log      *slog.Logger
	count    *counters
	raw      func(fleet.RawPayload) // keeps payloads for support without waiting; nil: nobody does
}

// pending is a message on its way into the store.
type pending struct {
	in      *intake
	ticket  *fleet.Ticket // nil: no fixes
	letters []fleet.DeadLetter
}

// begin decodes a message and queues its fixes; it blocks while the queue is
// full. The caller must wait for the result before it acknowledges.
func (in *intake) begin(ctx context.Context, m Message) (*pending, error) {
	d, ubigeo, decoder := in.registry.Decode(m)
	p := &pending{in: in}
	for _, r := range d.Rejects {
		p.letters = append(p.letters, fleet.DeadLetter{Ubigeo: ubigeo, Received: m.Received, Topic: m.Topic,
			Client: m.Client, Code: r.Code, Reason: r.Reason, Payload: r.Raw})
	}
	if len(d.Fixes) > 0 {
		var err error
		if p.ticket, err = in.sink.Start(ctx, d.Fixes); err != nil {
			return nil, err
		}
	}
	in.count.decoded(decoder, d)
	in.keepRaw(m, d, decoder)
	return p, nil
}

// wait returns nil once everything of the message is committed.
func (p *pending) wait(ctx context.Context) error {
	for _, l := range p.letters {
		p.in.log.Warn("a payload could not be decoded and is kept as a dead letter", "topic", l.Topic, "client", l.Client, "reason", l.Reason)
		if err := p.in.sink.DeadLetter(ctx, l); err != nil {
			return err
		}
	}
	if p.ticket == nil {
		return nil
	}
	return p.ticket.Wait(ctx)
}

// settled tells whether wait has nothing to wait for.
func (p *pending) settled() bool {
	return len(p.letters) == 0 && (p.ticket == nil || p.ticket.Settled())
}

// take is begin and wait in one.
func (in *intake) take(ctx context.Context, m Message) error {
	p, err := in.begin(ctx, m)
	if err != nil {
		return err
	}
	return p.wait(ctx)
}
