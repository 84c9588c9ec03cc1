package fleet

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

func TestStrikeSecrets(t *testing.T) {
	for in, want := range map[string]string{
		`{"lat":1,"password":"a\"b","tid":"P1"}`:                `{"lat":1,"password":"***","tid":"P1"}`,
		`{"configuration":{"mqttPassword" : 1234,"host":"x"}}`:  `{"configuration":{"mqttPassword" : "***","host":"x"}}`,
		`{"deviceToken":"x","Secret":null,"apiKey":"q"}`:        `{"deviceToken":"***","Secret":"***","apiKey":"***"}`,
		`{"password":"cut off`:                                  `{"password":"***"`,
		`id=1&lat=-8&password=hunter2&lon=-79`:                  `id=1&lat=-8&password=***&lon=-79`,
		`token=abc`:                                             `token=***`,
		`{"position":{"latitude":-8},"alarm":"password wrong"}`: `{"position":{"latitude":-8},"alarm":"password wrong"}`,
		"\x01\xff\x00binary":                                    "\x01\xff\x00binary",
	} {
		if got := string(StrikeSecrets([]byte(in))); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestNewRawPayload(t *testing.T) {
	in := []byte(strings.Repeat("x", 10_000))
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	p := NewRawPayload("a", in, []Fix{{Ubigeo: "130102", Device: "b", Time: at}, {Ubigeo: "130102", Device: "a", Time: at, Received: at, Point: orb.Point{math.NaN(), math.NaN()}, Speed: 5}})
	in[0] = 'y' // the door uses its bytes again
	if p.Bytes != 10_000 || len(p.Payload) != rawMost || p.Payload[0] != 'x' || len(p.Fixes) != 1 || p.Fixes[0].Lon != nil || *p.Fixes[0].Speed != 5 {
		t.Errorf("%d of %d bytes, %+v", len(p.Payload), p.Bytes, p.Fixes)
	}
}

// rawShelf keeps payloads in memory, or refuses them.
type rawShelf struct {
	mu   sync.Mutex
	kept []RawPayload
	fail bool
}

func (s *rawShelf) SaveRaw(_ context.Context, ps []RawPayload) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail {
		return errors.New("away")
	}
	s.kept = append(s.kept, ps...)
	return nil
}

func (s *rawShelf) ForgetRaw(context.Context, time.Time) error { return nil }

// Nobody waits while nothing is written, and what is over the bounds goes.
func TestRawKeeperDoesNotWait(t *testing.T) {
	s := &rawShelf{}
	k := NewRawKeeper(s, time.Now, slog.New(slog.DiscardHandler))
	for range rawQueue + 7 {
		k.Keep(RawPayload{Ubigeo: "130102", Device: "a", Payload: []byte("x")})
	}
	if k.Dropped() != 7 {
		t.Errorf("%d dropped, want 7", k.Dropped())
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- k.Run(ctx) }()
	for len(k.queue) > 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil || len(s.kept) != rawQueue {
		t.Errorf("%d kept, %v", len(s.kept), err)
	}
}

func TestRawKeeperBoundsADay(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	k := NewRawKeeper(&rawShelf{}, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	big := RawPayload{Ubigeo: "130102", Device: "a", Payload: make([]byte, rawADay/2)}
	for range 3 {
		k.Keep(big)
	}
	k.Keep(RawPayload{Ubigeo: "130102", Device: "b", Payload: make([]byte, 1)})
	if k.Dropped() != 1 || len(k.queue) != 3 {
		t.Errorf("%d dropped, %d queued", k.Dropped(), len(k.queue))
	}
	now = now.Add(24 * time.Hour)
	if k.Keep(big); k.Dropped() != 1 {
		t.Error("the next day is full too")
	}
}
