package mqtt

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// TestForeignFormatsThroughMosquitto publishes every foreign format to Debian's
// broker, under rules that become known while the subscriber runs.
func TestForeignFormatsThroughMosquitto(t *testing.T) {
	m := newMosquitto(t)
	s := newSite(t)
	r := NewRegistry()
	sub, _ := s.subscriber(m.url(), func(c *SubscriberConfig) { c.Registry = r })
	ready(t, sub)
	r.Set("130102", ruled, nil)
	c := dial(t, client(m.url(), "publisher", "", ""))
	// The subscription is on its way; what is published before it is nobody's.
	eventually(t, "the new rules subscribed to", func() bool {
		wait(t, c.Publish("v1/gateway/telemetry", 1, false, fmt.Sprintf(`{"probe-1":[{"ts":%d,"values":{"latitude":-8,"longitude":-79}}]}`, time.Now().UnixMilli())))
		return len(s.rows("probe-1")) > 0
	})
	want := map[string]int{}
	for _, tt := range foreign {
		// Recorded sessions are of the past; only the instant is moved.
		payload := strings.NewReplacer("1763764359", fmt.Sprint(time.Now().Unix()), "2025-11-21T22:32:39", time.Now().UTC().Format("2006-01-02T15:04:05"),
			"2025-11-21+22:32:39", time.Now().UTC().Format("2006-01-02+15:04:05")).Replace(tt.payload)
		wait(t, c.Publish(tt.topic, 1, false, payload))
		want[tt.device]++
	}
	for device, n := range want {
		eventually(t, fmt.Sprintf("%d fixes of %s", n, device), func() bool { return len(s.rows(device)) == n })
	}
	if l := s.letters(); len(l) != 0 {
		t.Errorf("dead letters %+v", l)
	}
	r.Set("130102", nil, nil)
	if got := sub.wanted(); len(got) != len(builtin) {
		t.Errorf("still subscribed to %q", got)
	}
}

// TestTraccarForwardsOverMQTT5 logs a Traccar server in at our own broker as a
// gateway, as its forward.type=mqtt does: MQTT 5, QoS 1, one fixed topic.
func TestTraccarForwardsOverMQTT5(t *testing.T) {
	s := newSite(t)
	password, hash, err := fleet.NewDeviceSecret()
	if err != nil {
		t.Fatal(err)
	}
	gateway := fleet.Device{Ubigeo: "130102", ID: "traccar-server", Gateway: true, Known: true}
	hilux := fleet.Device{Ubigeo: "130102", ID: "hilux", Identities: []string{"356307042441013"}, Known: true}
	for d, h := range map[*fleet.Device]string{&gateway: hash, &hilux: ""} {
		if err := s.store.SaveDevice(t.Context(), *d, h); err != nil {
			t.Fatal(err)
		}
	}
	r := NewRegistry()
	r.Set("130102", ruled, []fleet.Device{gateway, hilux})
	b := s.broker(func(c *BrokerConfig) { c.Registry = r })
	w := raw(t, b.Addr())
	w.send(connect(5, true, "traccar-1", "130102/traccar-server", password))
	w.expect("CONNACK", 0x20, 0, 0)
	at := time.Now().UTC().Format("2006-01-02T15:04:05.000+00:00")
	for i, id := range []string{"356307042441013", "111222333444555"} {
		w.send(publish(5, uint16(i+1), "traccar/positions", fmt.Sprintf(`{"position":{"id":%d,"fixTime":%q,"valid":true,"latitude":-8.08,"longitude":-79.0,"speed":10,"attributes":{}},"device":{"uniqueId":%q}}`, i+1, at, id)))
		w.expect("PUBACK", 0x40, 0, byte(i+1))
	}
	if len(s.rows("hilux")) != 1 || len(s.rows("111222333444555")) != 1 {
		t.Errorf("hilux %v, unknown %v", s.rows("hilux"), s.rows("111222333444555"))
	}
	w.send(publish(5, 9, "somewhere/else", "{}"))
	w.expect("PUBACK not authorized", 0x40, 0, 9, 0x87)
}
