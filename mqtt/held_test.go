package mqtt

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// While the store stalls, no more is read from devices than the broker may hold
// and a packet of each, and everything is stored when it goes on.
func TestHoldsNoMoreThanItMay(t *testing.T) {
	s := newSite(t)
	const devices, each, size = 4, 10, 16 << 10
	b := s.broker(func(c *BrokerConfig) { c.MaxHeld = 2 * size })
	release := s.store.hold()
	defer release()
	tr := &trackers{s: s, url: "tcp://" + b.Addr(), fix: func(_ string, n int) string {
		return fmt.Sprintf(`{"ts":%d,"lat":-8.08,"lon":-79.0,"seq":%d,"note":%q}`, time.Now().UnixMilli(), n, strings.Repeat("x", size))
	}}
	ids := names("H", devices)
	done := tr.send(ids, each)
	eventually(t, "more held than may be", func() bool { return b.Stats().HeldBytes > 2*size })
	// What was read before, and one packet of each connection.
	if n := b.Stats().Messages; n > 2+devices {
		t.Errorf("%d messages were read", n)
	}
	release()
	done()
	s.holds(ids, each)
	eventually(t, "nothing held", func() bool { return b.Stats().HeldBytes == 0 })
}

// One connection's messages wait within bounds of their own, in number and size.
func TestLineIsBounded(t *testing.T) {
	for name, tt := range map[string]struct {
		size, wantMost int
	}{
		"in number": {1, lineMost},
		"in size":   {lineMostBytes / 4, 4},
		"one large": {2 * lineMostBytes, 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := &Broker{held: &held{most: 1 << 40}}
			l := newLine(b, nil)
			l.served = true // nobody acknowledges
			for range tt.wantMost {
				b.held.take(tt.size)
				if !l.add(owed{size: tt.size}) {
					t.Fatal("refused")
				}
			}
			added := make(chan bool)
			b.held.take(tt.size)
			go func() { added <- l.add(owed{size: tt.size}) }()
			l.mu.Lock()
			if len(l.waiting) != tt.wantMost {
				t.Errorf("%d wait", len(l.waiting))
			}
			l.forget(1)
			l.changed.Broadcast()
			l.mu.Unlock()
			if !<-added {
				t.Error("refused though there is room")
			}
			if got := b.held.now(); got != int64(tt.wantMost*tt.size) || l.bytes != tt.wantMost*tt.size {
				t.Errorf("%d bytes are held, %d of the line", got, l.bytes)
			}
		})
	}
}
