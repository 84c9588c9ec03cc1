package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
