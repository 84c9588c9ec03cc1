package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"
	"time"
)

// The benchmark starts its own program as a child; in a test that is the test's
// program, which is here turned into the real one.
func init() {
	if len(os.Args) == 3 && os.Args[1] == "bench" && os.Args[2] == "ingest-service" {
		os.Exit(run(context.Background(), os.Args[1:]))
	}
}

// printed runs f and gives what it wrote to standard output.
func printed(t *testing.T, f func() error) []byte {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	out := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(r)
		out <- b
	}()
	err = f()
	os.Stdout = old
	_ = w.Close()
	b := <-out
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBenchIngest(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a PostgreSQL server and a service; left out by -short")
	}
	for name, c := range map[string]benchIngestCmd{
		"as it comes":  {Devices: 7, Messages: 100, Inflight: 3, IngestProcesses: 1, JSON: true},
		"killed":       {Devices: 5, Messages: 400, Inflight: 10, IngestProcesses: 1, KillWriter: true, JSON: true},
		"at intervals": {Devices: 4, Messages: 12, Inflight: 1, IngestProcesses: 1, Interval: 20, JSON: true},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
			defer cancel()
			var got map[string]any
			if err := json.Unmarshal(printed(t, func() error { return c.Run(ctx) }), &got); err != nil {
				t.Fatal(err)
			}
			for key, want := range map[string]float64{"sent": float64(c.Messages), "acked": float64(c.Messages), "stored": float64(c.Messages), "lost": 0, "duplicates": 0} {
				if got[key] != want {
					t.Errorf("%s is %v, want %v", key, got[key], want)
				}
			}
			for _, key := range []string{"rate_per_s", "ack_p50_ms", "ack_p99_ms", "fix_to_sse_p99_ms", "copy_rows_per_s", "ratio_to_copy", "broker_only_per_s", "ratio_to_broker"} {
				if v, ok := got[key].(float64); !ok || v <= 0 {
					t.Errorf("%s is %v", key, got[key])
				}
			}
		})
	}
}

func TestBenchIngestArguments(t *testing.T) {
	good := benchIngestCmd{Devices: 1, Messages: 1, Inflight: 1, IngestProcesses: 1}
	if err := good.validate(); err != nil {
		t.Error(err)
	}
	for name, edit := range map[string]func(*benchIngestCmd){
		"no devices":             func(c *benchIngestCmd) { c.Devices = 0 },
		"fewer messages":         func(c *benchIngestCmd) { c.Devices = 2 },
		"nothing in flight":      func(c *benchIngestCmd) { c.Inflight = 0 },
		"negative interval":      func(c *benchIngestCmd) { c.Interval = -1 },
		"processes, own broker":  func(c *benchIngestCmd) { c.IngestProcesses = 2 },
		"no processes":           func(c *benchIngestCmd) { c.Broker, c.IngestProcesses = "tcp://x:1", 0 },
		"more than any machine ": func(c *benchIngestCmd) { c.Devices = 1 << 20 },
	} {
		c := good
		edit(&c)
		if err := c.validate(); !errors.Is(err, errInput) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPercentile(t *testing.T) {
	var ds []time.Duration
	for n := range 100 {
		ds = append(ds, time.Duration(100-n)*time.Millisecond)
	}
	for p, want := range map[int]float64{50: 50, 99: 99, 100: 100} {
		if got := percentile(ds, p); got != want {
			t.Errorf("p%d is %g", p, got)
		}
	}
	if percentile(nil, 99) != 0 || percentile(ds[:1], 50) != 100 {
		t.Error("edges")
	}
}
