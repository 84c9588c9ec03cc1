package mqtt

import (
	"strings"
	"testing"
)

// TestOversizedPacketIsTold has a device send more than it may, again and again:
// it is not acknowledged, and the operator learns why.
func TestOversizedPacketIsTold(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.MaxPacket = 4096 })
	password := s.device("C01")
	for n := range int64(2) {
		w := raw(t, b.Addr())
		w.send(connect(4, true, "x", "130102/C01", password))
		w.expect("CONNACK", 0x20, 0, 0)
		_, _ = w.Write(publish(4, 1, PosTopic("130102", "C01"), payload(1)+strings.Repeat(" ", 5000)))
		w.gone()
		eventually(t, "counted", func() bool { return b.Stats().Oversized == n+1 })
	}
	eventually(t, "a dead letter", func() bool { return len(s.letters()) > 0 })
	if l := s.letters(); len(l) != 1 || !strings.Contains(l[0].Reason, "more than 4096 bytes") || l[0].Client != "130102/C01#x" {
		t.Errorf("%+v", l)
	}
	if len(s.rows("C01")) != 0 || b.Stats().Acknowledged != 0 {
		t.Errorf("%+v", b.Stats())
	}
}
