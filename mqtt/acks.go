package mqtt

import (
	"context"
	"encoding/binary"
	"sync"

	"github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// How much of one connection may wait for its COMMIT before no more is read from
// it: messages, and bytes of messages (one may always).
const (
	lineMost      = 256
	lineMostBytes = 1 << 20
)

// line is a connection's messages that wait for their COMMIT, in the order of
// their arrival. They are acknowledged in that order, as MQTT demands, those of
// one commit together. So a connection is not bound to one message a commit.
type line struct {
	b  *Broker
	cl *mqtt.Client

	mu      sync.Mutex
	changed sync.Cond // waiting got shorter, or the line has broken
	waiting []owed
	bytes   int  // of those
	served  bool // a goroutine serves the line
	broken  bool // a message was not stored: nothing after it is acknowledged
}

// owed is a message that is not acknowledged yet.
type owed struct {
	id      uint16
	qos     byte
	size    int
	pending *pending
	ctx     context.Context // ends with the patience for it
	onward  *packets.Packet // what those who read along get; nil: nobody does
}

func newLine(b *Broker, cl *mqtt.Client) *line {
	l := &line{b: b, cl: cl}
	l.changed.L = &l.mu
	return l
}

// add takes a message that is on its way into the store, and its part of what
// the broker holds. It waits while too many are, and tells false if the line has
// broken.
func (l *line) add(o owed) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for (len(l.waiting) >= lineMost || len(l.waiting) > 0 && l.bytes+o.size > lineMostBytes) && !l.broken {
		l.changed.Wait()
	}
	if l.broken {
		l.b.held.give(o.size)
		return false
	}
	l.waiting = append(l.waiting, o)
	l.bytes += o.size
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
	return o.pending.wait(o.ctx)
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
	l.forget(n)
	l.changed.Broadcast()
	return safe
}

// forget takes the first n messages out. The caller holds l.mu.
func (l *line) forget(n int) {
	bytes := 0
	for _, o := range l.waiting[:n] {
		bytes += o.size
	}
	l.b.held.give(bytes)
	l.bytes -= bytes
	left := copy(l.waiting, l.waiting[n:])
	clear(l.waiting[left:])
	l.waiting = l.waiting[:left]
}

// acknowledge sends the acknowledgements in one piece.
func (l *line) acknowledge(safe []owed) {
	acks := make([]byte, 0, 4*len(safe))
	for _, o := range safe {
		if o.qos == 1 {
			acks = binary.BigEndian.AppendUint16(append(acks, packets.Puback<<4, 2), o.id)
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
	for _, o := range safe {
		if o.onward == nil {
			continue
		}
		if err := l.b.server.Publish(o.onward.TopicName, o.onward.Payload, false, o.qos); err != nil {
			l.b.log.Warn("a message was stored and not handed on", "topic", brief(o.onward.TopicName), "error", err)
		}
	}
}

// refuse gives up on the first message. One with QoS 0 is lost and the line goes
// on. MQTT 3.1.1 knows no other refusal than the end of the connection, after
// which its clients send again.
func (l *line) refuse(head owed, err error) (goesOn bool) {
	c := l.b.count
	l.mu.Lock()
	if head.qos == 0 {
		c.qos0Lost.Add(1)
		l.forget(1)
		l.changed.Broadcast()
		l.mu.Unlock()
		return true
	}
	for _, o := range l.waiting {
		if o.qos == 0 {
			c.qos0Lost.Add(1)
		} else {
			c.unsaved.Add(1)
		}
	}
	l.forget(len(l.waiting))
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
