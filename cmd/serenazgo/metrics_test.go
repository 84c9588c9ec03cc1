package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/serenazgo/serenazgo/store"
	"github.com/serenazgo/serenazgo/store/storetest"
)

// The address of its own for whoever watches the service gives figures and tells
// whether it works, without a password and without anything of the page.
func TestMetricsListen(t *testing.T) {
	a, err := newApp(t.Context(), appConfig{Store: store.Config{URL: storetest.URL(t)}, Listen: "127.0.0.1:0", MQTTListen: "127.0.0.1:0", MetricsListen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	served := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { served <- a.serveMetrics(ctx) }()
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.Get("http://" + a.watchers.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	if code, body := get("/healthz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz: %d %q", code, body)
	}
	if code, body := get("/readyz"); code != http.StatusOK || body != "ready\n" {
		t.Errorf("/readyz: %d %q", code, body)
	}
	code, body := get("/metrics")
	for _, want := range []string{"serenazgo_fixes_stored_total 0", "serenazgo_ingest_failing_seconds 0", `serenazgo_degraded{why="disk_full"} 0`,
		`serenazgo_degraded{why="no_store"} 0`, `serenazgo_mqtt_connected{door="broker"} 0`, `serenazgo_mqtt_held_bytes{door="broker"} 0`} {
		if code != http.StatusOK || !strings.Contains(body, want+"\n") {
			t.Errorf("/metrics: %d, without %s", code, want)
		}
	}
	if code, _ := get("/api/v1/session"); code != http.StatusNotFound {
		t.Errorf("the page's API: %d", code)
	}
	a.store.Close()
	if code, body := get("/readyz"); code != http.StatusServiceUnavailable || body != "not ready\n" {
		t.Errorf("/readyz without a database: %d %q", code, body)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// An address that is taken is told before anything runs.
func TestMetricsListenTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = newApp(t.Context(), appConfig{Store: store.Config{URL: storetest.URL(t)}, Listen: "127.0.0.1:0", MetricsListen: taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), "--metrics-listen") {
		t.Errorf("%v", err)
	}
}
