package mqtt

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
)

// HTTPConfig sets up an HTTPDoor. Auth and Ingest are required.
type HTTPConfig struct {
	Auth     DeviceAuth
	Ingest   Sink
	Registry *Registry // default: one that knows the built-in topics only
	// Raw keeps payloads as they came, for support; it must not wait. nil: nobody.
	Raw      func(fleet.RawPayload)
	Logger   *slog.Logger
	Now      func() time.Time // default: time.Now
	MaxBody  int64            // bytes, default 256 KiB
	Patience time.Duration    // for one request to be stored, default 20 s
}

// HTTPDoor takes what apps send over HTTP instead of MQTT:
//
//	POST or GET …/osmand     Traccar Client's JSON, or a query as OsmAnd sends it
//	POST …/owntracks         an OwnTracks object, or an array of them
//
// A device logs in as at the Broker, with basic authentication; apps that can
// only be given an address name themselves in the payload (device_id, or id=)
// as <ubigeo>/<device> and carry their password in it as ?key=. The answer 200
// means what PUBACK means: the position is committed, or kept as a dead letter
// with its reason. Any other answer means "send it again".
type HTTPDoor struct {
	cfg   HTTPConfig
	log   *slog.Logger
	auth  *authenticator
	in    *intake
	count *counters
}

// NewHTTPDoor makes the handler; it has nothing to close.
func NewHTTPDoor(cfg HTTPConfig) (*HTTPDoor, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Registry == nil {
		cfg.Registry = NewRegistry()
	}
	if cfg.MaxBody <= 0 {
		cfg.MaxBody = 256 << 10
	}
	if cfg.Patience <= 0 {
		cfg.Patience = 20 * time.Second
	}
	if cfg.Auth == nil || cfg.Ingest == nil {
		return nil, errors.New("HTTP door: no credentials to check devices against, or nothing to store fixes with")
	}
	d := &HTTPDoor{cfg: cfg, log: cfg.Logger, count: newCounters()}
	d.in = &intake{registry: cfg.Registry, sink: cfg.Ingest, log: cfg.Logger, count: d.count, raw: cfg.Raw}
	var err error
	d.auth, err = newAuthenticator(cfg.Auth, cfg.Now)
	return d, err
}

// ServeHTTP takes one request.
func (d *HTTPDoor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	format := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	switch {
	case format != "osmand" && format != "owntracks":
		http.Error(w, "no such format; use osmand or owntracks", http.StatusNotFound)
		return
	case r.Method != http.MethodPost && !(format == "osmand" && r.Method == http.MethodGet):
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "use POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, d.cfg.MaxBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			http.Error(w, "too large; send the backlog in parts", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the request broke off", http.StatusBadRequest)
		return
	}
	user, password, payload := credentials(r, body)
	switch err := d.login(r, user, password); {
	case errors.Is(err, errThrottled):
		d.count.throttled.Add(1)
		w.Header().Set("Retry-After", "60")
		http.Error(w, "too many failed logins; wait", http.StatusTooManyRequests)
		return
	case errors.Is(err, errBadLogin):
		d.count.refused.Add(1)
		w.Header().Set("WWW-Authenticate", `Basic realm="serenazgo", charset="UTF-8"`)
		http.Error(w, "log in as <ubigeo>/<device> with the device's password", http.StatusUnauthorized)
		return
	case err != nil:
		d.unavailable(w, user, err)
		return
	}
	if firstByte(payload) == 0 { // OwnTracks says so that a friend was deleted
		d.answer(w, format)
		return
	}
	d.count.messages.Add(1)
	ctx, cancel := context.WithTimeout(r.Context(), d.cfg.Patience)
	defer cancel()
	err = d.in.take(ctx, Message{Topic: "http/" + format, Client: user, User: user, Format: format, Payload: payload, Received: d.cfg.Now()})
	if err != nil {
		d.count.unsaved.Add(1)
		d.unavailable(w, user, err)
		return
	}
	d.count.acknowledged.Add(1)
	d.answer(w, format)
}

func (d *HTTPDoor) login(r *http.Request, user, password string) error {
	ctx, cancel := context.WithTimeout(r.Context(), d.cfg.Patience)
	defer cancel()
	return d.auth.login(ctx, user, password, r.RemoteAddr)
}

func (d *HTTPDoor) unavailable(w http.ResponseWriter, user string, err error) {
	d.log.Warn("a position sent over HTTP could not be stored; the device is told to send it again", "user", brief(user), "error", err)
	w.Header().Set("Retry-After", "10")
	http.Error(w, "not stored; send it again", http.StatusServiceUnavailable)
}

// answer says that all is safe. OwnTracks expects a list of messages for it.
func (d *HTTPDoor) answer(w http.ResponseWriter, format string) {
	if format == "owntracks" {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "[]\n")
		return
	}
	w.WriteHeader(http.StatusOK)
}

// credentials finds who a request is from, and what it carries: its body, or
// its query without the key. The query of a request with a JSON body holds no
// position.
func credentials(r *http.Request, body []byte) (user, password string, payload []byte) {
	q := r.URL.Query()
	key := q.Get("key")
	payload = body
	if c := firstByte(body); c != '{' && c != '[' {
		form := strings.Trim(r.URL.RawQuery+"&"+string(body), "&\r\n ")
		var kept []string
		for part := range strings.SplitSeq(form, "&") {
			if v, ok := strings.CutPrefix(part, "key="); ok {
				if key == "" {
					key = v
				}
				continue
			}
			kept = append(kept, part)
		}
		payload = []byte(strings.Join(kept, "&"))
	}
	if user, password, ok := r.BasicAuth(); ok {
		return user, password, payload
	}
	if d := (OsmAnd{}).Decode(payload); len(d.Fixes) > 0 {
		user = d.Fixes[0].Device
	}
	return user, key, payload
}

// Forget drops what is remembered of a device's good login, for when its
// credentials change.
func (d *HTTPDoor) Forget(ubigeo, device string) { d.auth.forget(DeviceUser(ubigeo, device)) }

// Stats reads the counters.
func (d *HTTPDoor) Stats() Stats { return d.count.stats() }
