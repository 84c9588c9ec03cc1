package mqtt

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

func TestDevice(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	cfg := DeviceConfig{URL: "tcp://" + b.Addr(), Username: DeviceUser("130102", "C01"), Password: s.device("C01")}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	d, err := DialDevice(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Publish(ctx, PosTopic("130102", "C01"), []byte(payload(1))); err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 1)
	if err := d.Subscribe(ctx, RoundTopic("130102", "C02"), func([]byte) {}); err == nil {
		t.Error("reads the round of another device")
	}
	if err := d.Subscribe(ctx, RoundTopic("130102", "C01"), func(p []byte) { got <- string(p) }); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(RoundTopic("130102", "C01"), []byte("round"), true); err != nil {
		t.Fatal(err)
	}
	if r := <-got; r != "round" {
		t.Errorf("got %q", r)
	}
	release := s.store.hold()
	wait := d.Start(PosTopic("130102", "C01"), []byte(payload(2)))
	eventually(t, "the message in progress", func() bool { return s.in.Stats().Queued == 1 })
	b.Kick("130102", "C01")
	<-d.Lost()
	if err := wait(ctx); err == nil {
		t.Error("acknowledged over a broken connection")
	}
	release()
	if d, err = DialDevice(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Publish(ctx, PosTopic("130102", "C01"), []byte(payload(3))); err != nil {
		t.Fatal(err)
	}
	if got := s.rows("C01"); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("stored %v", got)
	}
}

func TestDialDeviceFails(t *testing.T) {
	s := newSite(t)
	b := s.broker(nil)
	_, hash, _ := fleet.NewDeviceSecret()
	if _, err := DialDevice(t.Context(), DeviceConfig{URL: "tcp://" + b.Addr(), Username: "130102/C01", Password: hash}); err == nil {
		t.Error("let in")
	}
	if _, err := DialDevice(t.Context(), DeviceConfig{URL: "tcp://127.0.0.1:1"}); err == nil {
		t.Error("connected to nothing")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	silent := listen(t)
	if _, err := DialDevice(ctx, DeviceConfig{URL: "tcp://" + silent}); err == nil {
		t.Error("connected to somebody silent")
	}
}
