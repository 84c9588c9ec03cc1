package mqtt

import (
	"slices"
	"strings"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/google/go-cmp/cmp"
	"github.com/serenazgo/serenazgo/fleet"
)

func TestPubackComesAfterCommit(t *testing.T) {
	for name, qos := range map[string]byte{"QoS 1": 1, "QoS 2": 2} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.broker(nil)
			c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
			var want []int64
			for n := range 20 {
				wait(t, c.Publish(PosTopic("130102", "C01"), qos, false, payload(n)))
				want = append(want, int64(n))
				if got := s.rows("C01"); !slices.Equal(got, want) {
					t.Fatalf("acknowledged %v, stored %v", want, got)
				}
			}
			if st := b.Stats(); st.Messages != 20 || st.Acknowledged != 20 || st.Fixes != 20 || st.Connected != 1 || st.ByDecoder["serenazgo"] != 20 {
				t.Errorf("%+v", st)
			}
		})
	}
}

func TestDeadLettersAreAcknowledged(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	wait(t, c.Publish(PosTopic("130102", "C01"), 1, false, `[{"lat":1,"lon":2,"seq":7},{"lat":512}]`))
	wait(t, c.Publish("owntracks/130102/C01", 1, false, `{"_type":"encrypted","data":"x"}`))
	var reasons []string
	for _, l := range s.letters() {
		reasons = append(reasons, l.Topic+": "+string(l.Payload))
		if !strings.HasPrefix(l.Client, "130102/C01#") {
			t.Errorf("of client %q", l.Client)
		}
	}
	if d := cmp.Diff([]string{`owntracks/130102/C01: {"_type":"encrypted","data":"x"}`, `serenazgo/130102/C01/pos: {"lat":512}`}, reasons); d != "" {
		t.Error(d)
	}
	if got := s.rows("C01"); !slices.Equal(got, []int64{7}) {
		t.Errorf("stored %v", got)
	}
}

func TestStoreDownMeansNoPuback(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.Patience = 50 * time.Millisecond })
	s.store.down.Store(true)
	lost := make(chan error, 10)
	o := client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")).SetCleanSession(false)
	o.SetConnectionLostHandler(func(_ paho.Client, err error) { lost <- err })
	s.store.down.Store(false)
	c := dial(t, o)
	s.store.down.Store(true)
	token := c.Publish(PosTopic("130102", "C01"), 1, false, payload(1))
	select {
	case <-lost:
	case <-time.After(patience):
		t.Fatal("not disconnected")
	}
	if b.Stats().Unsaved == 0 || b.Stats().Acknowledged != 0 {
		t.Errorf("%+v", b.Stats())
	}
	s.store.down.Store(false)
	wait(t, c.Connect()) // paho sends what it has again
	if !token.WaitTimeout(patience) {
		t.Fatal("not sent again")
	}
	eventually(t, "stored", func() bool { return slices.Equal(s.rows("C01"), []int64{1}) })
}

func TestQoS0IsTakenAndCounted(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	wait(t, c.Publish(PosTopic("130102", "C01"), 0, false, payload(1)))
	eventually(t, "stored", func() bool { return len(s.rows("C01")) == 1 })
	if st := b.Stats(); st.QoS0 != 1 || st.QoS0Lost != 0 {
		t.Errorf("%+v", st)
	}
}

func TestQoS0IsLostAndCountedWhileTheStoreIsAway(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.Patience = 50 * time.Millisecond })
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	s.store.down.Store(true)
	wait(t, c.Publish(PosTopic("130102", "C01"), 0, false, payload(1)))
	eventually(t, "counted as lost", func() bool { return b.Stats().QoS0Lost == 1 })
	if st := b.Stats(); st.QoS0 != 1 || !c.IsConnected() {
		t.Errorf("%+v", st)
	}
}

func TestTopicsOfOthersAreDenied(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	password := s.device("C01")
	for _, topic := range []string{"serenazgo/130102/C02/pos", "serenazgo/150101/C01/pos", "owntracks/130102/C02",
		"serenazgo/130102/C01/round", "serenazgo/130102/C01/other", "anything"} {
		lost := make(chan struct{})
		o := client("tcp://"+b.Addr(), "x", "130102/C01", password)
		o.SetConnectionLostHandler(func(paho.Client, error) { close(lost) })
		dial(t, o).Publish(topic, 1, true, payload(1))
		select {
		case <-lost:
		case <-time.After(patience):
			t.Errorf("%s: not disconnected", topic)
		}
	}
	if n := b.Stats().Denied; n != 6 {
		t.Errorf("%d denied", n)
	}
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", password))
	for filter, want := range map[string]byte{RoundTopic("130102", "C01"): 1, RoundTopic("130102", "C02"): 0x80, "#": 0x80,
		"serenazgo/130102/+/round": 0x80, "serenazgo/130102/C01/pos": 0x80, "$SYS/#": 0x80, "$share/g/serenazgo/130102/C01/round": 0x80} {
		token := c.Subscribe(filter, 1, func(paho.Client, paho.Message) {})
		token.WaitTimeout(patience)
		for _, got := range token.(*paho.SubscribeToken).Result() {
			if got != want {
				t.Errorf("subscribe to %s: %#x, want %#x", filter, got, want)
			}
		}
	}
}

func TestRoundsAreRetained(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	round := RoundTopic("130102", "C01")
	if err := b.Publish(round, []byte("first"), true); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 10)
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	wait(t, c.Subscribe(round, 1, func(_ paho.Client, m paho.Message) { got <- string(m.Payload()) }))
	receive := func(want string) {
		t.Helper()
		select {
		case m := <-got:
			if m != want {
				t.Errorf("got %q, want %q", m, want)
			}
		case <-time.After(patience):
			t.Fatalf("never got %q", want)
		}
	}
	receive("first")
	if err := b.Publish(round, []byte("second"), true); err != nil {
		t.Fatal(err)
	}
	receive("second")
	// Somebody else's round is not for this device.
	if err := b.Publish(RoundTopic("130102", "C02"), []byte("other"), true); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(round, nil, true); err != nil { // cleared
		t.Fatal(err)
	}
	receive("")
	c2 := dial(t, client("tcp://"+b.Addr(), "y", "130102/C01", s.device("C01")))
	wait(t, c2.Subscribe(round, 1, func(_ paho.Client, m paho.Message) { got <- "retained " + string(m.Payload()) }))
	wait(t, c2.Publish(PosTopic("130102", "C01"), 1, true, payload(1))) // and its answer comes after what is retained
	if len(got) != 0 {
		t.Errorf("got %q", <-got)
	}
}

func TestSessionIsTakenOver(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	password := s.device("C01")
	lost := make(chan struct{})
	o := client("tcp://"+b.Addr(), "same", "130102/C01", password)
	o.SetConnectionLostHandler(func(paho.Client, error) { close(lost) })
	dial(t, o)
	other := dial(t, client("tcp://"+b.Addr(), "same", "130102/C02", s.device("C02")))
	again := dial(t, client("tcp://"+b.Addr(), "same", "130102/C01", password))
	select {
	case <-lost:
	case <-time.After(patience):
		t.Fatal("the connection before was left open")
	}
	wait(t, again.Publish(PosTopic("130102", "C01"), 1, false, payload(1)))
	// Another device with the same client id is somebody else.
	wait(t, other.Publish(PosTopic("130102", "C02"), 1, false, payload(2)))
}

func TestLastWillIsStored(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	password := s.device("C01")
	o := client("tcp://"+b.Addr(), "x", "130102/C01", password).SetWill("owntracks/130102/C01", `{"_type":"lwt","tst":1763764359}`, 1, true)
	dial(t, o)
	b.Kick("130102", "C01")
	eventually(t, "the loss of the connection", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.ContainsFunc(s.fresh, func(f fleet.Fix) bool { return f.Event == "connection_lost" })
	})
	foreign := client("tcp://"+b.Addr(), "x", "130102/C01", password).SetWill("owntracks/130102/C02", `{"_type":"lwt"}`, 1, false)
	token := paho.NewClient(foreign).Connect()
	if !token.WaitTimeout(patience) || token.Error() == nil {
		t.Error("a will on a topic of somebody else was let in")
	}
}

func TestServiceAccount(t *testing.T) {
	s := newSite(t)
	password, hash, err := fleet.NewDeviceSecret()
	if err != nil {
		t.Fatal(err)
	}
	b := s.broker(func(c *BrokerConfig) { c.Service = &ServiceAccount{User: "bridge", SecretHash: hash} })
	c := dial(t, client("tcp://"+b.Addr(), "x", "bridge", password))
	got := make(chan string, 10)
	wait(t, c.Subscribe("serenazgo/#", 1, func(_ paho.Client, m paho.Message) { got <- m.Topic() }))
	wait(t, c.Publish(PosTopic("130102", "C07"), 1, false, payload(1)))
	wait(t, c.Publish(RoundTopic("130102", "C07"), 1, true, "round"))
	topics := []string{<-got, <-got}
	slices.Sort(topics)
	if d := cmp.Diff([]string{PosTopic("130102", "C07"), RoundTopic("130102", "C07")}, topics); d != "" {
		t.Error(d)
	}
	if got := s.rows("C07"); !slices.Equal(got, []int64{1}) {
		t.Errorf("stored %v", got)
	}
	bad := paho.NewClient(client("tcp://"+b.Addr(), "y", "bridge", password+"x")).Connect()
	if !bad.WaitTimeout(patience) || bad.Error() == nil {
		t.Error("wrong password let in")
	}
}

func TestCloseFinishesWhatIsInProgress(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	release := s.store.hold()
	token := c.Publish(PosTopic("130102", "C01"), 1, false, payload(1))
	eventually(t, "the message in progress", func() bool { return s.in.Stats().Queued == 1 })
	closed := make(chan struct{})
	go func() {
		b.Close()
		close(closed)
	}()
	eventually(t, "draining", func() bool {
		b.gate.mu.Lock()
		defer b.gate.mu.Unlock()
		return b.gate.draining
	})
	release()
	wait(t, token)
	<-closed
	if got := s.rows("C01"); !slices.Equal(got, []int64{1}) {
		t.Errorf("stored %v", got)
	}
}

func TestCloseDoesNotWaitForAStoreThatIsAway(t *testing.T) {
	s := newSite(t)
	b := s.broker(func(c *BrokerConfig) { c.DrainTimeout = 50 * time.Millisecond })
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	defer s.store.hold()()
	token := c.Publish(PosTopic("130102", "C01"), 1, false, payload(1))
	eventually(t, "the message in progress", func() bool { return s.in.Stats().Queued == 1 })
	b.Close()
	if st := b.Stats(); st.Acknowledged != 0 || st.Unsaved != 1 || st.Connected != 0 {
		t.Errorf("%+v", st)
	}
	select {
	case <-token.Done():
		if token.Error() == nil {
			t.Error("acknowledged")
		}
	default:
	}
}

func TestBypass(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	c := dial(t, client("tcp://"+b.Addr(), "x", "130102/C01", s.device("C01")))
	b.Bypass(true)
	wait(t, c.Publish(PosTopic("130102", "C01"), 1, false, payload(1)))
	b.Bypass(false)
	wait(t, c.Publish(PosTopic("130102", "C01"), 1, false, payload(2)))
	if got := s.rows("C01"); !slices.Equal(got, []int64{2}) {
		t.Errorf("stored %v", got)
	}
}

func TestBrokerConfig(t *testing.T) {
	s := newSite(t)
	auth := StoredDevices{s.store}
	first := s.broker(nil)
	for name, tt := range map[string]struct {
		cfg  BrokerConfig
		want string
	}{
		"no auth":          {BrokerConfig{Listen: ":0", Ingest: s.in}, "credentials"},
		"no sink":          {BrokerConfig{Listen: ":0", Auth: auth}, "store"},
		"no address":       {BrokerConfig{Auth: auth, Ingest: s.in}, "no address"},
		"address in use":   {BrokerConfig{Listen: first.Addr(), Auth: auth, Ingest: s.in}, "another broker"},
		"TLS without cert": {BrokerConfig{ListenTLS: ":0", Auth: auth, Ingest: s.in}, "no certificate"},
		"service name":     {BrokerConfig{Listen: ":0", Auth: auth, Ingest: s.in, Service: &ServiceAccount{User: "130102/C01"}}, "service account"},
	} {
		if _, err := NewBroker(tt.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := NewBroker(BrokerConfig{Listen: "127.0.0.1:0", Auth: auth, Ingest: s.in})
	if err != nil {
		t.Fatal(err)
	}
	b.Close() // without Run
}
