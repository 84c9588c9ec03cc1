package mqtt

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/serenazgo/serenazgo/fleet"
)

// oversized remembers which clients sent a packet that is too large. They send
// it again after every new connection; one dead letter tells of it.
type oversized struct {
	mu   sync.Mutex
	told map[string]bool
}

// oversizedMost is of how many clients it is remembered.
const oversizedMost = 10_000

func (o *oversized) first(client string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.told == nil || len(o.told) >= oversizedMost {
		o.told = map[string]bool{}
	}
	was := o.told[client]
	o.told[client] = true
	return !was
}

// tooLarge tells the operator of a packet that the library did not read, if that
// is why a connection ended. Its bytes are not kept: they were never taken, and
// the device still has them.
func (h *hook) tooLarge(cl *mqtt.Client, err error) {
	if !errors.Is(err, packets.ErrPacketTooLarge) {
		return
	}
	h.b.count.oversized.Add(1)
	reason := fmt.Sprintf("a packet of more than %d bytes: it is not taken and its connection is ended; the device must send its backlog in shorter lists", h.b.cfg.MaxPacket)
	h.b.log.Warn("MQTT packet too large", "client", cl.ID, "remote", cl.Net.Remote, "reason", reason)
	if !h.oversized.first(cl.ID) {
		return
	}
	d := fleet.DeadLetter{Received: h.b.cfg.Now(), Client: cl.ID, Code: fleet.LetterTooLarge, Reason: reason}
	if ubigeo, _, err := ParseDeviceUser(string(cl.Properties.Username)); err == nil {
		d.Ubigeo = ubigeo
	}
	ctx, cancel := context.WithTimeout(h.b.ctx, h.b.cfg.Patience)
	defer cancel()
	if err := h.b.in.sink.DeadLetter(ctx, d); err != nil {
		h.b.log.Warn("a dead letter was not stored", "client", cl.ID, "error", err)
		return
	}
	h.b.count.deadLetters.Add(1)
}
