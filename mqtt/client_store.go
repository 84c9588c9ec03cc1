package mqtt

import (
	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

// clientStore keeps what a client has published and the broker has not yet
// acknowledged. The library's own store hands out the very packet that is being
// sent, and after a connection marks it as a repetition while another goroutine
// may be writing it out (eclipse-paho/paho.mqtt.golang, issue 703, open in
// 1.5.1). Here the packet that waits and the one under way are two.
type clientStore struct{ *paho.MemoryStore }

func newClientStore() clientStore { return clientStore{paho.NewMemoryStore()} }

func (s clientStore) Put(key string, p packets.ControlPacket) { s.MemoryStore.Put(key, apart(p)) }

func (s clientStore) Get(key string) packets.ControlPacket { return apart(s.MemoryStore.Get(key)) }

// apart copies a packet whose header the library writes to; the payload, which
// nobody changes, is shared.
func apart(p packets.ControlPacket) packets.ControlPacket {
	if p, ok := p.(*packets.PublishPacket); ok {
		q := *p
		return &q
	}
	return p
}
