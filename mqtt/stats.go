package mqtt

import (
	"maps"
	"sync"
	"sync/atomic"
)

// Stats counts what a door did since it was made.
type Stats struct {
	Connected     int64 // connections now
	Connects      int64 // accepted logins (Broker), connections made (Subscriber)
	Refused       int64 // logins refused: bad user name, password or last will
	Throttled     int64 // logins refused unseen after too many failures
	Denied        int64 // publications and subscriptions outside the client's own topics
	Messages      int64 // payloads received, redeliveries included
	Acknowledged  int64 // QoS 1 and 2, after COMMIT
	Unsaved       int64 // not acknowledged, because the store did not take them in time
	Oversized     int64 // larger than MaxPacket; their connections were ended
	QoS0          int64 // received without the guarantee of delivery
	QoS0Lost      int64 // of these, not stored
	HeldBytes     int64 // of messages that are being stored (Broker)
	Fixes         int64
	DeadLetters   int64
	IgnoredFields int64            // optional fields that could not be read
	ByDecoder     map[string]int64 // payloads per decoder
	Skipped       map[string]int64 // payloads that hold nothing to store, per kind
}

type counters struct {
	connected, connects, refused, throttled, denied, messages, acknowledged, unsaved,
	oversized, qos0, qos0Lost, fixes, deadLetters, ignoredFields atomic.Int64

	mu        sync.Mutex
	byDecoder map[string]int64
	skipped   map[string]int64
}

func newCounters() *counters {
	return &counters{byDecoder: map[string]int64{}, skipped: map[string]int64{}}
}

func (c *counters) decoded(decoder string, d Decoded) {
	c.fixes.Add(int64(len(d.Fixes)))
	c.deadLetters.Add(int64(len(d.Rejects)))
	c.ignoredFields.Add(int64(d.Ignored))
	c.mu.Lock()
	defer c.mu.Unlock()
	if decoder != "" {
		c.byDecoder[decoder]++
	}
	if d.Skipped != "" {
		c.skipped[d.Skipped]++
	}
}

func (c *counters) stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{
		Connected: c.connected.Load(), Connects: c.connects.Load(), Refused: c.refused.Load(), Throttled: c.throttled.Load(),
		Denied: c.denied.Load(), Messages: c.messages.Load(), Acknowledged: c.acknowledged.Load(), Unsaved: c.unsaved.Load(), Oversized: c.oversized.Load(),
		QoS0: c.qos0.Load(), QoS0Lost: c.qos0Lost.Load(), Fixes: c.fixes.Load(), DeadLetters: c.deadLetters.Load(),
		IgnoredFields: c.ignoredFields.Load(), ByDecoder: maps.Clone(c.byDecoder), Skipped: maps.Clone(c.skipped),
	}
}
