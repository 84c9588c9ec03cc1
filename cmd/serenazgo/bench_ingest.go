package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/embedded"
	"github.com/serenazgo/serenazgo/store/measure"
)

// benchIngestCmd measures the way of a fix from a device to the store and to
// the page, with real clients, the real broker and a real database.
//
// The service runs as a child process on a store of its own in a temporary
// folder. The same connected clients publish three times: to the broker alone
// (it acknowledges at once), to the whole service, and to the broker alone
// again, so that the ratio of the two does not depend on how busy the machine
// is. What was stored is counted afterwards in the database itself.
type benchIngestCmd struct {
	Devices         int    `help:"Connections, each a device of its own." default:"200" placeholder:"N"`
	Messages        int    `help:"Messages in total." default:"20000" placeholder:"M"`
	Inflight        int    `help:"Messages of one connection that may wait for their acknowledgement." default:"10" placeholder:"K"`
	Interval        int    `help:"Milliseconds between a device's fixes; 0: as fast as they are acknowledged." default:"0" placeholder:"MS"`
	KillWriter      bool   `help:"Kill the service (kill -9) at half the messages and start it again."`
	Broker          string `help:"Use this external broker instead of the service's own: tcp://host:1883. It must let anybody in, or name the user in the URL." placeholder:"URL"`
	IngestProcesses int    `help:"With --broker: processes that share the subscription." default:"1" placeholder:"P"`
	CPUProfile      string `name:"cpu-profile" help:"Write a processor profile of the service, taken while it stores, for go tool pprof." type:"path" placeholder:"FILE"`
	JSON            bool   `name:"json" help:"Print one JSON object."`
}

// benchIngestResult has the keys that scripts rely on.
type benchIngestResult struct {
	Sent          int     `json:"sent"`
	Acked         int     `json:"acked"`
	Stored        int64   `json:"stored"`
	Duplicates    int64   `json:"duplicates"`
	Lost          int     `json:"lost"`
	RatePerS      float64 `json:"rate_per_s"`
	AckP50Ms      float64 `json:"ack_p50_ms"`
	AckP99Ms      float64 `json:"ack_p99_ms"`
	FixToSSEP99Ms float64 `json:"fix_to_sse_p99_ms"`
	CopyRowsPerS  float64 `json:"copy_rows_per_s"`
	RatioToCopy   float64 `json:"ratio_to_copy"`
	BrokerPerS    float64 `json:"broker_only_per_s"`
	RatioToBroker float64 `json:"ratio_to_broker"`

	// Beyond the contract.
	FixToSSEP50Ms float64 `json:"fix_to_sse_p50_ms"`
	SSEFixes      int     `json:"sse_fixes"` // fixes seen on the stream; newer ones of a unit replace older
	Resent        int64   `json:"resent"`    // publications of a message beyond its first
	StoredPerS    float64 `json:"stored_per_s"`
	RowsPerCommit float64 `json:"rows_per_commit"`
	Killed        bool    `json:"killed"`
	// Processor time of a message in µs, of all processes together and of each
	// side, then with the broker alone, and the ratio of the two: it hardly
	// depends on what else the machine does. 0: not known.
	CPUMicros       float64   `json:"cpu_us_per_message"`
	CPUSides        benchCPUs `json:"cpu_us_sides"`
	BrokerCPUMicros float64   `json:"broker_cpu_us_per_message"`
	BrokerCPUSides  benchCPUs `json:"broker_cpu_us_sides"`
	RatioCPU        float64   `json:"ratio_to_broker_cpu"`
	// What the machine itself withheld: by how much a timer of the clients was
	// late while the service was measured, and how long it takes to bring 8 KiB to
	// the disk, measured afterwards.
	TimerLateP99Ms float64 `json:"timer_late_p99_ms"`
	FsyncP50Ms     float64 `json:"fsync_p50_ms"`
	FsyncP99Ms     float64 `json:"fsync_p99_ms"`
}

// benchCPUs are µs of processor time a message. Clients count the benchmark's
// own share, an external broker nowhere.
type benchCPUs struct {
	Clients  float64 `json:"clients"`
	Service  float64 `json:"service"`
	Database float64 `json:"database"`
}

func (c benchCPUs) String() string {
	return fmt.Sprintf("clients %.0f, service %.0f, database %.0f", c.Clients, c.Service, c.Database)
}

func (p benchPhase) sides() benchCPUs {
	return benchCPUs{p.micros(p.cpu.self), p.micros(p.cpu.children), p.micros(p.cpu.database)}
}

// benchUbigeo is the district of the benchmark; INEI gives out no code that
// begins with 99.
const benchUbigeo = "990000"

func (c *benchIngestCmd) validate() error {
	switch {
	case c.Devices < 1 || c.Devices > 20_000:
		return badInputf("--devices %d: choose 1 to 20000", c.Devices)
	case c.Messages < c.Devices:
		return badInputf("--messages %d: each of the %d devices must send at least one", c.Messages, c.Devices)
	case c.Inflight < 1 || c.Inflight > 1000:
		return badInputf("--inflight %d: choose 1 to 1000", c.Inflight)
	case c.Interval < 0:
		return badInputf("--interval %d: milliseconds cannot be negative", c.Interval)
	case c.IngestProcesses < 1 || c.IngestProcesses > 64:
		return badInputf("--ingest-processes %d: choose 1 to 64", c.IngestProcesses)
	case c.CPUProfile != "" && c.KillWriter:
		return badInputf("--cpu-profile needs a service that lives; leave out --kill-writer")
	case c.IngestProcesses > 1 && c.Broker == "":
		return badInputf("--ingest-processes needs --broker: the service's own broker lives in one process")
	}
	return nil
}

// Run measures and prints.
func (c *benchIngestCmd) Run(ctx context.Context) (err error) {
	if err := c.validate(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dir, err := os.MkdirTemp("", "serenazgo-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	report := newProgress("bench ingest")
	defer report.Done()
	report.Set(0, 0, "starting the service")
	b, err := c.prepare(ctx, dir)
	if err != nil {
		return err
	}
	defer b.close()
	out, err := b.measure(ctx, report)
	if err != nil {
		return err
	}
	report.Done()
	if c.JSON {
		err = printJSON(out)
	} else {
		out.print()
	}
	if err == nil && (out.Lost > 0 || out.Duplicates > 0 || out.Acked < out.Sent) {
		err = fmt.Errorf("%d of %d messages acknowledged, %d of them lost, %d stored twice", out.Acked, out.Sent, out.Lost, out.Duplicates)
	}
	return err
}

// ingestBench is a benchmark under way.
type ingestBench struct {
	cmd      *benchIngestCmd
	dir      string
	cluster  *embedded.Cluster // with an external broker: the store that the processes share
	services []*benchService
	clients  *benchClients
	stream   *benchStream
}

// prepare starts the store, the service or services, and connects the devices.
func (c *benchIngestCmd) prepare(ctx context.Context, dir string) (_ *ingestBench, err error) {
	b := &ingestBench{cmd: c, dir: dir}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	setup := benchServiceConfig{Data: dir, Broker: c.Broker}
	if setup.Token, err = benchToken(); err != nil {
		return nil, err
	}
	b.clients = &benchClients{inflight: c.Inflight, url: c.Broker}
	for n := range c.Devices {
		password, hash, err := fleet.NewDeviceSecret()
		if err != nil {
			return nil, err
		}
		id := fmt.Sprintf("D%05d", n)
		setup.Devices = append(setup.Devices, benchLogin{id, hash})
		b.clients.add(id, password, c.Broker != "")
	}
	if c.Broker != "" {
		if b.cluster, err = embedded.Start(ctx, embedded.Config{Data: dir}); err != nil {
			return nil, err
		}
		setup.Data, setup.Database = "", b.cluster.URL("postgres")
	}
	for n := range c.IngestProcesses {
		one := setup
		if one.HTTP, err = freeAddress(); err != nil {
			return nil, err
		}
		if c.Broker == "" {
			if one.MQTT, err = freeAddress(); err != nil {
				return nil, err
			}
			b.clients.url = "tcp://" + one.MQTT
		}
		if n == 0 {
			one.Profile = c.CPUProfile
		}
		one.ClientID = fmt.Sprintf("serenazgo-bench-%s-%d", setup.Token[:8], n)
		s := newBenchService(one)
		b.services = append(b.services, s)
		if err := s.start(ctx); err != nil {
			return nil, err
		}
	}
	b.stream = listenToStreams(ctx, b.services)
	return b, b.clients.connect(ctx)
}

// close ends everything that prepare started.
func (b *ingestBench) close() {
	if b.stream != nil {
		b.stream.close()
	}
	if b.clients != nil {
		b.clients.close()
	}
	for _, s := range b.services {
		s.stop()
	}
	b.services = nil
	if b.cluster != nil {
		b.cluster.Stop()
		b.cluster = nil
	}
}

// measure runs the three phases and counts.
func (b *ingestBench) measure(ctx context.Context, report *progress) (out benchIngestResult, err error) {
	before, err := b.brokerOnly(ctx, report, "broker alone (1 of 2)")
	if err != nil {
		return out, err
	}
	full, err := b.full(ctx, report)
	if err != nil {
		return out, err
	}
	drained := time.Now()
	if b.cmd.Broker != "" {
		if drained, err = b.drain(ctx, report, full.acked); err != nil {
			return out, err
		}
	}
	after, err := b.brokerOnly(ctx, report, "broker alone (2 of 2)")
	if err != nil {
		return out, err
	}
	sse := b.stream.latencies()
	out = benchIngestResult{Sent: full.sent, Acked: full.acked, RatePerS: full.rate(), AckP50Ms: percentile(full.waits, 50), AckP99Ms: percentile(full.waits, 99),
		FixToSSEP50Ms: percentile(sse, 50), FixToSSEP99Ms: percentile(sse, 99), SSEFixes: len(sse), Resent: full.resent,
		BrokerPerS: (before.rate() + after.rate()) / 2, Killed: b.cmd.KillWriter,
		CPUMicros: full.micros(full.cpu.sum()), CPUSides: full.sides(), TimerLateP99Ms: percentile(full.late, 99)}
	alone := benchPhase{acked: before.acked, cpu: before.cpu.mean(after.cpu)}
	out.BrokerCPUMicros, out.BrokerCPUSides = alone.micros(alone.cpu.sum()), alone.sides()
	out.RatioCPU = ratio(out.BrokerCPUMicros, out.CPUMicros)
	if out.RowsPerCommit, err = b.rowsPerCommit(ctx); err != nil {
		return out, err
	}
	report.Set(0, 0, "counting")
	if err := b.count(ctx, &out, full); err != nil {
		return out, err
	}
	if b.cmd.Broker != "" {
		out.StoredPerS = float64(out.Stored) / drained.Sub(full.first).Seconds()
	} else {
		out.StoredPerS = out.RatePerS // acknowledged means stored
	}
	out.RatioToCopy = ratio(out.RatePerS, out.CopyRowsPerS)
	out.RatioToBroker = ratio(out.RatePerS, out.BrokerPerS)
	return out, nil
}

// brokerOnly publishes as many messages to the broker alone, as fast as it
// takes them. An external broker gets them under a topic that nobody subscribes
// to.
func (b *ingestBench) brokerOnly(ctx context.Context, report *progress, note string) (benchPhase, error) {
	topic := "pos"
	if b.cmd.Broker != "" {
		topic = "bench"
	} else {
		if err := b.services[0].bypass(ctx, true); err != nil {
			return benchPhase{}, err
		}
		defer func() { _ = b.services[0].bypass(context.WithoutCancel(ctx), false) }()
	}
	return b.clients.publish(ctx, benchLoad{messages: b.cmd.Messages, topic: topic}, b.services, func(acked int) {
		report.Set(float64(acked), float64(b.cmd.Messages), note)
	}, nil)
}

// full publishes to the whole service, which is killed in the middle if asked.
func (b *ingestBench) full(ctx context.Context, report *progress) (benchPhase, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	half := make(chan struct{})
	killed := make(chan error, 1)
	if b.cmd.KillWriter {
		go func() {
			select {
			case <-half:
				killed <- b.services[0].killAndRestart(ctx)
			case <-ctx.Done():
				killed <- nil
			}
		}()
	} else {
		killed <- nil
	}
	passed := false
	load := benchLoad{messages: b.cmd.Messages, topic: "pos", interval: time.Duration(b.cmd.Interval) * time.Millisecond}
	if b.cmd.CPUProfile != "" {
		if err := b.services[0].get(ctx, benchProfilePath+"true"); err != nil {
			return benchPhase{}, err
		}
	}
	p, err := b.clients.publish(ctx, load, b.services, func(acked int) {
		report.Set(float64(acked), float64(b.cmd.Messages), "whole service")
		if !passed && acked >= b.cmd.Messages/2 {
			passed = true
			close(half)
		}
	}, b.stream.published)
	if err != nil {
		cancel()
		<-killed
		return p, err
	}
	if err := <-killed; err != nil {
		return p, fmt.Errorf("restart of the killed service: %w", err)
	}
	if b.cmd.CPUProfile != "" {
		if err := b.services[0].get(ctx, benchProfilePath+"false"); err != nil {
			return p, err
		}
	}
	b.stream.settle()
	return p, nil
}

// drain waits until what an external broker acknowledged is stored, or nothing
// more comes for 15 s; it gives the time of the last row seen to come.
func (b *ingestBench) drain(ctx context.Context, report *progress, want int) (time.Time, error) {
	last, seen := time.Now(), int64(-1)
	for {
		n, err := measure.Count(ctx, b.cluster.URL("postgres"), benchUbigeo)
		if err != nil {
			return last, err
		}
		if n > seen {
			seen, last = n, time.Now()
		}
		report.Set(float64(n), float64(want), "waiting for the ingest processes")
		if n >= int64(want) || time.Since(last) > 15*time.Second {
			return last, nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return last, ctx.Err()
		}
	}
}

// rowsPerCommit is the mean size of the groups, over the services as they live
// now.
func (b *ingestBench) rowsPerCommit(ctx context.Context) (float64, error) {
	var rows, commits int64
	for _, s := range b.services {
		st, err := s.stats(ctx)
		if err != nil {
			return 0, err
		}
		rows, commits = rows+st.Stored+st.Known, commits+st.Batches
	}
	return ratio(float64(rows), float64(commits)), nil
}

// count ends the service and looks into the database: what is found there has
// survived.
func (b *ingestBench) count(ctx context.Context, out *benchIngestResult, full benchPhase) error {
	b.stream.close()
	b.clients.close()
	for _, s := range b.services {
		s.stop()
	}
	name := "postgres"
	if b.cluster == nil {
		var err error
		if b.cluster, err = embedded.Start(ctx, embedded.Config{Data: b.dir}); err != nil {
			return err
		}
		name = "serenazgo"
	}
	url := b.cluster.URL(name)
	rows, duplicates, found, err := measure.Fixes(ctx, url, benchUbigeo)
	if err != nil {
		return err
	}
	out.Stored, out.Duplicates = rows, duplicates
	for _, n := range full.ackedNumbers {
		if !found[n] {
			out.Lost++
		}
	}
	if out.CopyRowsPerS, err = measure.Copy(ctx, url, benchUbigeo); err != nil {
		return err
	}
	synced, err := timeSync(b.dir)
	out.FsyncP50Ms, out.FsyncP99Ms = percentile(synced, 50), percentile(synced, 99)
	return err
}

func (r benchIngestResult) print() {
	fmt.Printf("sent %d, acknowledged %d, stored %d, lost %d, duplicates %d (resent %d)\n", r.Sent, r.Acked, r.Stored, r.Lost, r.Duplicates, r.Resent)
	fmt.Printf("%.0f/s acknowledged; p50 %.1f ms, p99 %.1f ms; %.0f rows a commit\n", r.RatePerS, r.AckP50Ms, r.AckP99Ms, r.RowsPerCommit)
	fmt.Printf("fix to page: p50 %.1f ms, p99 %.1f ms (%d fixes on the stream)\n", r.FixToSSEP50Ms, r.FixToSSEP99Ms, r.SSEFixes)
	fmt.Printf("processor time of a message %.0f µs (%s), with the broker alone %.0f µs (%s): ratio %.2f\n",
		r.CPUMicros, r.CPUSides, r.BrokerCPUMicros, r.BrokerCPUSides, r.RatioCPU)
	fmt.Printf("the machine: timers late by %.1f ms (p99), 8 KiB on disk in %.1f ms (p50), %.1f ms (p99)\n", r.TimerLateP99Ms, r.FsyncP50Ms, r.FsyncP99Ms)
	fmt.Printf("broker alone %.0f/s (ratio %.2f); COPY %.0f rows/s (ratio %.3f)\n", r.BrokerPerS, r.RatioToBroker, r.CopyRowsPerS, r.RatioToCopy)
}

// percentile of durations in ms, by nearest rank; 0 if there are none.
func percentile(ds []time.Duration, p int) float64 {
	if len(ds) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(ds))
	i := (len(s)*p + 99) / 100
	return float64(s[max(i-1, 0)].Microseconds()) / 1000
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// freeAddress finds a port that nobody listens on.
func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}
