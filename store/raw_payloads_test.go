package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

func TestRawPayloads(t *testing.T) {
	ctx := t.Context()
	s := storetest.Open(t, store.Config{Now: func() time.Time { return noon }})
	row := fleet.AuditRow{Ubigeo: "130102", At: noon, Action: "device.raw.keep"}
	for _, id := range []string{"a", "b"} {
		if err := s.SaveDevice(ctx, fleet.Device{Ubigeo: "130102", ID: id, Interval: time.Minute, Known: true}, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.SetRawDays(ctx, "130102", "nobody", 3, row); !errors.Is(err, fleet.ErrNotFound) {
		t.Errorf("of nobody: %v", err)
	}
	if err := s.SetRawDays(ctx, "130102", "a", 31, row); !errors.Is(err, fleet.ErrInvalid) {
		t.Errorf("31 days: %v", err)
	}
	if err := s.SetRawDays(ctx, "130102", "a", 3, row); err != nil {
		t.Fatal(err)
	}
	// To register it again leaves the days.
	if err := s.SaveDevice(ctx, fleet.Device{Ubigeo: "130102", ID: "a", Name: "x", Interval: time.Minute, Known: true}, ""); err != nil {
		t.Fatal(err)
	}
	if ds := must(s.Devices(ctx, "130102"))(t); ds[0].RawDays != 3 || ds[1].RawDays != 0 {
		t.Errorf("%+v", ds)
	}
	lat := -8.0
	p := func(device string, age time.Duration) fleet.RawPayload {
		return fleet.RawPayload{Ubigeo: "130102", Device: device, Received: noon.Add(-age), Topic: "x", Client: "c\x00", Decoder: "flespi", Bytes: 9, Payload: []byte("\x00\xff"),
			Fixes: []fleet.RawFix{{Time: noon, Lat: &lat}}, Rejects: []string{"no\x00"}}
	}
	if err := s.SaveRaw(ctx, []fleet.RawPayload{p("a", 0), p("a", 80*time.Hour), p("a", 60*time.Hour), p("b", 0), p("gone", 0)}); err != nil {
		t.Fatal(err)
	}
	got := must(s.RawPayloads(ctx, "130102", "a", 10))(t)
	if len(got) != 3 || !got[0].Received.Equal(noon) || string(got[0].Payload) != "\x00\xff" || *got[0].Fixes[0].Lat != lat || len(got[0].Rejects) != 1 {
		t.Errorf("%+v", got)
	}
	if other := must(s.RawPayloads(ctx, "130102", "b", 10))(t); len(other) != 0 {
		t.Errorf("of a device that keeps none: %+v", other)
	}
	if err := s.ForgetRaw(ctx, noon); err != nil {
		t.Fatal(err)
	}
	if got := must(s.RawPayloads(ctx, "130102", "a", 10))(t); len(got) != 2 {
		t.Errorf("%d left after three days, want 2", len(got))
	}
	if _, err := s.ForgetDay(ctx, "130102", noon); err != nil {
		t.Fatal(err)
	}
	if got := must(s.RawPayloads(ctx, "130102", "a", 10))(t); len(got) != 1 {
		t.Errorf("%d left after the day was forgotten, want 1", len(got))
	}
	if err := s.DeleteDevice(ctx, "130102", "a"); err != nil {
		t.Fatal(err)
	}
	if got := must(s.RawPayloads(ctx, "130102", "a", 10))(t); len(got) != 0 {
		t.Errorf("%d left of a device that is gone", len(got))
	}
}
