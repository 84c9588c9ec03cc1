package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/serenazgo/serenazgo/fleet"
)

// SubscriberConfig sets up a Subscriber. URL and Ingest are required.
type SubscriberConfig struct {
	URL      string // tcp://, ssl://, ws:// or wss://host:port
	ClientID string // default "serenazgo-ingest"; each process needs its own, always the same
	Username string
	Password string
	TLS      *tls.Config

	// Filters to subscribe to; default: those of the rules. With several
	// processes, "$share/ingest/<filter>" where the broker has shared
	// subscriptions, else a part of the topics for each.
	Filters []string
	Ingest  Sink
	// Registry of topic rules and devices; default: one that knows the built-in
	// topics only. Where Filters is empty, new rules are subscribed to at once.
	Registry *Registry
	// Raw keeps payloads as they came, for support; it must not wait. nil: nobody.
	Raw    func(fleet.RawPayload)
	Logger *slog.Logger
	Now    func() time.Time

	Window       int           // messages received and not yet acknowledged, default 1,000
	ProbeTimeout time.Duration // see Run; default 10 s, negative: no probe
	DrainTimeout time.Duration // at the end, for messages in progress, default 5 s
	Retry        time.Duration // between attempts to connect, default 2 s
}

// Subscriber brings in fixes from somebody else's broker. Its session is
// persistent: what is published while it is away waits at the broker, as far
// as the broker is set up for it. For mosquitto: "persistence true",
// "autosave_interval 1", "autosave_on_changes true", "set_tcp_nodelay true",
// "max_queued_messages 0" (the default keeps 1,000 messages and loses the rest)
// and "max_inflight_messages" up to Window (the default of 20 bounds the size
// of a commit). Killed outright, mosquitto may still lose what it acknowledged
// in its last moment; ended properly, nothing.
//
// Messages are acknowledged after COMMIT, in the order of their arrival, as
// MQTT demands. An acknowledgement that comes after the connection broke is
// lost and the message comes again; the store recognises it.
type Subscriber struct {
	cfg     SubscriberConfig
	log     *slog.Logger
	mu      sync.Mutex
	filters []string // under mu
	count   *counters
	in      *intake
	client  paho.Client
	ready   chan struct{} // closed when the first probe came back
	failed  chan error    // why Run must end
	arrived chan paho.Message
	probe   probe
	ending  context.Context // ends when Run does
	end     context.CancelFunc
	probing atomic.Bool
}

// NewSubscriber checks the configuration; Run connects.
func NewSubscriber(cfg SubscriberConfig) (*Subscriber, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.ClientID == "" {
		cfg.ClientID = "serenazgo-ingest"
	}
	if cfg.Window <= 0 {
		cfg.Window = 1000
	}
	if cfg.ProbeTimeout == 0 {
		cfg.ProbeTimeout = 10 * time.Second
	}
	if cfg.DrainTimeout <= 0 {
		cfg.DrainTimeout = 5 * time.Second
	}
	if cfg.Retry <= 0 {
		cfg.Retry = 2 * time.Second
	}
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("MQTT broker address %q is not of the form tcp://host:1883 (or ssl://, ws://, wss://)", cfg.URL)
	}
	switch u.Scheme {
	case "tcp", "mqtt", "ssl", "tls", "mqtts", "ws", "wss":
	default:
		return nil, fmt.Errorf("MQTT broker address %s: %q is none of tcp, ssl, ws, wss", u.Redacted(), u.Scheme)
	}
	if cfg.Ingest == nil {
		return nil, errors.New("MQTT subscriber: nothing to store fixes with")
	}
	registry := cfg.Registry
	if registry == nil {
		registry = NewRegistry()
	}
	s := &Subscriber{cfg: cfg, log: cfg.Logger.With("broker", u.Redacted()), filters: cfg.Filters, count: newCounters(),
		ready: make(chan struct{}), failed: make(chan error, 1), arrived: make(chan paho.Message, cfg.Window)}
	if len(s.filters) == 0 {
		s.filters = registry.Filters()
	}
	for _, f := range s.filters {
		if err := checkFilter(f); err != nil {
			return nil, err
		}
	}
	s.in = &intake{registry: registry, sink: cfg.Ingest, log: s.log, count: s.count, raw: cfg.Raw}
	s.ending, s.end = context.WithCancel(context.Background())
	if s.probe, err = newProbe(s.filters); err != nil {
		return nil, err
	}
	o := s.options()
	listenToTheEnd(o, u.Scheme)
	s.client = paho.NewClient(o)
	if len(cfg.Filters) == 0 {
		registry.onFilters(s.refilter)
	}
	return s, nil
}

func (s *Subscriber) options() *paho.ClientOptions {
	o := paho.NewClientOptions().AddBroker(s.cfg.URL).SetClientID(s.cfg.ClientID).SetProtocolVersion(4).SetStore(newClientStore())
	if s.cfg.Username != "" {
		o.SetUsername(s.cfg.Username).SetPassword(s.cfg.Password)
	}
	if s.cfg.TLS != nil {
		o.SetTLSConfig(s.cfg.TLS)
	}
	o.SetCleanSession(false).SetAutoAckDisabled(true).SetOrderMatters(true)
	o.SetConnectRetry(true).SetConnectRetryInterval(s.cfg.Retry).SetMaxReconnectInterval(10 * time.Second)
	o.SetConnectTimeout(10 * time.Second).SetWriteTimeout(10 * time.Second).SetKeepAlive(30 * time.Second)
	// What waited at the broker arrives before any subscription is made, so
	// the handler must be there before the connection is.
	o.SetDefaultPublishHandler(s.arrive)
	o.SetOnConnectHandler(s.subscribe)
	o.SetConnectionLostHandler(func(_ paho.Client, err error) {
		s.count.connected.Store(0)
		s.log.Warn("the connection to the MQTT broker is lost; connecting again", "error", err)
	})
	var once sync.Once
	o.SetConnectionNotificationHandler(func(_ paho.Client, n paho.ConnectionNotification) {
		if f, ok := n.(paho.ConnectionNotificationBrokerFailed); ok {
			once.Do(func() {
				s.log.Warn("cannot connect to the MQTT broker; trying on", "error", f.Reason)
			})
			s.log.Debug("cannot connect to the MQTT broker", "error", f.Reason)
		}
	})
	return o
}

// arrive takes a message from the client library. It only queues: while it
// waits for room nothing else is read from the connection, which is the
// back-pressure.
func (s *Subscriber) arrive(_ paho.Client, m paho.Message) {
	select {
	case s.arrived <- m:
	case <-s.ending.Done(): // not acknowledged: it comes again
	}
}

// subscribe makes the subscriptions of a new connection, also of a session
// that has them: the broker may have lost it.
func (s *Subscriber) subscribe(c paho.Client) {
	s.count.connects.Add(1)
	s.count.connected.Store(1)
	filters := map[string]byte{}
	for _, f := range s.wanted() {
		filters[f] = 1
	}
	token := c.SubscribeMultiple(filters, nil)
	select {
	case <-token.Done():
	case <-s.ending.Done():
		return
	}
	if err := token.Error(); err != nil {
		s.log.Warn("subscription failed; it is made again with the next connection", "error", err)
		return
	}
	for f, code := range token.(*paho.SubscribeToken).Result() {
		if code > 2 {
			s.fail(fmt.Errorf("the MQTT broker refuses the subscription to %s: give the account of client %s the right to read it", f, s.cfg.ClientID))
			return
		}
	}
	s.log.Info("subscribed at the MQTT broker", "filters", s.wanted())
	if s.probing.CompareAndSwap(false, true) {
		go s.runProbe()
	}
}

func (s *Subscriber) fail(err error) {
	select {
	case s.failed <- err:
	default:
	}
}

// Run works until ctx ends or the broker turns out to be unusable: it refuses
// a subscription, or takes it and delivers nothing, which a probe message
// finds out at the start. A broker out of reach is waited for.
func (s *Subscriber) Run(ctx context.Context) error {
	defer s.end()
	s.client.Connect() // retries by itself; failures are logged

	begun := make(chan waiting, s.cfg.Window)
	feeding, stop := context.WithCancel(ctx)
	defer stop()
	fed := make(chan error, 1)
	go func() {
		fed <- s.feed(feeding, begun)
		close(begun)
	}()
	acking, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	acked := make(chan struct{})
	go func() {
		defer close(acked)
		s.acknowledge(acking, begun)
	}()

	var err error
	feeds := false
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	case err = <-fed:
		feeds = true
	}
	// No new messages; those in progress are still acknowledged.
	s.end()
	stop()
	if !feeds {
		<-fed
	}
	timer := time.AfterFunc(s.cfg.DrainTimeout, abort)
	<-acked
	timer.Stop()
	s.client.Disconnect(250)
	s.count.connected.Store(0)
	return err
}

// waiting is a message whose fixes are on their way into the store.
type waiting struct {
	message paho.Message
	pending *pending
}

// feed decodes messages in the order of their arrival and queues their fixes.
func (s *Subscriber) feed(ctx context.Context, begun chan<- waiting) error {
	for {
		var m paho.Message
		select {
		case m = <-s.arrived:
		case <-ctx.Done():
			return nil
		}
		if s.probe.take(m.Topic(), m.Payload()) {
			begun <- waiting{message: m}
			continue
		}
		s.count.messages.Add(1)
		if m.Qos() == 0 {
			s.count.qos0.Add(1)
		}
		p, err := s.in.begin(ctx, Message{Topic: m.Topic(), Payload: m.Payload(), Received: s.cfg.Now()})
		if ctx.Err() != nil {
			s.count.unsaved.Add(1)
			return nil
		}
		if err != nil {
			s.count.unsaved.Add(1)
			return fmt.Errorf("MQTT subscriber: %w", err)
		}
		select {
		case begun <- waiting{m, p}:
		case <-ctx.Done():
			s.count.unsaved.Add(1)
			return nil
		}
	}
}

// acknowledge waits for the commits and acknowledges in the order of arrival.
// After one that failed nothing more is acknowledged.
func (s *Subscriber) acknowledge(ctx context.Context, begun <-chan waiting) {
	var failed error
	for w := range begun {
		if failed == nil && w.pending != nil {
			failed = w.pending.wait(ctx)
		}
		if failed != nil {
			s.count.unsaved.Add(1)
			if ctx.Err() == nil {
				s.end()
				s.fail(fmt.Errorf("MQTT subscriber: %w", failed))
			}
			continue
		}
		w.message.Ack()
		if w.pending != nil {
			s.count.acknowledged.Add(1)
		}
	}
}

// Ready is closed when the subscriptions are known to deliver.
func (s *Subscriber) Ready() <-chan struct{} { return s.ready }

// Publish sends a message with QoS 1, retained or not, and waits up to 10 s
// for the broker to take it. While the connection is down it fails.
func (s *Subscriber) Publish(topic string, payload []byte, retained bool) error {
	if !s.client.IsConnectionOpen() {
		return fmt.Errorf("publish to %s: no connection to the MQTT broker", topic)
	}
	token := s.client.Publish(topic, 1, retained, payload)
	if !token.WaitTimeout(10 * time.Second) {
		return fmt.Errorf("publish to %s: the MQTT broker did not answer", topic)
	}
	if err := token.Error(); err != nil {
		return fmt.Errorf("publish to %s: %w", topic, err)
	}
	return nil
}

// Stats reads the counters.
func (s *Subscriber) Stats() Stats { return s.count.stats() }

// checkFilter tells whether an MQTT filter is well formed.
func checkFilter(f string) error {
	plain := plainFilter(f)
	levels := strings.Split(plain, "/")
	ok := plain != "" && !strings.ContainsRune(f, 0) && len(f) < 1<<16
	for i, l := range levels {
		ok = ok && (l == "+" || l == "#" && i == len(levels)-1 || !strings.ContainsAny(l, "+#"))
	}
	if !ok {
		return fmt.Errorf("MQTT filter %q is not well formed: + stands for one whole level, # for all that follow", f)
	}
	return nil
}

// plainFilter takes "$share/<group>/" off a filter.
func plainFilter(f string) string {
	if rest, ok := strings.CutPrefix(f, "$share/"); ok {
		_, plain, _ := strings.Cut(rest, "/")
		return plain
	}
	return f
}
