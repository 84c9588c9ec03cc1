package mqtt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/google/go-cmp/cmp"
	"github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/serenazgo/serenazgo/fleet"
)

// subscriber runs a Subscriber until the function returned is called, which
// gives what Run returned.
func (s *site) subscriber(url string, edit func(*SubscriberConfig)) (*Subscriber, func() error) {
	s.t.Helper()
	cfg := SubscriberConfig{URL: url, Ingest: s.in, Logger: s.log, Retry: 50 * time.Millisecond}
	if edit != nil {
		edit(&cfg)
	}
	sub, err := NewSubscriber(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- sub.Run(ctx) }()
	var result error
	stopped := false
	stop := func() error {
		if !stopped {
			cancel()
			result, stopped = <-done, true
		}
		return result
	}
	s.t.Cleanup(func() { _ = stop() })
	return sub, stop
}

func ready(t *testing.T, sub *Subscriber) {
	t.Helper()
	select {
	case <-sub.Ready():
	case <-time.After(patience):
		t.Fatal("the subscriber never became ready")
	}
}

// publisher is a device behind the external broker, which keeps at it: it
// connects again and sends again what was not acknowledged.
func publisher(t *testing.T, url, id string) paho.Client {
	o := client(url, id, "", "").SetCleanSession(false).SetAutoReconnect(true).SetMaxReconnectInterval(100 * time.Millisecond)
	o.SetConnectRetry(true).SetConnectRetryInterval(50 * time.Millisecond)
	return dial(t, o)
}

func TestSubscriberWithMosquitto(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t)
	sub, stop := s.subscriber(m.url(), nil)
	ready(t, sub)
	p := publisher(t, m.url(), "p")
	for n := range 300 {
		p.Publish(PosTopic("130102", "C01"), 1, false, payload(n))
	}
	wait(t, p.Publish("owntracks/130102/C02", 1, false, `{"_type":"location","lat":-8,"lon":-79,"tst":1}`))
	wait(t, p.Publish("owntracks/130102/C02/event", 1, false, `nonsense`))
	eventually(t, "everything stored", func() bool { return len(s.rows("C01")) == 300 })
	eventually(t, "dead letter", func() bool { return len(s.letters()) == 1 })
	eventually(t, "everything acknowledged", func() bool { return sub.Stats().Acknowledged == 302 })

	// While it is away, messages wait at the broker.
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	for n := 300; n < 350; n++ {
		wait(t, p.Publish(PosTopic("130102", "C01"), 1, false, payload(n)))
	}
	sub, _ = s.subscriber(m.url(), nil)
	eventually(t, "what waited", func() bool { return len(s.rows("C01")) == 350 })
	eventually(t, "acknowledged", func() bool { return sub.Stats().Acknowledged >= 50 })
	ready(t, sub)
}

func TestRoundsThroughMosquitto(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t)
	sub, _ := s.subscriber(m.url(), nil)
	if err := sub.Publish(RoundTopic("130102", "C01"), []byte("early"), true); err == nil && !sub.client.IsConnectionOpen() {
		t.Error("published without a connection")
	}
	ready(t, sub)
	if err := sub.Publish(RoundTopic("130102", "C01"), []byte("round"), true); err != nil {
		t.Fatal(err)
	}
	got := make(chan paho.Message, 1)
	p := publisher(t, m.url(), "p")
	wait(t, p.Subscribe(RoundTopic("130102", "C01"), 1, func(_ paho.Client, m paho.Message) { got <- m }))
	if r := <-got; string(r.Payload()) != "round" || !r.Retained() {
		t.Errorf("got %q", r.Payload())
	}
}

// The store goes away, the connection breaks again and again, and the broker
// is restarted, all while devices publish.
func TestNothingIsLostInTheMiddle(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t)
	sub, _ := s.subscriber(m.url(), func(c *SubscriberConfig) { c.Window = 20 }) // smaller than the broker's
	ready(t, sub)
	p := publisher(t, m.url(), "p")
	const total = 600
	var want []int64
	release := func() {}
	defer func() { release() }()
	for n := range total {
		p.Publish(PosTopic("130102", "C01"), 1, false, payload(n))
		want = append(want, int64(n))
		switch n {
		case 100:
			s.store.down.Store(true)
		case 200:
			s.store.down.Store(false)
		case 300:
			eventually(t, "a part stored", func() bool { return len(s.rows("C01")) > 100 })
			m.end(syscall.SIGTERM)
			m.start()
		case 400:
			release = s.store.hold() // and commits hang for a while
		case 500:
			release()
			// A killed mosquitto forgets what it has not saved, so nothing may be
			// under way at that moment.
			eventually(t, "all so far stored", func() bool { return len(s.rows("C01")) == n+1 })
			m.end(syscall.SIGKILL)
			m.start()
		}
	}
	var got []int64
	eventually(t, "everything stored", func() bool {
		got = s.rows("C01")
		return len(got) == total
	})
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if sub.Stats().Connects < 2 {
		t.Errorf("%+v", sub.Stats())
	}
}

func TestSubscriberAcknowledgesNothingUnsaved(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t)
	sub, stop := s.subscriber(m.url(), func(c *SubscriberConfig) { c.DrainTimeout = 50 * time.Millisecond })
	ready(t, sub)
	p := publisher(t, m.url(), "p")
	release := s.store.hold()
	for n := range 10 {
		wait(t, p.Publish(PosTopic("130102", "C01"), 1, false, payload(n)))
	}
	eventually(t, "the messages in progress", func() bool { return s.in.Stats().Queued > 0 })
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	if n := sub.Stats().Acknowledged; n != 0 {
		t.Errorf("%d acknowledged", n)
	}
	release()
	s.subscriber(m.url(), nil)
	eventually(t, "everything stored", func() bool { return len(s.rows("C01")) == 10 })
}

func TestSharedSubscription(t *testing.T) {
	s := newSite(t)
	m := newMosquitto(t)
	var subs []*Subscriber
	for n := range 3 {
		sub, _ := s.subscriber(m.url(), func(c *SubscriberConfig) {
			c.ClientID = fmt.Sprint("ingest-", n)
			c.Filters = []string{"$share/ingest/serenazgo/+/+/pos"}
		})
		subs = append(subs, sub)
	}
	for _, sub := range subs {
		ready(t, sub)
	}
	p := publisher(t, m.url(), "p")
	for n := range 300 {
		p.Publish(PosTopic("130102", fmt.Sprint("D", n%10)), 1, false, payload(n))
	}
	eventually(t, "everything stored", func() bool { return s.in.Stats().Stored == 300 })
	for n, sub := range subs {
		if sub.Stats().Messages < 50 {
			t.Errorf("process %d got %d of 300 messages", n, sub.Stats().Messages)
		}
	}
	if st := s.in.Stats(); st.Stored != 300 || st.DeadLetters != 0 {
		t.Errorf("%+v", st)
	}
}

// plainMochi is mochi as an external broker; allow decides what is delivered.
func plainMochi(t *testing.T, hook mqtt.Hook) string {
	t.Helper()
	b := mqtt.New(&mqtt.Options{Logger: slog.New(slog.DiscardHandler)})
	if err := b.AddHook(hook, nil); err != nil {
		t.Fatal(err)
	}
	ln := listeners.NewTCP(listeners.Config{ID: "t", Address: "127.0.0.1:0"})
	if err := b.AddListener(ln); err != nil {
		t.Fatal(err)
	}
	if err := b.Serve(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return "tcp://" + ln.Address()
}

func TestSubscriberWithMochi(t *testing.T) {
	s := newSite(t)
	url := plainMochi(t, new(auth.AllowHook))
	sub, _ := s.subscriber(url, nil)
	ready(t, sub)
	p := publisher(t, url, "p")
	for n := range 200 {
		wait(t, p.Publish(PosTopic("130102", "C01"), 1, false, payload(n)))
	}
	eventually(t, "everything stored", func() bool { return len(s.rows("C01")) == 200 })
}

func TestSubscriberAtOurOwnBroker(t *testing.T) {
	s := newSite(t)
	password, hash, err := fleet.NewDeviceSecret()
	if err != nil {
		t.Fatal(err)
	}
	b := s.broker(func(c *BrokerConfig) { c.Service = &ServiceAccount{User: "mirror", SecretHash: hash} })
	mirror := newSite(t)
	sub, _ := mirror.subscriber("tcp://"+b.Addr(), func(c *SubscriberConfig) { c.Username, c.Password = "mirror", password })
	ready(t, sub)
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	wait(t, c.Publish(PosTopic("130102", "C01"), 1, false, payload(1)))
	eventually(t, "stored here and there", func() bool { return len(s.rows("C01")) == 1 && len(mirror.rows("C01")) == 1 })
}

// deaf lets everybody in, takes every subscription and delivers no position.
type deaf struct {
	mqtt.HookBase
	refuse bool
}

func (*deaf) Provides(b byte) bool {
	return b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck || b == mqtt.OnPublish
}
func (*deaf) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }
func (d *deaf) OnACLCheck(*mqtt.Client, string, bool) bool            { return !d.refuse }
func (*deaf) OnPublish(_ *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	return pk, packets.CodeSuccessIgnore
}

func TestUnusableBrokersAreFoundOut(t *testing.T) {
	for _, tt := range []struct {
		name string
		hook mqtt.Hook
		want string
	}{
		{"delivers nothing", &deaf{}, "delivers nothing"},
		{"refuses the subscription", &deaf{refuse: true}, "refuses the subscription"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			sub, err := NewSubscriber(SubscriberConfig{URL: plainMochi(t, tt.hook), Ingest: s.in, ProbeTimeout: 200 * time.Millisecond, Retry: 50 * time.Millisecond,
				Filters: []string{"serenazgo/+/+/pos"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := sub.Run(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestSubscriberEndsWhileTheBrokerIsAway(t *testing.T) {
	s := newSite(t)
	sub, err := NewSubscriber(SubscriberConfig{URL: "tcp://127.0.0.1:1", Ingest: s.in, Retry: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := sub.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestSubscriberEndsWithItsWriter(t *testing.T) {
	s := newSite(t)
	url := plainMochi(t, new(auth.AllowHook))
	in := fleet.NewIngest(fleet.IngestConfig{Store: s.store})
	sub, err := NewSubscriber(SubscriberConfig{URL: url, Ingest: in})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- sub.Run(t.Context()) }()
	ready(t, sub)
	in.Close()
	p := publisher(t, url, "p")
	wait(t, p.Publish(PosTopic("130102", "C01"), 1, false, payload(1)))
	if err := <-done; !errors.Is(err, fleet.ErrIngestClosed) {
		t.Error(err)
	}
}

func TestSubscriberConfig(t *testing.T) {
	in := fleet.NewIngest(fleet.IngestConfig{})
	for name, cfg := range map[string]SubscriberConfig{
		"no address":    {Ingest: in},
		"no scheme":     {URL: "localhost:1883", Ingest: in},
		"http":          {URL: "http://localhost", Ingest: in},
		"no sink":       {URL: "tcp://localhost:1883"},
		"bad filter":    {URL: "tcp://localhost:1883", Ingest: in, Filters: []string{"a/#/b"}},
		"empty filter":  {URL: "tcp://localhost:1883", Ingest: in, Filters: []string{""}},
		"half a level":  {URL: "tcp://localhost:1883", Ingest: in, Filters: []string{"a+/b"}},
		"only a group":  {URL: "tcp://localhost:1883", Ingest: in, Filters: []string{"$share/g"}},
		"broken ipv6 u": {URL: "tcp://[::1", Ingest: in},
	} {
		if _, err := NewSubscriber(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		filter, topic string
		want          bool
	}{
		{"a/b", "a/b", true}, {"a/b", "a", false}, {"a", "a/b", false}, {"a/+", "a/b", true}, {"a/+", "a", false},
		{"a/+/c", "a/b/c", true}, {"a/#", "a", true}, {"a/#", "a/b/c", true}, {"#", "a/b", true}, {"+", "a/b", false},
		{"a/b/#", "a/c/d", false}, {"+/+", "/a", true},
	} {
		if got := matches(tt.filter, tt.topic); got != tt.want {
			t.Errorf("matches(%q, %q) = %v", tt.filter, tt.topic, got)
		}
	}
	for _, f := range []string{"serenazgo/+/+/pos", "owntracks/+/+/#", "$share/g/serenazgo/#", "#"} {
		if topic := probeTopic(f); !matches(plainFilter(f), topic) || !slices.Contains(strings.Split(topic, "/"), probeLevel) {
			t.Errorf("probe of %s goes to %s", f, topic)
		}
	}
}
