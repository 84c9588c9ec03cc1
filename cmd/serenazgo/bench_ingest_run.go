package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/serenazgo/serenazgo/fleet"
	"github.com/serenazgo/serenazgo/store/embedded"
)

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

// freeAddress finds a port that nobody listens on.
func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}
