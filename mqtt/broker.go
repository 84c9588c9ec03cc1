package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2"

	"github.com/serenazgo/serenazgo/fleet"
)

// BrokerConfig sets up a Broker. Auth, Ingest and one address are required.
type BrokerConfig struct {
	Listen          string // TCP, ":1883"
	ListenTLS       string // TLS, ":8883"; needs TLS
	ListenWebSocket string // WebSocket, ":8083"; over TLS if TLS is set
	TLS             *tls.Config

	Auth    DeviceAuth
	Ingest  Sink
	Service *ServiceAccount // nil: none
	// Registry of topic rules and devices; default: one that knows the built-in
	// topics only.
	Registry *Registry
	// Raw keeps payloads as they came, for support; it must not wait. nil: nobody.
	Raw    func(fleet.RawPayload)
	Logger *slog.Logger
	Now    func() time.Time // default: time.Now

	MaxConnections int           // default 20,000
	MaxPacket      int           // bytes, default 256 KiB: a backlog of some 2,000 fixes
	MaxHeld        int64         // bytes of messages that are being stored, of all connections, before no more are read; default 64 MiB
	Patience       time.Duration // for one message to be stored, default 20 s
	DrainTimeout   time.Duration // at the end, for messages in progress, default 5 s
}

// Broker is an MQTT broker in the process, made for trackers: they publish
// fixes and read their round. A message is stored before it is acknowledged;
// when it cannot be, the client is disconnected without PUBACK and sends again
// after it has reconnected, as MQTT 3.1.1 clients do.
//
// A client's messages are stored in the order of their arrival and acknowledged
// in that order, those of one commit together; many clients share commits.
//
// Sessions and retained messages live in memory. After a restart, devices
// subscribe again and rounds must be published again.
type Broker struct {
	cfg    BrokerConfig
	log    *slog.Logger
	server *mqtt.Server
	gate   *gate
	doors  []net.Listener
	auth   *authenticator
	rights rights
	count  *counters
	in     *intake
	bypass atomic.Bool
	read   atomic.Bool    // the service account has logged in: it may read along
	lines  sync.WaitGroup // connections being acknowledged
	held   *held

	deadlines deadlines

	ctx   context.Context // of messages in progress
	abort context.CancelFunc
	once  sync.Once
}

// NewBroker opens the addresses; Run serves them. A Broker that is not run
// must be closed.
func NewBroker(cfg BrokerConfig) (*Broker, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MaxConnections <= 0 {
		cfg.MaxConnections = 20_000
	}
	if cfg.MaxPacket <= 0 {
		cfg.MaxPacket = 256 << 10
	}
	if cfg.MaxHeld <= 0 {
		cfg.MaxHeld = 64 << 20
	}
	if cfg.Patience <= 0 {
		cfg.Patience = 20 * time.Second
	}
	if cfg.DrainTimeout <= 0 {
		cfg.DrainTimeout = 5 * time.Second
	}
	switch {
	case cfg.Auth == nil:
		return nil, errors.New("MQTT broker: no credentials to check devices against")
	case cfg.Ingest == nil:
		return nil, errors.New("MQTT broker: nothing to store fixes with")
	case cfg.ListenTLS != "" && cfg.TLS == nil:
		return nil, fmt.Errorf("MQTT broker: %s is for TLS, and no certificate is given", cfg.ListenTLS)
	case cfg.Service != nil && (cfg.Service.User == "" || !validServiceUser(cfg.Service.User)):
		return nil, fmt.Errorf("MQTT broker: the service account's name %q must not be empty nor hold a '/'", cfg.Service.User)
	}
	registry := cfg.Registry
	if registry == nil {
		registry = NewRegistry()
	}
	b := &Broker{cfg: cfg, log: cfg.Logger, count: newCounters(), rights: rights{registry, cfg.Service}}
	b.held = &held{most: cfg.MaxHeld}
	b.gate = &gate{held: b.held, limit: cfg.MaxConnections, connect: 10 * time.Second, log: cfg.Logger, conns: map[*gateConn]struct{}{}}
	b.in = &intake{registry: registry, sink: cfg.Ingest, log: cfg.Logger, count: b.count, raw: cfg.Raw}
	var err error
	if b.auth, err = newAuthenticator(cfg.Auth, cfg.Now); err != nil {
		return nil, fmt.Errorf("MQTT broker: %w", err)
	}
	b.ctx, b.abort = context.WithCancel(context.Background())
	b.deadlines = deadlines{ctx: b.ctx, long: cfg.Patience}
	b.server = mqtt.New(&mqtt.Options{
		Capabilities: capabilities(cfg),
		InlineClient: true,
		// Its log repeats whole packets, passwords included; ours says what
		// an operator needs.
		Logger:                 slog.New(slog.DiscardHandler),
		SysTopicResendInterval: int64((24 * time.Hour).Seconds()),
	})
	if err := b.server.AddHook(&hook{b: b}, nil); err != nil {
		return nil, fmt.Errorf("MQTT broker: %w", err)
	}
	if err := b.listen(); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func capabilities(cfg BrokerConfig) *mqtt.Capabilities {
	c := mqtt.NewDefaultServerCapabilities()
	c.MaximumClients = math.MaxInt64 // the gate counts
	c.MaximumPacketSize = uint32(cfg.MaxPacket)
	// A device needs its last round, not a queue; the library drops silently
	// beyond these, and makes a channel of this size per connection.
	c.MaximumClientWritesPending = 64
	c.MaximumInflight = 64
	c.MaximumSessionExpiryInterval = uint32((24 * time.Hour).Seconds())
	c.TopicAliasMaximum = 0 // the library checks rights before it resolves an alias
	// Retained rounds are replaced, never forgotten by age.
	c.MaximumMessageExpiryInterval = int64((365 * 24 * time.Hour).Seconds())
	return c
}

// listen opens the addresses.
func (b *Broker) listen() error {
	type door struct {
		id, addr  string
		tls       bool
		webSocket bool
	}
	doors := []door{{"tcp", b.cfg.Listen, false, false}, {"tls", b.cfg.ListenTLS, true, false},
		{"websocket", b.cfg.ListenWebSocket, b.cfg.TLS != nil, true}}
	for _, d := range doors {
		if d.addr == "" {
			continue
		}
		ln, err := net.Listen("tcp", d.addr)
		if err != nil {
			return fmt.Errorf("MQTT broker: cannot listen on %s: %w; is another broker running there? Choose another address", d.addr, err)
		}
		b.doors = append(b.doors, ln)
		if d.tls {
			ln = tls.NewListener(ln, b.cfg.TLS)
		}
		if d.webSocket {
			err = b.server.AddListener(newWSDoor(d.id, ln, b.gate, int64(b.cfg.MaxPacket)+64))
		} else {
			err = b.server.AddListener(&tcpDoor{id: d.id, ln: ln, gate: b.gate})
		}
		if err != nil {
			return fmt.Errorf("MQTT broker: %s: %w", d.id, err)
		}
	}
	if len(b.doors) == 0 {
		return errors.New("MQTT broker: no address to listen on")
	}
	return nil
}

// Addr is the address of the first listener, as opened: with its port even if
// the configuration left the choice open (":0").
func (b *Broker) Addr() string { return b.doors[0].Addr().String() }

// Addrs are the addresses of all listeners in the order TCP, TLS, WebSocket.
func (b *Broker) Addrs() []string {
	var out []string
	for _, d := range b.doors {
		out = append(out, d.Addr().String())
	}
	return out
}

// Run serves until ctx ends, then closes the broker.
func (b *Broker) Run(ctx context.Context) error {
	if err := b.server.Serve(); err != nil {
		b.Close()
		return fmt.Errorf("MQTT broker: %w", err)
	}
	b.log.Info("the MQTT broker listens", "addresses", b.Addrs())
	<-ctx.Done()
	b.Close()
	return nil
}

// Close lets nobody in any more, finishes the messages in progress (at most
// for DrainTimeout; what is not stored by then is not acknowledged) and ends.
func (b *Broker) Close() {
	b.once.Do(func() {
		for _, d := range b.doors {
			_ = d.Close()
		}
		b.gate.drain(b.cfg.DrainTimeout)
		b.abort()
		_ = b.server.Close()
		b.gate.wg.Wait()
		b.lines.Wait()
	})
}

// Publish sends a message to those who subscribe to the topic; retained, also
// to those who will. An empty retained payload clears the topic. It may be
// called before Run.
func (b *Broker) Publish(topic string, payload []byte, retained bool) error {
	if err := b.server.Publish(topic, payload, retained, 1); err != nil {
		return fmt.Errorf("MQTT broker: publish to %s: %w", topic, err)
	}
	return nil
}

// Kick ends the connections of a device and forgets its last good login, for
// when its credentials change.
func (b *Broker) Kick(ubigeo, device string) {
	user := DeviceUser(ubigeo, device)
	b.auth.forget(user)
	for _, cl := range b.server.Clients.GetAll() {
		if string(cl.Properties.Username) == user {
			// The broker forgets the last will of a client that is stopped while
			// it does not wait for a packet; that of a lost connection it sends.
			if cl.Net.Conn != nil {
				cl.Net.Conn.Close()
			}
		}
	}
}

// Bypass makes the broker acknowledge at once, without decoding or storing, to
// measure what the broker alone can do. Nothing is kept meanwhile.
func (b *Broker) Bypass(on bool) { b.bypass.Store(on) }

// Stats reads the counters.
func (b *Broker) Stats() Stats {
	s := b.count.stats()
	s.HeldBytes = b.held.now()
	return s
}

func validServiceUser(user string) bool {
	_, _, err := ParseDeviceUser(user)
	return err != nil && fleet.CheckDeviceID(user) == nil
}
