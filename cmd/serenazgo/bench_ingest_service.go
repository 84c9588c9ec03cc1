package main

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/pprof"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/serenazgo/serenazgo/api/live"
	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/fleet/watch"
	"github.com/serenazgo/serenazgo/mqtt"
	"github.com/serenazgo/serenazgo/routing"
	"github.com/serenazgo/serenazgo/store"
)

// benchServiceConfig is what the benchmark tells its child process, as JSON on
// standard input. The child ends when that input does, so that none outlives a
// benchmark that was killed.
type benchServiceConfig struct {
	Data, Database   string
	MQTT, HTTP       string // addresses
	Broker, ClientID string // an external broker instead of MQTT
	Token            string // of every HTTP request
	Devices          []benchLogin
	Profile          string // a file for a processor profile; "": none is taken
}

type benchLogin struct{ ID, SecretHash string }

const (
	benchTokenHeader = "X-Bench-Token"
	benchStreamPath  = "/live"
	benchBypassPath  = "/bypass/"  // + "true" or "false"
	benchProfilePath = "/profile/" // + "true" to begin or "false" to end
	benchReadyPath   = "/ready"
	benchStatsPath   = "/stats"
)

// benchIngestServiceCmd is the service under measurement: store, writer, broker
// or subscriber, tracker and live stream, wired as in the product, without
// planning and page.
type benchIngestServiceCmd struct{}

// Run serves until it is told to stop.
func (benchIngestServiceCmd) Run(ctx context.Context) error {
	var cfg benchServiceConfig
	in := json.NewDecoder(os.Stdin)
	if err := in.Decode(&cfg); err != nil {
		return badInputf("this command is started by bench ingest, which configures it: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	return serveBench(ctx, cfg, logger(slog.LevelWarn))
}

func serveBench(ctx context.Context, cfg benchServiceConfig, log *slog.Logger) error {
	defer keepHeadroom()()
	st, err := store.Open(ctx, store.Config{Data: cfg.Data, URL: cfg.Database, Logger: log})
	if err != nil {
		return err
	}
	defer st.Close()
	if err := benchFleet(ctx, st, cfg.Devices); err != nil {
		return err
	}
	hub := live.NewHub(time.Now())
	defer hub.Close()
	tracker := fleet.NewTracker(fleet.TrackerConfig{})
	w := watch.New(watch.Config{Source: st, Tracker: tracker, Now: time.Now, Logger: log,
		Streets: func(context.Context, fleet.District, [2]time.Time) (*routing.Graph, string, error) {
			return nil, "", fleet.ErrNotFound
		},
		Emit: func(e watch.Event) {
			body := e.Body
			if e.Type == "units" {
				body = map[string]any{"units": e.Body, "server_time": time.Now().UTC()}
			}
			if err := hub.Publish(e.Ubigeo, e.Type, body); err != nil {
				log.Error("live event", "error", err)
			}
		}})
	if err := w.ReloadAll(ctx); err != nil {
		return err
	}
	ingest := fleet.NewIngest(fleet.IngestConfig{Store: st, OnFresh: w.OnFresh, UnitOf: tracker.UnitOf, Logger: log})

	ln, err := net.Listen("tcp", cfg.HTTP)
	if err != nil {
		return err
	}
	control := &benchControl{cfg: cfg, hub: hub, watch: w, ingest: ingest, ready: make(chan struct{})}
	server := &http.Server{Handler: control, ReadHeaderTimeout: 10 * time.Second}

	// The doors close before the writer, so that what they have is acknowledged.
	writing, stopWriting := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWriting()
	written := make(chan error, 1)
	go func() { written <- ingest.Run(writing) }()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.Run(ctx) })
	g.Go(func() error {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		hub.Close()
		return server.Close()
	})
	if err := control.openDoor(ctx, g, st, log); err != nil {
		g.Go(func() error { return err })
	}
	err = g.Wait()
	ingest.Close()
	return errors.Join(err, <-written)
}

// benchFleet registers a unit for every device.
func benchFleet(ctx context.Context, st *store.Store, devices []benchLogin) error {
	if err := st.SaveDistrict(ctx, fleet.District{Ubigeo: benchUbigeo, Name: "Bench", TimeZone: "America/Lima", Simulated: true}); err != nil {
		return err
	}
	for _, d := range devices {
		if err := st.SaveUnit(ctx, fleet.Unit{Ubigeo: benchUbigeo, ID: d.ID, CallSign: d.ID, Active: true, Device: d.ID}); err != nil {
			return err
		}
		if err := st.SaveDevice(ctx, fleet.Device{Ubigeo: benchUbigeo, ID: d.ID, Unit: d.ID, Interval: 10 * time.Second, Known: true}, d.SecretHash); err != nil {
			return err
		}
	}
	return nil
}

// benchControl is the HTTP side: the live stream, and the switches of the
// benchmark.
type benchControl struct {
	cfg    benchServiceConfig
	hub    *live.Hub
	watch  *watch.Watch
	ingest *fleet.Ingest
	broker *mqtt.Broker // nil with an external broker
	ready  chan struct{}

	profiled *os.File // being written
}

// profile begins or ends a processor profile.
func (c *benchControl) profile(on bool) (err error) {
	if !on {
		pprof.StopCPUProfile()
		return c.profiled.Close()
	}
	if c.profiled, err = os.Create(c.cfg.Profile); err != nil {
		return err
	}
	return pprof.StartCPUProfile(c.profiled)
}

// openDoor opens the embedded broker, or subscribes at the external one.
func (c *benchControl) openDoor(ctx context.Context, g *errgroup.Group, st *store.Store, log *slog.Logger) error {
	if c.cfg.Broker == "" {
		b, err := mqtt.NewBroker(mqtt.BrokerConfig{Listen: c.cfg.MQTT, Auth: mqtt.StoredDevices{Store: st}, Ingest: c.ingest, Logger: log})
		if err != nil {
			return err
		}
		c.broker = b
		g.Go(func() error { return b.Run(ctx) })
		close(c.ready)
		return nil
	}
	s, err := mqtt.NewSubscriber(mqtt.SubscriberConfig{URL: c.cfg.Broker, ClientID: c.cfg.ClientID, Ingest: c.ingest, Logger: log,
		Filters: []string{"$share/serenazgo-bench/serenazgo/+/+/pos"}})
	if err != nil {
		return badInput(err)
	}
	g.Go(func() error { return s.Run(ctx) })
	g.Go(func() error {
		select {
		case <-s.Ready():
			close(c.ready)
		case <-ctx.Done():
		}
		return nil
	})
	return nil
}

// ServeHTTP answers the benchmark alone.
func (c *benchControl) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(benchTokenHeader)), []byte(c.cfg.Token)) != 1 {
		http.Error(w, "not for you", http.StatusForbidden)
		return
	}
	select {
	case <-c.ready:
	default:
		http.Error(w, "starting", http.StatusServiceUnavailable)
		return
	}
	switch r.URL.Path {
	case benchReadyPath:
	case benchStatsPath:
		_ = json.NewEncoder(w).Encode(c.ingest.Stats())
	case benchBypassPath + "true", benchBypassPath + "false":
		if c.broker != nil {
			c.broker.Bypass(r.URL.Path == benchBypassPath+"true")
		}
	case benchProfilePath + "true", benchProfilePath + "false":
		if err := c.profile(r.URL.Path == benchProfilePath+"true"); err != nil {
			http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
		}
	case benchStreamPath:
		snapshot := func() (any, error) { return c.watch.Snapshot(benchUbigeo) }
		if err := c.hub.Serve(w, r, benchUbigeo, nil, snapshot, r.Context().Done()); err != nil {
			http.Error(w, fmt.Sprint(err), http.StatusServiceUnavailable)
		}
	default:
		http.NotFound(w, r)
	}
}
