package device

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/sim"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const ubigeo = "030102"

// service is a store behind a broker, as the program runs them.
func service(t *testing.T) (*store.Store, *mqtt.Broker) {
	t.Helper()
	st := storetest.New(t)
	in := fleet.NewIngest(fleet.IngestConfig{Store: st, Logger: slog.New(slog.DiscardHandler)})
	b, err := mqtt.NewBroker(mqtt.BrokerConfig{Listen: "127.0.0.1:0", Auth: mqtt.StoredDevices{Store: st}, Ingest: in})
	if err != nil {
		t.Fatal(err)
	}
	inCtx, inStop := context.WithCancel(context.Background())
	bCtx, bStop := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- in.Run(inCtx) }()
	brokerDone := make(chan error, 1)
	go func() { brokerDone <- b.Run(bCtx) }()
	t.Cleanup(func() {
		bStop()
		if err := <-brokerDone; err != nil {
			t.Error(err)
		}
		inStop()
		<-done
	})
	return st, b
}

func register(t *testing.T, st *store.Store, device string) string {
	t.Helper()
	password, hash, err := fleet.NewDeviceSecret()
	if err == nil {
		err = st.SaveDevice(t.Context(), fleet.Device{Ubigeo: ubigeo, ID: device, Known: true}, hash)
	}
	if err != nil {
		t.Fatal(err)
	}
	return password
}

// lapPlan has units going up and down a street.
func lapPlan(units int, start time.Time) patrol.Plan {
	p := patrol.Plan{Ubigeo: ubigeo}
	for n := range units {
		a := orb.Point{-79 + 0.01*float64(n), -8}
		b := geo.PointAtBearingAndDistance(a, 90, 200)
		r := patrol.Round{Unit: fmt.Sprintf("C%02d", n+1)}
		for i := range 30 {
			line := orb.LineString{a, b}
			if i%2 == 1 {
				line = orb.LineString{b, a}
			}
			at := start.Add(time.Duration(i) * 40 * time.Second)
			r.Legs = append(r.Legs, patrol.Leg{Seq: i + 1, Kind: patrol.Service, Start: at, End: at.Add(40 * time.Second), Line: line})
		}
		p.Rounds = append(p.Rounds, r)
	}
	return p
}

// What the simulated fleet sends is stored: each fix once, whatever was sent
// twice, late or as a backlog.
func TestSimulatedFleetThroughTheRealDoor(t *testing.T) {
	st, b := service(t)
	start := time.Now().Add(-time.Hour).Truncate(time.Second)
	f, err := sim.New(sim.Config{Plan: lapPlan(3, start), Seed: 4, DropoutsPerHour: 6, DuplicateShare: 0.1, LateShare: 0.05})
	if err != nil {
		t.Fatal(err)
	}
	passwords := map[string]string{}
	for _, u := range f.Units() {
		passwords[f.Device(u)] = register(t, st, f.Device(u))
	}
	door, err := DialFleet(t.Context(), Config{Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo}, passwords)
	if err != nil {
		t.Fatal(err)
	}
	clock := sim.Clock{Start: start, Began: time.Now(), Speedup: 600}
	err = f.Run(t.Context(), clock, door.Publish)
	door.Close()
	if err != nil {
		t.Fatal(err)
	}
	stored := 0
	for device := range passwords {
		fixes, err := st.Fixes(t.Context(), ubigeo, device, start.Add(-time.Hour), start.Add(2*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		stored += len(fixes)
		for _, fix := range fixes {
			if !fix.Usable() || fix.Accuracy <= 0 || fix.Battery <= 0 || fix.Battery > 1 {
				t.Fatalf("%+v", fix)
			}
		}
	}
	if stored != f.Fixes() {
		t.Errorf("%d fixes stored of %d", stored, f.Fixes())
	}
	if letters, err := st.DeadLetters(t.Context(), ubigeo, 10); err != nil || len(letters) != 0 {
		t.Errorf("%d dead letters, %v", len(letters), err)
	}
}

func TestDeviceReadsItsRound(t *testing.T) {
	st, b := service(t)
	password := register(t, st, "C01")
	if err := b.Publish(mqtt.RoundTopic(ubigeo, "C01"), []byte(`{"round":1}`), true); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	c, err := Dial(t.Context(), Config{Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo, Device: "C01", Password: password,
		OnRound: func(p []byte) { got <- string(p) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	select {
	case p := <-got:
		if p != `{"round":1}` {
			t.Fatal(p)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no round came")
	}
}

func TestDialRefuses(t *testing.T) {
	st, b := service(t)
	register(t, st, "C01")
	for name, cfg := range map[string]Config{
		"wrong password": {Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo, Device: "C01", Password: "x"},
		"unknown device": {Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo, Device: "C99", Password: "x"},
		"nobody there":   {Broker: "tcp://127.0.0.1:1", Ubigeo: ubigeo, Device: "C01", Password: "x"},
		"no address":     {Broker: "broker", Ubigeo: ubigeo, Device: "C01"},
		"leading zero":   {Broker: "tcp://" + b.Addr(), Ubigeo: "30102", Device: "C01"},
		"bad device":     {Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo, Device: "a/b"},
	} {
		t.Run(name, func(t *testing.T) {
			if c, err := Dial(t.Context(), cfg); err == nil {
				c.Close()
				t.Fatal("connected")
			} else {
				t.Log(err)
			}
		})
	}
	if _, err := DialFleet(t.Context(), Config{Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo}, map[string]string{"C01": "x"}); err == nil {
		t.Fatal("connected")
	}
}

// A connection that breaks is made again and loses nothing.
func TestPublishAfterBrokenConnection(t *testing.T) {
	st, b := service(t)
	c, err := Dial(t.Context(), Config{Broker: "tcp://" + b.Addr(), Ubigeo: ubigeo, Device: "C01", Password: register(t, st, "C01"), Retry: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	now := time.Now()
	for n := range 5 {
		if n == 2 {
			b.Kick(ubigeo, "C01")
		}
		if err := c.Publish(t.Context(), fmt.Appendf(nil, `{"ts":%d,"lat":-8,"lon":-79,"seq":%d}`, now.UnixMilli(), n)); err != nil {
			t.Fatal(err)
		}
	}
	fixes, err := st.Fixes(t.Context(), ubigeo, "C01", now.Add(-time.Minute), now.Add(time.Minute))
	if err != nil || len(fixes) != 5 {
		t.Fatalf("%d fixes, %v", len(fixes), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Publish(ctx, []byte("{}")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}
