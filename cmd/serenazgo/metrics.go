package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/serenazgo/serenazgo/api"
)

// openMetrics opens an address of its own for whoever watches the service, also
// in a process without a page. It asks nobody for a password.
func (a *App) openMetrics() (err error) {
	if a.cfg.MetricsListen == "" {
		return nil
	}
	if a.watchers, err = net.Listen("tcp", a.cfg.MetricsListen); err != nil {
		return fmt.Errorf("metrics: %w; choose another address with --metrics-listen", err)
	}
	return nil
}

// serveMetrics serves /metrics, /healthz and /readyz until ctx ends.
func (a *App) serveMetrics(ctx context.Context) error {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", api.Metrics(a.gauges))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := a.ready(r.Context()); err != nil {
			a.log.Warn("not ready", "err", err) // the address is open to whoever reaches it
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, "ready\n")
	})
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(a.watchers); ctx.Err() == nil {
		return err
	}
	return nil
}
