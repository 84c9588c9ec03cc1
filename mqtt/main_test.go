package mqtt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(childBroker) != "" {
		fmt.Fprintln(os.Stderr, "ingest process:", ingestUntilKilled())
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

const patience = 30 * time.Second // of a test for what must happen

// site is a store with a writer, as behind either door.
type site struct {
	t     *testing.T
	store *faultyStore
	in    *fleet.Ingest
	log   *slog.Logger

	mu    sync.Mutex
	fresh []fleet.Fix
}

// faultyStore is the real store with faults in front of it.
type faultyStore struct {
	*store.Store
	down atomic.Bool
	gate atomic.Pointer[chan struct{}] // when set, a commit waits for it to close
}

var errDown = errors.New("the test has cut the store off")

func (f *faultyStore) StoreFixes(ctx context.Context, fixes []fleet.Fix) ([]fleet.Fix, error) {
	if g := f.gate.Load(); g != nil {
		select {
		case <-*g:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if f.down.Load() {
		return nil, errDown
	}
	return f.Store.StoreFixes(ctx, fixes)
}

func (f *faultyStore) SaveDeadLetter(ctx context.Context, d fleet.DeadLetter) error {
	if f.down.Load() {
		return errDown
	}
	return f.Store.SaveDeadLetter(ctx, d)
}

// hold makes commits wait until the function returned is called.
func (f *faultyStore) hold() (release func()) {
	g := make(chan struct{})
	f.gate.Store(&g)
	return sync.OnceFunc(func() {
		f.gate.Store(nil)
		close(g)
	})
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, storetest.New(t))
}

// newSiteOn is a site on a store of the test's own.
func newSiteOn(t *testing.T, st *store.Store) *site {
	t.Helper()
	s := &site{t: t, store: &faultyStore{Store: st}, log: slog.New(slog.DiscardHandler)}
	if os.Getenv("SERENAZGO_TEST_LOG") != "" {
		s.log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	s.in = fleet.NewIngest(fleet.IngestConfig{Store: s.store, Logger: s.log, DrainTimeout: 100 * time.Millisecond, OnFresh: func(fs []fleet.Fix) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.fresh = append(s.fresh, fs...)
	}})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.in.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	return s
}

// device registers a device and gives its password.
func (s *site) device(id string) string {
	s.t.Helper()
	password, hash, err := fleet.NewDeviceSecret()
	if err == nil {
		err = s.store.SaveDevice(s.t.Context(), fleet.Device{Ubigeo: "130102", ID: id, Known: true}, hash)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return password
}

// rows are the numbers of a device's stored fixes, in order.
func (s *site) rows(device string) []int64 {
	s.t.Helper()
	fixes, err := s.store.Fixes(s.t.Context(), "130102", device, time.Now().Add(-48*time.Hour), time.Now().Add(48*time.Hour))
	if err != nil {
		s.t.Fatal(err)
	}
	var out []int64
	for _, f := range fixes {
		out = append(out, f.Seq)
	}
	slices.Sort(out)
	return out
}

func (s *site) letters() []fleet.DeadLetter {
	s.t.Helper()
	got, err := s.store.DeadLetters(s.t.Context(), "130102", 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	return got
}

func (s *site) broker(edit func(*BrokerConfig)) *Broker {
	s.t.Helper()
	cfg := BrokerConfig{Listen: "127.0.0.1:0", Auth: StoredDevices{s.store}, Ingest: s.in, Logger: s.log}
	if edit != nil {
		edit(&cfg)
	}
	b, err := NewBroker(cfg)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	s.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			s.t.Error(err)
		}
	})
	return b
}

// client makes the options of a paho client that stays quiet about failures.
func client(url, id, user, password string) *paho.ClientOptions {
	return paho.NewClientOptions().AddBroker(url).SetClientID(id).SetUsername(user).SetPassword(password).
		SetProtocolVersion(4).SetStore(newClientStore()).SetAutoReconnect(false).SetConnectTimeout(patience).SetWriteTimeout(patience).SetOrderMatters(false)
}

// dial connects or fails the test.
func dial(t *testing.T, o *paho.ClientOptions) paho.Client {
	t.Helper()
	c := paho.NewClient(o)
	t.Cleanup(func() { c.Disconnect(0) })
	wait(t, c.Connect())
	return c
}

func wait(t *testing.T, token paho.Token) {
	t.Helper()
	if !token.WaitTimeout(patience) {
		t.Fatal("no answer")
	}
	if token.Error() != nil {
		t.Fatal(token.Error())
	}
}

// eventually waits for what happens in other goroutines.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

// listen accepts nobody and says nothing.
func listen(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	return ln.Addr().String()
}

// payload is a fix of now with a number.
func payload(n int) string {
	return fmt.Sprintf(`{"ts":%d,"lat":-8.08,"lon":-79.0,"seq":%d}`, time.Now().UnixMilli(), n)
}
