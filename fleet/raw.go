package fleet

import (
	"context"
	"log/slog"
	"regexp"
	"sync"
	"sync/atomic"
	"time"
)

// What devices send may be kept as it came for some days, for whoever has to
// find out why a device reports what it does. It is off unless a district says so
// of a device, and it never holds up an acknowledgement: what cannot be kept at
// once is not kept.

// Bounds of kept payloads.
const (
	MaxRawDays = 30
	rawMost    = 4 << 10 // bytes kept of a payload
	rawADay    = 8 << 20 // bytes kept of a device in a day (UTC), by one process
	rawFixes   = 20      // fixes told of a payload
	rawQueue   = 256
	rawBatch   = 64
	rawEvery   = time.Second
	rawForget  = time.Hour
)

// RawPayload is a payload as a device sent it, and what was read from it.
type RawPayload struct {
	ID             int64 // given by the store
	Ubigeo, Device string
	Received       time.Time
	Topic, Client  string
	Decoder        string // "": none took it
	Bytes          int    // of the payload as it came
	Payload        []byte // its beginning, passwords struck out
	Fixes          []RawFix
	Rejects        []string // what could not be read, and why
}

// RawFix is a fix as it was read from a payload. Speed is in m/s; what is not
// known is absent.
type RawFix struct {
	Time  time.Time `json:"time"`
	Lon   *float64  `json:"lon,omitempty"`
	Lat   *float64  `json:"lat,omitempty"`
	Speed *float64  `json:"speed,omitempty"`
	Event string    `json:"event,omitempty"`
	Flags FixFlag   `json:"flags,omitempty"`
}

// NewRawPayload makes one of what was read. It copies the payload, without what
// is secret in it.
func NewRawPayload(device string, payload []byte, fixes []Fix) RawPayload {
	p := RawPayload{Device: device, Bytes: len(payload)}
	known := func(v float64) *float64 {
		if v != v {
			return nil
		}
		return &v
	}
	for i := range fixes {
		if f := &fixes[i]; f.Device == device && len(p.Fixes) < rawFixes {
			p.Ubigeo, p.Received = f.Ubigeo, f.Received
			p.Fixes = append(p.Fixes, RawFix{Time: f.Time, Lon: known(f.Point[0]), Lat: known(f.Point[1]), Speed: known(f.Speed), Event: f.Event, Flags: f.Flags})
		}
	}
	struck := StrikeSecrets(payload)
	p.Payload = struck[:min(len(struck), rawMost)]
	return p
}

const secretName = `[\w.-]*(?:pass|pwd|secret|token|clave|contrase|credential|api_?key|authorization)[\w.-]*`

var (
	secretMember = regexp.MustCompile(`(?i)("` + secretName + `"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]"]+)`)
	secretField  = regexp.MustCompile(`(?i)((?:^|[?&;\s])` + secretName + `=)[^&;\s]*`)
)

// StrikeSecrets gives a payload with the values of passwords and keys as "***",
// of JSON and of query strings.
func StrikeSecrets(payload []byte) []byte {
	out := secretMember.ReplaceAll(payload, []byte(`${1}"***"`))
	return secretField.ReplaceAll(out, []byte(`${1}***`))
}

// RawStore keeps payloads.
type RawStore interface {
	SaveRaw(ctx context.Context, ps []RawPayload) error
	// ForgetRaw forgets what is older than its device's days.
	ForgetRaw(ctx context.Context, now time.Time) error
}

// RawKeeper keeps payloads beside the acknowledging. It works while Run does.
type RawKeeper struct {
	store   RawStore
	now     func() time.Time
	log     *slog.Logger
	queue   chan RawPayload
	dropped atomic.Int64

	mu   sync.Mutex
	day  string
	used map[[2]string]int // bytes of the day, by district and device
}

// NewRawKeeper makes one.
func NewRawKeeper(store RawStore, now func() time.Time, log *slog.Logger) *RawKeeper {
	return &RawKeeper{store: store, now: now, log: log, queue: make(chan RawPayload, rawQueue)}
}

// Keep keeps a payload if there is room for it now. It does not wait.
func (k *RawKeeper) Keep(p RawPayload) {
	if !k.fits(p) {
		k.dropped.Add(1)
		return
	}
	select {
	case k.queue <- p:
	default:
		k.dropped.Add(1)
	}
}

// fits tells whether a device has room left on this day.
func (k *RawKeeper) fits(p RawPayload) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if day := k.now().UTC().Format(time.DateOnly); day != k.day {
		k.day, k.used = day, map[[2]string]int{}
	}
	who := [2]string{p.Ubigeo, p.Device}
	k.used[who] += len(p.Payload)
	return k.used[who] <= rawADay
}

// Dropped counts the payloads that were not kept.
func (k *RawKeeper) Dropped() int64 { return k.dropped.Load() }

// Run writes what Keep took until ctx ends, and forgets what is old.
func (k *RawKeeper) Run(ctx context.Context) error {
	write, forget := time.NewTicker(rawEvery), time.NewTicker(rawForget)
	defer write.Stop()
	defer forget.Stop()
	k.forget(ctx)
	var batch []RawPayload
	flush := func(ctx context.Context) {
		if len(batch) == 0 {
			return
		}
		if err := k.store.SaveRaw(ctx, batch); err != nil {
			k.dropped.Add(int64(len(batch)))
			k.log.Warn("payloads of devices could not be kept for support", "payloads", len(batch), "error", err)
		}
		batch = batch[:0]
	}
	for {
		select {
		case <-ctx.Done():
			end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			flush(end)
			return nil
		case p := <-k.queue:
			if batch = append(batch, p); len(batch) >= rawBatch {
				flush(ctx)
			}
		case <-write.C:
			flush(ctx)
		case <-forget.C:
			k.forget(ctx)
		}
	}
}

func (k *RawKeeper) forget(ctx context.Context) {
	if err := k.store.ForgetRaw(ctx, k.now()); err != nil && ctx.Err() == nil {
		k.log.Warn("old payloads of devices could not be forgotten", "error", err)
	}
}
