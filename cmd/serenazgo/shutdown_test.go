package main

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/mqtt/device"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// small opens an App on a town of three streets with one device, and gives the
// device's password.
func small(t *testing.T, edit func(*appConfig)) (*App, string, error) {
	t.Helper()
	ctx := t.Context()
	cfg := appConfig{Store: store.Config{URL: storetest.URL(t)}, Listen: "127.0.0.1:0", MQTTListen: "127.0.0.1:0"}
	if edit != nil {
		edit(&cfg)
	}
	a, err := newApp(ctx, cfg)
	if err != nil {
		return nil, "", err
	}
	t.Cleanup(a.Close)
	var rep streetsReport
	must(t, saveStreets(ctx, a.store, town(t, "4"), newDistrict{}, "town.osm", "", time.Now(), &rep))
	must(t, a.store.SaveUnit(ctx, fleet.Unit{Ubigeo: "130102", ID: "C01", CallSign: "C01", Mode: routing.Car, Active: true, Device: "g1"}))
	password, hash, err := fleet.NewDeviceSecret()
	must(t, err)
	must(t, a.store.SaveDevice(ctx, fleet.Device{Ubigeo: "130102", ID: "g1", Unit: "C01", Interval: time.Second, Known: true}, hash))
	return a, password, nil
}

// running runs an App and gives how to end it, which gives what Run gave.
func running(t *testing.T, a *App) (end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(cancel)
	return func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(patience):
			t.Fatal("Run does not end")
			return nil
		}
	}
}

func TestAppThatIsToldToStopAtOnce(t *testing.T) {
	a, _, err := small(t, nil)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
	a.Close()
	a.Close()
}

func TestAppThatNeverRuns(t *testing.T) {
	a, _, err := small(t, nil)
	must(t, err)
	a.Close()
	if c, err := net.Dial("tcp", a.Addr()); err == nil {
		c.Close()
		t.Error("the page's address is still taken")
	}
}

func TestAppOnAddressesInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	for name, c := range map[string]struct {
		edit func(*appConfig)
		flag string
	}{
		"page":   {func(c *appConfig) { c.Listen = taken.Addr().String() }, "--listen"},
		"broker": {func(c *appConfig) { c.MQTTListen = taken.Addr().String() }, "--mqtt-listen"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := small(t, c.edit); err == nil || !strings.Contains(err.Error(), c.flag) || !strings.Contains(err.Error(), taken.Addr().String()) {
				t.Errorf("got %v; want what to do about %s, with %s", err, taken.Addr(), c.flag)
			}
		})
	}
}

// The service ends although a browser looks on, an upload hangs and a device
// is connected; the upload's work is over before the store goes.
func TestAppEndsWhileInUse(t *testing.T) {
	a, password, err := small(t, func(c *appConfig) { c.ShutdownMax = 100 * time.Millisecond })
	must(t, err)
	end := running(t, a)
	addAdmin(t, a.store, "rosa")
	v := newVisitor(t, a.URL()).logIn("rosa", adminPassword)
	l := v.listen("130102")
	l.next("snapshot", "a snapshot", nil)
	d, err := device.Dial(t.Context(), device.Config{Broker: "tcp://" + a.broker.Addr(), Ubigeo: "130102", Device: "g1", Password: password})
	must(t, err)
	defer d.Close()

	body, more := io.Pipe()
	req, err := http.NewRequest("POST", v.base+"/api/v1"+inDistrict("130102", "/streets/import"), body)
	must(t, err)
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	req.Header.Set("X-CSRF-Token", v.csrf)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		if res, err := v.client.Do(req); err == nil {
			res.Body.Close()
		}
	}()
	_, err = io.WriteString(more, "--x\r\nContent-Disposition: form-data; name=\"extract\"; filename=\"a.osm\"\r\n\r\n<osm>")
	must(t, err)

	if err := end(); err != nil {
		t.Errorf("Run: %v", err)
	}
	a.Close()
	more.Close()
	<-answered
	if _, _, err := l.feed.find(t.Context(), l.at, func(told) bool { return false }); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("the live stream goes on: %v", err)
	}
}

// A store that is gone must not keep the service from ending; the sender of
// what it did not take is told so, and keeps it.
func TestAppEndsWithoutStore(t *testing.T) {
	a, _, err := small(t, nil)
	must(t, err)
	end := running(t, a)
	newVisitor(t, a.URL()).call("GET", "/public", nil, nil) // it runs
	a.store.Close()
	nan := math.NaN()
	ticket, err := a.ingest.Start(t.Context(), []fleet.Fix{{Ubigeo: "130102", Device: "g1", Unit: "C01", Time: time.Now(), Seq: 1, Received: time.Now(),
		Point: orb.Point{-79, -8}, Speed: nan, Course: nan, Accuracy: nan, Altitude: nan, Battery: nan}})
	ended := end()
	if errors.Is(err, fleet.ErrIngestClosed) {
		return // another part found the store gone first: the sender was told at once
	}
	must(t, err)
	if !errors.Is(ended, fleet.ErrIngestClosed) {
		t.Errorf("Run: %v; want it to say that a fix was not stored", ended)
	}
	if err := ticket.Wait(t.Context()); err == nil {
		t.Error("a fix counts as stored that is not")
	}
}
