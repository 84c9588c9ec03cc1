package mqtt

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// lineMost is how many messages of one connection may wait for their COMMIT
// before no more are read from it.
const lineMost = 256

// line is a connection's messages that wait for their COMMIT, in the order of
// their arrival. They are acknowledged in that order, as MQTT demands, those of
// one commit together. So a connection is not bound to one message a commit.
type line struct {
	b  *Broker
	cl *mqtt.Client

	mu      sync.Mutex
	changed sync.Cond // waiting got shorter, or the line has broken
	waiting []owed
	served  bool // a goroutine serves the line
	broken  bool // a message was not stored: nothing after it is acknowledged
}

// owed is a message that is not acknowledged yet.
type owed struct {
	pk      packets.Packet
	pending *pending
	until   time.Time
}

func newLine(b *Broker, cl *mqtt.Client) *line {
	l := &line{b: b, cl: cl}
	l.changed.L = &l.mu
	return l
}

// add takes a message that is on its way into the store. It waits while too many
// are, and tells false if the line has broken.
func (l *line) add(o owed) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.waiting) >= lineMost && !l.broken {
		l.changed.Wait()
	}
	if l.broken {
		return false
	}
	l.waiting = append(l.waiting, o)
	if !l.served {
		l.served = true
		l.b.lines.Go(l.serve)
	}
	return true
}

// idle waits until every message is acknowledged, or the line has broken.
func (l *line) idle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.served {
		l.changed.Wait()
	}
}

// serve acknowledges until nothing waits.
func (l *line) serve() {
	var safe []owed
	for {
		l.mu.Lock()
		if len(l.waiting) == 0 {
			l.waiting = nil
			l.served = false
			l.changed.Broadcast()
			l.mu.Unlock()
			return
		}
		head := l.waiting[0]
		l.mu.Unlock()
		if err := l.wait(head); err != nil && !l.refuse(head, err) {
			return
		} else if err != nil {
			continue
		}
		safe = l.take(safe[:0])
		l.acknowledge(safe)
	}
}

// wait waits for the COMMIT of a message, for as long as it has patience.
func (l *line) wait(o owed) error {
	if o.pending.settled() {
		return o.pending.wait(l.b.ctx)
	}
	ctx, cancel := context.WithDeadline(l.b.ctx, o.until)
	defer cancel()
	return o.pending.wait(ctx)
}

// take takes the first message, which is safe, and those after it that are.
func (l *line) take(safe []owed) []owed {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 1
	for n < len(l.waiting) && l.waiting[n].pending.settled() && l.waiting[n].pending.wait(l.b.ctx) == nil {
		n++
	}
	safe = append(safe, l.waiting[:n]...)
	l.waiting = l.waiting[n:]
	l.changed.Broadcast()
	return safe
}

// acknowledge sends the acknowledgements in one piece.
func (l *line) acknowledge(safe []owed) {
	acks := make([]byte, 0, 4*len(safe))
	for _, o := range safe {
		if o.pk.FixedHeader.Qos == 1 {
			acks = binary.BigEndian.AppendUint16(append(acks, packets.Puback<<4, 2), o.pk.PacketID)
		}
	}
	if len(acks) > 0 && !l.cl.Closed() {
		l.cl.Lock()
		_, err := l.cl.Net.Conn.Write(acks)
		l.cl.Unlock()
		if err == nil {
			l.b.count.acknowledged.Add(int64(len(acks) / 4))
		}
	}
	if !l.b.read.Load() {
		return
	}
	for _, o := range safe {
		// The service account reads along.
		if err := l.b.server.Publish(o.pk.TopicName, o.pk.Payload, false, o.pk.FixedHeader.Qos); err != nil {
			l.b.log.Warn("a message was stored and not handed on", "topic", brief(o.pk.TopicName), "error", err)
		}
	}
}

// refuse gives up on the first message. One with QoS 0 is lost and the line goes
// on. MQTT 3.1.1 knows no other refusal than the end of the connection, after
// which its clients send again.
func (l *line) refuse(head owed, err error) (goesOn bool) {
	c := l.b.count
	l.mu.Lock()
	if head.pk.FixedHeader.Qos == 0 {
		c.qos0Lost.Add(1)
		l.waiting = l.waiting[1:]
		l.changed.Broadcast()
		l.mu.Unlock()
		return true
	}
	for _, o := range l.waiting {
		if o.pk.FixedHeader.Qos == 0 {
			c.qos0Lost.Add(1)
		} else {
			c.unsaved.Add(1)
		}
	}
	l.waiting, l.broken, l.served = nil, true, false
	l.changed.Broadcast()
	l.mu.Unlock()
	l.b.sendAway(l.cl, err)
	return false
}

// sendAway ends the connection of a client whose message is not stored.
func (b *Broker) sendAway(cl *mqtt.Client, err error) {
	b.log.Warn("a message could not be stored in time; its client is disconnected and will send it again", "client", cl.ID, "error", err)
	if cl.Properties.ProtocolVersion == 5 {
		_ = b.server.DisconnectClient(cl, packets.ErrServerBusy)
	}
	cl.Stop(packets.ErrServerBusy)
}
