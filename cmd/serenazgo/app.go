package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/serenazgo/serenazgo/api"
	"github.com/serenazgo/serenazgo/api/auth"
	"github.com/serenazgo/serenazgo/api/live"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/journal"
	"github.com/serenazgo/serenazgo/fleet/patrol"
	"github.com/serenazgo/serenazgo/fleet/review/daily"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/web"
)

// appConfig says what the service is made of.
type appConfig struct {
	Store                       store.Config
	Listen                      string               // of the page and API; empty: not served
	MetricsListen               string               // of /metrics for other machines; empty: none
	MQTTListen                  string               // of the embedded broker; empty: none
	MQTTTLSListen, MQTTWSListen string               // of the same, over TLS and over WebSocket
	MQTTTLS                     *tls.Config          // of both
	MQTTService                 *mqtt.ServiceAccount // at the embedded broker; nil: none
	MQTTTrust                   *tls.Config          // for the external broker; nil: as the machine does
	MQTTBroker                  string               // URL of an external broker; empty: none
	MQTTUser                    string               // at the external broker
	MQTTPass                    string               // likewise
	MQTTClient                  string               // client id there; empty: the default one
	Subscribe                   []string             // topic filters at the external broker; empty: the default ones
	Secure                      bool                 // the page is reached over HTTPS only
	TrustProxy                  bool
	Now                         func() time.Time // nil: the wall clock
	ClockRate                   float64          // of Now against the wall clock; 0 counts as 1
	DemoLogins                  []api.DemoLogin
	Logger                      *slog.Logger
	ShutdownMax                 time.Duration // for requests in progress; default 5 s
	Retention                   time.Duration // of raw positions; default 180 days
	RelayPrivate                bool          // the ministry's platform may be in this machine's own network
	Profile                     string        // file of thresholds; empty: the default ones
}

// App is the whole service, wired: New, Run, Close. The end-to-end test runs
// the same.
type App struct {
	cfg      appConfig
	log      *slog.Logger
	now      func() time.Time
	store    *store.Store
	auth     *auth.Service
	hub      *live.Hub
	watch    *watch.Watch
	ingest   *fleet.Ingest
	tracker  *fleet.Tracker
	watchers net.Listener // of /metrics; nil: none
	degraded atomic.Pointer[api.ServiceState]
	broker   *mqtt.Broker
	registry *mqtt.Registry
	journal  *journal.Keeper
	facts    *daily.Maker   // of days, for the joint review
	phones   *mqtt.HTTPDoor // nil: no page, no HTTP
	outside  *mqtt.Subscriber
	raw      *fleet.RawKeeper // payloads for support
	planner  *planner
	terms    patrol.Terms // of plans
	streets  *streetCache
	others   *neighbours
	rereads  *rereading
	ln       net.Listener
	server   *http.Server
	begun    time.Time

	serving     context.Context // of every request
	endRequests context.CancelFunc
	requests    sync.WaitGroup // in progress
	reloads     sync.WaitGroup // rounds being handed out
	closing     sync.Once
	onPublished func(patrol.Plan) // of the demonstration; nil elsewhere
}

// newApp opens the store and everything else; Close it, also after a failed Run.
func newApp(ctx context.Context, cfg appConfig) (_ *App, err error) {
	a := &App{cfg: cfg, log: cfg.Logger, now: cfg.Now, begun: time.Now()}
	a.serving, a.endRequests = context.WithCancel(context.WithoutCancel(ctx))
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.cfg.ClockRate == 0 {
		a.cfg.ClockRate = 1
	}
	if a.cfg.Retention == 0 {
		a.cfg.Retention = retention
	}
	if a.cfg.ShutdownMax == 0 {
		a.cfg.ShutdownMax = 5 * time.Second
	}
	if err = a.cfg.checkAddresses(); err != nil {
		return nil, err
	}
	cfg.Store.Logger, cfg.Store.Now = a.log, a.now
	if a.store, err = store.Open(ctx, cfg.Store); err != nil {
		return nil, err
	}
	if a.auth, err = auth.New(auth.Config{Store: a.store, Logger: a.log}); err != nil {
		return nil, err
	}
	a.hub = live.NewHub(a.begun)
	a.streets = newStreetCache(a.store)
	if a.terms, err = readTerms(cfg.Profile); err != nil {
		return nil, err
	}
	judged, asked, heard, err := readThresholds(cfg.Profile)
	if err != nil {
		return nil, err
	}
	tracker := fleet.NewTracker(heard)
	a.tracker = tracker
	a.watch = watch.New(watch.Config{Source: a.store, Streets: a.streets.get, Tracker: tracker, Coverage: judged, Compliance: asked, Now: a.now, Real: a.real, Emit: a.emit, Logger: a.log})
	if a.facts, err = newReviewMaker(a.store, cfg.Profile, a.now); err != nil {
		return nil, err
	}
	a.rereads = newRereading()
	a.others = newNeighbours(a)
	a.journal = journal.NewKeeper(journal.KeeperConfig{Source: a.store, Now: a.now, Emit: a.happened, Logger: a.log})
	a.ingest = fleet.NewIngest(fleet.IngestConfig{Store: a.store, OnFresh: a.fresh, UnitOf: tracker.UnitOf, Logger: a.log, Now: a.now})
	a.planner = newPlanner(a)
	if err := a.openDoors(); err != nil {
		return nil, err
	}
	if err := a.openPage(); err != nil {
		return nil, err
	}
	if err := a.openMetrics(); err != nil {
		return nil, err
	}
	return a, nil
}

// real is how long a time of the service's clock is on the wall clock.
func (a *App) real(d time.Duration) time.Duration {
	return time.Duration(float64(d) / a.cfg.ClockRate)
}

// openDoors opens the MQTT broker, or the way to an external one.
func (a *App) openDoors() (err error) {
	a.registry = mqtt.NewRegistry()
	a.raw = fleet.NewRawKeeper(a.store, a.now, a.log)
	if a.cfg.MQTTListen != "" || a.cfg.MQTTTLSListen != "" || a.cfg.MQTTWSListen != "" {
		a.broker, err = mqtt.NewBroker(mqtt.BrokerConfig{Listen: a.cfg.MQTTListen, ListenTLS: a.cfg.MQTTTLSListen, ListenWebSocket: a.cfg.MQTTWSListen, TLS: a.cfg.MQTTTLS,
			Auth: mqtt.StoredDevices{Store: a.store}, Service: a.cfg.MQTTService, Ingest: a.ingest, Registry: a.registry, Raw: a.raw.Keep, Logger: a.log, Now: a.now})
		if err != nil {
			return fmt.Errorf("%w (--mqtt-listen, --mqtt-tls-listen, --mqtt-ws-listen)", err)
		}
	}
	if a.cfg.MQTTBroker != "" {
		a.outside, err = mqtt.NewSubscriber(mqtt.SubscriberConfig{URL: a.cfg.MQTTBroker, ClientID: a.cfg.MQTTClient, Username: a.cfg.MQTTUser, Password: a.cfg.MQTTPass,
			TLS: a.cfg.MQTTTrust, Filters: a.cfg.Subscribe, Ingest: a.ingest, Registry: a.registry, Raw: a.raw.Keep, Logger: a.log})
	}
	return err
}

// openPage makes the HTTP side.
func (a *App) openPage() error {
	if a.cfg.Listen == "" {
		return nil
	}
	var err error
	a.phones, err = mqtt.NewHTTPDoor(mqtt.HTTPConfig{Auth: mqtt.StoredDevices{Store: a.store}, Ingest: a.ingest, Registry: a.registry, Raw: a.raw.Keep, Logger: a.log, Now: a.now})
	if err != nil {
		return err
	}
	h, err := api.New(api.Config{Store: a.store, Auth: a.auth, Hub: a.hub, Watch: a.watch, Planner: a.planner, Importer: &uploads{a: a}, Streets: a.streets.get,
		Now: a.now, ClockRate: a.cfg.ClockRate, Changed: a.changed, Rekeyed: a.rekeyed, Published: a.published, HandOutAhead: handOutAhead, Ingest: a.phones, Logins: a.cfg.DemoLogins, Secure: a.cfg.Secure,
		TrustProxy: a.cfg.TrustProxy, RelayPrivate: a.cfg.RelayPrivate, Replay: a.replay, ReviewProfile: a.facts.Profile, Reviewed: a.facts.Review, StreetPresence: a.facts.StreetPresence, Mail: sendMail, Ready: a.ready, Metrics: api.Metrics(a.gauges), Page: web.Handler(), Logger: a.log})
	if err != nil {
		return err
	}
	if a.ln, err = net.Listen("tcp", a.cfg.Listen); err != nil {
		return fmt.Errorf("page: %w; choose another address with --listen", err)
	}
	a.server = &http.Server{Handler: a.counted(h), BaseContext: func(net.Listener) context.Context { return a.serving },
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10}
	return nil
}

// counted counts the requests in progress: the server's own Close does not wait
// for them, and the store must outlive them.
func (a *App) counted(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.requests.Add(1)
		defer a.requests.Done()
		h.ServeHTTP(w, r)
	})
}

// shutPage ends the page: live streams at once, other requests when they are
// done, or when their patience is over.
func (a *App) shutPage() {
	a.hub.Close()
	patience, cancel := context.WithTimeout(context.Background(), a.cfg.ShutdownMax)
	defer cancel()
	if err := a.server.Shutdown(patience); err != nil {
		a.log.Warn("requests were broken off", "err", err)
		a.server.Close()
	}
	a.endRequests()
	a.requests.Wait()
}

// Addr is the address of the page.
func (a *App) Addr() string { return a.ln.Addr().String() }

// emit tells browsers what the watch saw.
func (a *App) emit(e watch.Event) {
	body := e.Body
	switch b := e.Body.(type) {
	case []watch.UnitView:
		body = api.UnitsEvent{Units: b, ServerTime: a.now().UTC()}
	case nil:
		body = struct{}{}
	}
	if err := a.hub.Publish(e.Ubigeo, e.Type, body); err != nil {
		a.log.Error("live event", "type", e.Type, "err", err)
	}
	if e.Type == "shift" {
		a.reloads.Go(func() { a.handOut(e.Ubigeo) })
	}
}

// happened tells browsers what units did.
func (a *App) happened(ubigeo string, events []journal.Event, alert bool) {
	if err := a.hub.Publish(ubigeo, "events", api.UnitEvents{Events: events, Alert: alert}); err != nil {
		a.log.Error("live event", "type", "events", "err", err)
	}
}

// fresh follows positions that this process stored, and tells the others.
func (a *App) fresh(fixes []fleet.Fix) {
	a.watch.OnFresh(fixes)
	a.journal.OnFresh(fixes)
	a.others.stored(fixes)
}

// changed has a district read anew after a write, here and elsewhere.
func (a *App) changed(ctx context.Context, ubigeo string) {
	a.readAnew(ctx, ubigeo)
	a.others.say(ctx, word{Changed: ubigeo})
}

// readAnew has a district read anew in this process: devices and streets at
// once, what is live soon.
func (a *App) readAnew(ctx context.Context, ubigeo string) {
	a.streets.forget(ubigeo)
	if err := a.readDevices(context.WithoutCancel(ctx), ubigeo); err != nil {
		a.log.Error("read the devices anew", "ubigeo", ubigeo, "err", err)
	}
	a.journal.Reload(ubigeo)
	if err := a.watch.ReloadFleet(context.WithoutCancel(ctx), ubigeo); err != nil {
		a.log.Error("read the fleet anew", "ubigeo", ubigeo, "err", err)
	}
	a.rereads.want(ubigeo)
}

// rekeyed ends a device's connections after it got a new password.
func (a *App) rekeyed(ubigeo, device string) {
	a.kick(ubigeo, device)
	a.others.say(a.serving, word{Rekeyed: &thing{ubigeo, device}})
}

// kick ends a device's connections to this process.
func (a *App) kick(ubigeo, device string) {
	if a.broker != nil {
		a.broker.Kick(ubigeo, device)
	}
	if a.phones != nil {
		a.phones.Forget(ubigeo, device)
	}
}

// handOutAhead is how long before its shift a plan reaches the devices.
const handOutAhead = time.Hour

// published hands a plan's rounds to its devices, by whichever process has them.
func (a *App) published(ctx context.Context, p patrol.Plan) {
	a.deliver(ctx, p, false)
	a.others.say(ctx, word{Published: &thing{p.Ubigeo, p.ID}})
}

// deliver hands a plan's rounds to the devices of this process, if its shift is
// on or near; a later one is handed out when it begins.
func (a *App) deliver(ctx context.Context, p patrol.Plan, again bool) {
	start, end, err := a.window(ctx, p)
	if err != nil {
		a.log.Error("hand out the rounds", "ubigeo", p.Ubigeo, "plan", p.ID, "err", err)
		return
	}
	if now := a.now(); now.Before(start.Add(-handOutAhead)) || !now.Before(end) {
		return
	}
	if err := a.publishRounds(context.WithoutCancel(ctx), p, again); err != nil {
		a.log.Error("hand out the rounds", "ubigeo", p.Ubigeo, "plan", p.ID, "err", err)
	}
	if a.onPublished != nil {
		a.onPublished(p)
	}
}

// Run serves until ctx ends or a part fails. Then the doors and the page close,
// and last the writer finishes what the doors took in.
func (a *App) Run(ctx context.Context) error {
	defer keepHeadroom()()
	if err := errors.Join(a.readAllDevices(ctx), a.watch.ReloadAll(ctx)); err != nil {
		return interrupted(ctx, err)
	}
	writing, stopWriting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWriting()
	written := make(chan error, 1)
	go func() { written <- a.ingest.Run(writing) }()

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.watch.Run(ctx) })
	g.Go(func() error { return a.watchStore(ctx) })
	g.Go(func() error { return a.rereadChanged(ctx) })
	g.Go(func() error { return a.auth.Run(ctx) })
	g.Go(func() error { return a.raw.Run(ctx) })
	g.Go(func() error { return a.planner.run(ctx) })
	g.Go(func() error { return a.maintain(ctx) })
	g.Go(func() error { return a.beside(ctx) })
	if a.server != nil { // one process of several is enough
		g.Go(func() error { return a.journal.Run(ctx) })
		g.Go(func() error { return a.makeFacts(ctx) })
		g.Go(func() error { return a.relay().Run(ctx) })
		g.Go(func() error { return a.mailer().Run(ctx) })
	}
	g.Go(func() error { return a.others.run(ctx) })
	if a.watchers != nil {
		g.Go(func() error { return a.serveMetrics(ctx) })
	}
	if a.broker != nil {
		g.Go(func() error { return a.broker.Run(ctx) })
	}
	if a.outside != nil {
		g.Go(func() error { return a.outside.Run(ctx) })
	}
	if a.server != nil {
		g.Go(func() error {
			if err := a.server.Serve(a.ln); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		g.Go(func() error {
			<-ctx.Done()
			a.shutPage()
			return nil
		})
	}
	g.Go(func() error { return interrupted(ctx, a.handOutAll(ctx)) })
	err := g.Wait()
	stopWriting() // with a limit: a store that is gone takes nothing any more
	err = errors.Join(err, <-written)
	a.reloads.Wait()
	return err
}

// interrupted is err, or nil if it only says that ctx has ended: being told to
// stop is no failure.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Close releases everything; it may be called twice, but not before Run has
// returned.
func (a *App) Close() { a.closing.Do(a.release) }

func (a *App) release() {
	a.endRequests()
	if a.broker != nil {
		a.broker.Close()
	}
	if a.hub != nil {
		a.hub.Close()
	}
	if a.server != nil {
		a.server.Close()
	}
	if a.ln != nil {
		a.ln.Close()
	}
	if a.watchers != nil {
		a.watchers.Close()
	}
	a.requests.Wait()
	if a.store != nil {
		a.store.Close()
	}
}
