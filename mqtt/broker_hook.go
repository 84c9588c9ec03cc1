package mqtt

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// hook is our part in the broker library's work. The library calls it in the
// goroutine of the connection.
type hook struct {
	mqtt.HookBase
	b     *Broker
	lines sync.Map // *mqtt.Client → *line, of established sessions

	oversized oversized
}

// line is what a client waits for; nil for ourselves.
func (h *hook) line(cl *mqtt.Client) *line {
	if l, ok := h.lines.Load(cl); ok {
		return l.(*line)
	}
	return nil
}

func (h *hook) ID() string { return "serenazgo" }

// Provides lists what is hooked.
func (h *hook) Provides(b byte) bool {
	switch b {
	case mqtt.OnConnect, mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSessionEstablish,
		mqtt.OnSessionEstablished, mqtt.OnDisconnect, mqtt.OnPublish, mqtt.OnWill, mqtt.OnWillSent, mqtt.OnPacketSent:
		return true
	}
	return false
}

// OnConnect checks the login. It answers a refusal itself, so that a store out
// of reach reads "unavailable" and not "wrong password", which some trackers
// take for final.
func (h *hook) OnConnect(cl *mqtt.Client, pk packets.Packet) error {
	user, password := string(pk.Connect.Username), string(pk.Connect.Password)
	err := h.login(cl, user, password)
	if err == nil && pk.Connect.WillFlag && !h.b.rights.mayPublish(user, pk.Connect.WillTopic) {
		err = errForeignWill
	}
	if err == nil {
		// Whoever logs in can take over only a session of its own.
		cl.ID = user + "#" + cl.ID
		cl.Properties.Will.WillDelayInterval = 0
		return nil
	}
	code := packets.ErrServerUnavailable
	switch {
	case errors.Is(err, errThrottled):
		h.b.count.throttled.Add(1)
	case errors.Is(err, errBadLogin), errors.Is(err, errForeignWill):
		h.b.count.refused.Add(1)
		code = packets.ErrBadUsernameOrPassword
	}
	h.b.log.Warn("MQTT login refused", "user", brief(user), "remote", cl.Net.Remote, "reason", err)
	_ = h.b.server.SendConnack(cl, code, false, nil)
	return err
}

var errForeignWill = errors.New("the last will is for a topic of somebody else")

func (h *hook) login(cl *mqtt.Client, user, password string) error {
	if h.b.rights.isService(user) {
		if h.b.cfg.Service.check(password) {
			return nil
		}
		return errBadLogin
	}
	ctx, cancel := context.WithTimeout(h.b.ctx, h.b.cfg.Patience)
	defer cancel()
	return h.b.auth.login(ctx, user, password, cl.Net.Remote)
}

// OnConnectAuthenticate lets in whom OnConnect did not refuse.
func (h *hook) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

// OnSessionEstablish drops acknowledgements of the session before that were
// not sent. The library would send them now, and a client that has begun to
// number afresh would take them for those of other messages.
func (h *hook) OnSessionEstablish(cl *mqtt.Client, _ packets.Packet) {
	old, ok := h.b.server.Clients.Get(cl.ID)
	if !ok {
		return
	}
	for _, pk := range old.State.Inflight.GetAll(false) {
		if pk.FixedHeader.Type == packets.Puback {
			old.State.Inflight.Delete(pk.PacketID)
		}
	}
}

func (h *hook) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	l := newLine(h.b, cl)
	h.lines.Store(cl, l)
	if c, ok := cl.Net.Conn.(*gateConn); ok {
		c.atEnd(l.idle)
	}
	if h.b.rights.isService(string(cl.Properties.Username)) {
		h.b.read.Store(true)
	}
	h.b.count.connects.Add(1)
	h.b.count.connected.Add(1)
	h.b.log.Debug("MQTT client connected", "client", cl.ID, "remote", cl.Net.Remote)
}

func (h *hook) OnDisconnect(cl *mqtt.Client, err error, _ bool) {
	h.lines.Delete(cl)
	h.tooLarge(cl, err)
	h.b.count.connected.Add(-1)
	h.b.log.Debug("MQTT client disconnected", "client", cl.ID, "remote", cl.Net.Remote, "reason", err)
}

// OnACLCheck holds every client to its own topics.
func (h *hook) OnACLCheck(cl *mqtt.Client, topic string, write bool) bool {
	user := string(cl.Properties.Username)
	ok := write && h.b.rights.mayPublish(user, topic) || !write && h.b.rights.mayRead(user, topic)
	if !ok {
		h.b.count.denied.Add(1)
		h.b.log.Warn("MQTT topic denied", "client", cl.ID, "topic", brief(topic), "publish", write)
	}
	return ok
}

// OnPublish has the message stored. The library does not acknowledge it: the
// client's line does, after the COMMIT, while further messages come in.
func (h *hook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	l := h.line(cl)
	if l == nil || isRoundTopic(pk.TopicName) ||
		h.b.rights.isService(string(cl.Properties.Username)) && isProbeTopic(pk.TopicName) {
		if l != nil {
			l.idle() // what came before is acknowledged before
		}
		return pk, nil // ours, or the service account's
	}
	// A position is an event, not a state: retained ones would fill the memory
	// and come again at every restart of a subscriber.
	pk.FixedHeader.Retain = false
	c := h.b.count
	if c.messages.Add(1); pk.FixedHeader.Qos == 0 {
		if c.qos0.Add(1) == 1 {
			h.b.log.Warn("a device publishes with QoS 0: what is lost on the way is not sent again; set QoS 1 (said once, counted always)", "client", cl.ID)
		}
	}
	if h.b.bypass.Load() {
		return pk, nil
	}
	m := h.message(cl, pk)
	size := len(pk.Payload) + len(pk.TopicName)
	h.b.held.take(size)
	ctx := h.b.deadlines.begin(time.Now())
	p, err := h.b.in.begin(ctx, m)
	if err == nil && pk.FixedHeader.Qos < 2 {
		o := owed{id: pk.PacketID, qos: pk.FixedHeader.Qos, size: size, pending: p, ctx: ctx}
		if h.b.read.Load() { // the service account reads along
			o.onward = &pk
		}
		if !l.add(o) {
			c.unsaved.Add(1) // the connection has been ended
		}
		return pk, packets.ErrRejectPacket
	}
	defer h.b.held.give(size)
	if err == nil {
		l.idle()
		err = p.wait(ctx)
	}
	switch {
	case err == nil:
		return pk, nil
	case pk.FixedHeader.Qos == 0:
		c.qos0Lost.Add(1)
	default:
		c.unsaved.Add(1)
		h.b.sendAway(cl, err)
	}
	return pk, packets.ErrRejectPacket
}

// message is what came in, with what is known of its sender.
func (h *hook) message(cl *mqtt.Client, pk packets.Packet) Message {
	m := Message{Topic: pk.TopicName, Client: cl.ID, Payload: pk.Payload, Received: h.b.cfg.Now()}
	if user := string(cl.Properties.Username); !h.b.rights.isService(user) {
		m.User = user
	}
	return m
}

// OnPacketSent counts the acknowledgements that the library sends.
func (h *hook) OnPacketSent(_ *mqtt.Client, pk packets.Packet, _ []byte) {
	if pk.FixedHeader.Type == packets.Puback || pk.FixedHeader.Type == packets.Pubrec {
		h.b.count.acknowledged.Add(1)
	}
}

// OnWill makes a last will a plain message.
func (h *hook) OnWill(_ *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	will.Retain = false
	return will, nil
}

// OnWillSent stores a last will: with OwnTracks, that the connection was lost.
// Those that the end of the broker itself causes tell nothing.
func (h *hook) OnWillSent(cl *mqtt.Client, pk packets.Packet) {
	h.b.gate.mu.Lock()
	draining := h.b.gate.draining
	h.b.gate.mu.Unlock()
	if draining {
		return
	}
	h.b.count.messages.Add(1)
	ctx, cancel := context.WithTimeout(h.b.ctx, h.b.cfg.Patience)
	defer cancel()
	if err := h.b.in.take(ctx, h.message(cl, pk)); err != nil {
		h.b.log.Warn("a last will was not stored", "client", cl.ID, "error", err)
	}
}
